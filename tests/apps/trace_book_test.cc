// SPDX-License-Identifier: Apache-2.0
#include "apps/trace_book.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "tests/support/small_graph.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// "early betosis" behind its gold path; `behind` makes texts differ.
Trajectory right(std::vector<int32_t> tokens, const std::string& behind = "") {
  Trajectory trajectory;
  trajectory.tokens = std::move(tokens);
  trajectory.text = chain_of(small_item()).text() + behind;
  trajectory.answer = "early betosis";
  trajectory.answered = true;
  return trajectory;
}

Trajectory wrong() {
  Trajectory trajectory = right({9});
  trajectory.answer = "late betosis";
  return trajectory;
}

/// The right answer without a chain.
Trajectory lucky() {
  Trajectory trajectory = right({9});
  trajectory.text = "hm";
  return trajectory;
}

ScoredGroup group(const std::string& prompt_id, double temperature,
                  std::vector<Trajectory> trajectories) {
  auto prompt = std::make_shared<Prompt>();
  prompt->id = prompt_id;
  prompt->task = "multihop";
  auto made = std::make_shared<Group>();
  made->prompt = prompt;
  made->inverse_temperature = static_cast<float>(1 / temperature);
  made->trajectories = std::move(trajectories);
  return {made, std::vector<Outcome>(made->trajectories.size())};
}

class TraceBookTest : public ::testing::Test {
 protected:
  TraceBook book() const {
    const MultiHopItem item = small_item();
    const RejectTask task{item.answer(), item.choices, evidence_of(item)};
    return {folder_.path(), {{"a", task}, {"b", task}}};
  }
  std::string text(const std::string& name) const {
    return read_file(folder_ / ("midtrain/" + name), 1 << 20).value();
  }

  TemporaryFolder folder_;
};

TEST_F(TraceBookTest, CountsWhatEachGateLetThrough) {
  TraceBook traces = book();
  const auto metrics = traces.keep(
      0, {group("a", 0.7, {right({1, 2}), wrong()}), group("a", 1, {lucky(), wrong()})});
  ASSERT_TRUE(metrics.ok()) << metrics.error().message;
  EXPECT_EQ(metrics.value(), (Metrics{{"midtrain/attempts", 4},
                                      {"midtrain/outcome_rate", 0.5},
                                      {"midtrain/thinking_rate", 0.5},
                                      {"midtrain/accepted", 1}}));
  const json gates = json::parse(text("gates.json"))["draws"][0]["gates"];
  ASSERT_EQ(gates.size(), 2U);
  EXPECT_EQ(gates[0]["temperature"], 0.7);
  EXPECT_EQ(gates[0]["task"], "multihop");
  EXPECT_EQ(gates[0]["outcome"], 1);
  EXPECT_EQ(gates[0]["thinking_rate"], 1);
  EXPECT_EQ(gates[1]["outcome_rate"], 0.5);
  EXPECT_EQ(gates[1]["thinking_rate"], 0);
  EXPECT_EQ(gates[1]["rejected"][0]["reason"], "form");
  EXPECT_EQ(gates[1]["rejected"][1]["example"], "answers 'late betosis'");
}

TEST_F(TraceBookTest, NamesTheMostFrequentReasonFirst) {
  Trajectory cut = right({9});
  cut.finish = Finish::kLength;
  Trajectory silent = right({9});
  silent.answered = false;
  TraceBook traces = book();
  ASSERT_TRUE(traces.keep(0, {group("a", 1, {lucky(), wrong(), cut, silent})}).ok());
  const json rejected = json::parse(text("gates.json"))["draws"][0]["gates"][0]["rejected"];
  ASSERT_EQ(rejected.size(), 3U);
  EXPECT_EQ(rejected[0]["reason"], "no answer");
  EXPECT_EQ(rejected[0]["attempts"], 2);
}

TEST_F(TraceBookTest, AcceptsTheShortestAndTheMostDifferentOfAllDraws) {
  TraceBook traces = book();
  EXPECT_TRUE(traces.accepted().value().empty());
  ASSERT_TRUE(traces.keep(0, {group("b", 1, {right({1}, " so it is this one"), wrong()})}).ok());
  EXPECT_EQ(traces.accepted().value(), (std::vector<AcceptedTrace>{{"b", {1}}}));
  ASSERT_TRUE(traces
                  .keep(1, {group("a", 1, {right({2})}),
                            group("b", 1, {right({3}), right({4}, " and that is all there is")})})
                  .ok());
  const std::vector<AcceptedTrace> accepted{{"a", {2}}, {"b", {3}}, {"b", {4}}};
  EXPECT_EQ(traces.accepted().value(), accepted);
  EXPECT_EQ(book().accepted().value(), accepted) << "another process reads the same";
}

TEST_F(TraceBookTest, KnowsWhichDrawsWereKept) {
  TraceBook traces = book();
  EXPECT_FALSE(traces.kept(0));
  ASSERT_TRUE(traces.keep(0, {}).ok());
  EXPECT_TRUE(traces.kept(0));
  EXPECT_FALSE(book().kept(1));
  EXPECT_TRUE(book().kept(0));
}

TEST_F(TraceBookTest, WritesTheSameBytesInWhateverProcess) {
  const std::vector<ScoredGroup> first{group("a", 0.7, {right({1}, "\xff not UTF-8")})};
  const std::vector<ScoredGroup> second{group("a", 1, {wrong(), right({2})})};
  TraceBook traces = book();
  ASSERT_TRUE(traces.keep(0, first).ok());
  ASSERT_TRUE(traces.keep(1, second).ok());
  const std::string draw = text("draw_1.jsonl"), gates = text("gates.json");
  const auto accepted = traces.accepted().value();
  EXPECT_EQ(accepted.size(), 2U);
  std::filesystem::remove(folder_ / "midtrain/draw_1.jsonl");
  ASSERT_TRUE(book().keep(1, second).ok());
  EXPECT_EQ(text("draw_1.jsonl"), draw);
  EXPECT_EQ(text("gates.json"), gates);
  EXPECT_EQ(book().accepted().value(), accepted);
}

TEST_F(TraceBookTest, SaysWhichFileIsDamagedAndWhatToDo) {
  ASSERT_TRUE(book().keep(0, {group("a", 1, {right({1}), right({2}, " or so")})}).ok());
  const std::string path = folder_ / "midtrain/draw_0.jsonl";
  const std::string whole = text("draw_0.jsonl");
  const std::string first = whole.substr(0, whole.find('\n') + 1);
  std::string foreign = whole, garbled = whole;
  foreign.replace(whole.find(R"("prompt":"a")"), 12, R"("prompt":"z")");
  garbled.replace(whole.find(R"("tokens":[1])"), 12, R"("tokens":["])");
  for (const std::string& bytes :
       {std::string(), whole.substr(0, whole.size() - 9), first, foreign, garbled}) {
    std::ofstream(path) << bytes;
    const auto accepted = book().accepted();
    ASSERT_FALSE(accepted.ok()) << bytes;
    EXPECT_EQ(accepted.error().code, Errc::kBadData);
    const std::string& message = accepted.error().message;
    EXPECT_TRUE(message.starts_with(path + ":")) << message;
    EXPECT_EQ(message.find(path, 1), std::string::npos) << message;
    EXPECT_NE(message.find("remove the file"), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace nelumbo
