// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include <zmq.hpp>

#include "actors/bulk_socket.h"

namespace nelumbo {

/// A client of a bulk channel with a CURVE key that is on no list, but who knows the server's.
class UnlistedPeer {
 public:
  UnlistedPeer(uint16_t port, const std::string& server_key)
      : socket_(context_, zmq::socket_type::dealer) {
    std::array<char, 41> open{}, secret{};
    ::zmq_curve_keypair(open.data(), secret.data());
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::immediate, true);
    socket_.set(zmq::sockopt::curve_publickey, std::string(open.data()));
    socket_.set(zmq::sockopt::curve_secretkey, std::string(secret.data()));
    socket_.set(zmq::sockopt::curve_serverkey, server_key);
    socket_.set(zmq::sockopt::routing_id, "west/r#1");
    socket_.connect("tcp://127.0.0.1:" + std::to_string(port));
  }

  /// Whether a message could be handed to a connection within that time.
  bool sends(std::chrono::milliseconds time) {
    socket_.set(zmq::sockopt::sndtimeo, static_cast<int>(time.count()));
    return socket_.send(zmq::str_buffer("hello"), zmq::send_flags::none).has_value();
  }
  /// Whether something of it arrives there within a second.
  bool is_heard(BulkSocket& listener) {
    for (int tries = 0; tries < 20; ++tries) {
      sends(std::chrono::milliseconds(25));
      listener.wait(-1, std::chrono::milliseconds(25));
      if (listener.receive())
        return true;
    }
    return false;
  }

 private:
  zmq::context_t context_;
  zmq::socket_t socket_;
};

}  // namespace nelumbo
