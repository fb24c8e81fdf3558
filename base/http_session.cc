// SPDX-License-Identifier: Apache-2.0
#include "base/http_session.h"

#include <exception>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/beast/http/read.hpp>
#include <sys/socket.h>

#include "base/http_guard.h"
#include "base/log.h"

namespace nelumbo {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kLeaving{5'000};
constexpr uint64_t kMostDropped = 256 << 20;  // bytes read of a client that is being left

/// An HttpReply of one session. It may be used after the session was closed, and after the server
/// is gone, to no effect.
class SessionReply : public HttpReply {
 public:
  SessionReply(const HttpCore& core, const std::shared_ptr<HttpSession>& session)
      : door_(core.door), session_(session) {}
  SessionReply(const SessionReply&) = delete;
  SessionReply& operator=(const SessionReply&) = delete;

  ~SessionReply() override {
    if (ended_)
      return;
    at_server([&](HttpCore& core, const Session& session) {
      if (begun_)
        asio::post(core.io, [session] { session->close(); });
      else
        post_answer(core, session,
                    {.status = 500,
                     .body = core.service.error_body(500, "the server failed; see its log")});
    });
  }

  void send(HttpAnswer whole) override {
    ended_ = true;
    at_server([&](HttpCore& core, const Session& session) {
      post_answer(core, session, std::move(whole));
    });
  }
  void begin(const std::string& type) override {
    begun_ = true;
    at_server([&](HttpCore& core, const Session& session) {
      asio::post(core.io, [session, type] { session->begin(type); });
    });
  }
  void write(std::string piece) override {
    if (piece.empty())
      return;
    at_server([&](HttpCore& core, const Session& session) {
      if (session->gone())
        return;
      const bool taken = session->reserve(piece.size());
      asio::post(core.io, [session, taken, piece = std::move(piece)] {
        taken ? session->put({piece_of(piece, session->form()), piece.size()}, false)
              : session->close();
      });
    });
  }
  void end() override {
    ended_ = true;
    at_server([&](HttpCore& core, const Session& session) {
      asio::post(core.io, [session] { session->put({end_of_pieces(session->form()), 0}, true); });
    });
  }
  bool gone() const override {
    bool gone = true;
    at_server([&](HttpCore& /*core*/, const Session& session) { gone = session->gone(); });
    return gone;
  }

 private:
  using Session = std::shared_ptr<HttpSession>;

  /// Calls `what` unless server or session are gone; the server stays until it returns.
  template <class What>
  void at_server(const What& what) const {
    const std::lock_guard lock(door_->mutex);
    if (const Session session = session_.lock(); session && door_->core != nullptr)
      what(*door_->core, session);
  }

  static void post_answer(HttpCore& core, const Session& session, HttpAnswer whole) {
    asio::post(core.io, [session, whole = std::move(whole)] { session->answer(whole); });
  }

  std::shared_ptr<HttpDoor> door_;
  std::weak_ptr<HttpSession> session_;
  bool begun_ = false, ended_ = false;
};

}  // namespace

/// Closes the connection when the time is over, unless another deadline is set before.
void HttpSession::set_deadline(std::chrono::milliseconds time) {
  timer_.expires_after(time);
  timer_.async_wait([self = shared_from_this(), deadline = ++deadline_](error_code error) {
    if (!error && deadline == self->deadline_)
      self->close();
  });
}

void HttpSession::clear_deadline() {
  ++deadline_;
  timer_.cancel();
}

void HttpSession::set_unasked(bool unasked) {
  if (in_unasked_)
    core_.unasked.erase(place_);
  if (unasked)
    place_ = core_.unasked.insert(core_.unasked.end(), this);
  in_unasked_ = unasked;
}

void HttpSession::wait_for_request() {
  if (core_.draining)
    return close();
  ++turn_;
  gone_ = false;
  set_unasked(true);
  if (buffer_.size() > 0)
    return read_head();
  set_deadline(core_.limits.idle);
  socket_.async_wait(tcp::socket::wait_read,
                     [self = shared_from_this(), turn = turn_](error_code error) {
                       if (error)
                         self->close();
                       else if (turn == self->turn_ && !self->closed_)
                         self->read_head();
                     });
}

void HttpSession::read_head() {
  set_deadline(core_.limits.header);
  parser_.emplace();
  parser_->header_limit(core_.limits.header_bytes);
  parser_->body_limit(UINT64_MAX);  // what is too long is refused in words
  http::async_read_header(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, size_t) { self->on_head(error); });
}

