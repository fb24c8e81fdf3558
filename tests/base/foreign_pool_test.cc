// SPDX-License-Identifier: Apache-2.0
#include "base/foreign_pool.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/planted_program.h"

namespace nelumbo {
namespace {

using End = Exchange::End;

constexpr const char* kCount =
    "counted = globals().get('counted', 0) + 1\nprint(counted, flush=True)";

Result<void> any(const std::string&) {
  return {};
}

TEST(ForeignPool, KeepsOneCopyForOneThread) {
  TemporaryFolder folder;
  ForeignPool pool(best_wall(), program_at(planted_python(folder, "p", kCount)));
  for (int i = 1; i <= 20; ++i)
    EXPECT_EQ(pool.exchange("{}", any).text, std::to_string(i));
}

TEST(ForeignPool, GivesEightThreadsCopiesOfTheirOwn) {
  TemporaryFolder folder;
  ForeignPool pool(best_wall(),
                   program_at(planted_python(folder, "p", "time.sleep(0.01); reply(1)")));
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        const Exchange got = pool.exchange("{\"id\": \"" + id + "\"}", any);
        right += got.end == End::kReply && got.text.find('"' + id + '"') != std::string::npos;
      }
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(right, 200);
}

TEST(ForeignPool, ReplacesACopyThatDied) {
  TemporaryFolder folder;
  ForeignPool pool(best_wall(), program_at(planted_python(
                                    folder, "p", "if request['die']: os._exit(3)\nreply(1)")));
  const std::string live = R"({"id": 1, "die": false})", die = R"({"id": 1, "die": true})";
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(pool.exchange(live, any).end, End::kReply);
    EXPECT_EQ(pool.exchange(die, any).end, End::kFailed);
  }
}

TEST(ForeignPool, EndsACopyWhoseReplyIsNotSound) {
  TemporaryFolder folder;
  ForeignPool pool(best_wall(), program_at(planted_python(folder, "p", kCount)));
  const auto first_only = [](const std::string& reply) -> Result<void> {
    if (reply == "1")
      return {};
    return Error{Errc::kUnavailable, "not the first"};
  };
  EXPECT_EQ(pool.exchange("{}", first_only).end, End::kReply);
  const Exchange second = pool.exchange("{}", first_only);
  EXPECT_EQ(second.end, End::kFailed);
  EXPECT_EQ(second.text, "not the first");
  EXPECT_EQ(pool.exchange("{}", first_only).end, End::kReply);
}

TEST(ForeignPool, SaysThatNothingCouldBeStarted) {
  TemporaryFolder folder;
  ForeignProgram program = program_at(planted_python(folder, "p", "reply(1)"));
  program.files[0].hash = "another";
  EXPECT_EQ(ForeignPool(best_wall(), program).exchange("{}", any).end, End::kNotStarted);
}

}  // namespace
}  // namespace nelumbo
