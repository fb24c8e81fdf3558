// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <gtest/gtest.h>

#include "tests/support/direct_run.h"

namespace nelumbo {

/// A run of rl alone, of which a test plays one process after the other.
class RlFixture : public ::testing::Test {
 protected:
  PipelineReport run(bool resume = false) {
    run_.reset();
    fakes_.open(resume);
    run_.emplace(fakes_);
    return run_->run();
  }

  /// Stops behind step 2, and goes on from a checkpoint whose answers drawn ahead are none.
  PipelineReport go_on_with_broken_answers() {
    fakes_.steps_left = 2;
    EXPECT_EQ(run().end.error().code, Errc::kPreempted);
    run_.reset();
    fakes_.steps_left = 1000;
    fakes_.open(true);
    run_.emplace(fakes_);
    run_->resumed().state.ahead = {'\x91', '\x01'};
    return run_->run();
  }

  const Metrics& line(size_t index) const { return run_->crew->lines.at(index).values; }

  FakeRun fakes_{{StageKind::kRl}};
  std::optional<DirectRun> run_;  ///< the latest process
};

}  // namespace nelumbo
