// SPDX-License-Identifier: Apache-2.0
#include "configs/run_config.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

const std::string kRoot = NELUMBO_SOURCE_DIR;

std::string error_of(const std::string& yaml, const std::vector<std::string>& overrides = {}) {
  auto config = parse_run_config(yaml, "f.yaml", overrides);
  return config ? "no error" : config.error().message;
}

TEST(RunConfig, ReadsNestedFieldsAndKeepsDefaults) {
  auto config = parse_run_config("rl:\n  optimizer:\n    lr: 1e-5\n  group_size: 010\n", "f.yaml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config.value().rl.optimizer.lr, 1e-5);
  EXPECT_EQ(config.value().rl.group_size, 10);
  EXPECT_EQ(config.value().rl.steps, RlConfig{}.steps);
}

TEST(RunConfig, TakesAnEmptyFileAsDefaults) {
  auto config = parse_run_config("", "f.yaml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(resolved_yaml(config.value()), resolved_yaml(RunConfig{}));
}

TEST(RunConfig, RefusesAnUnknownKeyAndNamesTheNearest) {
  EXPECT_EQ(error_of("rl:\n  grup_size: 4\n"),
            "f.yaml:2:3: rl.grup_size: unknown key (did you mean 'group_size'?)");
  EXPECT_EQ(error_of("seed: 3\n"), "f.yaml:1:1: seed: unknown key (did you mean 'run.seed'?)");
  EXPECT_EQ(error_of("sft: {lr: 1}\n"),
            "f.yaml:1:7: sft.lr: unknown key (did you mean 'sft.optimizer.lr'?)");
  EXPECT_EQ(error_of("qwertz: 1\n"), "f.yaml:1:1: qwertz: unknown key");
}

TEST(RunConfig, RefusesAKeyGivenTwice) {
  EXPECT_EQ(error_of("rl:\n  steps: 1\n  steps: 2\n"),
            "f.yaml:3:3: rl.steps: given twice, first at f.yaml:2:3");
  EXPECT_EQ(error_of("rl: {steps: 1}\nrl: {steps: 2}\n"),
            "f.yaml:2:1: rl: given twice, first at f.yaml:1:1");
}

TEST(RunConfig, RefusesAWrongType) {
  EXPECT_EQ(error_of("rl: {steps: many}"),
            "f.yaml:1:13: rl.steps: must be a whole number, not 'many'");
  EXPECT_EQ(error_of("rl: {steps: 1.5}"),
            "f.yaml:1:13: rl.steps: must be a whole number, not '1.5'");
  EXPECT_EQ(error_of("sampling: {tools: yes}"),
            "f.yaml:1:19: sampling.tools: must be true or false, not 'yes'");
  EXPECT_EQ(error_of("rl: 5"), "f.yaml:1:5: rl: must be a section with keys, not '5'");
  EXPECT_EQ(error_of("pipeline: rl"), "f.yaml:1:11: pipeline: must be a list, not 'rl'");
}

TEST(RunConfig, RefusesWhatIsOutOfRange) {
  EXPECT_EQ(error_of("rl: {prompts: 0}"),
            "f.yaml:1:15: rl.prompts: must be between 1 and 65535, not '0'");
  EXPECT_EQ(error_of("rl: {max_staleness: 9}").find("f.yaml:1:21: rl.max_staleness: must be "), 0u);
  EXPECT_EQ(error_of("evaluate: {samples: 0}"),
            "f.yaml:1:21: evaluate.samples: must be between 1 and 1000, not '0'");
  EXPECT_EQ(error_of("rl: {optimizer: {lr: .nan}}"),
            "f.yaml:1:22: rl.optimizer.lr: must be a finite number, not '.nan'");
  EXPECT_EQ(error_of("rl: {advantage: gprp}").find("f.yaml:1:17: rl.advantage: must be one of "),
            0u);
  EXPECT_NE(error_of("rl: {advantage: gdop}").find("not 'gdop' (did you mean 'gdpo'?)"),
            std::string::npos);
}

TEST(RunConfig, HoldsNothingAgainstAValueThatIsRefused) {
  EXPECT_EQ(error_of("rl: {optimizer: {lr: -1}}"),
            "f.yaml:1:22: rl.optimizer.lr: must be > 0, not '-1'");
  EXPECT_EQ(error_of("rl: {optimizer: {lr: 1e-5, lr_end: 1e-4}}"),
            "f.yaml:1:36: rl.optimizer.lr_end: must be <= lr: the cosine only falls");
}

TEST(RunConfig, RefusesAGroupOfOne) {
  EXPECT_EQ(error_of("rl: {group_size: 1}"),
            "f.yaml:1:18: rl.group_size: must be >= 2: the advantage 'gdpo' compares the answers "
            "of a group");
}

TEST(RunConfig, RefusesToProlongAStageAtALearningRateOfZero) {
  EXPECT_EQ(error_of("pretrain:\n  min_recall: 0.9"),
            "f.yaml:2:3: pretrain.optimizer.lr_end: must be > 0 with min_recall: steps beyond "
            "'steps' are taken at that rate");
  EXPECT_EQ(error_of("pretrain: {min_recall: 0.9, optimizer: {lr_end: 1e-4}}"), "no error");
}

TEST(RunConfig, RefusesToLearnFromGreedyAnswers) {
  EXPECT_EQ(
      error_of("sampling: {temperature: 0}"),
      "f.yaml:1:25: sampling.temperature: must be > 0 with the stage rl: greedy answers to one "
      "prompt do not differ");
  EXPECT_EQ(error_of("{pipeline: [sft, evaluate], sampling: {temperature: 0}}"), "no error");
}

TEST(RunConfig, RefusesToLearnFromAnotherPolicyWithoutCorrection) {
  EXPECT_EQ(error_of("{engine: {products: int8}, rl: {loss: reinforce}}"),
            "f.yaml:1:21: engine.products: int8 draws from another policy than the learner's, for "
            "which rl.loss: reinforce makes no correction; take cispo, icepop or ppo_clip");
  EXPECT_EQ(error_of("{engine: {products: int8}, rl: {loss: cispo}}"), "no error");
}

TEST(RunConfig, RefusesStagesThatDoNotExistOrComeTwice) {
  EXPECT_EQ(error_of("pipeline: [pretrain, stf]"),
            "f.yaml:1:22: pipeline.1: no stage is called 'stf' (did you mean 'sft'?)");
  EXPECT_EQ(error_of("pipeline: [distil]"),
            "f.yaml:1:12: pipeline.0: no stage is called 'distil'; there are curate, filter, "
            "pretrain, midtrain, sft, reward_model, prm, dpo, rl, evaluate");
  EXPECT_EQ(error_of("pipeline: [rl, sft, rl]"),
            "f.yaml:1:21: pipeline.2: the stage 'rl' is given twice");
  EXPECT_EQ(
      error_of("pipeline: [sft, dpo]"),
      "f.yaml:1:11: pipeline: dpo: needs the stage curate in pipeline, which makes the texts");
  EXPECT_EQ(error_of("pipeline: []"), "f.yaml:1:11: pipeline: must not be empty");
}

TEST(RunConfig, KnowsWhatAnOpenModelCanBeTold) {
  const std::string open = "model: {from: m}\nchat: {train: t.jsonl}\n";
  EXPECT_EQ(error_of(open + "pipeline: [filter, rl, evaluate]"), "no error");
  EXPECT_EQ(error_of(open + "pipeline: [pretrain, rl]"),
            "f.yaml:3:11: pipeline: pretrain trains a policy from nothing; leave it out, or leave "
            "out model.from");
  EXPECT_EQ(error_of(open + "pipeline: [sft]"),
            "f.yaml: sft.questions: must be > 0 with model.from: the conversations in one step");
  EXPECT_EQ(error_of("model: {from: m}\npipeline: [rl]"),
            "f.yaml: chat.train: name the conversations that model.from is trained on");
  EXPECT_EQ(error_of("model: {from: m}\npreferences: {train: p}\npipeline: [reward_model, dpo]"),
            "no error");
  EXPECT_EQ(error_of("model: {from: m}\npipeline: [dpo]"),
            "f.yaml: preferences.train: name the pairs that reward_model and dpo learn from");
  EXPECT_NE(error_of(open + "pipeline: [prm]").find("prm learns from the chains of a policy from"),
            std::string::npos);
  EXPECT_NE(error_of("preferences: {train: p}").find("preferences.train: needs an open model"),
            std::string::npos);
  EXPECT_EQ(error_of("pipeline: [filter, rl]"),
            "f.yaml:1:11: pipeline: filter needs an open model; name one in model.from");
  EXPECT_EQ(error_of("chat: {train: t.jsonl}"),
            "f.yaml:1:15: chat.train: needs an open model; name one in model.from");
}

TEST(RunConfig, LetsOverridesWinAndChecksThemLikeTheFile) {
  auto config = parse_run_config("rl: {steps: 5, group_size: 1}", "f.yaml",
                                 {"rl.steps=7", "rl.group_size=4", "run.name=a", "run.name=b"});
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config.value().rl.steps, 7);
  EXPECT_EQ(config.value().rl.group_size, 4);
  EXPECT_EQ(config.value().run.name, "b");
  EXPECT_EQ(error_of("", {"rl.stps=1"}),
            "--set rl.stps=1: rl.stps: unknown key (did you mean 'steps'?)");
  EXPECT_EQ(error_of("", {"rl.steps=-1"}), "--set rl.steps=-1: rl.steps: must be >= 0, not '-1'");
  EXPECT_EQ(
      error_of("", {"run.name=../x"}),
      "--set run.name=../x: run.name: must be the name of one folder: no '/', not '.' or '..'");
  EXPECT_EQ(error_of("", {"pipeline.1=stf"}),
            "--set pipeline.1=stf: pipeline.1: no stage is called 'stf' (did you mean 'sft'?)");
  EXPECT_EQ(error_of("", {"rl.group_size=1"}).find("--set rl.group_size=1: rl.group_size: must"),
            0u);
}

TEST(RunConfig, ReportsAllErrorsInOneGo) {
  const TemporaryFolder folder;
  const std::string path = folder / "bad.yaml";
  ASSERT_TRUE(write_file_atomic(path,
                                "pipeline: [sfd]\n"
                                "rl:\n  steps: x\n  group_size: 1\n"
                                "modell: {}\n")
                  .ok());
  std::vector<std::string> messages;
  for (const Error& error : check_run_config(path, {"run", "run.seed=-1"})) {
    EXPECT_EQ(error.code, Errc::kInvalidConfig);
    messages.push_back(error.message);
  }
  ASSERT_EQ(messages.size(), 6u);
  EXPECT_EQ(messages[0], path + ":5:1: modell: unknown key (did you mean 'model'?)");
  EXPECT_EQ(messages[1], "--set run.seed=-1: run.seed: must be >= 0, not '-1'");
  EXPECT_EQ(messages[2], path + ":3:10: rl.steps: must be a whole number, not 'x'");
  EXPECT_EQ(messages[3].find(path + ":4:15: rl.group_size: must be >= 2"), 0u) << messages[3];
  EXPECT_EQ(messages[4].find(path + ":1:12: pipeline.0: no stage"), 0u) << messages[4];
  EXPECT_EQ(messages[5], "--set run: must have the form key.path=value");
}

TEST(RunConfig, RefusesPathsThatAreNoFiles) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  for (const std::string& path :
       {folder.path(), folder / "pipe", folder / "none", std::string("/dev/zero")}) {
    auto config = read_run_config(path);
    ASSERT_FALSE(config.ok()) << path;
    EXPECT_EQ(config.error().code, Errc::kInvalidConfig);
    EXPECT_EQ(config.error().message.find(path + ": "), 0u) << config.error().message;
    EXPECT_EQ(check_run_config(path).size(), 1u);
  }
}

