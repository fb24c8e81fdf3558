// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <functional>

#include <gtest/gtest.h>
#include <sys/mount.h>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

/// Calls `nelumbo run` on a small configuration with one thing wrong, and checks that nothing was
/// left behind.
class BadInput : public ::testing::Test {
 protected:
  std::string root() { return folder_ / "runs"; }

  Called run(const std::string& yaml, std::vector<std::string> sets = {}) {
    put_file(folder_ / "c.yaml", yaml);
    std::vector<std::string> words = {"run", folder_ / "c.yaml"};
    sets.insert(sets.begin(), {"run.root=" + root(), "data.root=" + data_,
                               "reward.spec=" + in_repository("configs/rewards/smear.yaml"),
                               "data.train_limit=2", "data.val_limit=2"});
    for (const std::string& set : sets) {
      words.push_back("--set");
      words.push_back(set);
    }
    return call(words);
  }

  /// One message that has `parts`, on one line, and no run directory.
  void expect_refused(const Called& called, int code, const std::vector<std::string>& parts) {
    EXPECT_EQ(called.code, code) << called.err;
    for (const std::string& part : parts)
      EXPECT_TRUE(has(called.err, part)) << "no '" << part << "' in: " << called.err;
    EXPECT_EQ(std::count(called.err.begin(), called.err.end(), '\n'), 1) << called.err;
    EXPECT_EQ(called.out, "");
    EXPECT_FALSE(fs::exists(root() + "/run"));
  }

  /// A copy of one picture of each part, to be spoilt.
  void spoil_data(const std::function<void(const std::string& picture)>& spoil) {
    const std::string from = in_repository("data/bccd/");
    data_ = folder_ / "data";
    for (const char* part : {"train", "val"}) {
      const std::string names = slurp(from + part + ".txt");
      const std::string name = names.substr(0, names.find('\n'));
      put_file(data_ + "/bccd/" + part + ".txt", name + "\n");
      put_file(data_ + "/bccd/annotations/" + name + ".xml",
               slurp(from + "annotations/" + name + ".xml"));
      const std::string picture = data_ + "/bccd/images/" + name + ".jpg";
      put_file(picture, slurp(from + "images/" + name + ".jpg"));
      if (std::string(part) == "val")
        spoil(picture);
    }
  }

  TemporaryFolder folder_;
  std::string data_ = in_repository("data");
};

TEST_F(BadInput, UnknownKey) {
  expect_refused(run("colour: red\n"), 2, {"c.yaml:1:1: colour: "});
}

TEST_F(BadInput, MisspeltKey) {
  expect_refused(run("rl:\n  stpes: 3\n"), 2, {"c.yaml:2:3: rl.stpes: ", "did you mean 'steps'?"});
}

TEST_F(BadInput, MisspeltOverride) {
  expect_refused(run("", {"rl.grop_size=4"}), 2, {"rl.grop_size", "did you mean 'group_size'?"});
}

TEST_F(BadInput, DuplicateKey) {
  expect_refused(run("rl:\n  steps: 3\n  steps: 4\n"), 2, {"c.yaml:3:3: rl.steps: "});
}

TEST_F(BadInput, MistypedKey) {
  expect_refused(run("rl:\n  steps: many\n"), 2, {"c.yaml:2:10: rl.steps: "});
}

TEST_F(BadInput, KeyOutOfRange) {
  expect_refused(run("rl:\n  max_staleness: 9\n"), 2, {"c.yaml:2:18: rl.max_staleness: "});
}

TEST_F(BadInput, GroupOfOneWithAGroupRelativeAdvantage) {
  expect_refused(run("rl:\n  group_size: 1\n"), 2, {"rl.group_size", ">= 2"});
}

TEST_F(BadInput, NameThatLeadsOutOfTheFolderOfRuns) {
  expect_refused(run("", {"run.name=../../x"}), 2, {"run.name", "'/'"});
}

TEST_F(BadInput, ConfigurationThatIsNotThere) {
  const Called called = call({"run", folder_ / "none.yaml"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "none.yaml"));
}

TEST_F(BadInput, MissingPicture) {
  std::string missing;
  spoil_data([&](const std::string& picture) {
    missing = picture;
    fs::remove(picture);
  });
  expect_refused(run(""), 4, {missing});
}

TEST_F(BadInput, CorruptPicture) {
  std::string corrupt;
  spoil_data([&](const std::string& picture) {
    corrupt = picture;
    fs::resize_file(picture, 900);
  });
  expect_refused(run(""), 4, {corrupt});
}

