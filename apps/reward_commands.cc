// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/materials.h"
#include "apps/reward_source.h"
#include "apps/text_tasks.h"
#include "corpus/relations.h"
#include "corpus/smear_prompts.h"
#include "corpus/text_question.h"
#include "reward/gate_trial.h"
#include "reward/judge_trial.h"
#include "reward/lab.h"

namespace nelumbo {
namespace {

struct TryOptions {
  std::string spec;
  std::string data = "data";
  int64_t pictures = 0, questions = 0;
};

/// Adds what is asked in words.
Result<void> add_text_prompts(const std::vector<std::string>& names, const TryOptions& options,
                              const Dialogue& dialogue, std::vector<Prompt>* prompts) {
  const Result<std::vector<TextQuestion>> questions =
      sample_questions(names, options.data, options.questions);
  if (!questions)
    return questions.error();
  for (const TextQuestion& question : questions.value())
    prompts->push_back(text_prompt(question, dialogue, 0));
  return {};
}

/// The validation prompts that the specification scores. They need a tokenizer and no model.
Result<std::vector<Prompt>> prompts_for(const RewardSpec& spec, const TryOptions& options) {
  Team team(2);
  Result<Bccd> data = read_bccd(options.data, {.train = 1, .val = options.pictures}, team);
  if (!data)
    return data.error();
  Result<Tokenizer> tokenizer = new_tokenizer({});
  if (!tokenizer)
    return tokenizer.error();
  const ModelConfig shape;
  Result<Dialogue> dialogue = Dialogue::create(std::move(tokenizer).value(), shape.image_tokens());
  if (!dialogue)
    return dialogue.error();
  const std::vector<std::string> names = spec.names();
  std::vector<Prompt> prompts;
  for (Prompt& prompt :
       validation_prompts(data.value().val, dialogue.value(), shape.vision.image_size))
    if (std::find(names.begin(), names.end(), prompt.reward) != names.end())
      prompts.push_back(std::move(prompt));
  if (Result<void> added = add_text_prompts(names, options, dialogue.value(), &prompts); !added)
    return added.error();
  if (prompts.empty() && spec.fixtures().empty())
    return Error{Errc::kInvalidConfig,
                 options.spec + ": no spec in it scores a task of the data, and it has no tests"};
  return prompts;
}

nlohmann::json report_json(const LabReport& report) {
  nlohmann::json rows = nlohmann::json::array();
  for (const LabRow& row : report.rows)
    rows.push_back({{"spec", row.spec},
                    {"layer", row.layer},
                    {"name", row.name},
                    {"gold", row.gold},
                    {"separation", row.separation}});
  return {{"ok", report.ok()},         {"rows", rows},
          {"prompts", report.prompts}, {"answers", report.scored},
          {"seconds", report.seconds}, {"problems", report.problems}};
}

Result<void> try_reward(Session& session, const TryOptions& options) {
  const auto spec = read_reward_spec(options.spec);
  if (!spec)
    return spec.error();
  Result<std::vector<Prompt>> prompts = prompts_for(*spec.value(), options);
  if (!prompts)
    return prompts.error();
  for (const Prompt& prompt : prompts.value())
    if (Result<void> fits = spec.value()->check_prompt(prompt); !fits)
      return fits.error();
  if (Result<void> admitted = admit_judges(spec.value()->examine_judges()); !admitted)
    return admitted.error();
  const LabReport report = try_spec(*spec.value(), prompts.value());
  if (session.json)
    session.out << report_json(report).dump() << '\n';
  else
    session.out << render(report);
  if (report.ok())
    return {};
  return Error{Errc::kCheckFailed, options.spec + ": " + report.problems.front() + " (" +
                                       std::to_string(report.problems.size()) + " in all)"};
}

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
  auto options = std::make_shared<TryOptions>();
  CLI::App* command = reward->add_subcommand(
      "try", "Scores right answers against ones made to cheat; exits 6 if a bad answer wins.");
  command->add_option("SPEC", options->spec, "The reward specification.")->required();
  command->add_option("--data", options->data, "Folder with the data sets.");
  command->add_option("--pictures", options->pictures, "Only so many pictures; 0 is all.")
      ->check(CLI::Range(0, 1'000'000'000));
  command
      ->add_option("--questions", options->questions,
                   "Only so many questions of each task without pictures; 0 is all.")
      ->check(CLI::Range(0, 1'000'000'000));
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo reward try configs/rewards/smear.yaml --json");
  command->callback([&session, options] {
    session.action = [&session, options] { return try_reward(session, *options); };
  });
  add_reward_judge_command(*reward, session);
  add_reward_score_command(*reward, session);
  add_reward_replay_command(*reward, session);
  add_reward_diff_command(*reward, session);
  add_reward_audit_command(*reward, session);
  add_reward_play_command(*reward, session);
}

}  // namespace nelumbo
