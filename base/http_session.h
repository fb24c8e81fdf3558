// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/http_server.h"
#include "base/http_wire.h"

// Seen by base/http_session.cc and base/http_connections.cc alone: Boost is slow to compile.

namespace nelumbo {

class HttpSession;

struct HttpCore;

/// The way from replies to their server, closed before the server goes.
struct HttpDoor {
  std::mutex mutex;
  HttpCore* core = nullptr;
};

/// What sessions share.
struct HttpCore {
  HttpService service;
  HttpLimits limits;
  boost::asio::io_context io{1};
  boost::asio::thread_pool handlers{2};
  std::atomic<bool> draining = false;
  std::atomic<int64_t> connections = 0, requests = 0;
  uint64_t body_bytes = 0;  ///< charged to requests
  std::unordered_map<HttpSession*, std::shared_ptr<HttpSession>> sessions;
  std::list<HttpSession*> unasked;  ///< that have sent no whole head, idle longest first
  std::shared_ptr<HttpDoor> door = std::make_shared<HttpDoor>();
};

/// Some bytes to be sent.
struct Outgoing {
  std::string bytes;
  size_t charged = 0;  ///< to the stream
};

/// One connection. Sockets and timers belong to one thread, which never waits; handlers run on two
/// others and answer through HttpReply, which hands everything to the one thread. A connection is
/// idle (until the first byte of a request), reading, answering, and after an error or the last
/// answer leaving: what the client still sends is read and dropped for a while, or it would not see
/// the answer.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(HttpCore& core, boost::asio::ip::tcp::socket socket)
      : core_(core), socket_(std::move(socket)), timer_(core.io) {}

  void wait_for_request();
  void close();

  // Of HttpReply; the first three on the server's thread.
  void answer(const HttpAnswer& answer);
  void begin(const std::string& type);
  void put(Outgoing piece, bool last);
  bool reserve(size_t bytes);
  bool gone() const { return gone_; }
  const HttpWireForm& form() const { return form_; }

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void read_head();
  void on_head(boost::system::error_code error);
  std::optional<HttpAnswer> refusal(const HttpRequest& head) const;
  void read_body();
  void on_body(boost::system::error_code error);
  void dispatch();
  void watch();
  void refuse(int status, const std::string& message);
  void flush();
  void on_written(size_t count);
  void end_answer();
  void leave();
  void drop_rest();
  void set_deadline(std::chrono::milliseconds time);
  void clear_deadline();
  void uncharge();
  void set_unasked(bool unasked);

  HttpCore& core_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  boost::beast::flat_buffer buffer_{1 << 16};
  std::optional<Parser> parser_;
  HttpRequest request_;
  HttpWireForm form_;
  std::deque<Outgoing> out_;
  size_t written_ = 0;  ///< bytes of out_.front()
  bool writing_ = false, ended_ = false, closed_ = false, counted_ = false;
  uint64_t charged_ = 0, dropped_ = 0;
  uint64_t turn_ = 0;      ///< which request
  uint64_t deadline_ = 0;  ///< which deadline
  std::array<char, 1 << 14> rest_{};
  std::atomic<size_t> unread_ = 0;  ///< bytes of a stream that were not sent
  std::atomic<bool> gone_ = false;
  std::list<HttpSession*>::iterator place_;
  bool in_unasked_ = false;
};

}  // namespace nelumbo
