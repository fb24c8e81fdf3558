// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/child.h"
#include "tests/support/http_client.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// `nelumbo serve` of a tiny model, as users start it.
class ServedProcess : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
      GTEST_SKIP() << "the program is not built";
    child_.emplace(std::vector<std::string>{"serve", parity_folder("llama_tied"), "--port", "0",
                                            "--token-file", file_});
    const std::string line = child_->line_with("serving llama_tied at").value_or("");
    const std::string before = "http://127.0.0.1:";
    const size_t at = line.find(before);
    ASSERT_NE(at, std::string::npos) << line;
    port_ = static_cast<uint16_t>(std::stoul(line.substr(at + before.size())));
    token_ = "Authorization: Bearer " + read_file(file_, 1000).value().substr(0, 64) + "\r\n";
  }

  std::string answer_to(const std::string& request) const {
    HttpClient client(port_);
    EXPECT_TRUE(client.send(request));
    return client.read_answer();
  }
  bool has_metric(const std::string& line) const {
    return comes_true(
        [&] { return says(answer_to(http_get("/metrics", token_)), "\n" + line + "\n"); });
  }

  TemporaryFolder folder_;
  std::string file_ = folder_ / "token";
  std::optional<Child> child_;
  uint16_t port_ = 0;
  std::string token_;
};

constexpr const char* kLong =
    R"({"prompt": [5, 6, 7], "max_tokens": 120, "n": 64, "stream": true, "logit_bias": {"2": -100}})";

TEST_F(ServedProcess, AnswersWhoHasTheToken) {
  const std::string body = R"({"prompt": "a", "max_tokens": 3})";
  EXPECT_TRUE(
      says(answer_to(http_post("/v1/completions", body, token_)), "\"completion_tokens\":"));
  EXPECT_TRUE(says(answer_to(http_post("/v1/completions", body)), "HTTP/1.1 401 "));
  EXPECT_TRUE(
      says(answer_to(http_get("/v1/models", "Authorization: Bearer no\r\n")), "invalid_api_key"));
  EXPECT_TRUE(says(answer_to(http_get("/health")), "HTTP/1.1 200 "));
  child_->signal(SIGTERM);
  EXPECT_EQ(child_->wait(), 0);
}

TEST_F(ServedProcess, GivesKeyBlocksBackWhenClientsLeave) {
  {
    std::deque<HttpClient> clients;
    for (int i = 0; i < 4; ++i) {
      HttpClient& client = clients.emplace_back(port_);
      ASSERT_TRUE(client.send(http_post("/v1/completions", kLong, token_)));
      EXPECT_TRUE(says(client.read_until("data: "), "text/event-stream"));
    }
  }
  EXPECT_TRUE(has_metric("nelumbo_key_blocks_in_use 0"));
  EXPECT_TRUE(has_metric("nelumbo_sequences_running 0"));
  child_->signal(SIGINT);
  EXPECT_EQ(child_->wait(), 0);
}

TEST_F(ServedProcess, FinishesWhatRunsWhenItIsToStop) {
  HttpClient client(port_);
  ASSERT_TRUE(client.send(http_post("/v1/completions", kLong, token_)));
  client.read_until("data: ");
  child_->signal(SIGTERM);
  EXPECT_TRUE(says(client.read_all(), "data: [DONE]"));
  EXPECT_EQ(child_->wait(), 0);
}

TEST_F(ServedProcess, BearsManyIdleConnections) {
  std::deque<HttpClient> idle;
  for (int i = 0; i < 2000; ++i)
    idle.emplace_back(port_);
  EXPECT_TRUE(says(answer_to(http_get("/health")), "HTTP/1.1 200 "));
  idle.clear();
  child_->signal(SIGTERM);
  EXPECT_EQ(child_->wait(), 0);
}

}  // namespace
}  // namespace nelumbo
