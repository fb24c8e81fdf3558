// SPDX-License-Identifier: Apache-2.0
#include "apps/play_routes.h"

#include <charconv>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/bearer_token.h"
#include "apps/play_page.h"

namespace nelumbo {
namespace {

constexpr std::string_view kStep = "/step/";

HttpAnswer error_answer(int status, const std::string& message) {
  return {.status = status,
          .body = nlohmann::json{{"error", message}}.dump(
              -1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

/// What needs no token, as it is the same for every run.
std::optional<HttpAnswer> page_at(const std::string& path) {
  if (path == "/")
    return HttpAnswer{.type = "text/html; charset=utf-8", .body = std::string(kPlayPage)};
  if (path == "/play.css")
    return HttpAnswer{.type = "text/css; charset=utf-8", .body = std::string(kPlayStyle)};
  if (path == "/play.js")
    return HttpAnswer{.type = "text/javascript; charset=utf-8", .body = std::string(kPlayScript)};
  return std::nullopt;
}

HttpAnswer step_answer(const PlayData& data, std::string_view number) {
  int64_t step = 0;
  const char* const end = number.data() + number.size();
  const auto [stop, failure] = std::from_chars(number.data(), end, step);
  if (failure != std::errc() || stop != end)
    return error_answer(404, "a step is a number, as in /step/12");
  const auto found = data.step(step);
  if (!found)
    return error_answer(found.error().code == Errc::kInvalidConfig ? 404 : 500,
                        found.error().message);
  return {.body = found.value().dump()};
}

HttpAnswer answer_to(const PlayData& data, const HttpRequest& request) {
  if (request.method != "GET") {
    HttpAnswer refused = error_answer(405, "only GET is served");
    refused.allow = "GET";
    return refused;
  }
  if (auto page = page_at(request.path))
    return *page;
  if (request.path == "/overview")
    return {.body = data.overview().dump()};
  if (request.path.starts_with(kStep))
    return step_answer(data, std::string_view(request.path).substr(kStep.size()));
  return error_answer(404, "there is nothing here");
}

}  // namespace

HttpService play_service(const PlayData& data, const std::string& token) {
  HttpService service;
  service.error_body = [](int status, const std::string& message) {
    return error_answer(status, message).body;
  };
  service.admit = [token](const HttpRequest& head) -> std::optional<HttpAnswer> {
    if (page_at(head.path) || bears(head.authorization, token))
      return std::nullopt;
    return error_answer(401, "the token is missing or wrong");
  };
  service.handle = [data](const HttpRequest& request, const std::shared_ptr<HttpReply>& reply) {
    reply->send(answer_to(data, request));
  };
  return service;
}

}  // namespace nelumbo
