// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/http_server.h"
#include "tests/support/http_client.h"

namespace nelumbo {

/// A server that answers with the method, path and body of a request. "/secret" is not admitted,
/// "/later" keeps the reply for the test, "/lost" forgets it.
class EchoServer {
 public:
  explicit EchoServer(const HttpLimits& limits = {}) {
    HttpService service;
    service.error_body = [](int status, const std::string& message) {
      return std::to_string(status) + ": " + message;
    };
    service.admit = [](const HttpRequest& head) -> std::optional<HttpAnswer> {
      if (head.path == "/secret" && head.authorization != "Bearer key")
        return HttpAnswer{.status = 401, .body = "who are you?"};
      return std::nullopt;
    };
    service.handle = [this](HttpRequest request, std::shared_ptr<HttpReply> reply) {
      if (request.path == "/later") {
        const std::scoped_lock lock(mutex_);
        later_ = std::move(reply);
      } else if (request.path != "/lost") {
        reply->send({.body = request.method + " " + request.path + " " + request.body});
      }
    };
    auto started = HttpServer::start("127.0.0.1", 0, std::move(service), limits);
    EXPECT_TRUE(started.ok()) << started.error().message;
    server = std::move(started).value();
  }
  ~EchoServer() { later_.reset(); }
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;

  /// The reply to a request for "/later", once it came.
  std::shared_ptr<HttpReply> later() {
    std::shared_ptr<HttpReply> reply;
    EXPECT_TRUE(comes_true([&] {
      const std::scoped_lock lock(mutex_);
      reply = std::exchange(later_, nullptr);
      return reply != nullptr;
    }));
    return reply;
  }

  std::unique_ptr<HttpServer> server;

 private:
  std::mutex mutex_;
  std::shared_ptr<HttpReply> later_;
};

/// Whether a text has a part.
inline bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace nelumbo
