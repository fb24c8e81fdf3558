// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/http_server.h"

namespace nelumbo {

/// What a stub is asked.
struct StubAsk {
  int64_t number = 0;  ///< of the call, from 0
  std::string authorization;
  nlohmann::json body;
  std::string nonce, criterion, answer;
};

/// What it does.
struct StubReply {
  int status = 200;
  std::string body = "";
  bool hang = false;  ///< it does not answer
};

inline std::string between(const std::string& text, const std::string& open,
                           const std::string& close) {
  const size_t at = text.find(open);
  if (at == std::string::npos)
    return "";
  const size_t first = at + open.size();
  return text.substr(first, text.find(close, first) - first);
}

/// A chat completion that says `content`.
inline StubReply says(const std::string& content) {
  return {200, nlohmann::json{{"choices",
                               {{{"message", {{"role", "assistant"}, {"content", content}}}}}},
                              {"usage", {{"prompt_tokens", 100}, {"completion_tokens", 10}}}}
                   .dump()};
}

inline StubReply verdict(const StubAsk& ask, bool met) {
  return says(nlohmann::json{{"nonce", ask.nonce}, {"met", met}}.dump());
}

/// A judge without a mind: a criterion is met when its last word stands in the answer.
inline bool finds_last_word(const StubAsk& ask) {
  const std::string word = ask.criterion.substr(ask.criterion.rfind(' ') + 1);
  return ask.answer.find(word) != std::string::npos;
}

inline StubReply honest(const StubAsk& ask) {
  return verdict(ask, finds_last_word(ask));
}

/// A server with chat completions on the loopback interface.
class JudgeStub {
 public:
  using Mind = std::function<StubReply(const StubAsk&)>;

  explicit JudgeStub(Mind mind) : mind_(std::move(mind)) { start(0); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }
  int64_t calls() const { return calls_; }
  void change(Mind mind) {
    const std::lock_guard lock(mutex_);
    mind_ = std::move(mind);
  }
  /// Is away, and comes back at the same port.
  void stop() { server_.reset(); }
  void start_again() { start(port_); }

 private:
  void start(uint16_t port) {
    HttpService service;
    service.admit = [](const HttpRequest&) { return std::optional<HttpAnswer>(); };
    service.error_body = [](int, const std::string& message) { return message; };
    service.handle = [this](const HttpRequest& request, const std::shared_ptr<HttpReply>& reply) {
      answer(request, reply);
    };
    auto started = HttpServer::start("127.0.0.1", port, std::move(service));
    NELUMBO_CHECK(started.ok()) << started.error().message;
    server_ = std::move(started).value();
    port_ = server_->port();
  }

  void answer(const HttpRequest& request, const std::shared_ptr<HttpReply>& reply) {
    StubAsk ask;
    ask.number = calls_++;
    ask.authorization = request.authorization;
    ask.body = nlohmann::json::parse(request.body);
    const std::string system = ask.body["messages"][0]["content"];
    const std::string user = ask.body["messages"][1]["content"];
    ask.nonce = between(system, R"({"nonce": ")", "\"");
    ask.criterion = between(user, "The criterion:\n", "\n\nThe answer");
    ask.answer = between(user, "[" + ask.nonce + " begin of answer]\n",
                         "\n[" + ask.nonce + " end of answer]");
    const std::lock_guard lock(mutex_);
    const StubReply said = mind_(ask);
    if (said.hang) {
      hanging_.push_back(reply);
      return;
    }
    reply->send({.status = said.status, .body = said.body});
  }

  std::mutex mutex_;
  Mind mind_;
  std::vector<std::shared_ptr<HttpReply>> hanging_;
  std::atomic<int64_t> calls_ = 0;
  uint16_t port_ = 0;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace nelumbo
