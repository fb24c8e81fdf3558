// SPDX-License-Identifier: Apache-2.0
#include "base/http_session.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/base/echo_server.h"

namespace nelumbo {
namespace {

/// What one request is answered on a connection of its own.
std::string answer_to(const EchoServer& echo, const std::string& request) {
  HttpClient client(echo.server->port());
  EXPECT_TRUE(client.send(request));
  return client.read_answer();
}

TEST(HttpSession, RefusesOtherHostsAndOriginsWhateverTheMethod) {
  const EchoServer echo;
  for (const std::string method : {"GET", "POST", "DELETE", "PUT", "OPTIONS", "PATCH"}) {
    const std::string line = method + " / HTTP/1.1\r\n";
    EXPECT_TRUE(says(answer_to(echo, line + "Host: evil.example\r\n\r\n"), "403: Host"));
    EXPECT_TRUE(says(answer_to(echo, line + "\r\n"), "403: Host"));
    EXPECT_TRUE(
        says(answer_to(echo, line + "Host: localhost\r\nOrigin: https://evil.example\r\n\r\n"),
             "403: Origin"));
  }
  EXPECT_TRUE(says(answer_to(echo, http_get("/", "Origin: http://localhost:3000\r\n")), "GET / "));
}

TEST(HttpSession, LetsNobodySendABodyWhoIsNotAdmitted) {
  const EchoServer echo;
  HttpClient client(echo.server->port());
  ASSERT_TRUE(
      client.send("POST /secret HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"));
  EXPECT_TRUE(says(client.read_all(), "who are you?"));
  EXPECT_TRUE(
      says(answer_to(echo, http_get("/secret", "Authorization: Bearer key\r\n")), "GET /secret"));
}

TEST(HttpSession, BoundsHeadersAndBodies) {
  const EchoServer echo({.body_bytes = 1000});
  EXPECT_TRUE(says(answer_to(echo, http_get("/", "X: " + std::string(20'000, 'x') + "\r\n")),
                   "HTTP/1.1 431 "));
  EXPECT_TRUE(says(answer_to(echo, http_post("/", std::string(1001, 'x'))), "HTTP/1.1 413 "));
  EXPECT_TRUE(says(answer_to(echo,
                             "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
                             "chunked\r\n\r\n7d0\r\n" +
                                 std::string(2000, 'x') + "\r\n0\r\n\r\n"),
                   "HTTP/1.1 413 "));
  EXPECT_TRUE(says(answer_to(echo, http_post("/", std::string(1000, 'x'))), "HTTP/1.1 200 "));
}

TEST(HttpSession, BoundsTheBodiesOfAllRequestsTogether) {
  EchoServer echo({.body_bytes = 1000, .all_body_bytes = 1500});
  HttpClient first(echo.server->port());
  ASSERT_TRUE(first.send(http_post("/later", std::string(1000, 'x'))));
  auto reply = echo.later();
  EXPECT_TRUE(says(answer_to(echo, http_post("/", std::string(900, 'x'))), "HTTP/1.1 503 "));
  reply->send({.body = "done"});
  EXPECT_TRUE(says(first.read_answer(), "done"));
  EXPECT_TRUE(says(answer_to(echo, http_post("/", std::string(900, 'x'))), "HTTP/1.1 200 "));
}

TEST(HttpSession, AnswersWhatIsNoHttpWithAnErrorOrNotAtAll) {
  const EchoServer echo;
  const std::string requests[] = {
      "\r\n\r\n\r\n",
      "GET\r\n\r\n",
      std::string("\0\x01\xFF\x16\x03\x01", 6) + "\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"};
  for (const std::string& request : requests) {
    HttpClient client(echo.server->port());
    ASSERT_TRUE(client.send(request));
    client.read_answer();
  }
  EXPECT_TRUE(says(answer_to(echo, http_get("/still")), "GET /still"));
}

TEST(HttpSession, SaysThatItWantsTheBody) {
  const EchoServer echo;
  HttpClient client(echo.server->port());
  ASSERT_TRUE(
      client.send("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
                  "Expect: 100-continue\r\n\r\n"));
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(client.send("body"));
  EXPECT_TRUE(client.read_answer().ends_with("POST /a body"));
}

TEST(HttpSession, StreamsInPieces) {
  EchoServer echo;
  HttpClient client(echo.server->port());
  ASSERT_TRUE(client.send(http_get("/later")));
  const auto reply = echo.later();
  reply->begin("text/event-stream");
  reply->write("one");
  EXPECT_TRUE(client.read_until("3\r\none\r\n").ends_with("3\r\none\r\n"));
  reply->write("three");
  reply->end();
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "5\r\nthree\r\n0\r\n\r\n");
  ASSERT_TRUE(client.send(http_get("/again")));
  EXPECT_TRUE(client.read_answer().ends_with("GET /again "));
}

TEST(HttpSession, KnowsThatAClientLeft) {
  EchoServer echo;
  HttpClient client(echo.server->port());
  ASSERT_TRUE(client.send(http_get("/later")));
  const auto reply = echo.later();
  EXPECT_FALSE(reply->gone());
  client.close();
  EXPECT_TRUE(comes_true([&] { return reply->gone(); }));
  reply->send({.body = "to nobody"});
  EXPECT_TRUE(comes_true([&] { return echo.server->connections() == 0; }));
}

TEST(HttpSession, DropsAClientThatDoesNotRead) {
  EchoServer echo({.unread_bytes = 100'000});
  HttpClient client(echo.server->port());
  ASSERT_TRUE(client.send(http_get("/later")));
  const auto reply = echo.later();
  reply->begin("text/event-stream");
  for (int i = 0; i < 100'000 && !reply->gone(); ++i)
    reply->write(std::string(10'000, 'x'));
  EXPECT_TRUE(reply->gone());
  EXPECT_TRUE(comes_true([&] { return echo.server->connections() == 0; }));
}

TEST(HttpSession, AnswersThatAHandlerForgotTo) {
  const EchoServer echo;
  EXPECT_TRUE(says(answer_to(echo, http_get("/lost")), "HTTP/1.1 500 "));
}

TEST(HttpSession, TheServerOfAReplyMayBeGone) {
  EchoServer echo;
  HttpClient first(echo.server->port()), second(echo.server->port());
  ASSERT_TRUE(first.send(http_get("/later")));
  auto whole = echo.later();
  ASSERT_TRUE(second.send(http_get("/later")));
  auto pieces = echo.later();
  pieces->begin("text/event-stream");
  echo.server.reset();
  EXPECT_TRUE(whole->gone());
  pieces->write("one");
  pieces->end();
  whole.reset();  // without an answer
  EXPECT_TRUE(pieces->gone());
}

}  // namespace
}  // namespace nelumbo
