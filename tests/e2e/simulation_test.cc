// SPDX-License-Identifier: Apache-2.0
//
// Whole runs in virtual time under seeded faults (tests/support/simulation.h). What must hold of
// each: the weights and the trained samples of a run that nothing happened to, versions that only
// grow, batches no older than rl.max_staleness, late results refused, an end.
#include "tests/support/simulation.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// How many: NELUMBO_SIMULATION_SEEDS, by hand; five hundred otherwise.
uint64_t seeds() {
  const char* asked = std::getenv("NELUMBO_SIMULATION_SEEDS");
  return asked == nullptr ? 500 : static_cast<uint64_t>(std::atoll(asked));
}

/// Keeps files in memory, where there is room for that: a disk would wait for each of thousands of
/// checkpoints.
class SimulationTest : public testing::Test {
 protected:
  SimulationTest() {
    std::error_code none;
    if (const char* given = std::getenv("TMPDIR"))
      before_ = given;
    if (std::filesystem::is_directory("/dev/shm", none))
      ::setenv("TMPDIR", "/dev/shm", 1);
  }
  ~SimulationTest() override {
    before_ ? ::setenv("TMPDIR", before_->c_str(), 1) : ::unsetenv("TMPDIR");
  }

 private:
  std::optional<std::string> before_;
};

/// The run that nothing happens to, for each rl.max_staleness.
const Simulation& undisturbed(uint64_t seed) {
  static const std::array<std::unique_ptr<Simulation>, 2> kClean = [] {
    std::array<std::unique_ptr<Simulation>, 2> clean;
    for (uint64_t lag = 0; lag < 2; ++lag) {
      clean[lag] = std::make_unique<Simulation>(lag, false);
      clean[lag]->run();
    }
    return clean;
  }();
  return *kClean[seed % 2];
}

/// What is wrong with the run of a seed.
std::string wrong_with(uint64_t seed, int64_t* processes, int64_t* events) {
  Simulation run(seed, true);
  run.run();
  *processes += run.processes();
  *events += run.events();
  std::string wrong;
  for (const std::string& violation : run.violations())
    wrong += violation + "\n";
  if (run.weights_hash() != undisturbed(seed).weights_hash())
    wrong += "other weights\n";
  if (run.committed() != undisturbed(seed).committed())
    wrong += "other samples were trained, or at other steps\n";
  return wrong;
}

TEST_F(SimulationTest, AnUndisturbedRunIsWithoutFault) {
  for (uint64_t lag = 0; lag < 2; ++lag) {
    EXPECT_TRUE(undisturbed(lag).violations().empty()) << undisturbed(lag).violations().front();
    EXPECT_EQ(undisturbed(lag).committed().size(), 4U * 3 * 4);
    EXPECT_EQ(undisturbed(lag).processes(), 1);
  }
}

TEST_F(SimulationTest, EverySeedEndsAsIfNothingHadHappened) {
  int64_t processes = 0, events = 0;
  const auto start = std::chrono::steady_clock::now();
  const uint64_t count = seeds();
  for (uint64_t seed = 0; seed < count; ++seed)
    ASSERT_EQ(wrong_with(seed, &processes, &events), "") << "seed " << seed;
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%llu seeds, %lld processes, %lld events, %.0f seeds a second\n",
              static_cast<unsigned long long>(count), static_cast<long long>(processes),
              static_cast<long long>(events), static_cast<double>(count) / seconds);
}

/// Beyond one step, which weights draw what depends on who is faster. What must hold are the bound,
/// the ledger, the fences, and an end with as many samples.
TEST_F(SimulationTest, AsynchronousRunsKeepTheirBoundWhateverHappens) {
  const uint64_t count = seeds() / 2;
  for (uint64_t seed = 0; seed < count; ++seed) {
    Simulation run(seed, seed > 4, static_cast<int64_t>(2 + seed % 4));
    run.run();
    ASSERT_TRUE(run.violations().empty()) << "seed " << seed << ": " << run.violations().front();
    ASSERT_EQ(run.committed().size(), 4U * 3 * 4) << "seed " << seed;
  }
}

}  // namespace
}  // namespace nelumbo
