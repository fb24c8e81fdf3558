// SPDX-License-Identifier: Apache-2.0
#include "actors/curve_guard.h"

#include <array>
#include <cstdint>

#include <pthread.h>
#include <signal.h>

namespace nelumbo {
namespace {

constexpr size_t kFrames = 7;  // of a request by CURVE
constexpr const char* kVersion = "1.0";

}  // namespace

CurveGuard::CurveGuard(zmq::context_t& context, const std::vector<CurvePeer>& allowed)
    : context_(context), socket_(context, zmq::socket_type::rep) {
  for (const CurvePeer& peer : allowed) {
    std::array<uint8_t, 32> key{};
    if (::zmq_z85_decode(key.data(), peer.key.c_str()) != nullptr)
      names_[std::string(key.begin(), key.end())] = peer.name;
  }
  socket_.set(zmq::sockopt::linger, 0);
  socket_.bind("inproc://zeromq.zap.01");
  thread_ = std::thread([this] { run(); });
}

CurveGuard::~CurveGuard() {
  context_.shutdown();
  thread_.join();
}

void CurveGuard::run() {
  sigset_t all;
  sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  try {
    while (true) {
      std::vector<std::string> request;
      for (bool more = true; more;) {
        zmq::message_t frame;
        if (!socket_.recv(frame))
          return;
        request.push_back(frame.to_string());
        more = frame.more();
      }
      const std::vector<std::string> reply = answer(request);
      for (size_t i = 0; i < reply.size(); ++i)
        socket_.send(zmq::buffer(reply[i]),
                     i + 1 < reply.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    }
  } catch (const zmq::error_t&) {  // the context is shut down
  }
  socket_.close();
}

std::vector<std::string> CurveGuard::answer(const std::vector<std::string>& request) const {
  // Version, request, domain, address, identity, mechanism, credentials.
  const std::string id = request.size() > 1 ? request[1] : "";
  const auto found = request.size() == kFrames && request[0] == kVersion && request[5] == "CURVE"
                         ? names_.find(request[6])
                         : names_.end();
  if (found == names_.end())
    return {kVersion, id, "400", "not on the list", "", ""};
  return {kVersion, id, "200", "OK", found->second, ""};
}

}  // namespace nelumbo
