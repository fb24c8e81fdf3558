// SPDX-License-Identifier: Apache-2.0
#include "apps/play_data.h"

#include <algorithm>
#include <vector>

#include "apps/run_traces.h"
#include "base/text.h"
#include "reward/fixtures.h"
#include "reward/trace_reader.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr size_t kMostText = 4000;

std::string cut(const std::string& text) {
  return valid_utf8(text.size() <= kMostText ? text : text.substr(0, kMostText) + " ...");
}

json component_json(const Component& component) {
  return {{"layer", component.layer},
          {"name", valid_utf8(component.name)},
          {"value", component.value},
          {"weight", component.weight},
          {"evidence", valid_utf8(component.evidence)}};
}

json answer_json(const Trajectory& trajectory, const Outcome& outcome) {
  json out{{"sample", trajectory.sample},      {"text", cut(trajectory.text)},
           {"outcome", to_text(outcome.kind)}, {"reason", valid_utf8(outcome.reason)},
           {"total", outcome.total},           {"gate", valid_utf8(outcome.gate)},
           {"shaping", outcome.shaping},       {"components", json::array()}};
  // With a weight the layer is a component.
  out["process"] = outcome.credit == StepCredit::kMultiplier ? outcome.process : 1;
  for (const Component& component : outcome.components)
    out["components"].push_back(component_json(component));
  for (const StepFactor& step : outcome.steps)
    out["components"].push_back(component_json(
        {"tokens " + std::to_string(step.first_token) + "-" + std::to_string(step.last_token),
         "step", step.factor, 0, step.reason}));
  return out;
}

}  // namespace

json play_group(const ScoredGroup& group) {
  const Prompt& prompt = *group.group->prompt;
  json out{{"prompt", valid_utf8(prompt.id)},
           {"spec", valid_utf8(prompt.reward)},
           {"asked", cut(prompt.text)},
           {"truth", prompt.truth.dump(-1, ' ', false, json::error_handler_t::replace)},
           {"answers", json::array()}};
  for (size_t i = 0; i < group.outcomes.size(); ++i)
    out["answers"].push_back(answer_json(group.group->trajectories[i], group.outcomes[i]));
  return out;
}

Result<PlayData> PlayData::open(const std::string& run, const std::string& stage) {
  PlayData data;
  data.run_ = run;
  data.stage_ = stage;
  auto files = stage_traces(run, stage);
  if (!files)
    return files.error();
  data.files_ = std::move(files).value();
  return data;
}

json PlayData::overview() const {
  json steps = json::array();
  for (const auto& [step, path] : files_)
    steps.push_back(step);
  return {{"run", valid_utf8(run_)}, {"stage", valid_utf8(stage_)}, {"steps", steps}};
}

Result<json> PlayData::step(int64_t number) const {
  const auto file = files_.find(number);
  if (file == files_.end())
    return Error{Errc::kInvalidConfig, "there is no traced step " + std::to_string(number)};
  json groups = json::array(), left_out = json::object();
  std::map<std::string, int64_t> of_spec;
  const auto read = for_each_trace(file->second, [&](const ScoredGroup& group) -> Result<void> {
    const std::string spec = valid_utf8(group.group->prompt->reward);
    if (const int64_t there = ++of_spec[spec]; there <= kMostGroups)
      groups.push_back(play_group(group));
    else
      left_out[spec] = there - kMostGroups;
    return {};
  });
  if (!read)
    return read.error();
  return json{{"step", number}, {"left_out", std::move(left_out)}, {"groups", std::move(groups)}};
}

}  // namespace nelumbo
