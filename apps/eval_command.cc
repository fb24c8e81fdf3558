// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/evaluation_scores.h"
#include "apps/json_fields.h"
#include "apps/policy.h"
#include "apps/svg_chart.h"
#include "corpus/bccd.h"
#include "corpus/smear_prompts.h"

namespace nelumbo {
namespace {

using nlohmann::json;

struct EvalOptions {
  std::string model;
  std::string suite = "all";
  std::string data = "data";
  int64_t pictures = 0;
  int64_t bootstrap = 1000;
  int threads = 2;
};

Result<std::vector<std::shared_ptr<const Prompt>>> prompts_of(const EvalOptions& options,
                                                              const Policy& policy, Team& team) {
  Result<Bccd> data = read_bccd(options.data, {.train = 1, .val = options.pictures}, team);
  if (!data)
    return data.error();
  std::vector<std::shared_ptr<const Prompt>> prompts;
  for (Prompt& prompt : validation_prompts(data.value().val, *policy.dialogue,
                                           policy.network.config.vision.image_size))
    prompts.push_back(std::make_shared<const Prompt>(std::move(prompt)));
  if (prompts.empty())
    return Error{Errc::kBadData, options.data + "/bccd/val.txt: no validation picture"};
  return prompts;
}

/// Answers as they are scored by truth alone: no reward specification has a say, so each outcome
/// says that it is no score.
std::vector<ScoredGroup> without_rewards(std::vector<Group> groups) {
  Outcome none;
  none.kind = Outcome::Kind::kInvalid;
  none.reason = "not scored";
  std::vector<ScoredGroup> all;
  for (Group& group : groups) {
    const size_t n = group.trajectories.size();
    all.push_back({std::make_shared<const Group>(std::move(group)), std::vector<Outcome>(n, none)});
  }
  return all;
}

void print(Session& session, const json& suite) {
  if (session.json) {
    session.out << suite.dump() << '\n';
    return;
  }
  for (const auto& [name, scores] : member(suite, "classes").items())
    for (const auto& [set, score] : member(scores, "sets").items())
      session.out << name << '/' << set << "  " << short_number(*number_of(score, "score")) << " ["
                  << short_number(*number_of(score, "low")) << ", "
                  << short_number(*number_of(score, "high")) << "]  n " << text_of(score, "n")
                  << "  constant answer " << short_number(*number_of(score, "baseline")) << '\n';
  session.out << "overall  " << short_number(*number_of(suite, "overall")) << '\n';
}

Result<void> evaluate_policy(Session& session, const EvalOptions& options) {
  Result<Policy> policy = open_policy(options.model);
  if (!policy)
    return policy.error();
  Team team(options.threads);
  Result<std::vector<std::shared_ptr<const Prompt>>> prompts =
      prompts_of(options, policy.value(), team);
  if (!prompts)
    return prompts.error();
  AnswerOptions greedy;
  greedy.sampling.temperature = 0;
  Result<std::vector<Group>> groups = answer_prompts(policy.value(), team, prompts.value(), greedy);
  if (!groups)
    return groups.error();
  const IntervalOptions intervals{.resamples = options.bootstrap};
  const PassScores scores =
      score_pass("greedy", without_rewards(std::move(groups).value()), intervals);
  Result<json> suite = suite_json(scores.evaluation, options.suite, intervals);
  if (!suite)
    return suite.error();
  print(session, suite.value());
  return {};
}

}  // namespace

void add_eval_command(CLI::App& app, Session& session) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App* command =
      app.add_subcommand("eval", "Scores a policy on the validation pictures, greedily.");
  command->add_option("MODEL", options->model, "A Hugging Face directory, a checkpoint or a run.")
      ->required();
  command->add_option("SUITE", options->suite,
                      "all, a class (visual, imaging) or a set (locate, type, count).");
  command->add_option("--data", options->data, "Folder with the data sets, in the same layout.");
  command->add_option("--pictures", options->pictures, "Only so many pictures; 0 is all.")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--bootstrap", options->bootstrap, "Resamples behind each interval.")
      ->check(CLI::PositiveNumber);
  command->add_option("--threads", options->threads, "Compute threads.")->check(CLI::Range(1, 256));
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo eval runs/quickstart all --json");
  command->callback([&session, options] {
    session.action = [&session, options] { return evaluate_policy(session, *options); };
  });
}

}  // namespace nelumbo
