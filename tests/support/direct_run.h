// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/stage_loop.h"
#include "tests/support/direct_crew.h"
#include "tests/support/fake_run.h"

namespace nelumbo {

/// A `FakeRun` without actors: what one process does, from opening its ledger to its last stage.
class DirectRun {
 public:
  explicit DirectRun(FakeRun& fakes)
      : store_(fakes.setup.directory->checkpoints_path(), fakes.setup.directory->config_hash(), 2,
               fakes.setup.write_model),
        resumed_(store_.newest(&skipped)) {
    auto ledger = Ledger::open(fakes.setup.directory->ledger_path(), stopped_clock);
    NELUMBO_CHECK(ledger.ok()) << ledger.error().message;
    NELUMBO_CHECK(store_.go_on_from(resumed_ ? resumed_->state.step : 0).ok());
    auto rolled = ledger.value()->roll_back(resumed_ ? resumed_->state.step : 0);
    NELUMBO_CHECK(rolled.ok());
    const uint32_t incarnation = ledger.value()->incarnation();
    crew.emplace(fakes.setup.crew, std::move(ledger).value());
    context.emplace(fakes.setup, *crew, &store_, incarnation, stopped_clock);
    auto restored = crew->restart(fakes.setup.weights);
    NELUMBO_CHECK(restored.ok());
  }

  PipelineReport run() { return StageLoop(*context, std::move(resumed_)).run(); }

  /// Where it goes on; REQUIRES: an earlier process left a checkpoint.
  Checkpoint& resumed() { return resumed_.value(); }

  std::vector<std::string> skipped;
  std::optional<DirectCrew> crew;
  std::optional<StageContext> context;

 private:
  CheckpointStore store_;
  std::optional<Checkpoint> resumed_;
};

}  // namespace nelumbo
