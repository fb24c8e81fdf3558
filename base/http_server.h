// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/http_message.h"

namespace nelumbo {

/// What a server bears.
struct HttpLimits {
  uint32_t header_bytes = 16 << 10;
  uint64_t body_bytes = 32 << 20;
  uint64_t all_body_bytes = 256 << 20;     ///< of all requests that are read or answered
  uint64_t unread_bytes = 1 << 20;         ///< of a stream; who reads more slowly is dropped
  int64_t connections = 1024;              ///< one more, and the one that is idle longest is closed
  std::chrono::milliseconds idle{60'000};  ///< between two requests
  std::chrono::milliseconds header{10'000};  ///< from its first byte to its last
  std::chrono::milliseconds body{60'000};
  std::chrono::milliseconds write{30'000};  ///< without any byte taken by the client
};

/// What a server is made of.
struct HttpService {
  /// Looks at a request before its body is read, on the server's one thread, and refuses it or not.
  std::function<std::optional<HttpAnswer>(const HttpRequest& head)> admit;
  /// Answers, at once or later, on one of two threads of the server.
  std::function<void(HttpRequest request, std::shared_ptr<HttpReply> reply)> handle;
  /// The body of an answer that the server gives itself (a malformed request, a wrong Host).
  std::function<std::string(int status, const std::string& message)> error_body;
};

/// An HTTP/1.1 server on the loopback interface. It refuses requests to another Host and from pages
/// of another Origin, whatever their method, and bodies that are too long before they are read.
class HttpServer {
 public:
  /// Listens on "127.0.0.1" or "::1"; port 0 takes a free one. kEnvironment says why it cannot.
  static Result<std::unique_ptr<HttpServer>> start(const std::string& address, uint16_t port,
                                                   HttpService service,
                                                   const HttpLimits& limits = HttpLimits());
  /// Closes every connection and waits for handlers that run.
  virtual ~HttpServer() = default;

  virtual uint16_t port() const = 0;
  /// From now on nobody is let in, idle connections are closed, and others after their answer.
  virtual void stop_accepting() = 0;
  virtual int64_t connections() const = 0;
  /// Requests that are read or answered.
  virtual int64_t requests() const = 0;
};

}  // namespace nelumbo
