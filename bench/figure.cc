// SPDX-License-Identifier: Apache-2.0
#include "bench/figure.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <sstream>
#include <utility>

#include <unistd.h>

#include "base/check.h"
#include "base/text.h"
#include "kernels/kernels.h"

namespace nelumbo {
namespace {

double ratio(double a, double b) {
  return b > 0 ? a / b : 0;
}

std::string rounded(double value) {
  std::ostringstream out;
  out.precision(value < 100 ? 3 : 4);
  out << value;
  return out.str();
}

}  // namespace

nlohmann::json to_json(const Figure& figure) {
  nlohmann::json out = {{"name", figure.name},
                        {"unit", figure.unit},
                        {"own", figure.own.speed},
                        {"own_name", figure.own.name},
                        {"anchor", figure.anchor.speed},
                        {"anchor_name", figure.anchor.name},
                        {"ratio", ratio(figure.own.speed, figure.anchor.speed)},
                        {"cpu", processor_name()},
                        {"isa", to_string(isa())}};
  if (figure.limit.speed > 0)
    out.update({{"limit", figure.limit.speed},
                {"limit_name", figure.limit.name},
                {"limit_fraction", ratio(figure.own.speed, figure.limit.speed)}});
  out.update(figure.details);
  return out;
}

std::string to_line(const Figure& figure) {
  std::string line = figure.name + ": " + rounded(figure.own.speed) + " " + figure.unit + " (" +
                     figure.own.name + "), " + rounded(figure.anchor.speed) + " (" +
                     figure.anchor.name +
                     "): " + rounded(ratio(figure.own.speed, figure.anchor.speed)) + " times";
  if (figure.limit.speed > 0)
    line +=
        ", " + rounded(ratio(figure.own.speed, figure.limit.speed)) + " of " + figure.limit.name;
  return line;
}

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double median(std::vector<double> values) {
  NELUMBO_CHECK(!values.empty()) << "no values";
  std::ranges::nth_element(values, values.begin() + std::ssize(values) / 2);
  return values[values.size() / 2];
}

double median_seconds(int64_t repeats, const std::function<void()>& call) {
  call();
  std::vector<double> seconds;
  for (int64_t i = 0; i < repeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    call();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return median(std::move(seconds));
}

std::string processor_name() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  return "unknown";
}

ForeignUse::ForeignUse() : begin_(now()) {}

ForeignUse::Times ForeignUse::now() {
  // The first line of /proc/stat: "cpu", then ticks of user, nice, system, idle, iowait, irq,
  // softirq, steal of all processors.
  constexpr size_t kIdle = 3, kWait = 4;
  std::ifstream in("/proc/stat");
  std::string word;
  in >> word;
  std::array<double, 8> ticks{};
  Times times;
  for (size_t i = 0; i < ticks.size() && in >> ticks[i]; ++i) {
    times.all += ticks[i];
    times.busy += i == kIdle || i == kWait ? 0 : ticks[i];
  }
  const auto per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  times.all /= per_second;
  times.busy /= per_second;
  timespec own{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
  times.own = static_cast<double>(own.tv_sec) + 1e-9 * static_cast<double>(own.tv_nsec);
  return times;
}

double ForeignUse::share() const {
  const Times end = now();
  const double foreign = (end.busy - begin_.busy) - (end.own - begin_.own);
  return std::max(0.0, ratio(foreign, end.all - begin_.all));
}

}  // namespace nelumbo
