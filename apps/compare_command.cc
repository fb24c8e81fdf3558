// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iomanip>
#include <memory>
#include <string>
#include <vector>

#include "apps/commands.h"
#include "apps/evaluation_book.h"
#include "apps/json_fields.h"

namespace nelumbo {
namespace {

using nlohmann::json;

Result<PolicyEvaluation> named_after_its_run(const std::string& run) {
  Result<PolicyEvaluation> policy = read_final_evaluation(run);
  if (policy)
    policy.value().name = run;
  return policy;
}

/// The runs two by two, with their last policies.
Result<std::vector<PolicyPair>> read_pairs(const std::vector<std::string>& runs) {
  if (runs.size() % 2 != 0)
    return Error{Errc::kInvalidConfig,
                 "compare: runs come in pairs, first the base; one of them has no partner"};
  std::vector<PolicyPair> pairs;
  for (size_t i = 0; i < runs.size(); i += 2) {
    Result<PolicyEvaluation> base = named_after_its_run(runs[i]);
    if (!base)
      return base.error();
    Result<PolicyEvaluation> other = named_after_its_run(runs[i + 1]);
    if (!other)
      return other.error();
    pairs.push_back({std::move(base).value(), std::move(other).value()});
  }
  return pairs;
}

void print(std::ostream& out, const json& differences) {
  size_t widest = 0;
  for (const json& one : differences)
    widest = std::max(widest, text_of(one, "name").size());
  std::string compared;
  out << std::fixed << std::setprecision(3);
  for (const json& one : differences) {
    if (compared != text_of(one, "compared"))
      out << (compared = text_of(one, "compared")) << '\n';
    out << "  " << std::left << std::setw(static_cast<int>(widest)) << text_of(one, "name")
        << std::right << "  n " << std::setw(4) << text_of(one, "n");
    for (const char* figure : {"before", "after", "difference"})
      out << "  " << std::setw(6) << number_of(one, figure).value_or(0);
    out << "  [" << number_of(one, "low").value_or(0) << ", " << number_of(one, "high").value_or(0)
        << "]\n";
  }
}

}  // namespace

void add_compare_command(CLI::App& app, Session& session) {
  auto runs = std::make_shared<std::vector<std::string>>();
  CLI::App* command = app.add_subcommand(
      "compare", "Compares the trained policies of runs, prompt by prompt, with 95 % intervals.");
  command->add_option("RUNS", *runs, "Run directories: a base and another, for one or more seeds.")
      ->required();
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer(
      "Columns: prompts asked of both, mean of the base, of the other, difference, interval.\n"
      "Intervals resample prompts, not seeds.\n"
      "Example:\n  nelumbo compare runs/plain-1 runs/new-1 runs/plain-2 runs/new-2");
  command->callback([&session, runs] {
    session.action = [&session, runs]() -> Result<void> {
      const Result<std::vector<PolicyPair>> pairs = read_pairs(*runs);
      if (!pairs)
        return pairs.error();
      const Result<json> differences = comparison_json(pairs.value(), {});
      if (!differences)
        return differences.error();
      if (session.json)
        session.out << json{{"paired", differences.value()}}.dump() << '\n';
      else
        print(session.out, differences.value());
      return {};
    };
  });
}

}  // namespace nelumbo
