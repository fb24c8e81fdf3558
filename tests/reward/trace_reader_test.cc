// SPDX-License-Identifier: Apache-2.0
#include "reward/trace_reader.h"

#include <gtest/gtest.h>

#include "reward/trace.h"
#include "tests/reward/stage.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

constexpr const char* kHash = "0123456789abcdef0123456789abcdef";

/// A group in which every field that a trace holds has a value of its own.
ScoredGroup full_group() {
  auto prompt = std::make_shared<Prompt>(prompt_with({{"answer", "1"}, {"boxes", {{1, 2, 3, 4}}}}));
  prompt->view = {10, 20, 30, 40};
  prompt->orientation = {true, 2};
  prompt->image = std::make_shared<const Image>(Image{64, 48, std::vector<uint8_t>(64 * 48 * 3)});
  auto group = std::make_shared<Group>();
  group->id = GroupId{21994930176};
  group->prompt = prompt;
  Trajectory one = candidate(*prompt, "<recall> A | b | C</recall><answer>1 \xff</answer>");
  one.group = group->id;
  one.sample = 3;
  one.version = PolicyVersion{12};
  one.swaps = {{1, PolicyVersion{13}}, {4, PolicyVersion{15}}};
  one.sampled[1] = 0;
  one.thoughts[0].text += "\xfe";
  one.answer_box = Box{1, 2, 3, 4.5};
  one.finish = Finish::kLength;
  ToolCall call;
  call.name = "locate";
  call.image = 2;
  call.box = Box{1, 2, 3, 4};
  call.original_box = Box{5, 6, 7, 8};
  call.degrees = 90;
  call.label = "plate\xffl";
  call.error = "outside";
  call.first_token = 1;
  call.last_token = 2;
  one.calls = {call};
  Trajectory two = answer_candidate(*prompt, "2");
  two.group = group->id;
  group->trajectories = {one, two};
  Outcome score;
  score.total = 0.1 + 0.2;
  score.rule = 1.0 / 3;
  score.rubric = 0.25;
  score.has_rubric = true;
  score.process = 0.5;
  score.shaping = -0.01;
  score.gate = "several_answers";
  score.components = {{"count", "rule", 0.5, 0.7, "1 for 2", 1234},
                      {"several_answers", "gate", 0, 0, "2 answers", 5}};
  score.steps = {{1, 2, 0.5, "loop: again"}};
  Outcome timeout;
  timeout.kind = Outcome::Kind::kTimeout;
  timeout.reason = "too slow";
  return {group, {score, timeout}, kHash};
}

TEST(TraceReader, GivesBackEveryFieldOfAGroup) {
  const ScoredGroup group = full_group();
  const std::string written =
      to_trace(group).dump(-1, ' ', false, nlohmann::json::error_handler_t::strict);
  const auto read = from_trace(written, "t:1");
  ASSERT_TRUE(read.ok()) << read.error().message;
  const ScoredGroup& got = read.value();
  EXPECT_EQ(to_trace(got).dump(), written);
  const Trajectory& one = got.group->trajectories[0];
  EXPECT_EQ(one.answer, "1 \xff");
  EXPECT_EQ(one.thoughts[0].text, "A | b | C\xfe");
  EXPECT_EQ(one.calls[0].label, "plate\xffl");
  EXPECT_EQ(one.calls[0].error, "outside");
  EXPECT_EQ(one.sampled, group.group->trajectories[0].sampled);
  EXPECT_EQ(one.finish, Finish::kLength);
  EXPECT_EQ(one.version, PolicyVersion{12});
  EXPECT_EQ(one.swaps, (std::vector<WeightSwap>{{1, PolicyVersion{13}}, {4, PolicyVersion{15}}}));
  EXPECT_EQ(got.group->prompt->orientation, (Orientation{true, 2}));
  EXPECT_EQ(got.group->prompt->image->width, 64);
  EXPECT_EQ(got.outcomes[0].total, 0.1 + 0.2);
  EXPECT_EQ(got.outcomes[0].steps[0].factor, 0.5);
  EXPECT_EQ(got.outcomes[1].kind, Outcome::Kind::kTimeout);
  EXPECT_EQ(got.outcomes[1].reason, "too slow");
  EXPECT_EQ(got.spec_hash, kHash);
}

