// SPDX-License-Identifier: Apache-2.0
#include "actors/monitor_actor.h"

#include <utility>

#include "reward/trace.h"

namespace nelumbo {

void MonitorState::show(const MetricsLine& line) {
  if (auto done = setup.directory->append_metrics(line); !done && !failure)
    failure = done.error();
  if (setup.on_metrics)
    setup.on_metrics(line);
}

void MonitorState::trace(const std::string& stage, int64_t step,
                         const std::vector<ScoredGroup>& groups) {
  const auto lines = setup.traces ? setup.traces(stage, step, groups) : to_traces(groups);
  if (lines.empty())
    return;
  auto done = write_trace(setup.directory->trace_path(stage, step), lines);
  if (!done && !failure)
    failure = done.error();
}

Result<void> MonitorState::commit() {
  if (const auto told = std::exchange(failure, std::nullopt))
    return *told;
  return {};
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
      [self](CommitAtom) { return reply(self->state.commit()); },
  };
}

}  // namespace nelumbo
