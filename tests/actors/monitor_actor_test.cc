// SPDX-License-Identifier: Apache-2.0
#include "actors/monitor_actor.h"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "base/metrics.h"
#include "reward/trace.h"
#include "tests/support/actor_fixture.h"
#include "tests/support/fake_run.h"

namespace nelumbo {
namespace {

class MonitorActorTest : public ActorFixture {
 protected:
  MonitorActorTest() : fakes_({StageKind::kRl}) { fakes_.open(); }

  MonitorActor spawn(MonitorSetup setup) {
    setup.directory = fakes_.directory.get();
    return system_.spawn(monitor_actor, std::move(setup));
  }

  FakeRun fakes_;
};

TEST_F(MonitorActorTest, WritesLinesAndShowsThem) {
  std::vector<int64_t> shown;
  auto monitor =
      spawn({nullptr, [&](const MetricsLine& line) { shown.push_back(line.step); }, {}, {}});
  for (int64_t step : {1, 2})
    self_->send(monitor, ShowAtom::value, MetricsLine{"rl", step, {{"reward/mean", 0.5}}});
  ASSERT_TRUE(ask<void>(monitor, CommitAtom::value).ok());
  EXPECT_EQ(shown, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(read_metrics(fakes_.directory->metrics_path()).value().size(), 2U);
  caf::anon_send_exit(monitor, caf::exit_reason::user_shutdown);
}

TEST_F(MonitorActorTest, WritesTracesOfAStep) {
  auto monitor = spawn({});
  self_->send(monitor, TraceAtom::value, std::string("rl"), int64_t{3},
              share(std::vector<ScoredGroup>{fake_scored(1, {0.5})}));
  ASSERT_TRUE(ask<void>(monitor, CommitAtom::value).ok());
  EXPECT_EQ(read_trace(fakes_.directory->trace_path("rl", 3)).value().size(), 1U);
  caf::anon_send_exit(monitor, caf::exit_reason::user_shutdown);
}

TEST_F(MonitorActorTest, WritesNoFileWhenNothingIsToBeTraced) {
  MonitorSetup nothing;
  nothing.traces = [](const auto&, int64_t, const auto&) { return std::vector<nlohmann::json>(); };
  auto monitor = spawn(nothing);
  self_->send(monitor, TraceAtom::value, std::string("rl"), int64_t{3},
              share(std::vector<ScoredGroup>{fake_scored(1, {0.5})}));
  ASSERT_TRUE(ask<void>(monitor, CommitAtom::value).ok());
  EXPECT_FALSE(std::filesystem::exists(fakes_.directory->trace_path("rl", 3)));
  caf::anon_send_exit(monitor, caf::exit_reason::user_shutdown);
}

TEST_F(MonitorActorTest, WarnsOfWhatCouldNotBeWrittenAndCountsIt) {
  std::vector<std::string> warnings;
  auto monitor =
      spawn({nullptr, {}, {}, [&](const std::string& text) { warnings.push_back(text); }});
  std::filesystem::remove_all(fakes_.directory->path() + "/traces");
  ASSERT_TRUE(write_file_atomic(fakes_.directory->path() + "/traces", "in the way").ok());
  for (const int64_t step : {3, 4})
    self_->send(monitor, TraceAtom::value, std::string("rl"), step,
                share(std::vector<ScoredGroup>{fake_scored(1, {0.5})}));
  ASSERT_TRUE(ask<void>(monitor, CommitAtom::value).ok());
  ASSERT_TRUE(ask<void>(monitor, CommitAtom::value).ok());
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].find("; 2 lines of metrics or files of traces are lost"), std::string::npos)
      << warnings[0];
  caf::anon_send_exit(monitor, caf::exit_reason::user_shutdown);
}

}  // namespace
}  // namespace nelumbo
