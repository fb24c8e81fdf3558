// SPDX-License-Identifier: Apache-2.0
#include "apps/fault_report.h"

#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>

#include "actors/ledger.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

// As waitpid() gives them: the signal in the low bits, the exit code above.
ProcessEnd signalled(int number) {
  ProcessEnd end;
  end.pid = 7;
  end.status = number;
  end.seconds = 60;
  return end;
}
ProcessEnd exited(int code) {
  ProcessEnd end = signalled(0);
  end.status = code << 8;
  return end;
}

/// A run directory in the middle of its third step.
void put_run(const std::string& place) {
  put_file(place + "/config.resolved.yaml", "run: {}\n");
  put_file(place + "/STATUS", "running since this process started\n");
  put_file(place + "/metrics.jsonl",
           "{\"stage\":\"sft\",\"step\":1}\n{\"stage\":\"rl\",\"step\":2}\n{\"stage\":\"rl\",\"st");
  put_file(place + "/status.json", R"({"written": 1, "rows": [{"who": "stage"}]})");
  put_file(place + "/events.jsonl", "{\"event\":\"reward\"}\n");
  put_file(place + "/logs/learner-0.log", "its last\nwords\n");
}

json report_at(const std::string& path) {
  return json::parse(slurp(path), nullptr, false);
}

TEST(FaultReport, GoesOnBehindSignalsAndBugs) {
  EXPECT_TRUE(may_go_on_behind("no/run", signalled(SIGKILL)));
  EXPECT_TRUE(may_go_on_behind("no/run", signalled(SIGSEGV)));
  EXPECT_TRUE(may_go_on_behind("no/run", exited(70)));
  for (const int code : {0, 2, 3, 4, 5, 6, 75, 130})
    EXPECT_FALSE(may_go_on_behind("no/run", exited(code))) << code;
}

TEST(FaultReport, GoesOnBehindALostWorkerAsTheSummaryOfTheSameProcessSays) {
  const TemporaryFolder folder;
  put_file(folder / "summary.json", R"({"exit_code": 3, "cause": "x", "resumable": true})");
  EXPECT_TRUE(may_go_on_behind(folder.path(), exited(3)));
  EXPECT_FALSE(may_go_on_behind(folder.path(), exited(4)));
  ProcessEnd later = exited(3);
  later.seconds = -60;  // it began when the summary was a minute old
  EXPECT_FALSE(may_go_on_behind(folder.path(), later));
  put_file(folder / "summary.json", R"({"exit_code": 3, "cause": "x", "resumable": false})");
  EXPECT_FALSE(may_go_on_behind(folder.path(), exited(3)));
}

TEST(FaultReport, NamesTheSignalAndTheLastWholeStep) {
  const TemporaryFolder folder;
  put_run(folder.path());
  const Fault fault = look_at_fault(folder.path(), signalled(SIGSEGV));
  EXPECT_EQ(fault.stage, "rl");
  EXPECT_EQ(fault.step, 2);
  EXPECT_EQ(fault.cause, "the coordinator (process 7) ended by signal 11 (Segmentation fault)");
}

