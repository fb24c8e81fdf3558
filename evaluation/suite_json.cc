// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "evaluation/suite.h"

namespace nelumbo {

namespace {

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
  template <class T>
  void take(const char* name, std::optional<T>& value) {
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
  fields.take("baseline_name", task.baseline_name);
  fields.take("prompts_hash", task.prompts_hash);
  fields.take("over_half", task.over_half);
  fields.take("reward", task.reward);
  fields.take("steps", task.steps);
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
  fields.take("steps", prompt.steps);
  fields.take("chosen", prompt.chosen);
  fields.take("named", prompt.named);
  if (auto done = fields.finish(); !done)
    return done.error();
  return prompt;
}

}  // namespace

nlohmann::json to_json(const TaskScore& task) {
  nlohmann::json json = {{"task", task.task},
                         {"n", task.n},
                         {"score", task.score},
                         {"low", task.low},
                         {"high", task.high},
                         {"parse_fail", task.parse_fail},
                         {"truncated", task.truncated},
                         {"mean_length", task.mean_length},
                         {"mean_calls", task.mean_calls},
                         {"baseline", task.baseline},
                         {"baseline_name", task.baseline_name},
                         {"prompts_hash", task.prompts_hash}};
  if (task.over_half)
    json["over_half"] = *task.over_half;
  if (task.reward)
    json["reward"] = *task.reward;
  if (task.steps)
    json["steps"] = *task.steps;
  return json;
}

nlohmann::json to_json(const Evaluation& evaluation) {
  nlohmann::json json = {{"mode", to_text(evaluation.mode)},
                         {"parser", kParserVersion},
                         {"tasks", nlohmann::json::array()},
                         {"prompts", nlohmann::json::array()}};
  for (const TaskScore& task : evaluation.tasks)
    json["tasks"].push_back(to_json(task));
  for (const PromptScore& prompt : evaluation.prompts) {
    json["prompts"].push_back({{"id", prompt.id}, {"task", prompt.task}, {"score", prompt.score}});
    if (prompt.reward)
      json["prompts"].back()["reward"] = *prompt.reward;
    if (prompt.steps)
      json["prompts"].back()["steps"] = *prompt.steps;
    if (prompt.chosen)
      json["prompts"].back()["chosen"] = *prompt.chosen;
    if (prompt.named)
      json["prompts"].back()["named"] = *prompt.named;
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
  const auto known = evaluation_mode(mode);
  if (!known)
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

}  // namespace nelumbo
