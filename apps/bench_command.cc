// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <thread>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/machine.h"
#include "apps/svg_chart.h"
#include "base/text.h"
#include "kernels/kernels.h"

namespace nelumbo {
namespace {

constexpr int64_t kRepeats = 5;

struct BenchOptions {
  std::string name;
  int64_t threads = 2;
};

/// fp32 speed of `linear` on all threads against one: what run times are scaled by.
void calibrate(Session& session, int64_t threads) {
  Team one(1), all(static_cast<int>(threads));
  const double anchor = calibrated_gflops(one, kRepeats);
  const double own = calibrated_gflops(all, kRepeats);
  if (session.json) {
    session.out << nlohmann::json{{"name", "calibrate"},         {"own", own},
                                  {"unit", "GFLOP/s"},           {"anchor", anchor},
                                  {"anchor_name", "one thread"}, {"ratio", own / anchor},
                                  {"threads", threads},          {"isa", to_string(isa())},
                                  {"cpu", processor_name()},     {"repeats", kRepeats}}
                       .dump()
                << '\n';
    return;
  }
  session.out << processor_name() << ", " << to_string(isa()) << ": " << short_number(own)
              << " GFLOP/s fp32 on " << threads << " threads, " << short_number(anchor)
              << " on one\n";
}

}  // namespace

void add_bench_command(CLI::App& app, Session& session) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command = app.add_subcommand("bench", "Runs a benchmark on this machine.");
  command->add_option("NAME", options->name, "calibrate: fp32 speed of the matrix kernel.")
      ->required();
  command->add_option("--threads", options->threads, "Compute threads.")->check(CLI::Range(1, 256));
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo bench calibrate --json");
  command->callback([&session, options] {
    session.action = [&session, options]() -> Result<void> {
      const std::vector<std::string> known = {"calibrate"};
      if (options->name != known.front())
        return Error{Errc::kInvalidConfig,
                     "nelumbo bench: no benchmark is called '" + options->name + "'" +
                         did_you_mean(options->name, known) + "; there is: calibrate"};
      calibrate(session, options->threads);
      return {};
    };
  });
}

}  // namespace nelumbo
