// SPDX-License-Identifier: Apache-2.0
#include "reward/http_calls.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/support/raw_server.h"

namespace nelumbo {
namespace {

std::string answer_of(const std::string& status, const std::string& headers,
                      const std::string& body) {
  return "HTTP/1.1 " + status + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

HttpResult call(const HttpCall& one) {
  HttpCalls calls;
  calls.start(7, one);
  while (calls.running() > 0)
    for (const HttpResult& result : calls.wait(0.05))
      return result;
  return {};
}

HttpCall to(const std::string& url) {
  HttpCall one;
  one.url = url;
  one.body = "{}";
  one.seconds = 5;
  return one;
}

TEST(HttpCalls, GiveStatusBodyAndWhatTheServerWants) {
  const RawServer server(answer_of("429 Too Many", "Retry-After: 3\r\n", "later"));
  const HttpResult result = call(to(server.url()));
  EXPECT_EQ(result.id, 7u);
  EXPECT_EQ(result.end, HttpResult::End::kAnswered);
  EXPECT_EQ(result.status, 429);
  EXPECT_EQ(result.body, "later");
  EXPECT_EQ(result.retry_after, 3);
}

TEST(HttpCalls, FollowNoRedirect) {
  const RawServer elsewhere(answer_of("200 OK", "", "taken"));
  const RawServer server(answer_of("302 Found", "Location: " + elsewhere.url() + "\r\n", ""));
  EXPECT_EQ(call(to(server.url())).status, 302);
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST(HttpCalls, AskNoProxyWhateverTheEnvironmentSays) {
  const RawServer proxy(answer_of("200 OK", "", "proxied")), server(answer_of("200 OK", "", "own"));
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::setenv("ALL_PROXY", proxy.url().c_str(), 1);
  EXPECT_EQ(call(to(server.url())).body, "own");
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  EXPECT_EQ(proxy.connections(), 0);
}

TEST(HttpCalls, GiveUpWhatIsTooLongLateOrAway) {
  const RawServer server(answer_of("200 OK", "", std::string(10 << 20, 'x')));
  HttpCall one = to(server.url());
  one.most_bytes = 1000;
  EXPECT_EQ(call(one).end, HttpResult::End::kTooLong);
  EXPECT_LE(call(one).body.size(), 1000u);
  const RawServer silent("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n");
  EXPECT_EQ(call(to(silent.url())).end, HttpResult::End::kFailed) << "it hung up inside the head";
  EXPECT_EQ(call(to("http://127.0.0.1:1")).end, HttpResult::End::kFailed);
}

TEST(HttpCalls, MayConnectAndSendNothing) {
  const RawServer server(answer_of("200 OK", "", "own"));
  HttpCall one = to(server.url());
  one.connects_only = true;
  EXPECT_EQ(call(one).end, HttpResult::End::kAnswered);
  EXPECT_EQ(call(one).body, "");
  one.url = "http://127.0.0.1:1";
  EXPECT_EQ(call(one).end, HttpResult::End::kFailed);
}

TEST(HttpCalls, KnowWhereAPlaceIs) {
  const auto place = http_place("http://127.0.0.1:8000/v1/");
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(place.value().url, "http://127.0.0.1:8000/v1");
  EXPECT_EQ(place.value().host, "127.0.0.1");
  EXPECT_TRUE(place.value().is_loopback);
  EXPECT_TRUE(http_place("http://[::1]:80/v1").value().is_loopback);
  const auto other = http_place("https://LOCALHOST.example.org/v1");
  EXPECT_FALSE(other.value().is_loopback);
  EXPECT_TRUE(other.value().is_secure);
  // Names that only look like this machine.
  for (const char* url : {"http://127.0.0.1.example.org/", "http://localhost.example.org/",
                          "http://0.0.0.0/", "http://example.org#127.0.0.1"}) {
    const auto one = http_place(url);
    EXPECT_FALSE(one && one.value().is_loopback) << url;
  }
}

TEST(HttpCalls, RefuseUrlsThatHideSomething) {
  for (const char* url :
       {"", "127.0.0.1:8000", "ftp://127.0.0.1/", "file:///etc/passwd", "http://user@127.0.0.1/",
        "http://127.0.0.1@example.org/", "http://127.0.0.1/v1?key=1", "http://127.0.0.1/v1#x",
        "http://", "http://127.0.0.1:99999/"})
    EXPECT_FALSE(http_place(url).ok()) << url;
}

}  // namespace
}  // namespace nelumbo