void HttpSession::on_head(error_code error) {
  if (closed_)
    return;
  form_ = {};
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return refuse(431, "the header of a request may have " +
                           std::to_string(core_.limits.header_bytes) + " bytes");
  if (error && error.category() != make_error_code(http::error::bad_method).category())
    return close();
  if (error == http::error::end_of_stream || error == http::error::partial_message)
    return close();
  if (error)
    return refuse(400, "not a request of HTTP/1.1: " + error.message());
  const auto& head = parser_->get();
  form_ = {.keep = head.keep_alive(),
           .chunked = head.version() >= 11,
           .bodyless = head.method() == http::verb::head};
  const std::string target(head.target());
  request_ = {.method = std::string(head.method_string()),
              .path = target.substr(0, target.find('?')),
              .authorization = std::string(head[http::field::authorization]),
              .body = {}};
  if (const auto answered = refusal(request_)) {
    form_.keep = false;
    return answer(*answered);
  }
  charged_ = parser_->content_length().value_or(parser_->chunked() ? core_.limits.body_bytes : 0);
  core_.body_bytes += charged_;
  ++core_.requests;
  counted_ = true;
  set_unasked(false);
  if (head[http::field::expect] != "100-continue")
    return read_body();
  static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code ignored;  // a client that does not get it sends its body after a while
  socket_.send(asio::buffer(kGoOn.data(), kGoOn.size()), MSG_DONTWAIT, ignored);
  read_body();
}

std::optional<HttpAnswer> HttpSession::refusal(const HttpRequest& head) const {
  const auto& fields = parser_->get();
  const auto no = [&](int status, const std::string& message) {
    return HttpAnswer{.status = status, .body = core_.service.error_body(status, message)};
  };
  const std::string host(fields[http::field::host]), origin(fields[http::field::origin]);
  if (fields.count(http::field::host) != 1 || !is_local_host(host))
    return no(403, "Host: must be localhost, 127.0.0.1 or [::1]; this server is for this machine");
  if (fields.count(http::field::origin) > 0 && !is_local_origin(origin))
    return no(403, "Origin: pages of another origin may not call this server");
  if (core_.draining)
    return no(503, "the server is stopping; ask another");
  if (auto refused = core_.service.admit(head))
    return refused;
  const uint64_t length = parser_->content_length().value_or(0);
  if (length > core_.limits.body_bytes)
    return no(413, "the body of a request may have " + std::to_string(core_.limits.body_bytes) +
                       " bytes, and this one has " + std::to_string(length));
  if (core_.body_bytes + length > core_.limits.all_body_bytes)
    return no(503, "too many long requests at once; try again");
  return std::nullopt;
}

void HttpSession::read_body() {
  set_deadline(core_.limits.body);
  parser_->body_limit(core_.limits.body_bytes);
  http::async_read(socket_, buffer_, *parser_,
                   [self = shared_from_this()](error_code error, size_t) { self->on_body(error); });
}

void HttpSession::on_body(error_code error) {
  if (closed_)
    return;
  if (error == http::error::body_limit)
    return refuse(413, "the body of a request may have " + std::to_string(core_.limits.body_bytes) +
                           " bytes");
  if (error == http::error::bad_chunk || error == http::error::bad_chunk_extension)
    return refuse(400, "not a request of HTTP/1.1: " + error.message());
  if (error)
    return close();
  request_.body = std::move(parser_->get().body());
  core_.body_bytes -= charged_ - request_.body.size();  // of chunks the most was charged
  charged_ = request_.body.size();
  clear_deadline();
  dispatch();
}