TEST(TraceReader, NamesPlaceAndFieldOfWhatIsNoTrace) {
  const nlohmann::json good = to_trace(full_group());
  const auto complaint = [&](const char* pointer, const nlohmann::json& value) {
    nlohmann::json bad = good;
    bad[nlohmann::json::json_pointer(pointer)] = value;
    const auto read = from_trace(bad.dump(), "f.zst:7");
    return read.ok() ? "" : read.error().message;
  };
  EXPECT_EQ(complaint("/group", 5), "");
  EXPECT_EQ(complaint("/group", "x").substr(0, 8), "f.zst:7:");
  EXPECT_NE(complaint("/prompt/view", {1, 2, 3}).find("'view' is no box"), std::string::npos);
  EXPECT_NE(complaint("/prompt", 3).find("'id' is missing"), std::string::npos);
  EXPECT_NE(complaint("/trajectories", nullptr).find("'trajectories' is no list"),
            std::string::npos);
  EXPECT_NE(complaint("/trajectories/0/finish", "sleep").find("'finish'"), std::string::npos);
  EXPECT_NE(complaint("/trajectories/0/tokens", {1, 2}).find("as long as"), std::string::npos);
  EXPECT_NE(complaint("/trajectories/1/outcome/kind", "score").find("'total' is missing"),
            std::string::npos);
  EXPECT_NE(complaint("/trajectories/0/text_base64", "?").find("'text' has bytes"),
            std::string::npos);
  EXPECT_NE(complaint("/trajectories/0/outcome/nanoseconds", {1}).find("as many as components"),
            std::string::npos);
  nlohmann::json untimed = good;
  untimed["trajectories"][0]["outcome"].erase("nanoseconds");
  EXPECT_TRUE(from_trace(untimed.dump(), "x").ok()) << "of an earlier version";
  nlohmann::json old = good;
  old["trajectories"][0].erase("thoughts");
  EXPECT_NE(from_trace(old.dump(), "x").error().message.find("run again"), std::string::npos);
  nlohmann::json untold = good;
  untold["prompt"].erase("truth");
  EXPECT_NE(from_trace(untold.dump(), "x").error().message.find("'truth' is missing"),
            std::string::npos);
  EXPECT_NE(complaint("/prompt/truth", 3).find("'truth' is no mapping"), std::string::npos);
  EXPECT_EQ(complaint("/prompt/truth", nullptr), "");
  for (const char* hash : {"x", "0123", "0123456789ABCDEF0123456789ABCDEF"})
    EXPECT_NE(complaint("/spec_hash", hash).find("'spec_hash' is no hash"), std::string::npos);
  EXPECT_EQ(complaint("/spec_hash", ""), "") << "it was never scored";
  nlohmann::json silent = good;
  silent["trajectories"][1].update({{"text", ""}, {"tokens", {7}}, {"sampled", {1}}});
  EXPECT_TRUE(from_trace(silent.dump(), "x").ok()) << "the end alone";
  silent["trajectories"][1].update(
      {{"tokens", nlohmann::json::array()}, {"sampled", nlohmann::json::array()}});
  EXPECT_NE(from_trace(silent.dump(), "x").error().message.find("'tokens' is empty"),
            std::string::npos);
  EXPECT_FALSE(from_trace("[]", "x").ok());
  EXPECT_EQ(from_trace("{\"group\": ", "x:3").error().message.substr(0, 15), "x:3: is no JSON");
}

TEST(TraceReader, RefusesScoresThatNoSpecificationGives) {
  nlohmann::json bad = to_trace(full_group());
  bad["trajectories"][0]["outcome"]["total"] = 1e300;
  EXPECT_EQ(from_trace(bad.dump(), "f.zst:7").error().message,
            "f.zst:7: 'total' is 1e+300, and none gives more than 1.05; the file was damaged: run "
            "again, or restore it");
  bad["trajectories"][0]["outcome"]["total"] = nullptr;  // as NaN is written
  EXPECT_EQ(from_trace(bad.dump(), "f.zst:7").error().code, Errc::kBadData);
  std::string infinite = to_trace(full_group()).dump();
  infinite.replace(infinite.find("0.30000000000000004"), 19, "1e999");
  EXPECT_EQ(from_trace(infinite, "f.zst:7").error().message.substr(0, 19), "f.zst:7: is no JSON");
}

/// What reading a file of these lines says.
std::string said_of(const std::vector<nlohmann::json>& lines) {
  const TemporaryFolder folder;
  const std::string path = folder / "t.zst";
  EXPECT_TRUE(write_trace(path, lines).ok());
  int64_t groups = 0;
  const auto read = for_each_trace(path, [&](const ScoredGroup&) -> Result<void> {
    ++groups;
    return {};
  });
  return read ? std::to_string(groups) + " groups" : read.error().message.substr(path.size());
}

TEST(TraceReader, RefusesWhatStandsInAFileTwice) {
  nlohmann::json one = to_trace(full_group()), two = one;
  two["group"] = 8;
  EXPECT_EQ(said_of({one, two}), "2 groups");
  EXPECT_EQ(said_of({one, two, one}),
            ":3: is group 21994930176 again, which stands in line 1; the file was damaged: run "
            "again, or restore it");
  two["trajectories"][1]["sample"] = two["trajectories"][0]["sample"];
  EXPECT_EQ(said_of({one, two}),
            ":2: has sample 3 twice; the file was damaged: run again, or restore it");
}

/// Whatever stands in a trace, it is read or refused, and what was read can be scored.
TEST(TraceReader, SurvivesEveryValueInThePlaceOfEveryOther) {
  const auto spec =
      RewardSpec::read(std::string(NELUMBO_SOURCE_DIR) + "/configs/rewards/smear.yaml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  const std::vector<nlohmann::json> values = {nullptr,
                                              true,
                                              -1,
                                              1e300,
                                              int64_t{1} << 62,
                                              "",
                                              "x",
                                              nlohmann::json::array({1, 2, 3, 4}),
                                              nlohmann::json::object({{"a", 1}})};
  const nlohmann::json good = to_trace(full_group());
  const nlohmann::json flat = good.flatten();
  int64_t read = 0;
  for (const auto& [pointer, was] : flat.items())
    for (const nlohmann::json& value : values) {
      nlohmann::json line = good;
      line[nlohmann::json::json_pointer(pointer)] = value;
      const auto group = from_trace(line.dump(), "x");
      if (!group)
        continue;
      ++read;
      EXPECT_EQ(spec.value()->score(*group.value().group).size(),
                group.value().group->trajectories.size());
    }
  EXPECT_GT(read, 50);
}

}  // namespace
}  // namespace nelumbo
