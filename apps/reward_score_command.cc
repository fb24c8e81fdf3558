// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/reward_source.h"
#include "base/log.h"
#include "base/text.h"
#include "model/strict_json.h"
#include "reward/answer_line.h"

namespace nelumbo {
namespace {

struct ScoreOptions {
  std::string spec, input;
  bool mean = false, times = false;
};

/// Totals of one spec.
struct Totals {
  int64_t answers = 0, no_score = 0;
  double sum = 0;
};
using TotalsBySpec = std::map<std::string, Totals>;

void add(const std::string& spec, const Outcome& outcome, TotalsBySpec* totals) {
  Totals& own = (*totals)[spec];
  ++own.answers;
  if (outcome.kind == Outcome::Kind::kScore)
    own.sum += outcome.total;
  else
    ++own.no_score;
}

/// The mean is clipped as HealthBench's is; the totals that it is of are not.
nlohmann::json mean_line(const TotalsBySpec& totals) {
  nlohmann::json means = nlohmann::json::object();
  for (const auto& [spec, own] : totals) {
    const int64_t scored = own.answers - own.no_score;
    means[spec] = {{"answers", own.answers}, {"no_score", own.no_score}};
    if (scored > 0)
      means[spec]["total"] = std::clamp(own.sum / static_cast<double>(scored), 0.0, 1.0);
  }
  return {{"mean", means}};
}

Result<void> score_line(Session& session, const RewardSpec& spec, const std::string& line,
                        const Place& place, bool times, TotalsBySpec* totals) {
  const Result<nlohmann::json> object = parse_json(line, place.text());
  if (!object)
    return Error{Errc::kBadData, object.error().message + "; write one object on each line"};
  const Result<Group> group = group_of_line(object.value(), spec, place);
  if (!group)
    return group.error();
  const Outcome outcome = spec.score(group.value()).front();
  add(group.value().prompt->reward, outcome, totals);
  nlohmann::json scored = scored_line(*group.value().prompt, outcome, spec.hash());
  if (times)
    add_times(outcome, &scored);
  session.out << scored.dump() << std::endl;
  return {};
}

/// Says so where no answer at all could be scored.
void warn_of_nothing(const TotalsBySpec& totals) {
  for (const auto& [spec, own] : totals)
    if (own.no_score == own.answers)
      log_warn(spec + ": none of " + std::to_string(own.answers) +
               " answers could be scored; the lines say why");
}

/// Answers line by line, so that another program may wait for each.
Result<void> score_lines(Session& session, const RewardSpec& spec, std::istream& in,
                         const std::string& name, const ScoreOptions& options) {
  TotalsBySpec totals;
  int64_t number = 0;
  for (std::string line; std::getline(in, line);) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (++number == 1 && line.starts_with(kByteOrderMark))
      line.erase(0, kByteOrderMark.size());
    if (is_blank(line))
      continue;
    if (auto done = score_line(session, spec, line, {name, number}, options.times, &totals); !done)
      return done;
    if (!session.out)
      return {};  // nobody reads on: who called this says so
  }
  if (totals.empty())
    return Error{Errc::kBadData, name + ": holds no rows; give one JSON object on each line"};
  warn_of_nothing(totals);
  if (options.mean)
    session.out << mean_line(totals).dump() << std::endl;
  return {};
}

Result<void> score_answers(Session& session, const ScoreOptions& options) {
  const auto spec = read_reward_spec(options.spec);
  if (!spec)
    return spec.error();
  if (options.input == "-")
    return score_lines(session, *spec.value(), std::cin, "standard input", options);
  std::error_code none;
  if (!std::filesystem::exists(options.input, none))
    return Error{Errc::kBadData, options.input + ": there is no such file"};
  std::ifstream in(options.input, std::ios::binary);
  if (!in || std::filesystem::is_directory(options.input, none))
    return Error{Errc::kBadData, options.input + ": cannot be read; give a file of JSON Lines"};
  return score_lines(session, *spec.value(), in, options.input, options);
}

}  // namespace

void add_reward_score_command(CLI::App& reward, Session& session) {
  auto options = std::make_shared<ScoreOptions>();
  CLI::App* command = reward.add_subcommand(
      "score", "Scores answers in JSON Lines: one JSON object out for each line in.");
  command->add_option("SPEC", options->spec, "The reward specification.")->required();
  command
      ->add_option(
          "--input", options->input,
          "Lines like {\"row\": {fields of the data set}, \"answer\": \"..\"}, with \"text\", "
          "\"box\" or \"boxes\" (pixels) in the place of the answer; - is standard "
          "input. The first bad line ends it.")
      ->required();
  command->add_flag("--mean", options->mean,
                    "A last line with the mean total of each spec, clipped to 0..1.");
  command->add_flag("--times", options->times,
                    "The nanoseconds that each component took, which differ each time.");
  command->footer(
      "Example:\n  nelumbo reward score configs/rewards/gsm8k.yaml --input answers.jsonl");
  command->callback([&session, options] {
    session.action = [&session, options] { return score_answers(session, *options); };
  });
}

}  // namespace nelumbo