void HttpSession::dispatch() {
  watch();
  auto reply = std::make_shared<SessionReply>(core_, shared_from_this());
  asio::post(core_.handlers,
             [&core = core_, request = std::move(request_), reply = std::move(reply)]() mutable {
               try {
                 core.service.handle(std::move(request), std::move(reply));
               } catch (const std::exception& error) {
                 log_error(std::string("a request failed: ") + error.what());
               }
             });
}

/// Notices that the client leaves while it is answered.
void HttpSession::watch() {
  socket_.async_wait(
      tcp::socket::wait_read, [self = shared_from_this(), turn = turn_](error_code error) {
        if (error || turn != self->turn_ || self->closed_ || self->ended_)
          return;
        char next = 0;
        const auto got = ::recv(self->socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
          self->close();
      });
}

void HttpSession::refuse(int status, const std::string& message) {
  form_.keep = false;
  answer({.status = status, .body = core_.service.error_body(status, message)});
}

void HttpSession::answer(const HttpAnswer& whole) {
  form_.keep = form_.keep && !core_.draining;
  put({whole_answer(whole, form_), 0}, true);
}

void HttpSession::begin(const std::string& type) {
  form_.keep = form_.keep && form_.chunked && !core_.draining;
  put({head_of_pieces(type, form_), 0}, false);
}

/// Makes room for a piece, or gives the client up. From any thread.
bool HttpSession::reserve(size_t bytes) {
  if (unread_.fetch_add(bytes) + bytes > core_.limits.unread_bytes)
    gone_ = true;
  return !gone_;
}

void HttpSession::put(Outgoing piece, bool last) {
  if (closed_ || ended_)
    return;
  ended_ = last;
  if (!piece.bytes.empty())
    out_.push_back(std::move(piece));
  flush();
}

void HttpSession::flush() {
  if (writing_ || closed_)
    return;
  if (out_.empty()) {
    clear_deadline();
    return ended_ ? end_answer() : void();
  }
  writing_ = true;
  set_deadline(core_.limits.write);
  const std::string& front = out_.front().bytes;
  socket_.async_write_some(asio::buffer(front.data() + written_, front.size() - written_),
                           [self = shared_from_this()](error_code error, size_t count) {
                             error ? self->close() : self->on_written(count);
                           });
}

void HttpSession::on_written(size_t count) {
  writing_ = false;
  written_ += count;
  if (written_ == out_.front().bytes.size()) {
    unread_ -= out_.front().charged;
    out_.pop_front();
    written_ = 0;
  }
  flush();
}

void HttpSession::uncharge() {
  core_.body_bytes -= charged_;
  charged_ = 0;
  core_.requests -= counted_ ? 1 : 0;
  counted_ = false;
}

void HttpSession::end_answer() {
  uncharge();
  if (!form_.keep)
    return leave();
  ended_ = false;
  unread_ = 0;
  wait_for_request();
}

/// Lets the client read what was sent: a connection that is closed with bytes unread is reset.
void HttpSession::leave() {
  set_unasked(false);
  ++turn_;
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  set_deadline(kLeaving);
  drop_rest();
}

void HttpSession::drop_rest() {
  socket_.async_read_some(asio::buffer(rest_),
                          [self = shared_from_this()](error_code error, size_t count) {
                            self->dropped_ += count;
                            if (error || self->dropped_ > kMostDropped)
                              self->close();
                            else
                              self->drop_rest();
                          });
}

void HttpSession::close() {
  if (closed_)
    return;
  closed_ = true;
  gone_ = true;
  uncharge();
  set_unasked(false);
  error_code ignored;
  timer_.cancel(ignored);
  socket_.close(ignored);
  --core_.connections;
  core_.sessions.erase(this);
}

}  // namespace nelumbo
