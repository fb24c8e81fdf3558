// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "actors/credentials.h"
#include "actors/openssl_handles.h"
#include "tests/support/unlisted_peer.h"

namespace nelumbo {

/// A TCP connection to a port of this machine, or a listener on any.
class TestSocket {
 public:
  explicit TestSocket(int number) : number_(number) {}
  ~TestSocket() { ::close(number_); }
  TestSocket(const TestSocket&) = delete;
  TestSocket& operator=(const TestSocket&) = delete;

  static sockaddr_in place(uint16_t port) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return place;
  }
  bool connect(uint16_t port) const {
    const sockaddr_in to = place(port);
    return ::connect(number_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  bool readable(int milliseconds) const {
    pollfd one{number_, POLLIN, 0};
    return ::poll(&one, 1, milliseconds) == 1;
  }
  void say(const std::string& bytes) const {
    ::send(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  /// What came within that time; "" when nothing did or the connection has ended.
  std::string hear(int milliseconds) const {
    std::array<char, 4096> bytes{};
    const ssize_t got = readable(milliseconds) ? ::recv(number_, bytes.data(), bytes.size(), 0) : 0;
    return {bytes.data(), static_cast<size_t>(got > 0 ? got : 0)};
  }
  int number() const { return number_; }

 private:
  int number_;
};

/// Stands between a client and a port, passes everything on, and keeps what the client said.
class Recorder {
 public:
  explicit Recorder(uint16_t port) : port_(port), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in place = TestSocket::place(0);
    socklen_t size = sizeof place;
    ::bind(listener_.number(), reinterpret_cast<const sockaddr*>(&place), size);
    ::listen(listener_.number(), 8);
    ::getsockname(listener_.number(), reinterpret_cast<sockaddr*>(&place), &size);
    own_port_ = ntohs(place.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Recorder() { stop(); }

  uint16_t port() const { return own_port_; }
  /// Each connection's bytes; the recorder has ended then.
  const std::vector<std::string>& stop() {
    ending_ = true;
    if (thread_.joinable())
      thread_.join();
    return said_;
  }

 private:
  void run() {
    while (!ending_)
      if (listener_.readable(20))
        pass(TestSocket(::accept(listener_.number(), nullptr, nullptr)));
  }
  void pass(const TestSocket& client) {
    const TestSocket server(::socket(AF_INET, SOCK_STREAM, 0));
    if (!server.connect(port_))
      return;
    std::string& said = said_.emplace_back();
    while (!ending_) {
      if (client.readable(2)) {
        const std::string part = client.hear(0);
        if (part.empty())
          return;
        said += part;
        server.say(part);
      }
      if (server.readable(2)) {
        const std::string part = server.hear(0);
        if (part.empty())
          return;
        client.say(part);
      }
    }
  }

  uint16_t port_, own_port_ = 0;
  TestSocket listener_;
  std::vector<std::string> said_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

/// Says to the ports of a run what nobody should. The same seed says the same.
class HostileBytes {
 public:
  HostileBytes(uint16_t control, uint16_t bulk, std::vector<std::string> recorded, uint64_t seed)
      : control_(control), bulk_(bulk), recorded_(std::move(recorded)), state_(seed) {}

  static constexpr int kKinds = 9;
  /// One try of that kind, and which port it was for.
  void attempt(int kind, const Credentials* foreign, const std::string& server_key) {
    switch (kind) {
      case 0:
        return raw(any_port(), random(1 + next() % 4096));
      case 1:
        return raw(control_, basp_header(0xFFFFFFF0U >> (next() % 24)));
      case 2:
        return raw(bulk_, zmtp_greeting("NULL") + zmtp_oversize());
      case 3:
        return raw(bulk_, zmtp_greeting(next() % 2 == 0 ? "CURVE" : "PLAIN") + random(300));
      case 4:
        return raw(control_, recorded());
      case 5:
        return raw(any_port(), mutated(recorded()));
      case 6:
        return tls(nullptr, random(200));
      case 7:
        return tls(foreign, basp_header(0xFFFFFFF0U));
      default:
        return unlisted(server_key);
    }
  }

  uint64_t next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return state_ >> 33;
  }

 private:
  uint16_t any_port() { return next() % 2 == 0 ? control_ : bulk_; }
  std::string random(size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes)
      byte = static_cast<char>(next());
    return bytes;
  }
  /// A whole header of CAF's protocol that announces a payload of that size.
  std::string basp_header(uint32_t payload) {
    std::string header(32, '\0');
    header[0] = static_cast<char>(next() % 8);
    for (int i = 0; i < 4; ++i)
      header[4 + i] = static_cast<char>(payload >> (8 * (3 - i)));
    return header + random(next() % 64);
  }
  static std::string zmtp_greeting(const std::string& mechanism) {
    std::string greeting = "\xff" + std::string(8, '\0') + "\x7f\x03" + std::string(1, '\0');
    greeting += mechanism + std::string(20 - mechanism.size(), '\0');
    return greeting + std::string(64 - greeting.size(), '\0');
  }
  /// Frames that announce 64 GiB, and 2^63 bytes.
  std::string zmtp_oversize() {
    const bool huge = next() % 2 == 0;
    return std::string("\x02", 1) +
           (huge ? std::string("\x80\0\0\0\0\0\0\0", 8) : std::string("\0\0\0\x10\0\0\0\0", 8));
  }
  std::string recorded() {
    return recorded_.empty() ? random(100) : recorded_[next() % recorded_.size()];
  }
  std::string mutated(std::string bytes) {
    for (uint64_t changes = 1 + next() % 8; changes > 0 && !bytes.empty(); --changes)
      bytes[next() % bytes.size()] = static_cast<char>(next());
    return bytes.substr(0, 1 + next() % (bytes.size() + 1));
  }

  void raw(uint16_t port, const std::string& bytes) {
    const TestSocket socket(::socket(AF_INET, SOCK_STREAM, 0));
    if (!socket.connect(port))
      return;
    if (next() % 2 == 0)
      socket.hear(2);
    socket.say(bytes);
    socket.hear(2);
  }
  /// Encrypted, without a certificate or with one of another run.
  void tls(const Credentials* credentials, const std::string& bytes) {
    const TlsContextHandle context(SSL_CTX_new(TLS_client_method()));
    if (credentials != nullptr) {
      SSL_CTX_use_certificate_chain_file(context.get(), credentials->certificate_path().c_str());
      SSL_CTX_use_PrivateKey_file(context.get(), credentials->key_path().c_str(), SSL_FILETYPE_PEM);
    }
    const TestSocket socket(::socket(AF_INET, SOCK_STREAM, 0));
    const timeval patience{.tv_sec = 2, .tv_usec = 0};
    ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!socket.connect(control_))
      return;
    const TlsHandle session(SSL_new(context.get()));
    SSL_set_fd(session.get(), socket.number());
    if (SSL_connect(session.get()) == 1) {
      SSL_write(session.get(), bytes.data(), static_cast<int>(bytes.size()));
      std::array<char, 256> answer{};
      if (SSL_read(session.get(), answer.data(), answer.size()) > 0)
        ++answered_;
    }
    ERR_clear_error();
  }
  void unlisted(const std::string& server_key) {
    if (server_key.empty())
      return;
    UnlistedPeer peer(bulk_, server_key);
    if (peer.sends(std::chrono::milliseconds(30)))
      ++answered_;
  }

 public:
  /// How often somebody was let in who should not be.
  int64_t answered() const { return answered_; }

 private:
  uint16_t control_, bulk_;
  std::vector<std::string> recorded_;
  uint64_t state_;
  int64_t answered_ = 0;
};

}  // namespace nelumbo
