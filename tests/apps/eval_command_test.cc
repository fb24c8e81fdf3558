// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "corpus/curated_files.h"
#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/apps/small_policy.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

class EvalCommand : public ::testing::Test {
 protected:
  void SetUp() override { put_tiny_policy(folder_.path()); }

  Called eval(const std::string& suite, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{
        "eval", folder_.path(), suite, "--data", in_repository("data"), "--pictures",
        "2",    "--bootstrap",  "20",  "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return call(arguments);
  }

  /// What the stage curate would have left, with one multi-hop question of each part.
  std::string put_curated() {
    const MultiHopItem item{
        .id = "multihop/1/A/0",
        .path = {{"A", "achromatopsia 3", true}, {"B", "CNGB3", false}, {"C", "8q21", false}},
        .hops = {{Relation::kGene, false}, {Relation::kBand, false}},
        .question = "Start at achromatopsia 3. Take its gene, then its band.",
        .choices = {"1p36", "8q21", "9q34", "2q11"}};
    const Curated curated{
        .documents = {{.id = "a", .source = "knowledge", .text = "A fact.", .place = {}}},
        .entities = {{}},
        .nodes = 1,
        .training = {item},
        .validation = {item},
        .tokenizer = tiny_materials()->dialogue->tokenizer(),
        .attachments = "",
        .report = {{"decontamination", {{"dropped", 3}}}}};
    const std::string folder = folder_ / "curate";
    EXPECT_TRUE(make_directories(folder).ok());
    const auto written = write_curated(folder, curated);
    EXPECT_TRUE(written.ok()) << written.error().message;
    return folder;
  }

  TemporaryFolder folder_;
};

TEST_F(EvalCommand, PrintsClassesAndSetsWithIntervals) {
  const Called called = eval("all");
  ASSERT_EQ(called.code, 0) << called.err;
  const json scores = json::parse(called.out);
  EXPECT_EQ(scores["suite"], "all");
  EXPECT_TRUE(scores["classes"]["imaging"]["sets"].contains("locate"));
  const json& visual = scores["classes"]["visual"];
  EXPECT_LE(visual["low"].get<double>(), visual["score"].get<double>());
  EXPECT_LE(visual["score"].get<double>(), visual["high"].get<double>());
}

TEST_F(EvalCommand, ScoresTheSameEveryTime) {
  EXPECT_EQ(eval("locate").out, eval("locate").out);
}

TEST_F(EvalCommand, RefusesASuiteThatIsNone) {
  const Called called = eval("everything");
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "everything"));
}

TEST_F(EvalCommand, AsksInWordsWhereTextsWereCurated) {
  EXPECT_FALSE(json::parse(eval("all").out)["classes"].contains("text"));
  put_curated();
  const Called called = eval("all", {"--exam-questions", "1"});
  ASSERT_EQ(called.code, 0) << called.err;
  const json scores = json::parse(called.out);
  EXPECT_EQ(scores["classes"].size(), 6U) << scores.dump(1);
  EXPECT_EQ(scores["classes"]["text"]["sets"].size(), 4U);
  EXPECT_EQ(scores["classes"]["diagnosis"]["sets"]["multihop"]["n"], 1);
  EXPECT_EQ(scores["decontamination"]["dropped"], 3);
  EXPECT_TRUE(scores.contains("parser") && scores.contains("version"));
  EXPECT_EQ(scores["classes"]["text"]["sets"]["medqa"]["prompts_hash"].get<std::string>().size(),
            32U);
}

TEST_F(EvalCommand, SaysWhatItTakesToAskInWords) {
  const Called called = eval("medqa");
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "--curated")) << called.err;
}

TEST_F(EvalCommand, RefusesACuratedFolderThatIsNotThereOrAsksTwice) {
  const Called none = eval("medqa", {"--curated", "no/such/folder"});
  EXPECT_EQ(none.code, 2) << none.err;
  EXPECT_TRUE(has(none.err, "no/such/folder: is no folder that the stage curate wrote"))
      << none.err;
  const std::string curated = put_curated();
  const std::string items = curated + "/multihop_validation.jsonl";
  const std::string lines = slurp(items);
  put_file(items, lines + lines.substr(0, lines.find('\n') + 1));
  const Called twice = eval("multihop", {"--curated", curated});
  EXPECT_EQ(twice.code, 4) << twice.err;
  EXPECT_TRUE(has(twice.err, "stands also in line 1; remove one of the two")) << twice.err;
  std::filesystem::remove(items);
  const Called less = eval("multihop", {"--curated", curated});
  EXPECT_EQ(less.code, 4) << less.err;
  EXPECT_TRUE(has(less.err, items + ": is not there")) << less.err;
}

TEST_F(EvalCommand, AddsTheControlsOfASuite) {
  const std::string curated = put_curated();
  const json words =
      json::parse(eval("medqa", {"--controls", "--curated", curated, "--exam-questions", "2"}).out);
  EXPECT_EQ(words["controls"][0]["control"], "shuffled");
  EXPECT_TRUE(words["controls"][0].contains("consistency"));
  const json pictures = json::parse(eval("visual", {"--controls"}).out);
  EXPECT_EQ(pictures["controls"].front()["control"], "blank");
  EXPECT_EQ(pictures["controls"].back()["control"], "no_tool");
}

TEST_F(EvalCommand, PrintsALineForEachSetAndClass) {
  const Called called = call({"eval", folder_.path(), "visual", "--data", in_repository("data"),
                              "--pictures", "2", "--bootstrap", "20", "--controls"});
  ASSERT_EQ(called.code, 0) << called.err;
  EXPECT_TRUE(has(called.out, "visual/type  ")) << called.out;
  EXPECT_TRUE(has(called.out, "most frequent answer")) << called.out;
  EXPECT_TRUE(has(called.out, "greedy score: picture - blank picture: type")) << called.out;
}

TEST_F(EvalCommand, NamesTheDataThatAreMissing) {
  const Called called = call({"eval", folder_.path(), "all", "--data", "no/such/data"});
  EXPECT_NE(called.code, 0);
  EXPECT_TRUE(has(called.err, "no/such/data"));
}

}  // namespace
}  // namespace nelumbo