TEST(RunConfig, RefusesAFileThatIsTooBig) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "big.yaml", std::string(1'000'001, '#')).ok());
  auto config = read_run_config(folder / "big.yaml");
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().message, (folder / "big.yaml") +
                                        ": is bigger than 1000000 bytes, the most that is read "
                                        "here");
}

TEST(RunConfig, ResolvesToTextThatReadsBackTheSame) {
  auto config = parse_run_config(
      "run: {name: \"yes\", root: \"a b: #\"}\nrl: {optimizer: {lr: 0.1, eps: 1e-12}}\n"
      "pipeline: [sft]\n",
      "f.yaml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  const std::string text = resolved_yaml(config.value());
  auto back = parse_run_config(text, "config.resolved.yaml");
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(resolved_yaml(back.value()), text);
  EXPECT_EQ(back.value().run.name, "yes");
  EXPECT_EQ(back.value().run.root, "a b: #");
  EXPECT_EQ(back.value().rl.optimizer.lr, 0.1);
  EXPECT_EQ(back.value().rl.optimizer.eps, 1e-12);
  EXPECT_EQ(back.value().pipeline, std::vector<std::string>{"sft"});
}

TEST(Presets, AllRead) {
  int64_t presets = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot + "/configs")) {
    if (entry.path().extension() != ".yaml")
      continue;
    auto config = read_run_config(entry.path().string());
    EXPECT_TRUE(config.ok()) << config.error().message;
    ++presets;
  }
  EXPECT_GE(presets, 3);
}

TEST(DescribeRunConfig, IsWhatDocsConfigSays) {
  const std::string made = NELUMBO_BINARY_DIR "/config.md";
  ASSERT_TRUE(write_file_atomic(made, describe_run_config()).ok());
  auto page = read_file(kRoot + "/docs/config.md", kMaxConfigBytes);
  ASSERT_TRUE(page.ok()) << page.error().message;
  EXPECT_TRUE(page.value() == describe_run_config())
      << "docs/config.md is not what the field lists say; renew it: cp " << made
      << " docs/config.md";
}

}  // namespace
}  // namespace nelumbo
