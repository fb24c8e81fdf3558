// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "corpus/relations.h"
#include "reward/gate_trial.h"

namespace nelumbo {
namespace {

struct GatesOptions {
  std::string data = "data";
  MultiHopPlan plan;
};

nlohmann::json gates_json(const GateTrial& trial) {
  return {{"ok", trial.ok()},
          {"items", trial.items},
          {"sound", {{"tried", trial.sound}, {"kept", trial.sound_kept}}},
          {"wrong", {{"tried", trial.wrong}, {"passed", trial.wrong_passed}}},
          {"lucky", {{"tried", trial.lucky}, {"passed", trial.lucky_passed}}},
          {"precision",
           {{"outcome", trial.outcome_precision()}, {"thinking", trial.thinking_precision()}}}};
}

void print(const GateTrial& trial, std::ostream& out) {
  out << trial.items << " questions; sound attempts: " << trial.sound_kept << " of " << trial.sound
      << " kept\n"
      << "gate 1, outcome: " << trial.wrong_passed << " of " << trial.wrong
      << " wrong answers passed, precision " << trial.outcome_precision() << '\n'
      << "gate 2, thinking: " << trial.lucky_passed << " of " << trial.lucky
      << " lucky answers passed, precision " << trial.thinking_precision() << '\n';
}

Result<void> reward_gates(Session& session, const GatesOptions& options) {
  const Result<Relations> relations = read_relations(options.data);
  if (!relations)
    return relations.error();
  const KnowledgeGraph graph(relations.value());
  const GateTrial trial =
      try_gates(make_multi_hop(graph, weights_by_scarcity(graph), options.plan));
  if (session.json)
    session.out << gates_json(trial).dump() << '\n';
  else
    print(trial, session.out);
  if (trial.ok())
    return {};
  return Error{
      Errc::kCheckFailed,
      "the gates of rejection sampling do not tell good attempts from bad ones, first of " +
          trial.first_passed.value_or("a sound attempt")};
}

void add_gates_command(CLI::App& reward, Session& session) {
  auto options = std::make_shared<GatesOptions>();
  options->plan.count = 200;
  CLI::App* command = reward.add_subcommand(
      "gates",
      "Tries both gates of midtrain's rejection sampling on sound, wrong and lucky attempts that "
      "are made; exits 6 if a precision is below 0.99.");
  command->add_option("--data", options->data, "Folder with the data sets.");
  command->add_option("--count", options->plan.count, "How many multi-hop questions.")
      ->check(CLI::Range(1, 10'000));
  command->add_option("--seed", options->plan.seed, "Of the questions.")
      ->check(CLI::Range(int64_t{0}, std::numeric_limits<int64_t>::max()));
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo reward gates --count 1000");
  command->callback([&session, options] {
    session.action = [&session, options] { return reward_gates(session, *options); };
  });
}

}  // namespace

void add_reward_commands(CLI::App& app, Session& session) {
  CLI::App* reward = app.add_subcommand("reward", "The reward lab: needs no model.");
  reward->require_subcommand(0, 1);
  reward->footer("Example:\n  nelumbo reward try configs/rewards/smear.yaml");
  add_gates_command(*reward, session);
  add_reward_try_command(*reward, session);
  add_reward_judge_command(*reward, session);
  add_reward_score_command(*reward, session);
  add_reward_replay_command(*reward, session);
  add_reward_diff_command(*reward, session);
  add_reward_audit_command(*reward, session);
  add_reward_play_command(*reward, session);
}

}  // namespace nelumbo
