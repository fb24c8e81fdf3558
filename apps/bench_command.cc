// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <thread>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/machine.h"
#include "apps/svg_chart.h"
#include "apps/tagging_bench.h"
#include "base/text.h"
#include "kernels/kernels.h"

namespace nelumbo {
namespace {

constexpr int64_t kRepeats = 5;

struct BenchOptions {
  std::string name;
  std::string data = "data";
  int64_t threads = 2;
};

/// fp32 speed of `linear` on all threads against one: what run times are scaled by.
Result<void> calibrate(Session& session, const BenchOptions& options) {
  Team one(1), all(static_cast<int>(options.threads));
  const double anchor = calibrated_gflops(one, kRepeats);
  const double own = calibrated_gflops(all, kRepeats);
  if (session.json) {
    session.out << nlohmann::json{{"name", "calibrate"},         {"own", own},
                                  {"unit", "GFLOP/s"},           {"anchor", anchor},
                                  {"anchor_name", "one thread"}, {"ratio", own / anchor},
                                  {"threads", options.threads},  {"isa", to_string(isa())},
                                  {"cpu", processor_name()},     {"repeats", kRepeats}}
                       .dump()
                << '\n';
    return {};
  }
  session.out << processor_name() << ", " << to_string(isa()) << ": " << short_number(own)
              << " GFLOP/s fp32 on " << options.threads << " threads, " << short_number(anchor)
              << " on one\n";
  return {};
}

/// The entity matcher against a hash table of its names, over the same text.
Result<void> tagging(Session& session, const BenchOptions& options) {
  const Result<TaggingFigures> measured = measure_tagging(options.data, kRepeats);
  if (!measured)
    return measured.error();
  const TaggingFigures& figures = measured.value();
  if (!figures.equal)
    return Error{Errc::kCheckFailed, "nelumbo bench: matcher and hash table find different names"};
  if (session.json) {
    session.out << nlohmann::json{{"name", "tagging"},
                                  {"own", figures.own},
                                  {"unit", "MB/s"},
                                  {"anchor", figures.anchor},
                                  {"anchor_name", "hash table of all names"},
                                  {"ratio", figures.own / figures.anchor},
                                  {"names", figures.names},
                                  {"bytes", figures.bytes},
                                  {"hits", figures.hits},
                                  {"sample_bytes", figures.sample_bytes},
                                  {"equal", figures.equal},
                                  {"threads", 1},
                                  {"cpu", processor_name()},
                                  {"repeats", kRepeats}}
                       .dump()
                << '\n';
    return {};
  }
  session.out << processor_name() << ": " << short_number(figures.own) << " MB/s on one core, "
              << figures.names << " names, " << figures.hits << " hits in " << figures.bytes
              << " bytes; a hash table finds the same at " << short_number(figures.anchor)
              << " MB/s\n";
  return {};
}

Result<void> bench(Session& session, const BenchOptions& options) {
  if (options.name == "calibrate")
    return calibrate(session, options);
  if (options.name == "tagging")
    return tagging(session, options);
  const std::vector<std::string> known = {"calibrate", "tagging"};
  return Error{Errc::kInvalidConfig, "nelumbo bench: no benchmark is called '" + options.name +
                                         "'" + did_you_mean(options.name, known) +
                                         "; there are: calibrate, tagging"};
}

}  // namespace

void add_bench_command(CLI::App& app, Session& session) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command = app.add_subcommand("bench", "Runs a benchmark on this machine.");
  command
      ->add_option("NAME", options->name,
                   "calibrate: fp32 speed of the matrix kernel. tagging: speed of the entity "
                   "matcher.")
      ->required();
  command->add_option("--threads", options->threads, "Compute threads.")->check(CLI::Range(1, 256));
  command->add_option("--data", options->data, "Folder with the data sets.");
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo bench calibrate --json");
  command->callback([&session, options] {
    session.action = [&session, options] { return bench(session, *options); };
  });
}

}  // namespace nelumbo
