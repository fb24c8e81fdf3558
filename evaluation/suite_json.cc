// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "evaluation/suite.h"

namespace nelumbo {

namespace {

/// Raised when the way an answer is read changes, since scores before and after do not compare.
constexpr int kParserVersion = 1;

constexpr std::array<std::pair<const char*, const char*>, 3> kClasses = {
    {{"locate", "imaging"}, {"type", "visual"}, {"count", "visual"}}};

nlohmann::json task_json(const TaskScore& task) {
  nlohmann::json json = {{"task", task.task},
                         {"n", task.n},
                         {"score", task.score},
                         {"low", task.low},
                         {"high", task.high},
                         {"parse_fail", task.parse_fail},
                         {"truncated", task.truncated},
                         {"mean_length", task.mean_length},
                         {"mean_calls", task.mean_calls},
                         {"baseline", task.baseline}};
  if (task.over_half)
    json["over_half"] = *task.over_half;
  if (task.reward)
    json["reward"] = *task.reward;
  return json;
}

/// Takes fields out of one JSON object and remembers what was wrong first.
class JsonFields {
 public:
  JsonFields(const nlohmann::json& json, std::string place)
      : json_(json), place_(std::move(place)) {}

  void take(const char* name, double& value) {
    if (const auto* at = find(name, &nlohmann::json::is_number))
      value = at->get<double>();
  }
  void take(const char* name, int64_t& value) {
    if (const auto* at = find(name, &nlohmann::json::is_number_integer))
      value = at->get<int64_t>();
  }
  void take(const char* name, std::string& value) {
    if (const auto* at = find(name, &nlohmann::json::is_string))
      value = at->get<std::string>();
  }
  void take(const char* name, std::optional<double>& value) {
    if (json_.is_object() && json_.contains(name))
      take(name, value.emplace());
  }
  const nlohmann::json* list(const char* name) { return find(name, &nlohmann::json::is_array); }

  Result<void> finish() const { return error_.empty() ? Result<void>() : bad(error_); }

 private:
  const nlohmann::json* find(const char* name, bool (nlohmann::json::*is)() const noexcept) {
    const auto at = json_.is_object() ? json_.find(name) : json_.end();
    if (json_.is_object() && at != json_.end() && ((*at).*is)())
      return &*at;
    if (error_.empty())
      error_ = place_ + ": '" + name + "' is missing or of another type";
    return nullptr;
  }
  static Error bad(const std::string& message) { return Error{Errc::kBadData, message}; }

