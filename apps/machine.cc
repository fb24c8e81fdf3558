// SPDX-License-Identifier: Apache-2.0
#include "apps/machine.h"

#include <thread>

#include <sys/resource.h>

#include "bench/figure.h"
#include "bench/limits.h"

namespace nelumbo {
namespace {

constexpr int64_t kCalibrationRepeats = 5;

}  // namespace

double peak_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;  // Linux counts in kB
}

nlohmann::json machine_json(Team& team) {
  return {{"cpu", processor_name()},
          {"cores", std::thread::hardware_concurrency()},
          {"threads", team.threads()},
          {"isa", to_string(isa())},
          {"gflops", product_rate(team, Precision::kFloat32, kCalibrationRepeats)},
          {"version", kVersion}};
}

}  // namespace nelumbo
