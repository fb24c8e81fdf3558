// SPDX-License-Identifier: Apache-2.0
#include "reward/external_terms.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "reward/quarantine.h"
#include "reward/reloading_spec.h"
#include "tests/reward/stage.h"
#include "tests/support/planted_program.h"

namespace nelumbo {
namespace {

/// A folder with programs and with specifications that name them.
class External : public ::testing::Test {
 protected:
  Result<TermPtr> read(const std::string& keys) {
    const auto node = SpecNode::parse("{kind: external, " + keys + "}", folder_ / "s.yaml");
    TermHeader header;
    return node ? read_rule_term(node.value(), header) : node.error();
  }
  /// A term whose program does `body` for each request.
  TermPtr term(const std::string& body, const std::string& keys = "") {
    planted_python(folder_, "grade", body);
    auto read_term = read("command: [grade]" + keys);
    NELUMBO_CHECK(read_term.ok()) << read_term.error().message;
    return std::move(read_term).value();
  }
  Result<Verdict> judge(const Term& term, const std::string& answer) {
    return term.judge({prompt_, answer_candidate(prompt_, answer)});
  }
  std::string why_not(const std::string& keys) {
    const auto none = read(keys);
    return none ? "it was read" : none.error().message;
  }
  /// A specification of that one verifier.
  std::string spec_with(const std::string& keys, const std::string& on = "{}") {
    return "specs:\n  count:\n    layers: {rule: {terms: [{kind: external, " + keys +
           "}]}}\n    on: " + on + "\n";
  }
  std::shared_ptr<const RewardSpec> parse(const std::string& yaml) {
    const auto spec = RewardSpec::parse(yaml, folder_ / "s.yaml");
    NELUMBO_CHECK(spec.ok()) << spec.error().message;
    return spec.value();
  }
  Group group_of(const std::vector<std::string>& answers) {
    Group group;
    group.prompt = std::make_shared<Prompt>(prompt_);
    for (const std::string& answer : answers)
      group.trajectories.push_back(answer_candidate(prompt_, answer));
    return group;
  }