TEST(FaultReport, NamesTheLostWorkerAsTheRunDid) {
  const TemporaryFolder folder;
  put_run(folder.path());
  put_file(folder / "summary.json",
           R"({"cause": "learner rank 1: its process learner-1#4 is gone"})");
  ProcessEnd end = exited(3);
  EXPECT_EQ(look_at_fault(folder.path(), end).cause,
            "learner rank 1: its process learner-1#4 is gone");
  end.last_words = {"rl 1/3", "warning: worker learner-1 ended: signal 9 (Killed)", "warning: x"};
  EXPECT_EQ(look_at_fault(folder.path(), end).cause,
            "learner rank 1: its process learner-1#4 is gone (worker learner-1 ended: signal 9 "
            "(Killed))");
}

TEST(FaultReport, NamesABugByItsLastWords) {
  ProcessEnd end = exited(70);
  end.last_words = {"rl 1/3", "bug: x.cc:3: a == b: \xff"};
  const std::string cause = look_at_fault("no/such/run", end).cause;
  EXPECT_EQ(cause,
            "the coordinator (process 7) ended by exit code 70: bug: x.cc:3: a == b: \uFFFD");
}

TEST(FaultReport, HoldsTheSameFailureForTheSameWhateverItsNumbersAre) {
  Fault one{.end = exited(3), .stage = "rl", .step = 4, .cause = "rank 1: learner-1#4 is gone"};
  Fault other = one;
  other.cause = "rank 1: learner-1#17 is gone";
  EXPECT_EQ(death_of(one).failure, death_of(other).failure);
  other.cause = "rank 1: no answer";
  EXPECT_NE(death_of(one).failure, death_of(other).failure);
}

TEST(FaultReport, TakesAKillForAFailureOnlyWhereItHadAReason) {
  Fault fault{.end = signalled(SIGKILL), .stage = "", .cause = ""};
  EXPECT_FALSE(death_of(fault).failure.has_value());
  fault.end.out_of_memory = true;
  EXPECT_TRUE(death_of(fault).failure.has_value());
  fault.end.out_of_memory = false;
  fault.end.silent = true;
  EXPECT_TRUE(death_of(fault).failure.has_value()) << "it was killed, since it stood still";
}

TEST(FaultReport, KeepsWhatEverybodyDidLast) {
  const TemporaryFolder folder;
  put_run(folder.path());
  std::filesystem::create_directories(folder / "ledger");
  {
    auto ledger = Ledger::open(folder / "ledger/ledger.bin",
                               [] { return std::chrono::steady_clock::time_point(); });
    ASSERT_TRUE(ledger.ok() && ledger.value()->append({{7, 2, 1}, Fate::kIssued, 0, 0, ""}));
  }
  ProcessEnd end = signalled(SIGKILL);
  end.last_words = {"rl 2/3"};
  const auto path = write_fault_report(folder.path(), look_at_fault(folder.path(), end), "goes on");
  ASSERT_TRUE(path.ok()) << path.error().message;
  EXPECT_EQ(path.value(), folder / "faults/1.json");
  const json report = report_at(path.value());
  EXPECT_EQ(report["decision"], "goes on");
  EXPECT_EQ(report["ended_by"], "signal 9 (Killed)");
  EXPECT_EQ(report["step"], 2);
  EXPECT_EQ(report["doing"], json::parse(R"([{"who": "stage"}])"));
  EXPECT_EQ(report["metrics"].size(), 2U);
  EXPECT_EQ(report["events"].size(), 1U);
  ASSERT_EQ(report["ledger"].size(), 1U);
  EXPECT_EQ(report["ledger"][0]["fate"], "issued");
  EXPECT_EQ(report["stderr"], json({"rl 2/3"}));
  EXPECT_EQ(report["workers"]["learner-0.log"], json({"its last", "words"}));
}

TEST(FaultReport, NumbersReportsOn) {
  const TemporaryFolder folder;
  put_run(folder.path());
  put_file(folder / "faults/7.json", "{}");
  put_file(folder / "faults/9.txt.tmp-1", "");
  const Fault fault = look_at_fault(folder.path(), signalled(SIGKILL));
  EXPECT_EQ(write_fault_report(folder.path(), fault, "").value(), folder / "faults/8.json");
  EXPECT_EQ(faults_in(folder.path()), 2);
}

TEST(FaultReport, MakesNothingWhereNoRunIs) {
  const TemporaryFolder folder;
  const Fault fault = look_at_fault(folder / "run", signalled(SIGKILL));
  EXPECT_EQ(write_fault_report(folder / "run", fault, "").value(), "");
  EXPECT_EQ(faults_in(folder / "run"), 0);
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST(FaultReport, KeepsTheEndInTheLastSummary) {
  const TemporaryFolder folder;
  put_run(folder.path());
  put_file(folder / "summary.json", R"({"exit_code": 75, "steps": 2})");
  const json summary = keep_end(folder.path(), 3, "gave up");
  EXPECT_EQ(summary,
            json::parse(R"({"exit_code": 3, "cause": "gave up", "faults": 0, "steps": 2})"));
  EXPECT_EQ(report_at(folder / "summary.json"), summary);
  EXPECT_EQ(slurp(folder / "STATUS"), "failed gave up\n");
  keep_end(folder.path(), kInterrupted, "left");
  EXPECT_EQ(slurp(folder / "STATUS"), "preempted left\n");
}

}  // namespace
}  // namespace nelumbo