TEST_F(BadInput, EmptyDataSet) {
  spoil_data([](const std::string&) {});
  put_file(data_ + "/bccd/train.txt", "");
  expect_refused(run(""), 4, {"train.txt"});
}

TEST_F(BadInput, SpecificationThatNamesAFieldTheDataLack) {
  std::string spec = slurp(in_repository("configs/rewards/smear.yaml"));
  const std::string named = "truth: boxes";
  ASSERT_NE(spec.find(named), std::string::npos);
  spec.replace(spec.find(named), named.size(), "truth: mitosis");
  put_file(folder_ / "spec.yaml", spec);
  put_file(folder_ / "gates.yaml", slurp(in_repository("configs/rewards/gates.yaml")));
  expect_refused(run("", {"reward.spec=" + (folder_ / "spec.yaml")}), 2, {"spec.yaml:", "mitosis"});
}

TEST_F(BadInput, SpecificationThatIsNotThere) {
  expect_refused(run("", {"reward.spec=/no/spec.yaml"}), 2, {"reward.spec: /no/spec.yaml"});
}

TEST_F(BadInput, EngineThatCannotServeTheLongestAnswer) {
  expect_refused(run("", {"engine.key_blocks=1"}), 2, {"engine.key_blocks: ", "raise it"});
  expect_refused(run("", {"sampling.max_new_tokens=5000"}), 2,
                 {"sampling.max_new_tokens: ", "model.decoder.max_positions is 2048"});
}

TEST_F(BadInput, TaskThatNoPictureCanBeAsked) {
  spoil_data([](const std::string&) {});
  const std::string name = slurp(data_ + "/bccd/train.txt");
  const std::string path = data_ + "/bccd/annotations/" + name.substr(0, name.find('\n')) + ".xml";
  std::string cells = slurp(path);
  for (size_t at = cells.find("WBC"); at != std::string::npos; at = cells.find("WBC"))
    cells.replace(at, 3, "RBC");
  put_file(path, cells);
  expect_refused(run(""), 4, {"no training picture has a white cell", "tasks.locate"});
}

TEST_F(BadInput, CheckpointToResumeThatIsNotThere) {
  put_file(folder_ / "c.yaml", "");
  const Called called = call({"run", folder_ / "c.yaml", "--resume", "auot"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "--resume: 'auot' is no checkpoint")) << called.err;
}

TEST_F(BadInput, SummaryForAFolderThatIsNotThere) {
  put_file(folder_ / "c.yaml", "");
  const Called called = call({"run", folder_ / "c.yaml", "--summary", folder_ / "no/summary.json"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "--summary: the folder of")) << called.err;
}

TEST_F(BadInput, PlaceWhereNothingCanBeWritten) {
  const Called called = run("", {"run.root=/proc/nelumbo"});
  expect_refused(called, 3, {"/proc/nelumbo"});
}

TEST_F(BadInput, DiskThatIsFull) {
  const std::string disk = folder_ / "disk";
  fs::create_directories(disk);
  if (::mount("none", disk.c_str(), "tmpfs", 0, "size=1m") != 0)
    GTEST_SKIP() << "may not mount a small disk here";
  const Called called = run("", {"run.root=" + disk});
  EXPECT_FALSE(fs::exists(disk + "/run"));
  ::umount(disk.c_str());
  expect_refused(called, 3, {disk, "needs 268 MB", "make room"});
}

TEST_F(BadInput, ResultsOfAnEarlierRunStayAsTheyWere) {
  put_file(root() + "/run/STATUS", "preempted after 5 steps\n");
  put_file(root() + "/run/config.resolved.yaml", "other: 1\n");
  put_file(root() + "/run/metrics.jsonl", "{\"stage\":\"sft\",\"step\":5}\n");
  const Called called = run("");
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, root() + "/run")) << called.err;
  EXPECT_EQ(slurp(root() + "/run/STATUS"), "preempted after 5 steps\n");
  EXPECT_EQ(slurp(root() + "/run/metrics.jsonl"), "{\"stage\":\"sft\",\"step\":5}\n");
}

TEST_F(BadInput, CheckTellsEveryErrorOfAConfigurationAtOnce) {
  put_file(folder_ / "c.yaml", "rl:\n  stpes: 3\n  lr: 1\nrun:\n  seed: -1\n");
  const Called called = call({"check", folder_ / "c.yaml"});
  EXPECT_EQ(called.code, 2);
  EXPECT_EQ(std::count(called.err.begin(), called.err.end(), '\n'), 3) << called.err;
}

}  // namespace
}  // namespace nelumbo
