// SPDX-License-Identifier: Apache-2.0
#include "base/http_connections.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "base/http_session.h"

namespace nelumbo {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class Connections : public HttpConnections {
 public:
  Connections(HttpService service, const HttpLimits& limits) {
    core_.service = std::move(service);
    core_.limits = limits;
    core_.door->core = &core_;
  }

  asio::io_context& io() override { return core_.io; }

  void take(int descriptor, bool is_v6) override {
    tcp::socket socket(core_.io, is_v6 ? tcp::v6() : tcp::v4(), descriptor);
    if (core_.connections >= core_.limits.connections) {
      if (core_.unasked.empty())
        return;  // all of them are being answered
      core_.unasked.front()->close();
    }
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto session = std::make_shared<HttpSession>(core_, std::move(socket));
    ++core_.connections;
    core_.sessions.emplace(session.get(), session);
    session->wait_for_request();
  }

  void drain() override {
    core_.draining = true;
    asio::post(core_.io, [this] {
      while (!core_.unasked.empty())
        core_.unasked.front()->close();
    });
  }

  void close_all() override {
    core_.draining = true;
    {
      const std::lock_guard lock(core_.door->mutex);
      core_.door->core = nullptr;
    }
    core_.handlers.stop();
    core_.handlers.join();
    asio::post(core_.io, [this] {
      while (!core_.sessions.empty())
        core_.sessions.begin()->second->close();
      core_.io.stop();
    });
  }

  int64_t connections() const override { return core_.connections; }
  int64_t requests() const override { return core_.requests; }

 private:
  HttpCore core_;
};

}  // namespace

std::unique_ptr<HttpConnections> HttpConnections::make(HttpService service,
                                                       const HttpLimits& limits) {
  return std::make_unique<Connections>(std::move(service), limits);
}

}  // namespace nelumbo