  TemporaryFolder folder_;
  Prompt prompt_ = prompt_with({{"answer", "3"}});
  int asked_ = 0;
};

constexpr const char* kLengthOfAnswer =
    "if request['answer'] == 'poison': ctypes.string_at(0)\n"
    "reply(len(request['answer']) / 10, evidence=request['truth']['answer'])";

TEST_F(External, IsWorthWhatItsProgramSays) {
  const TermPtr length = term(kLengthOfAnswer);
  const auto verdict = judge(*length, "seven");
  ASSERT_TRUE(verdict.ok()) << verdict.error().message;
  EXPECT_EQ(verdict.value().value, 0.5);
  EXPECT_EQ(verdict.value().evidence, "3");
}

TEST_F(External, RunsInTheFolderOfTheSpecificationWithItsArguments) {
  planted_python(folder_, "unused", "");
  std::ofstream(folder_ / "grade.py")
      << "import json, sys\nfor line in sys.stdin:\n  print(json.dumps({'id': "
         "json.loads(line)['id'],"
         "'value': 1, 'evidence': sys.argv[1] + open('words.txt').read()}), flush=True)\n";
  std::ofstream(folder_ / "words.txt") << " words";
  const auto script = read("command: [/usr/bin/python3, grade.py, strict], files: [words.txt]");
  ASSERT_TRUE(script.ok()) << script.error().message;
  const auto verdict = judge(*script.value(), "a");
  ASSERT_TRUE(verdict.ok()) << verdict.error().message;
  EXPECT_EQ(verdict.value().evidence, "strict words");
}

TEST_F(External, ReadsTheFoldersThatItIsGiven) {
  std::filesystem::create_directory(folder_ / "lib");
  std::ofstream(folder_ / "lib/a.txt") << "x";
  const TermPtr reads = term("reply(os.path.exists('lib/a.txt') + 0)", ", folders: [lib]");
  EXPECT_EQ(judge(*reads, "a").value().value, 1);
}

TEST_F(External, IsAskedOnceAboutTheSameAnswer) {
  const TermPtr counts =
      term("counted = globals().get('counted', 0) + 1\nreply(0, evidence=str(counted))");
  EXPECT_EQ(judge(*counts, "a").value().evidence, "1");
  EXPECT_EQ(judge(*counts, "b").value().evidence, "2");
  EXPECT_EQ(judge(*counts, "a").value().evidence, "1");
  EXPECT_EQ(judge(*counts, "c").value().evidence, "3");
}

TEST_F(External, AsksOnceMoreWhenTheProgramDied) {
  const TermPtr dies = term(
      "counted = globals().get('counted', 0) + 1\nif counted == 3: os.abort()\n"
      "reply(0, evidence=str(counted))");
  for (const char* told : {"1", "2", "1", "2", "1"})
    EXPECT_EQ(judge(*dies, std::to_string(asked_++)).value().evidence, told);
}

TEST_F(External, IsNotAskedAboutAPoisonSampleAThirdTime) {
  const TermPtr dies = term(kLengthOfAnswer);
  for (int i = 0; i < 3; ++i) {
    const auto poison = judge(*dies, "poison");
    ASSERT_FALSE(poison.ok());
    EXPECT_EQ(poison.error().code, Errc::kUnavailable);
    EXPECT_NE(poison.error().message.find("quarantined: the program failed on it twice"),
              std::string::npos)
        << poison.error().message;
    EXPECT_EQ(judge(*dies, std::string(static_cast<size_t>(i), 'x')).value().value, i / 10.0);
  }
  // A program that changed is not started; what is in quarantine does not come as far as that.
  std::ofstream(folder_ / "grade", std::ios::app) << "\n";
  (void)judge(*dies, "poison2");
  EXPECT_NE(judge(*dies, "poison").error().message.find("quarantined"), std::string::npos);
}

TEST_F(External, IsATimeoutAtTheLimitAndInQuarantineAfterTwo) {
  const TermPtr loops = term("if request['answer'] == 'loop':\n  while True: pass\nreply(1)",
                             ", wall: 0.3, start: 60");
  EXPECT_EQ(judge(*loops, "first").value().value, 1);  // a new copy has time to start
  for (const char* next : {"second", "third"}) {
    const auto late = judge(*loops, "loop");
    ASSERT_FALSE(late.ok());
    EXPECT_EQ(late.error().code, kOutOfTime) << late.error().message;
    EXPECT_EQ(judge(*loops, next).value().value, 1);
  }
  EXPECT_NE(judge(*loops, "loop").error().message.find("quarantined"), std::string::npos);
}

TEST_F(External, IsAnErrorWhateverElseTheProgramDoes) {
  for (const char* body : {"print('OK', flush=True)", "reply(2)", "reply(float('nan'))",
                           "request['id'] = 'x'; reply(1)", "x = bytearray(50 << 30); reply(1)",
                           "os.write(1, b'{'); os._exit(0)", "os._exit(0)", "reply(1, score=1)"}) {
    const TermPtr bad = term(body);
    const auto none = judge(*bad, "a");
    ASSERT_FALSE(none.ok()) << body;
    EXPECT_EQ(none.error().code, Errc::kUnavailable) << body << ": " << none.error().message;
  }
}

TEST_F(External, JudgesInEightThreadsAtOnce) {
  const TermPtr length = term(kLengthOfAnswer);
  std::atomic<int> right = 0, refused = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::string answer(static_cast<size_t>(i % 10), static_cast<char>('a' + t));
        const auto verdict = judge(*length, i == 10 ? "poison" : answer);
        right += verdict.ok() && verdict.value().value == static_cast<double>(i % 10) / 10;
        refused += i == 10 && !verdict.ok();
      }
    });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(right, 8 * 19);
  EXPECT_EQ(refused, 8);
}

TEST_F(External, NamesThePlaceOfWhatIsWrongWithIt) {
  std::ofstream(folder_ / "plain") << "x";
  const std::string file = folder_ / "s.yaml";
  EXPECT_TRUE(why_not("command: [nothing]").starts_with(file + ":1:28: command[0]: there is no"))
      << why_not("command: [nothing]");
  EXPECT_NE(why_not("command: [plain]").find("is not executable; chmod +x"), std::string::npos);
  EXPECT_NE(why_not("command: []").find("command: must be not empty"), std::string::npos);
  EXPECT_NE(why_not("wall: 5").find("'command' is missing"), std::string::npos);
  EXPECT_NE(why_not("command: [/bin/cat], files: [gone]").find("files[0]: "), std::string::npos);
  EXPECT_NE(why_not("command: [/bin/cat], folders: [plain]").find("there is no folder"),
            std::string::npos);
  EXPECT_NE(why_not("command: [/bin/cat], wall: 0").find("wall: must be between"),
            std::string::npos);
  EXPECT_NE(why_not("command: [/bin/cat], memory_m: 5").find("did you mean 'memory_mb'"),
            std::string::npos);
  EXPECT_NE(why_not("command: /bin/cat").find("command: must be a list"), std::string::npos);
}

