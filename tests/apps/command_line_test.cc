// SPDX-License-Identifier: Apache-2.0
#include "apps/command_line.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/apps/called.h"

namespace nelumbo {
namespace {

TEST(CommandLine, MapsEachKindOfErrorToTheCodeThatScriptsKnow) {
  EXPECT_EQ(exit_code(Errc::kInvalidConfig), 2);
  EXPECT_EQ(exit_code(Errc::kEnvironment), 3);
  EXPECT_EQ(exit_code(Errc::kUnavailable), 3);
  EXPECT_EQ(exit_code(Errc::kBadData), 4);
  EXPECT_EQ(exit_code(Errc::kDiverged), 5);
  EXPECT_EQ(exit_code(Errc::kCheckFailed), 6);
  EXPECT_EQ(exit_code(Errc::kPreempted), 75);
}

TEST(CommandLine, PrintsItsVersion) {
  const Called called = call({"--version"});
  EXPECT_EQ(called.code, 0);
  EXPECT_EQ(called.out, "nelumbo 0.1.0\n");
}

TEST(CommandLine, SuggestsTheCommandThatWasMeant) {
  const Called called = call({"rnu", "configs/tiny.yaml"});
  EXPECT_EQ(called.code, 2);
  EXPECT_EQ(called.err, "nelumbo: unknown command 'rnu' (did you mean 'run'?)\n");
}

TEST(CommandLine, SuggestsTheOptionThatWasMeant) {
  const Called called = call({"run", "x.yaml", "--resmue", "never"});
  EXPECT_EQ(called.code, 2);
  EXPECT_EQ(called.err, "nelumbo run: unknown option '--resmue' (did you mean '--resume'?)\n");
}

TEST(CommandLine, SuggestsInsideAGroupOfCommands) {
  EXPECT_TRUE(has(call({"reward", "tyr"}).err, "nelumbo reward: unknown command 'tyr' (did you"));
}

TEST(CommandLine, SaysInOneLineWhatIsMissing) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{},
                                                {"run"},
                                                {"reward"},
                                                {"report"},
                                                {"run", "a", "--max-hours"},
                                                {"run", "a", "--max-hours", "-1"},
                                                {"report", "a", "b"}}) {
    const Called called = call(words);
    EXPECT_EQ(called.code, 2);
    EXPECT_EQ(std::count(called.err.begin(), called.err.end(), '\n'), 1) << called.err;
    EXPECT_TRUE(has(called.err, "--help")) << called.err;
    EXPECT_EQ(called.out, "");
  }
}

TEST(CommandLine, HelpsWithAnExampleForEveryCommand) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--help"},
                                                {"run", "--help"},
                                                {"check", "-h"},
                                                {"generate", "--help"},
                                                {"eval", "--help"},
                                                {"report", "--help"},
                                                {"reward", "--help"},
                                                {"reward", "try", "--help"},
                                                {"model", "--help"},
                                                {"model", "inspect", "--help"},
                                                {"bench", "--help"}}) {
    const Called called = call(words);
    EXPECT_EQ(called.code, 0);
    EXPECT_TRUE(has(called.out, "Example")) << called.out;
  }
}

TEST(CommandLine, ExplainsEveryExitCode) {
  const std::string help = call({"--help"}).out;
  for (const char* code :
       {"0 done", "2 conf", "3 envi", "4 data", "5 trai", "6 a ch", "70 a", "75 "})
    EXPECT_TRUE(has(help, code)) << code;
}

TEST(CommandLine, SurvivesOddArguments) {
  EXPECT_EQ(call({std::string(1'000'000, 'x')}).code, 2);
  EXPECT_EQ(call({"$(reboot); `ls` | cat"}).code, 2);
  EXPECT_EQ(call({"report", "\xff\xfe"}).code, 2);
  EXPECT_EQ(call({"--", "run"}).code, 2);
  EXPECT_EQ(call({""}).code, 2);
}

TEST(CommandLine, FailsWhenItsOutputCannotBeWritten) {
  std::ostringstream out, err;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(run_command_line({"--help"}, out, err), 3);
  EXPECT_TRUE(has(err.str(), "standard output"));
}

}  // namespace
}  // namespace nelumbo
