// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nelumbo {

/// Says the same bytes to whoever connects, once it was told something, and hangs up.
class RawServer {
 public:
  explicit RawServer(std::string bytes) : bytes_(std::move(bytes)) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    ::bind(socket_, reinterpret_cast<sockaddr*>(&place), size);
    ::listen(socket_, 16);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&place), &size);
    port_ = ntohs(place.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~RawServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int64_t connections() const { return connections_; }

 private:
  void serve() {
    while (true) {
      const int one = ::accept(socket_, nullptr, nullptr);
      if (one < 0)
        return;
      ++connections_;
      std::array<char, 65536> heard{};
      (void)::recv(one, heard.data(), heard.size(), 0);
      for (size_t sent = 0; sent < bytes_.size();) {
        const auto n = ::send(one, bytes_.data() + sent, bytes_.size() - sent, MSG_NOSIGNAL);
        if (n <= 0)
          break;
        sent += static_cast<size_t>(n);
      }
      ::close(one);
    }
  }

  std::string bytes_;
  int socket_ = -1;
  uint16_t port_ = 0;
  std::atomic<int64_t> connections_ = 0;
  std::thread thread_;
};

}  // namespace nelumbo
