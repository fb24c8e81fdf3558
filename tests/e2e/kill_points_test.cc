// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <regex>
#include <set>

#include "tests/e2e/process_run.h"

namespace nelumbo {
namespace {

/// A variable that the program finds in its environment, for as long as this lives.
class Planted {
 public:
  Planted(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  ~Planted() { ::unsetenv(name_); }
  Planted(const Planted&) = delete;
  Planted& operator=(const Planted&) = delete;

 private:
  const char* name_;
};

nlohmann::json json_at(const std::string& path) {
  return nlohmann::json::parse(slurp(path), nullptr, false);
}

class KillPoints : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(std::string(NELUMBO_BINARY_DIR) + "/nelumbo"))
      GTEST_SKIP() << "the program is not built";
    whole_ = hash_of_run(folder_, "whole", {});
  }

  const TemporaryFolder folder_;
  std::string whole_;
};

TEST_F(KillPoints, LeaveTheBitsOfARunThatWasNotKilled) {
  int64_t number = 0;
  for (const char* point :
       {"directory/made", "checkpoint/manifest:2", "checkpoint/renamed", "checkpoint/pruned",
        "ledger/appended:3", "rl/trained:2", "metrics/appended:5", "summary/written"}) {
    const std::string name = "hurt" + std::to_string(++number);
    const Planted planted("NELUMBO_KILL_AT", point);
    const Planted once("NELUMBO_KILL_ONCE", folder_ / name + ".once");
    EXPECT_EQ(hash_of_run(folder_, name, {}), whole_) << point;
    EXPECT_TRUE(std::filesystem::exists(folder_ / name + ".once")) << point << ": never came";
    const auto ledger = json_at(folder_ / name + "/summary.json")["ledger"];
    EXPECT_EQ(ledger["in_flight"], 0) << point;
    EXPECT_EQ(ledger["issued"].get<int64_t>(),
              ledger["committed"].get<int64_t>() + ledger["dropped"].get<int64_t>())
        << point;
  }
}

TEST_F(KillPoints, StopARunWhoseProcessDiesEachTime) {
  const Planted planted("NELUMBO_KILL_AT", "rl/trained:1");
  std::vector<std::string> words = run_words(folder_.path());
  words.insert(words.end(), {"--restarts", "2", "--set", "pretrain.steps=3"});
  Child child(words);
  EXPECT_TRUE(child.says("all 2 restarts within 300 s are used up"));
  EXPECT_EQ(child.wait(), 3);
  EXPECT_EQ(json_at(folder_ / "tiny/summary.json")["faults"], 3);
}

TEST_F(KillPoints, LeaveTheBitsOfARunWhoseDiskFailsOnce) {
  int64_t number = 0;
  for (const char* fault : {"sync:2:optimizer.safetensors", "write:1:state.json", "rename:1:step_8",
                            "write:3+:metrics.jsonl"}) {
    const Planted planted("NELUMBO_FAIL_AT", fault);
    const std::string name = "disk" + std::to_string(++number);
    EXPECT_EQ(hash_of_run(folder_, name, {}), whole_) << fault;
    EXPECT_FALSE(json_at(folder_ / name + "/summary.json")["warnings"].empty()) << fault;
  }
}

TEST(KillPointNames, AreFortyAtLeastAndEachIsOfOnePlace) {
  std::multiset<std::string> names;
  const std::regex call(R"re(kill_point\("([\w/]+)"\))re");
  for (const char* folder : {"base", "actors", "apps"})
    for (const auto& entry : std::filesystem::directory_iterator(in_repository(folder))) {
      const std::string text = entry.path().extension() == ".cc" ? slurp(entry.path()) : "";
      for (std::sregex_iterator at(text.begin(), text.end(), call), end; at != end; ++at)
        names.insert((*at)[1]);
    }
  EXPECT_GE(names.size(), 40U);
  for (const std::string& name : names)
    EXPECT_EQ(names.count(name), 1U) << name;
}

}  // namespace
}  // namespace nelumbo
