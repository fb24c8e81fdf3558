// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace nelumbo {

/// A client of HTTP that says whatever it is told to. Reads give up after ten seconds.
class HttpClient {
 public:
  explicit HttpClient(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  ~HttpClient() { close(); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  bool connected() const { return connected_; }

  /// Whether all of it was taken.
  bool send(const std::string& bytes) const {
    size_t sent = 0;
    while (sent < bytes.size()) {
      const auto n = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (n <= 0)
        return false;
      sent += static_cast<size_t>(n);
    }
    return true;
  }

  /// Reads until `end` was read, or the connection ended.
  std::string read_until(const std::string& end) {
    while (seen_.find(end) == std::string::npos) {
      std::array<char, 4096> more{};
      const auto n = ::recv(socket_, more.data(), more.size(), 0);
      if (n <= 0)
        break;
      seen_.append(more.data(), static_cast<size_t>(n));
    }
    const size_t at = seen_.find(end);
    const size_t size = at == std::string::npos ? seen_.size() : at + end.size();
    std::string out = seen_.substr(0, size);
    seen_.erase(0, size);
    return out;
  }

  /// Reads all until the connection ends.
  std::string read_all() {
    std::string out = std::move(seen_);
    seen_.clear();
    std::array<char, 65536> more{};
    for (auto n = ::recv(socket_, more.data(), more.size(), 0); n > 0;
         n = ::recv(socket_, more.data(), more.size(), 0))
      out.append(more.data(), static_cast<size_t>(n));
    return out;
  }

  /// One whole answer of a connection that stays.
  std::string read_answer() {
    std::string head = read_until("\r\n\r\n");
    const size_t at = head.find("Content-Length: ");
    if (at == std::string::npos)
      return head;
    const size_t size = std::stoul(head.substr(at + 16));
    while (seen_.size() < size) {
      std::array<char, 4096> more{};
      const auto n = ::recv(socket_, more.data(), more.size(), 0);
      if (n <= 0)
        break;
      seen_.append(more.data(), static_cast<size_t>(n));
    }
    head += seen_.substr(0, size);
    seen_.erase(0, size);
    return head;
  }

  void close() {
    if (socket_ >= 0)
      ::close(socket_);
    socket_ = -1;
  }

 private:
  int socket_;
  bool connected_ = false;
  std::string seen_;
};

/// A request for this machine; `more` are header lines, each with its end.
inline std::string http_get(const std::string& path, const std::string& more = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}
inline std::string http_post(const std::string& path, const std::string& body,
                             const std::string& more = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Whether something comes true within ten seconds.
template <class Condition>
bool comes_true(const Condition& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition())
      return true;
    ::usleep(10'000);
  }
  return false;
}

}  // namespace nelumbo
