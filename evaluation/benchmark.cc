// SPDX-License-Identifier: Apache-2.0
#include "evaluation/benchmark.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.h"

namespace nelumbo {

namespace {

/// Each set with its class, in the order of the classes.
constexpr std::array<std::pair<const char*, const char*>, 10> kSets{{
    {"type", "visual"},
    {"count", "visual"},
    {"locate", "imaging"},
    {"multihop", "diagnosis"},
    {"pubmedqa", "text"},
    {"medqa", "text"},
    {"medmcqa", "text"},
    {"mmlu_medical", "text"},
    {"report", "report"},
    {"instruction", "instruction"},
}};

std::vector<double> scores_of(const Evaluation& evaluation, const std::string& task) {
  std::vector<double> scores;
  for (const PromptScore& prompt : evaluation.prompts)
    if (prompt.task == task)
      scores.push_back(prompt.score);
  return scores;
}

nlohmann::json class_json(const nlohmann::json& sets,
                          const std::vector<std::vector<double>>& strata,
                          const Bootstrap& bootstrap) {
  const Interval interval = mean_of_means_interval(strata, bootstrap);
  int64_t n = 0;
  for (const auto& stratum : strata)
    n += std::ssize(stratum);
  return {{"score", interval.mean},
          {"low", interval.low},
          {"high", interval.high},
          {"n", n},
          {"sets", sets}};
}

}  // namespace

std::vector<std::string> benchmark_classes() {
  std::vector<std::string> classes;
  for (const auto& [set, name] : kSets)
    if (classes.empty() || classes.back() != name)
      classes.emplace_back(name);
  return classes;
}

std::optional<std::string> benchmark_class(const std::string& task) {
  for (const auto& [set, name] : kSets)
    if (task == set)
      return name;
  return std::nullopt;
}

bool in_suite(const std::string& suite, const std::string& task) {
  const auto name = benchmark_class(task);
  return name && (suite == "all" || suite == task || suite == *name);
}

Result<void> check_suite(const std::string& suite) {
  std::vector<std::string> sets;
  for (const auto& [set, name] : kSets) {
    if (suite == "all" || suite == set || suite == name)
      return {};
    sets.emplace_back(set);
  }
  return Error{Errc::kInvalidConfig, "suite '" + suite + "': must be all, a class (" +
                                         joined(benchmark_classes(), ", ") + ") or a set (" +
                                         joined(sets, ", ") + ")"};
}

Result<nlohmann::json> benchmark_json(const Evaluation& evaluation, const std::string& suite,
                                      const Bootstrap& bootstrap) {
  if (Result<void> known = check_suite(suite); !known)
    return known.error();
  std::map<std::string, nlohmann::json> sets;
  std::map<std::string, std::vector<std::vector<double>>> strata;
  double over_sets = 0;
  int64_t count = 0;
  for (const TaskScore& task : evaluation.tasks) {
    auto scores = scores_of(evaluation, task.task);
    if (!in_suite(suite, task.task) || scores.empty())
      continue;
    const std::string name = *benchmark_class(task.task);
    sets[name][task.task] = to_json(task);
    strata[name].push_back(std::move(scores));
    over_sets += task.score;
    ++count;
  }
  if (count == 0)
    return Error{Errc::kBadData, "suite '" + suite + "': no prompt of it was answered"};
  nlohmann::json json = {
      {"suite", suite}, {"parser", kParserVersion}, {"classes", nlohmann::json::object()}};
  double over_classes = 0;
  for (const auto& [name, all] : sets) {
    json["classes"][name] = class_json(all, strata[name], bootstrap);
    over_classes += json["classes"][name]["score"].get<double>();
  }
  json["overall"] = over_classes / static_cast<double>(sets.size());
  json["overall_sets"] = over_sets / static_cast<double>(count);
  return json;
}

}  // namespace nelumbo
