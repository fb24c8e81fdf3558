// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/http_message.h"

namespace nelumbo {

/// A reply that keeps what it was told, for the test to look at.
class KeptReply : public HttpReply {
 public:
  void send(HttpAnswer answer) override {
    const std::scoped_lock lock(mutex_);
    answer_ = std::move(answer);
    over_ = true;
    changed_.notify_all();
  }
  void begin(const std::string& type) override {
    const std::scoped_lock lock(mutex_);
    answer_.type = type;
  }
  void write(std::string piece) override {
    const std::scoped_lock lock(mutex_);
    answer_.body += piece;
    changed_.notify_all();
  }
  void end() override {
    const std::scoped_lock lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }
  bool gone() const override {
    const std::scoped_lock lock(mutex_);
    return gone_;
  }

  /// The client leaves.
  void leave() {
    const std::scoped_lock lock(mutex_);
    gone_ = true;
  }
  /// What was answered, once all of it was.
  HttpAnswer whole() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return over_; });
    return answer_;
  }
  /// Waits for some of a stream.
  void wait_for_some() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return over_ || !answer_.body.empty(); });
  }
  nlohmann::json json() { return nlohmann::json::parse(whole().body); }
  /// The events of a stream but for the last, "[DONE]".
  nlohmann::json events() {
    nlohmann::json out = nlohmann::json::array();
    const std::string body = whole().body;
    for (size_t at = body.find("data: {"); at != std::string::npos;
         at = body.find("data: {", at + 1))
      out.push_back(nlohmann::json::parse(body.substr(at + 6, body.find("\n\n", at) - at - 6)));
    return out;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  HttpAnswer answer_{.status = 200, .body = ""};
  bool over_ = false, gone_ = false;
};

}  // namespace nelumbo