  const nlohmann::json& json_;
  std::string place_;
  std::string error_;
};

Result<TaskScore> task_from_json(const nlohmann::json& json, size_t index) {
  JsonFields fields(json, "tasks[" + std::to_string(index) + "]");
  TaskScore task;
  fields.take("task", task.task);
  fields.take("n", task.n);
  fields.take("score", task.score);
  fields.take("low", task.low);
  fields.take("high", task.high);
  fields.take("parse_fail", task.parse_fail);
  fields.take("truncated", task.truncated);
  fields.take("mean_length", task.mean_length);
  fields.take("mean_calls", task.mean_calls);
  fields.take("baseline", task.baseline);
  fields.take("over_half", task.over_half);
  fields.take("reward", task.reward);
  if (auto done = fields.finish(); !done)
    return done.error();
  return task;
}

Result<PromptScore> prompt_from_json(const nlohmann::json& json, size_t index) {
  JsonFields fields(json, "prompts[" + std::to_string(index) + "]");
  PromptScore prompt;
  fields.take("id", prompt.id);
  fields.take("task", prompt.task);
  fields.take("score", prompt.score);
  fields.take("reward", prompt.reward);
  if (auto done = fields.finish(); !done)
    return done.error();
  return prompt;
}

std::vector<double> scores_of(const Evaluation& evaluation, const std::string& task) {
  std::vector<double> scores;
  for (const PromptScore& prompt : evaluation.prompts)
    if (prompt.task == task)
      scores.push_back(prompt.score);
  return scores;
}

/// A class or a set is of the suite when the suite is all, the class or the set.
bool in_suite(const std::string& suite, const std::string& task) {
  return suite == "all" || suite == task || suite == benchmark_class(task);
}

bool is_suite(const std::string& suite) {
  return suite == "all" || std::ranges::any_of(kClasses, [&](const auto& entry) {
           return suite == entry.first || suite == entry.second;
         });
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

nlohmann::json to_json(const Evaluation& evaluation) {
  nlohmann::json json = {{"mode", to_text(evaluation.mode)},
                         {"parser", kParserVersion},
                         {"tasks", nlohmann::json::array()},
                         {"prompts", nlohmann::json::array()}};
  for (const TaskScore& task : evaluation.tasks)
    json["tasks"].push_back(task_json(task));
  for (const PromptScore& prompt : evaluation.prompts) {
    json["prompts"].push_back({{"id", prompt.id}, {"task", prompt.task}, {"score", prompt.score}});
    if (prompt.reward)
      json["prompts"].back()["reward"] = *prompt.reward;
  }
  return json;
}

nlohmann::json to_json(const std::vector<Difference>& differences) {
  nlohmann::json json = nlohmann::json::array();
  for (const Difference& one : differences)
    json.push_back({{"task", one.task},
                    {"n", one.n},
                    {"before", one.before},
                    {"after", one.after},
                    {"difference", one.difference},
                    {"low", one.low},
                    {"high", one.high}});
  return json;
}

Result<Evaluation> evaluation_from_json(const nlohmann::json& json) {
  JsonFields fields(json, "evaluation");
  std::string mode;
  fields.take("mode", mode);
  const nlohmann::json* const tasks = fields.list("tasks");
  const nlohmann::json* const prompts = fields.list("prompts");
  if (auto done = fields.finish(); !done)
    return done.error();
  Evaluation evaluation;
  constexpr std::array kModes = {EvaluationMode::kGreedy, EvaluationMode::kSampled,
                                 EvaluationMode::kBlank, EvaluationMode::kNoTool};
  const auto known =
      std::ranges::find_if(kModes, [&](EvaluationMode one) { return to_text(one) == mode; });
  if (known == kModes.end())
    return Error{Errc::kBadData, "evaluation: unknown mode '" + mode + "'"};
  evaluation.mode = *known;
  for (size_t i = 0; i < tasks->size(); ++i) {
    auto task = task_from_json((*tasks)[i], i);
    if (!task)
      return task.error();
    evaluation.tasks.push_back(std::move(task.value()));
  }
  for (size_t i = 0; i < prompts->size(); ++i) {
    auto prompt = prompt_from_json((*prompts)[i], i);
    if (!prompt)
      return prompt.error();
    evaluation.prompts.push_back(std::move(prompt.value()));
  }
  return evaluation;
}

std::optional<std::string> benchmark_class(const std::string& task) {
  for (const auto& [set, name] : kClasses)
    if (task == set)
      return name;
  return std::nullopt;
}

Result<nlohmann::json> benchmark_json(const Evaluation& evaluation, const std::string& suite,
                                      const Bootstrap& bootstrap) {
  if (!is_suite(suite))
    return Error{Errc::kInvalidConfig,
                 "suite '" + suite +
                     "': must be all, a class (imaging, visual) or a set (locate, type, count)"};
  std::map<std::string, nlohmann::json> sets;
  std::map<std::string, std::vector<std::vector<double>>> strata;
  double over_sets = 0;
  int64_t count = 0;
  for (const TaskScore& task : evaluation.tasks) {
    const auto name = benchmark_class(task.task);
    auto scores = scores_of(evaluation, task.task);
    if (!name || !in_suite(suite, task.task) || scores.empty())
      continue;
    sets[*name][task.task] = task_json(task);
    strata[*name].push_back(std::move(scores));
    over_sets += task.score;
    ++count;
  }
  if (count == 0)
    return Error{Errc::kBadData, "suite '" + suite + "': no prompt of it was answered"};
  nlohmann::json json = {{"suite", suite}, {"classes", nlohmann::json::object()}};
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
