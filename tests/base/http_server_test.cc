// SPDX-License-Identifier: Apache-2.0
#include "base/http_server.h"

#include <gtest/gtest.h>

#include "tests/base/echo_server.h"

namespace nelumbo {
namespace {

TEST(HttpServer, AnswersSeveralRequestsOfOneConnection) {
  const EchoServer echo;
  HttpClient client(echo.server->port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(http_post("/a?b=c", "body " + std::to_string(i))));
    const std::string answer = client.read_answer();
    EXPECT_TRUE(answer.ends_with("POST /a body " + std::to_string(i))) << answer;
  }
  EXPECT_EQ(echo.server->connections(), 1);
}

TEST(HttpServer, ListensOnThisMachineAlone) {
  const auto outside = HttpServer::start("0.0.0.0", 0, {});
  ASSERT_FALSE(outside.ok());
  EXPECT_EQ(outside.error().code, Errc::kInvalidConfig);
}

TEST(HttpServer, SaysThatAPortIsTaken) {
  const EchoServer echo;
  const auto second = HttpServer::start("127.0.0.1", echo.server->port(), {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Errc::kEnvironment);
  EXPECT_TRUE(says(second.error().message, "cannot listen")) << second.error().message;
}

TEST(HttpServer, FinishesWhatIsAnsweredWhenItStopsAccepting) {
  EchoServer echo;
  HttpClient busy(echo.server->port()), idle(echo.server->port());
  ASSERT_TRUE(busy.send(http_get("/later")));
  const auto reply = echo.later();
  echo.server->stop_accepting();
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_EQ(echo.server->requests(), 1);
  reply->send({.body = "at last"});
  const std::string answer = busy.read_all();
  EXPECT_TRUE(says(answer, "Connection: close") && answer.ends_with("at last")) << answer;
  EXPECT_TRUE(comes_true([&] { return echo.server->requests() == 0; }));
  const HttpClient late(echo.server->port());
  EXPECT_FALSE(late.connected());
}

}  // namespace
}  // namespace nelumbo
