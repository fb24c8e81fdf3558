// SPDX-License-Identifier: Apache-2.0
#include "actors/run_state_json.h"

#include <vector>

namespace nelumbo {

using nlohmann::json;

json to_json(const RunState& state) {
  json out{{"stage_index", state.stage_index},   {"stage", state.stage},
           {"stage_step", state.stage_step},     {"step", state.step},
           {"trained_from", state.trained_from}, {"version", state.version},
           {"restarts", state.restarts},         {"zero_spread", state.zero_spread},
           {"stage_steps", state.stage_steps},   {"reference", state.reference}};
  if (state.best)
    out["best"] = {{"value", state.best->value}, {"step", state.best->step}};
  if (state.judged)
    out["judged"] = *state.judged;
  return out;
}

RunState state_from_json(const json& in) {
  RunState state;
  state.stage_index = in.at("stage_index");
  state.stage = in.at("stage");
  state.stage_step = in.at("stage_step");
  state.step = in.at("step");
  state.trained_from = in.value("trained_from", int64_t{0});
  state.version = in.at("version");
  state.restarts = in.at("restarts");
  state.zero_spread = in.at("zero_spread").get<std::vector<float>>();
  state.stage_steps = in.at("stage_steps").get<std::vector<int64_t>>();
  state.reference = in.value("reference", std::vector<double>());
  if (in.contains("best"))
    state.best = BestSoFar{in.at("best").at("value"), in.at("best").at("step")};
  if (in.contains("judged"))
    state.judged = in.at("judged").get<double>();
  return state;
}

}  // namespace nelumbo
