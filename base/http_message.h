// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

/// A request, as far as handlers look at it. Headers that were not sent are empty.
struct HttpRequest {
  std::string method;  ///< "GET"
  std::string path;    ///< "/v1/models", without the query
  std::string authorization;
  std::string body;
};

/// A whole answer.
struct HttpAnswer {
  int status = 200;
  std::string type = "application/json";
  std::string body = "";
  std::string allow = "";  ///< methods, of an answer 405
};

/// Where one request is answered: once by `send`, or in pieces by `begin`, `write` and `end`. From
/// any thread, one after the other. What is destroyed without an answer is answered 500. May
/// outlive its server, to no effect.
class HttpReply {
 public:
  virtual ~HttpReply() = default;

  virtual void send(HttpAnswer answer) = 0;
  /// Begins an answer 200 of that type whose length is not known.
  virtual void begin(const std::string& type) = 0;
  virtual void write(std::string piece) = 0;
  virtual void end() = 0;
  /// Whether nobody reads the answer any more: the client left, or reads too slowly. What is
  /// written from then on is dropped.
  virtual bool gone() const = 0;
};

}  // namespace nelumbo
