// SPDX-License-Identifier: Apache-2.0
#include "apps/machine.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include <sys/resource.h>

#include "kernels/kernels.h"

namespace nelumbo {
namespace {

constexpr int64_t kRows = 256, kSide = 512;
constexpr int64_t kCallsPerRun = 12;
constexpr int64_t kCalibrationRepeats = 5;

double seconds_of(Team& team, const Buffer& x, const PackedMatrix& w, Buffer& y) {
  const auto start = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < kCallsPerRun; ++i)
    linear(team, x.data(), kRows, w, nullptr, y.data());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

double calibrated_gflops(Team& team, int64_t repeats) {
  Buffer x(kRows * kSide), weights(kSide * kSide), y(kRows * kSide);
  std::fill_n(x.data(), x.size(), 0.5F);
  std::fill_n(weights.data(), weights.size(), 0.25F);
  PackedMatrix packed;
  pack(weights.data(), kSide, kSide, packed);
  double best = seconds_of(team, x, packed, y);  // warms caches and threads
  for (int64_t i = 0; i < repeats; ++i)
    best = std::min(best, seconds_of(team, x, packed, y));
  return 2.0 * kRows * kSide * kSide * kCallsPerRun / best * 1e-9;
}

std::string processor_name() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  return "unknown";
}

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
          {"gflops", calibrated_gflops(team, kCalibrationRepeats)},
          {"version", kVersion}};
}

}  // namespace nelumbo
