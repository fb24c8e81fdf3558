// SPDX-License-Identifier: Apache-2.0
#include "base/http_server.h"

#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/http_connections.h"

namespace nelumbo {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int kBacklog = 1024;
constexpr std::chrono::milliseconds kAcceptAgain{100};

class Server : public HttpServer {
 public:
  Server(HttpService service, const HttpLimits& limits)
      : connections_(HttpConnections::make(std::move(service), limits)),
        acceptor_(connections_->io()),
        again_(connections_->io()) {}
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  ~Server() override {
    if (!thread_.joinable())
      return;
    Server::stop_accepting();
    connections_->close_all();
    thread_.join();
  }

  Result<void> listen(const std::string& address, uint16_t port) {
    const std::string place = address + ":" + std::to_string(port);
    error_code error;
    const auto ip = asio::ip::make_address(address, error);
    if (error || !ip.is_loopback())
      return Error{Errc::kInvalidConfig, address + ": is no address of the loopback interface"};
    const tcp::endpoint endpoint(ip, port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error)
      acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
      acceptor_.bind(endpoint, error);
    if (!error)
      acceptor_.listen(kBacklog, error);
    if (error)
      return Error{Errc::kEnvironment,
                   place + ": cannot listen: " + error.message() + "; choose another port"};
    port_ = acceptor_.local_endpoint().port();
    is_v6_ = ip.is_v6();
    accept();
    thread_ = std::thread([this] { connections_->io().run(); });
    return {};
  }

  uint16_t port() const override { return port_; }

  void stop_accepting() override {
    connections_->drain();
    asio::post(connections_->io(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
      again_.cancel();
    });
  }

  int64_t connections() const override { return connections_->connections(); }
  int64_t requests() const override { return connections_->requests(); }

 private:
  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (!acceptor_.is_open())
        return;
      if (error)  // no descriptor is left, or the client was gone at once
        return accept_later();
      const int descriptor = socket.release(error);
      if (!error)
        connections_->take(descriptor, is_v6_);
      accept();
    });
  }

  void accept_later() {
    again_.expires_after(kAcceptAgain);
    again_.async_wait([this](error_code error) {
      if (!error)
        accept();
    });
  }

  std::unique_ptr<HttpConnections> connections_;
  tcp::acceptor acceptor_;
  asio::steady_timer again_;
  uint16_t port_ = 0;
  bool is_v6_ = false;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(const std::string& address, uint16_t port,
                                                      HttpService service,
                                                      const HttpLimits& limits) {
  auto server = std::make_unique<Server>(std::move(service), limits);
  if (Result<void> listens = server->listen(address, port); !listens)
    return listens.error();
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace nelumbo
