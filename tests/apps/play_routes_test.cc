// SPDX-License-Identifier: Apache-2.0
#include "apps/play_routes.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/play_page.h"
#include "base/check.h"
#include "tests/apps/scored_run.h"
#include "tests/support/http_client.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class PlayRoutesTest : public ::testing::Test {
 protected:
  PlayRoutesTest() {
    put_simulated_run(folder_ / "run", Plant::kNone);
    auto data = PlayData::open(folder_ / "run", "rl");
    NELUMBO_CHECK(data.ok()) << data.error().message;
    auto server = HttpServer::start("127.0.0.1", 0, play_service(data.value(), "secret"));
    NELUMBO_CHECK(server.ok()) << server.error().message;
    server_ = std::move(server).value();
  }

  std::string ask(const std::string& line, const std::string& headers = "") {
    HttpClient client(server_->port());
    EXPECT_TRUE(client.send(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
                            headers + "\r\n"));
    return client.read_all();
  }
  std::string with_token(const std::string& line) {
    return ask(line, "Authorization: Bearer secret\r\n");
  }

  TemporaryFolder folder_;
  std::unique_ptr<HttpServer> server_;
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(PlayRoutesTest, ServesThePageToAllAndTheRunToThoseWithTheToken) {
  EXPECT_TRUE(has(ask("GET /"), "text/html; charset=utf-8"));
  EXPECT_TRUE(has(ask("GET /"), kPlayPage));
  EXPECT_TRUE(has(ask("GET /play.js"), kPlayScript));
  EXPECT_TRUE(has(ask("GET /play.css"), "text/css"));
  for (const char* line : {"GET /overview", "GET /step/3", "GET /other"}) {
    EXPECT_TRUE(ask(line).starts_with("HTTP/1.1 401")) << line;
    EXPECT_TRUE(ask(line, "Authorization: Bearer secreT\r\n").starts_with("HTTP/1.1 401")) << line;
  }
  const std::string overview = with_token("GET /overview");
  EXPECT_TRUE(overview.starts_with("HTTP/1.1 200")) << overview;
  EXPECT_TRUE(has(overview, "\"stage\":\"rl\""));
  const std::string step = with_token("GET /step/3");
  const auto body = nlohmann::json::parse(step.substr(step.find("\r\n\r\n") + 4));
  EXPECT_EQ(body["groups"].size(), 8U);
}

TEST_F(PlayRoutesTest, RefusesOtherHostsPagesAndMethods) {
  HttpClient client(server_->port());
  ASSERT_TRUE(
      client.send("GET /overview HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n"
                  "Authorization: Bearer secret\r\n\r\n"));
  EXPECT_FALSE(client.read_all().starts_with("HTTP/1.1 200"));
  EXPECT_FALSE(
      ask("GET /overview", "Authorization: Bearer secret\r\nOrigin: http://evil.example\r\n")
          .starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(with_token("DELETE /step/3").starts_with("HTTP/1.1 405"));
}

TEST_F(PlayRoutesTest, SaysWhatIsNotThere) {
  EXPECT_TRUE(has(with_token("GET /step/99"), "there is no traced step 99"));
  for (const char* line :
       {"GET /step/", "GET /step/x", "GET /step/3/../4", "GET /step/1e2", "GET /nothing"})
    EXPECT_TRUE(with_token(line).starts_with("HTTP/1.1 404")) << line;
}

}  // namespace
}  // namespace nelumbo
