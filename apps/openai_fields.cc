// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_fields.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "base/text.h"

namespace nelumbo {
namespace {

std::string shown(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

std::string type_of(int status) {
  if (status == 401)
    return "authentication_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

}  // namespace

std::string error_body(const ApiError& error) {
  const nlohmann::ordered_json param =
      error.param.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(error.param);
  const nlohmann::ordered_json code =
      error.code.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(error.code);
  return nlohmann::ordered_json{{"error",
                                 {{"message", valid_utf8(error.message)},
                                  {"type", type_of(error.status)},
                                  {"param", param},
                                  {"code", code}}}}
      .dump();
}

ApiError api_error(const Error& error, const std::string& param) {
  switch (error.code) {
    case Errc::kUnavailable:
      return {.status = 503, .message = error.message, .param = param};
    case Errc::kEnvironment:
      return {.status = 500, .message = error.message, .param = param};
    default:
      return {.status = 400, .message = error.message, .param = param};
  }
}

ApiFields::ApiFields(const Json& body, std::string path) : body_(body), path_(std::move(path)) {
  if (!body_.is_object())
    fail({.message = path_.empty() ? "the body must be a JSON object"
                                   : path_.substr(0, path_.size() - 1) + ": must be an object"});
}

const ApiFields::Json* ApiFields::find(const std::string& name) {
  known_.push_back(name);
  if (!body_.is_object())
    return nullptr;
  const auto found = body_.find(name);
  return found == body_.end() || found->is_null() ? nullptr : &*found;
}

double ApiFields::number(const std::string& name, double otherwise, double least, double most) {
  const Json* value = find(name);
  if (value == nullptr)
    return otherwise;
  if (value->is_number())
    if (const auto number = value->get<double>(); number >= least && number <= most)
      return number;
  fail(name, "must be a number from " + shown(least) + " to " + shown(most));
  return otherwise;
}

std::optional<int64_t> ApiFields::integer(const std::string& name, int64_t least, int64_t most) {
  const Json* value = find(name);
  if (value == nullptr)
    return std::nullopt;
  const bool fits = value->is_number_integer() &&
                    (!value->is_number_unsigned() || value->get<uint64_t>() <= INT64_MAX);
  if (fits)
    if (const auto number = value->get<int64_t>(); number >= least && number <= most)
      return number;
  fail(name,
       "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

bool ApiFields::flag(const std::string& name, bool otherwise) {
  const Json* value = find(name);
  if (value == nullptr)
    return otherwise;
  if (value->is_boolean())
    return value->get<bool>();
  fail(name, "must be true or false");
  return otherwise;
}

std::string ApiFields::text(const std::string& name, const std::string& otherwise) {
  const Json* value = find(name);
  if (value == nullptr)
    return otherwise;
  if (value->is_string())
    return value->get<std::string>();
  fail(name, "must be a text");
  return otherwise;
}

std::vector<std::string> ApiFields::texts(const std::string& name, size_t most) {
  const Json* value = find(name);
  if (value == nullptr)
    return {};
  if (value->is_string())
    return {value->get<std::string>()};
  const auto is_text = [](const Json& one) { return one.is_string(); };
  if (value->is_array() && value->size() <= most && std::ranges::all_of(*value, is_text))
    return value->get<std::vector<std::string>>();
  fail(name, "must be a text or a list of at most " + std::to_string(most) + " texts");
  return {};
}

void ApiFields::ignore(const std::vector<std::string>& names) {
  known_.insert(known_.end(), names.begin(), names.end());
}

void ApiFields::require(const std::string& name, const Json& only) {
  const Json* value = find(name);
  if (value == nullptr || *value == only)
    return;
  fail({.message =
            path_ + name + ": this server does not follow it; leave it out, or at " + only.dump(),
        .param = path_ + name,
        .code = "unsupported_parameter"});
}

void ApiFields::refuse_others() {
  if (!body_.is_object())
    return;
  for (const auto& [name, value] : body_.items())
    if (!value.is_null() && std::ranges::find(known_, name) == known_.end())
      fail({.message = path_ + shortened(name) + ": this server knows no such field" +
                       did_you_mean(name, known_),
            .param = path_ + shortened(name),
            .code = "unknown_parameter"});
}

void ApiFields::fail(const std::string& name, const std::string& what) {
  fail({.message = path_ + name + ": " + what, .param = path_ + name});
}

void ApiFields::fail(ApiError error) {
  if (!error_)
    error_ = std::move(error);
}

}  // namespace nelumbo
