// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// Where an endpoint lies.
struct HttpPlace {
  std::string url;   ///< "http://127.0.0.1:8000/v1", without a slash at its end
  std::string host;  ///< "127.0.0.1"
  bool is_secure = false;
  bool is_loopback = false;  ///< localhost, 127.0.0.1 or [::1]
};

/// Reads an http or https URL without user, query or fragment; kInvalidConfig says what is wrong.
Result<HttpPlace> http_place(const std::string& url);

/// A POST of JSON.
struct HttpCall {
  std::string url;
  std::optional<std::string> key;  ///< sent as a bearer token
  std::string body;
  double seconds = 30;           ///< after which it is given up
  int64_t most_bytes = 1 << 18;  ///< an answer that is longer is given up at once
  bool connects_only = false;    ///< nothing is sent; kAnswered says that somebody is there
};

/// How a call ended.
struct HttpResult {
  enum class End { kAnswered, kTimeout, kTooLong, kFailed };
  size_t id = 0;
  End end = End::kFailed;
  int status = 0;  ///< of kAnswered
  std::string body;
  std::optional<double> retry_after;  ///< seconds that the server asks for
  std::string why;                    ///< of what was not answered; names no key
  double seconds = 0;                 ///< that it took
};

/// HTTP calls that are made side by side (libcurl). They follow no redirect, ask no proxy, whatever
/// the environment says, and take no compressed answers. One thread uses it; calls that run when it
/// ends are given up.
class HttpCalls {
 public:
  HttpCalls();
  ~HttpCalls();
  HttpCalls(const HttpCalls&) = delete;
  HttpCalls& operator=(const HttpCalls&) = delete;

  /// Begins a call; `id` comes back in its result.
  void start(size_t id, const HttpCall& call);
  /// What has ended, after at most `seconds` of waiting.
  std::vector<HttpResult> wait(double seconds);
  /// Calls that run.
  int64_t running() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nelumbo
