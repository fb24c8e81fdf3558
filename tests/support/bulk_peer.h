// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <zmq.hpp>

#include "actors/bulk_channel.h"
#include "actors/bulk_wire.h"
#include "base/check.h"
#include "base/hash.h"

namespace nelumbo {

/// Bytes that differ from place to place.
inline std::shared_ptr<const std::vector<char>> bulk_bytes(size_t size, uint64_t seed = 1) {
  auto bytes = std::make_shared<std::vector<char>>(size);
  uint64_t state = seed;
  for (char& byte : *bytes) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    byte = static_cast<char>(state >> 56);
  }
  return bytes;
}

/// A fetch as a future, since the channel calls back from its own thread.
class BulkAnswer {
 public:
  BulkAnswer(BulkChannel& channel, const std::string& peer, const BulkRef& ref) {
    auto promise = std::make_shared<std::promise<Result<std::vector<char>>>>();
    future_ = promise->get_future();
    channel.fetch(peer, ref, [promise](auto result) { promise->set_value(std::move(result)); });
  }
  bool within(std::chrono::milliseconds time) {
    return future_.wait_for(time) == std::future_status::ready;
  }
  Result<std::vector<char>> get() {
    NELUMBO_CHECK(within(std::chrono::seconds(60))) << "a fetch never ends";
    return future_.get();
  }

 private:
  std::future<Result<std::vector<char>>> future_;
};

/// A node that speaks the protocol by hand, or breaks it.
class BulkHand {
 public:
  using Frames = std::vector<std::string>;

  BulkHand(uint16_t port, const std::string& name) : socket_(context_, zmq::socket_type::dealer) {
    socket_.set(zmq::sockopt::linger, 2000);
    socket_.set(zmq::sockopt::rcvtimeo, 20'000);
    if (!name.empty())
      socket_.set(zmq::sockopt::routing_id, name);
    socket_.connect("tcp://127.0.0.1:" + std::to_string(port));
  }

  void send(const Frames& frames) {
    for (size_t i = 0; i < frames.size(); ++i)
      socket_.send(zmq::buffer(frames[i]),
                   i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }
  Frames receive() {
    Frames frames;
    for (bool more = true; more;) {
      zmq::message_t frame;
      NELUMBO_CHECK(socket_.recv(frame)) << "nothing comes";
      frames.push_back(frame.to_string());
      more = frame.more();
    }
    return frames;
  }
  /// The next kGet.
  BulkHeader asked() {
    const auto header = unpack_bulk_header(bytes_of(std::string_view(receive().at(0))));
    NELUMBO_CHECK(header && header->kind == BulkKind::kGet) << "not a get";
    return *header;
  }
  /// Answers it with a part of `text`, under the hash of that part of `hashed`.
  void answer(const BulkHeader& get, const std::string& text, const std::string& hashed) {
    BulkHeader header = get;
    header.kind = BulkKind::kChunk;
    header.hash = xxh3_64(bytes_of(std::string_view(hashed).substr(get.offset, get.length)));
    send({pack(header), text.substr(get.offset, get.length)});
  }

 private:
  zmq::context_t context_;
  zmq::socket_t socket_;
};

/// A plain TCP connection that says `first`, and `behind` when it has been greeted; then it stays.
inline int raw_connection(uint16_t port, const std::string& first, const std::string& behind) {
  const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval patience{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(connection, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0)
    return connection;
  ::send(connection, first.data(), first.size(), MSG_NOSIGNAL);
  std::array<char, 64> greeting{};
  if (!behind.empty() && ::recv(connection, greeting.data(), greeting.size(), MSG_WAITALL) == 64)
    ::send(connection, behind.data(), behind.size(), MSG_NOSIGNAL);
  return connection;
}

/// Whether the other end closes the connection within ten seconds.
inline bool is_closed(int connection) {
  std::array<char, 256> rest{};
  ssize_t got = 1;
  while (got > 0)
    got = ::recv(connection, rest.data(), rest.size(), 0);
  return got == 0 || errno == ECONNRESET;
}

}  // namespace nelumbo
