// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "actors/credentials.h"

namespace nelumbo {

/// Answers the library's question whether a client may enter (ZAP, RFC 27) for all sockets of one
/// context: those with a key on the list, under the name that stands beside it. One thread, which
/// ends when the context is shut down.
class CurveGuard {
 public:
  /// Throws zmq::error_t when the context has a guard already.
  CurveGuard(zmq::context_t& context, const std::vector<CurvePeer>& allowed);
  /// Shuts the context down.
  ~CurveGuard();
  CurveGuard(const CurveGuard&) = delete;
  CurveGuard& operator=(const CurveGuard&) = delete;

 private:
  void run();
  /// What is answered to a request: its frames behind the version.
  std::vector<std::string> answer(const std::vector<std::string>& request) const;

  zmq::context_t& context_;
  zmq::socket_t socket_;
  std::map<std::string, std::string> names_;  ///< by key, 32 bytes
  std::thread thread_;
};

}  // namespace nelumbo
