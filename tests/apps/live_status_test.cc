// SPDX-License-Identifier: Apache-2.0
#include "apps/live_status.h"

#include <gtest/gtest.h>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class LiveStatusTest : public ::testing::Test {
 protected:
  void put(const std::string& status, const std::string& live) {
    put_file(folder_ / "STATUS", status + "\n");
    if (!live.empty())
      put_file(folder_ / "status.json", live);
  }
  LiveStatus read(double now = 1001.5) { return read_live_status(folder_.path(), now).value(); }

  static constexpr const char* kLive =
      R"({"written":1000,"rows":[
          {"who":"stage rl, 3 steps behind it","waits_for":"answers","seconds":1.25,"version":4},
          {"who":"rollout actor 1","does":"answers","seconds":150,"version":4,
           "groups_per_s":0.5,"queue":3},
          {"who":"bulk channel","does":"keeps bytes ready","seconds":0,"bytes":2500000}]})";
  TemporaryFolder folder_;
};

TEST_F(LiveStatusTest, IsATableOfWhoDoesWhat) {
  put("running since this process started", kLive);
  EXPECT_EQ(live_table(read()),
            folder_.path() +
                ": running, as of 1.5 s ago\n"
                "who                          what               since  version  groups/s  queue"
                "   bytes\n"
                "stage rl, 3 steps behind it  waits for answers  1.2 s        4\n"
                "rollout actor 1              answers            2 min        4      0.50      3\n"
                "bulk channel                 keeps bytes ready  0.0 s                           "
                " 2.5 MB\n");
}

TEST_F(LiveStatusTest, OfAFinishedRunIsItsEnd) {
  put("done after 12 steps", kLive);
  EXPECT_EQ(live_table(read()), folder_.path() + ": done after 12 steps; nobody works on it\n");
  EXPECT_EQ(live_json(read())["state"], "done");
  EXPECT_TRUE(live_json(read())["rows"].empty());
}

TEST_F(LiveStatusTest, OfADeadRunSaysSo) {
  put("running since this process started", kLive);
  EXPECT_FALSE(read(1009).is_dead());
  EXPECT_TRUE(read(1011).is_dead());
  EXPECT_TRUE(has(live_table(read(1300)),
                  "dead: STATUS says running, but nobody has written for "
                  "5 min; 'nelumbo run' with the same configuration goes"));
  EXPECT_EQ(live_json(read(1300))["state"], "dead");
}

TEST_F(LiveStatusTest, NeverMovesTheTerminalsCursor) {
  put("running \x1b[2J", R"({"written":1000,"rows":[{"who":"\u001b]0;x\u0007","does":"\u202eabc",
                              "seconds":1},{"who":")" +
                             std::string(500, 'x') + R"("}]})");
  const std::string table = live_table(read());
  EXPECT_EQ(table.find('\x1b'), std::string::npos);
  EXPECT_EQ(table.find('\x07'), std::string::npos);
  EXPECT_EQ(table.find("\u202e"), std::string::npos);
  EXPECT_TRUE(has(table, "\\x1b]0;x\\x07"));
  EXPECT_TRUE(has(table, std::string(57, 'x') + "..."));
}

TEST_F(LiveStatusTest, RefusesWhatIsMalformed) {
  EXPECT_EQ(read_live_status(folder_.path(), 0).error().code, Errc::kInvalidConfig);
  for (const char* live : {"{", "[]", "{}", R"({"written":"x","rows":[]})",
                           R"({"written":1,"rows":{}})", R"({"written":1,"rows":[1]})"}) {
    put("running x", live);
    const auto read = read_live_status(folder_.path(), 0);
    ASSERT_FALSE(read.ok()) << live;
    EXPECT_EQ(read.error().code, Errc::kBadData);
  }
}

}  // namespace
}  // namespace nelumbo