TEST_F(External, NeedsTheFieldsThatItNames) {
  planted_python(folder_, "grade", "reply(1)");
  const auto spec = parse(spec_with("command: [grade], needs: [answer, boxes]"));
  const auto fits = spec->check_prompt(prompt_);
  ASSERT_FALSE(fits.ok());
  EXPECT_NE(fits.error().message.find("has no field 'boxes'"), std::string::npos);
}

TEST_F(External, BelongsToTheHashOfItsSpecificationByEachByte) {
  std::ofstream(folder_ / "words.txt") << "a";
  planted_python(folder_, "grade", "reply(1)");
  const std::string yaml = spec_with("command: [/bin/cat, grade], files: [words.txt]");
  const std::string first = parse(yaml)->hash();
  EXPECT_EQ(parse(yaml)->hash(), first);
  std::ofstream(folder_ / "words.txt") << "b";
  const std::string second = parse(yaml)->hash();
  EXPECT_NE(second, first);
  planted_python(folder_, "grade", "reply(0)");
  EXPECT_NE(parse(yaml)->hash(), second);
}

TEST_F(External, IsAskedOnceOfEachAnswer) {
  planted_python(folder_, "grade", "asked = globals().get('asked', 0) + 1\nreply(asked / 10)");
  const auto outcomes = parse(spec_with("command: [grade]"))->score(group_of({"a", "b", "c"}));
  EXPECT_EQ(outcomes[0].total, 0.1);
  EXPECT_EQ(outcomes[2].total, 0.3);
}

TEST_F(External, GivesOutcomesThatAreNoScoresForWhatItCouldNotJudge) {
  planted_python(folder_, "grade",
                 std::string("if request['answer'] == 'loop': time.sleep(60)\n") + kLengthOfAnswer);
  for (const char* on : {"{}", "{infra_error: retry(3)}"}) {
    const auto spec = parse(spec_with("command: [grade], wall: 0.5", on));
    const auto outcomes = spec->score(group_of({"abc", "poison", "loop", "abcde", "poison"}));
    using Kind = Outcome::Kind;
    const std::vector<Kind> expected = {Kind::kScore, Kind::kInfraError, Kind::kTimeout,
                                        Kind::kScore, Kind::kInfraError};
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_EQ(outcomes[i].kind, expected[i]) << i << outcomes[i].reason;
    EXPECT_EQ(outcomes[0].total, 0.3);
    EXPECT_EQ(outcomes[3].total, 0.5);
    EXPECT_NE(outcomes[1].reason.find("external: quarantined"), std::string::npos);
    EXPECT_NE(outcomes[2].reason.find("0.5 s (wall)"), std::string::npos) << outcomes[2].reason;
  }
}

TEST_F(External, SavesWhatIsInQuarantineInTheFolderOfTheRun) {
  planted_python(folder_, "grade", kLengthOfAnswer);
  std::ofstream(folder_ / "s.yaml") << spec_with("command: [grade]");
  const auto spec = RewardSpec::read(folder_ / "s.yaml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  const ReloadingSpec live(folder_ / "s.yaml", spec.value());
  keep_dumps(live, folder_ / "dumps");
  (void)live.score(group_of({"poison"}));
  planted_python(folder_, "grade", std::string(kLengthOfAnswer) + "\n");
  ASSERT_TRUE(live.refresh().value()) << "the program is another";
  (void)live.score(group_of({"poison"}));
  (void)live.score(group_of({"abc"}));
  std::filesystem::directory_iterator files(folder_ / "dumps");
  ASSERT_NE(files, std::filesystem::directory_iterator());
  const auto text = read_file(files->path().string(), 1 << 20);
  const auto dump = nlohmann::json::parse(text.value());
  EXPECT_EQ(dump["request"]["answer"], "poison");
  EXPECT_EQ(dump["request"]["prompt_id"], prompt_.id);
  EXPECT_EQ(++files, std::filesystem::directory_iterator());
}

}  // namespace
}  // namespace nelumbo
