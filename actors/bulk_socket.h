// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <zmq.hpp>

#include "actors/bulk_place.h"
#include "actors/bulk_wire.h"
#include "actors/curve_guard.h"

namespace nelumbo {

/// The ZeroMQ socket of one end of a bulk channel: its options, and its messages. It may be made on
/// one thread and used on another, but belongs to one at a time.
class BulkSocket {
 public:
  using Bytes = std::shared_ptr<const std::vector<char>>;
  struct Message {
    std::string peer;  ///< who sent it; "" at an end that dials
    std::vector<zmq::message_t> frames;
    bool own_name = true;  ///< false: the sender's key has another name
  };

  /// Takes frames of up to `most_frame` bytes. All but `send` and `receive` throw zmq::error_t when
  /// the library or the port refuses.
  BulkSocket(zmq::socket_type type, size_t most_frame);

  /// With credentials: admits the clients that they name. Such a client calls itself by the name of
  /// its key, or by that, a '/' and more.
  void listen(std::optional<uint16_t> port, const BulkPlace& place = {});
  void dial(uint16_t port, const std::string& name, const BulkPlace& place = {});
  uint16_t port() const { return port_; }
  bool dials() const { return dials_; }

  /// Waits until a message is here, `descriptor` can be read, or the time is over (never: -1).
  /// Says whether `descriptor` can be read.
  bool wait(int descriptor, std::chrono::milliseconds most);
  /// The next message that has come, if any. Frames behind the first few are left out.
  std::optional<Message> receive();
  /// Hands a message to the connection; false when there is none to `peer`, or it is full.
  bool send(const std::string& peer, const BulkHeader& header);
  /// The same with a second frame: `length` bytes of `bytes` from `offset` on, not copied, and kept
  /// alive until they are sent.
  bool send(const std::string& peer, const BulkHeader& header, const Bytes& bytes);

 private:
  bool send_frames(const std::string& peer, std::span<zmq::message_t> frames);

  void encrypt(const Credentials& credentials);

  bool dials_;
  bool guarded_ = false;
  uint16_t port_ = 0;
  zmq::context_t context_;
  std::unique_ptr<CurveGuard> guard_;  ///< shuts the context down when it ends, behind the socket
  zmq::socket_t socket_;
};

inline std::span<const std::byte> bytes_of(const zmq::message_t& frame) {
  return {static_cast<const std::byte*>(frame.data()), frame.size()};
}

}  // namespace nelumbo
