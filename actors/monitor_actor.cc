// SPDX-License-Identifier: Apache-2.0
#include "actors/monitor_actor.h"

#include <utility>

#include "base/kill_point.h"
#include "reward/trace.h"

namespace nelumbo {

void MonitorState::miss(const Error& error) {
  ++lost;
  if (!failure)
    failure = error;
}

void MonitorState::show(const MetricsLine& line) {
  if (auto done = setup.directory->append_metrics(line); !done)
    miss(done.error());
  if (setup.on_metrics)
    setup.on_metrics(line);
}

void MonitorState::trace(const std::string& stage, int64_t step,
                         const std::vector<ScoredGroup>& groups) {
  const auto lines = setup.traces ? setup.traces(stage, step, groups) : to_traces(groups);
  if (lines.empty())
    return;
  kill_point("trace/begun");
  if (auto done = write_trace(setup.directory->trace_path(stage, step), lines); !done)
    miss(done.error());
  kill_point("trace/written");
}

void MonitorState::commit() {
  const auto first = std::exchange(failure, std::nullopt);
  const int64_t count = std::exchange(lost, 0);
  if (first && setup.warn)
    setup.warn(first->message + "; " + std::to_string(count) +
               " lines of metrics or files of traces are lost, and the run goes on");
}

MonitorActor::behavior_type monitor_actor(MonitorActor::stateful_pointer<MonitorState> self,
                                          MonitorSetup setup) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  self->state.setup = std::move(setup);
  return {
      [self](ShowAtom, const MetricsLine& line) { self->state.show(line); },
      [self](TraceAtom, const std::string& stage, int64_t step,
             const Shared<std::vector<ScoredGroup>>& groups) {
        self->state.trace(stage, step, *groups);
      },
      [self](CommitAtom) {
        self->state.commit();
        return reply(Result<void>());
      },
  };
}

}  // namespace nelumbo
