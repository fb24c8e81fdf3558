// SPDX-License-Identifier: Apache-2.0
#include "base/http_connections.h"

#include <deque>

#include <gtest/gtest.h>

#include "tests/base/echo_server.h"

namespace nelumbo {
namespace {

TEST(HttpConnections, GiveTheOldestIdleOneUpForANewOne) {
  const EchoServer echo({.connections = 4});
  std::deque<HttpClient> idle;
  for (int i = 0; i < 40; ++i)
    ASSERT_TRUE(idle.emplace_back(echo.server->port()).connected());
  HttpClient client(echo.server->port());
  ASSERT_TRUE(client.send(http_get("/a")));
  EXPECT_TRUE(client.read_answer().ends_with("GET /a "));
  EXPECT_LE(echo.server->connections(), 4);
  EXPECT_EQ(idle.front().read_all(), "");
}

TEST(HttpConnections, KeepThoseThatAreBeingAnswered) {
  EchoServer echo({.connections = 1});
  HttpClient busy(echo.server->port());
  ASSERT_TRUE(busy.send(http_get("/later")));
  const auto reply = echo.later();
  HttpClient other(echo.server->port());
  EXPECT_EQ(other.read_all(), "");
  reply->send({.body = "kept"});
  EXPECT_TRUE(busy.read_answer().ends_with("kept"));
}

TEST(HttpConnections, EndIdleAndHalfSaidRequestsInTime) {
  const EchoServer echo({.idle = std::chrono::milliseconds(50),
                         .header = std::chrono::milliseconds(50),
                         .body = std::chrono::milliseconds(50)});
  HttpClient idle(echo.server->port()), head(echo.server->port()), body(echo.server->port());
  ASSERT_TRUE(head.send("GET /slow HTTP/1.1\r\nHost: loc"));
  ASSERT_TRUE(body.send("POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf"));
  EXPECT_EQ(idle.read_all() + head.read_all() + body.read_all(), "");
  EXPECT_TRUE(comes_true([&] { return echo.server->connections() == 0; }));
  EXPECT_EQ(echo.server->requests(), 0);
}

}  // namespace
}  // namespace nelumbo
