// SPDX-License-Identifier: Apache-2.0
#include "actors/bulk_socket.h"

#include <algorithm>
#include <array>
#include <utility>

namespace nelumbo {
namespace {

// Messages to one peer that wait in a queue of the library: a full window (64), and what was asked
// for again in the next two seconds, fit. What does not fit is not sent, and asked for again.
constexpr int kHighWater = 192;
constexpr size_t kMostFrames = 4;        // one more than a message has
constexpr size_t kMostHandshake = 1024;  // ZeroMQ's own frames obey the limit of ours
constexpr size_t kSealed = 64;           // a frame grows by less when it is encrypted
constexpr int kHandshakeMs = 1000;
constexpr int kReconnectMs = 50;

void release(void*, void* hint) {
  delete static_cast<BulkSocket::Bytes*>(hint);
}

zmq::message_t frame_of(const BulkSocket::Bytes& bytes, uint64_t offset, uint64_t length) {
  if (length == 0)
    return zmq::message_t();
  return {const_cast<char*>(bytes->data()) + offset, static_cast<size_t>(length), release,
          new BulkSocket::Bytes(bytes)};
}

/// Whether its sender's name is that of its key, or begins with that and a slash.
bool is_called(BulkSocket::Message& message) {
  if (message.frames.empty())
    return false;
  const char* name = message.frames[0].gets("User-Id");
  const std::string key = name == nullptr ? "" : name;
  return !key.empty() && (message.peer == key || message.peer.starts_with(key + "/"));
}

}  // namespace

BulkSocket::BulkSocket(zmq::socket_type type, size_t most_frame)
    : dials_(type == zmq::socket_type::dealer), socket_(context_, type) {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.set(zmq::sockopt::sndhwm, kHighWater);
  socket_.set(zmq::sockopt::rcvhwm, kHighWater);
  socket_.set(zmq::sockopt::maxmsgsize,
              static_cast<int64_t>(std::max(most_frame + kSealed, kMostHandshake)));
  socket_.set(zmq::sockopt::handshake_ivl, kHandshakeMs);
}

void BulkSocket::encrypt(const Credentials& credentials) {
  socket_.set(zmq::sockopt::curve_publickey, credentials.curve_public());
  socket_.set(zmq::sockopt::curve_secretkey, credentials.curve_secret());
  socket_.set(zmq::sockopt::zap_domain, "nelumbo");
}

void BulkSocket::listen(std::optional<uint16_t> port, const BulkPlace& place) {
  socket_.set(zmq::sockopt::router_mandatory, true);
  socket_.set(zmq::sockopt::router_handover, true);
  if (place.credentials) {
    guard_ = std::make_unique<CurveGuard>(context_, place.credentials->peers());
    guarded_ = true;
    socket_.set(zmq::sockopt::curve_server, true);
    encrypt(*place.credentials);
  }
  socket_.bind("tcp://" + place.host + ":" + (port ? std::to_string(*port) : "*"));
  const std::string bound = socket_.get(zmq::sockopt::last_endpoint);
  port_ = static_cast<uint16_t>(std::stoi(bound.substr(bound.rfind(':') + 1)));
}

void BulkSocket::dial(uint16_t port, const std::string& name, const BulkPlace& place) {
  if (place.credentials) {
    encrypt(*place.credentials);
    socket_.set(zmq::sockopt::curve_serverkey, place.credentials->peers().front().key);
  }
  socket_.set(zmq::sockopt::routing_id, name);
  socket_.set(zmq::sockopt::immediate, true);  // what waits for a connection is asked for again
  socket_.set(zmq::sockopt::reconnect_ivl, kReconnectMs);
  socket_.connect("tcp://" + place.host + ":" + std::to_string(port));
  port_ = port;
}

bool BulkSocket::wait(int descriptor, std::chrono::milliseconds most) {
  std::array<zmq::pollitem_t, 2> items = {
      {{nullptr, descriptor, ZMQ_POLLIN, 0}, {socket_.handle(), 0, ZMQ_POLLIN, 0}}};
  zmq::poll(items.data(), items.size(), most);
  return (items[0].revents & ZMQ_POLLIN) != 0;
}

std::optional<BulkSocket::Message> BulkSocket::receive() {
  Message message;
  for (bool more = true, first = true; more; first = false) {
    zmq::message_t frame;
    if (!socket_.recv(frame, zmq::recv_flags::dontwait))
      return std::nullopt;
    more = frame.more();
    if (first && !dials_)
      message.peer = frame.to_string();
    else if (message.frames.size() < kMostFrames)
      message.frames.push_back(std::move(frame));
  }
  message.own_name = !guarded_ || is_called(message);
  return message;
}

bool BulkSocket::send(const std::string& peer, const BulkHeader& header) {
  std::array<zmq::message_t, 1> frames = {zmq::message_t(pack(header))};
  return send_frames(peer, frames);
}

bool BulkSocket::send(const std::string& peer, const BulkHeader& header, const Bytes& bytes) {
  std::array<zmq::message_t, 2> frames = {zmq::message_t(pack(header)),
                                          frame_of(bytes, header.offset, header.length)};
  return send_frames(peer, frames);
}

bool BulkSocket::send_frames(const std::string& peer, std::span<zmq::message_t> frames) {
  const auto more = zmq::send_flags::dontwait | zmq::send_flags::sndmore;
  try {
    // Only the first frame of a message can find the queue full.
    bool room = dials_ || socket_.send(zmq::message_t(peer), more).has_value();
    for (size_t i = 0; i < frames.size() && room; ++i) {
      const bool last = i + 1 == frames.size();
      const auto sent = socket_.send(frames[i], last ? zmq::send_flags::dontwait : more);
      room = sent.has_value() || i > 0 || !dials_;
    }
    return room;
  } catch (const zmq::error_t&) {  // nobody of that name is connected
    return false;
  }
}

}  // namespace nelumbo
