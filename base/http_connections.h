// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/http_server.h"

namespace boost::asio {
class io_context;
}

namespace nelumbo {

/// The connections of an HttpServer (base/http_server.h): what happens from when one is accepted
/// until it is closed. Everything but the counts belongs to the thread that runs `io`.
class HttpConnections {
 public:
  static std::unique_ptr<HttpConnections> make(HttpService service, const HttpLimits& limits);
  virtual ~HttpConnections() = default;

  virtual boost::asio::io_context& io() = 0;
  /// Serves a connected socket of TCP, and owns it.
  virtual void take(int descriptor, bool is_v6) = 0;
  /// Closes what is idle, and everything else behind its answer. From any thread.
  virtual void drain() = 0;
  /// Waits for handlers that run, forgets those that do not yet, closes everything and ends `io`.
  /// From a thread that does not run `io`.
  virtual void close_all() = 0;

  virtual int64_t connections() const = 0;  ///< from any thread
  virtual int64_t requests() const = 0;     ///< from any thread
};

}  // namespace nelumbo
