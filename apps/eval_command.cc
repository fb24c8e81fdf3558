// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/evaluation_book.h"
#include "apps/evaluation_scores.h"
#include "apps/json_fields.h"
#include "apps/machine.h"
#include "apps/policy.h"
#include "apps/svg_chart.h"
#include "apps/text_tasks.h"
#include "base/text.h"
#include "corpus/bccd.h"
#include "corpus/curated_files.h"
#include "corpus/exam_sets.h"
#include "corpus/smear_prompts.h"
#include "evaluation/benchmark.h"

namespace nelumbo {
namespace {

using nlohmann::json;

struct EvalOptions {
  std::string model;
  std::string suite = "all";
  std::string data = "data";
  std::optional<std::string> curated;
  int64_t pictures = 0;
  int64_t exam_questions = CurateConfig().exam_questions;
  int64_t bootstrap = 1000;
  bool controls = false;
  int threads = 2;
};

/// What a suite asks.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct Questions {
  Prompts asked, blank, shuffled;
  json decontamination;  ///< what the texts of the policy share with the exams; null without texts
};

/// Adds the prompts of the suite.
void add(std::vector<Prompt> prompts, const std::string& suite, Prompts& out) {
  for (Prompt& prompt : prompts)
    if (in_suite(suite, prompt.task))
      out.push_back(std::make_shared<const Prompt>(std::move(prompt)));
}

Result<void> add_pictures(const EvalOptions& options, const Policy& policy, Team& team,
                          Questions& out) {
  const Result<Bccd> data = read_bccd(options.data, {.train = 1, .val = options.pictures}, team);
  if (!data)
    return data.error();
  if (data.value().val.empty())
    return Error{Errc::kBadData, options.data + "/bccd/val.txt: no validation picture"};
  std::vector<Prompt> prompts = validation_prompts(data.value().val, *policy.dialogue,
                                                   policy.network.config.vision.image_size);
  add(blank_image_prompts(prompts), options.suite, out.blank);
  add(std::move(prompts), options.suite, out.asked);
  return {};
}

Result<void> add_texts(const EvalOptions& options, const std::string& curated,
                       const Dialogue& dialogue, Questions& out) {
  const Result<Curated> texts = read_curated(curated);
  if (!texts)
    return texts.error();
  const Result<ExamSets> exams = read_exam_sets(options.data);
  if (!exams)
    return exams.error();
  const TextValidation questions =
      text_validation(texts.value().validation, exams.value().validation, options.exam_questions);
  const int64_t most = most_answer_tokens(texts.value(), questions, dialogue);
  const auto prompts_of = [&](const std::vector<TextQuestion>& list) {
    std::vector<Prompt> prompts;
    prompts.reserve(list.size());
    for (const TextQuestion& question : list)
      prompts.push_back(text_prompt(question, dialogue, most));
    return prompts;
  };
  add(prompts_of(questions.asked), options.suite, out.asked);
  add(prompts_of(questions.shuffled), options.suite, out.shuffled);
  out.decontamination = member(texts.value().report, "decontamination");
  return {};
}

/// What the stage curate of the policy's run wrote, where it was one.
std::optional<std::string> curated_folder(const EvalOptions& options) {
  std::error_code none;
  const std::string own = options.model + "/curate";
  return !options.curated && std::filesystem::exists(own, none) ? own : options.curated;
}

Result<Questions> questions_of(const EvalOptions& options, const Policy& policy, Team& team) {
  Questions questions;
  if (Result<void> added = add_pictures(options, policy, team, questions); !added)
    return added.error();
  if (const std::optional<std::string> curated = curated_folder(options))
    if (Result<void> added = add_texts(options, *curated, *policy.dialogue, questions); !added)
      return added.error();
  if (questions.asked.empty())
    return Error{Errc::kInvalidConfig,
                 "suite '" + options.suite +
                     "': nothing to ask; what is asked in words needs --curated, the folder that "
                     "the stage curate of the policy's run wrote"};
  return questions;
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

/// "0.61 [0.55, 0.67]"
std::string with_interval(const json& scores, const char* figure) {
  return short_number(*number_of(scores, figure)) + " [" + short_number(*number_of(scores, "low")) +
         ", " + short_number(*number_of(scores, "high")) + "]";
}

void print_set(std::ostream& out, const std::string& name, const json& scores) {
  const std::pair<const char*, std::string> figures[] = {
      {"parse_fail", "parse fail"},
      {"truncated", "truncated"},
      {"mean_length", "tokens"},
      {"steps", "steps"},
      {"baseline", text_of(scores, "baseline_name")}};
  out << name << "  " << with_interval(scores, "score") << "  n " << text_of(scores, "n");
  for (const auto& [figure, words] : figures)
    if (const std::optional<double> value = number_of(scores, figure))
      out << "  " << words << ' ' << short_number(*value);
  out << '\n';
}

void print(Session& session, const json& suite) {
  if (session.json) {
    session.out << suite.dump() << '\n';
    return;
  }
  for (const std::string& name : benchmark_classes())
    if (const json& scores = member(member(suite, "classes"), name); scores.is_object()) {
      for (const auto& [set, score] : member(scores, "sets").items()) {
        session.out << name << '/';
        print_set(session.out, set, score);
      }
      print_set(session.out, name, scores);
    }
  session.out << "overall  " << short_number(*number_of(suite, "overall")) << "  over sets  "
              << short_number(*number_of(suite, "overall_sets")) << '\n';
  for (const json& one : array_of(suite, "controls")) {
    session.out << text_of(one, "compared") << ": " << text_of(one, "name") << "  "
                << with_interval(one, "difference");
    if (const auto consistency = number_of(one, "consistency"))
      session.out << "  same option " << short_number(*consistency);
    session.out << '\n';
  }
}

/// The passes of a suite as they were scored, the greedy one first.
Result<json> scored_passes(const EvalOptions& options, const Policy& policy, Team& team,
                           const Questions& questions) {
  Sampling greedy;
  greedy.temperature = 0;
  std::vector<EvaluationPass> passes{{"greedy", questions.asked, 1, greedy}};
  if (options.controls)
    for (EvaluationPass& pass :
         control_passes(questions.asked, questions.blank, questions.shuffled, greedy))
      passes.push_back(std::move(pass));
  json scored = json::array();
  for (const EvaluationPass& pass : passes) {
    Result<std::vector<Group>> groups =
        answer_prompts(policy, policy.environment, team, pass.prompts, {.sampling = pass.sampling});
    if (!groups)
      return groups.error();
    scored.push_back(score_pass(pass.name, without_rewards(std::move(groups).value()),
                                {.resamples = options.bootstrap})
                         .evaluation);
  }
  return scored;
}

Result<void> evaluate_policy(Session& session, const EvalOptions& options) {
  if (Result<void> known = check_suite(options.suite); !known)
    return known;
  const Result<Policy> policy = open_policy(options.model);
  if (!policy)
    return policy.error();
  Team team(options.threads);
  const Result<Questions> questions = questions_of(options, policy.value(), team);
  if (!questions)
    return questions.error();
  const Result<json> passes = scored_passes(options, policy.value(), team, questions.value());
  if (!passes)
    return passes.error();
  Result<json> suite = suite_json(passes.value(), options.suite, {.resamples = options.bootstrap});
  if (!suite)
    return suite.error();
  suite.value()["version"] = kVersion;
  if (!questions.value().decontamination.is_null())
    suite.value()["decontamination"] = questions.value().decontamination;
  print(session, suite.value());
  return {};
}

}  // namespace

void add_eval_command(CLI::App& app, Session& session) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App* command =
      app.add_subcommand("eval", "Scores a policy on the unified benchmark, greedily.");
  command
      ->add_option(
          "MODEL", options->model,
          "A policy that a run trained from nothing: the run, a checkpoint or its directory. "
          "Open models are scored by the stage evaluate of their runs.")
      ->required();
  command->add_option(
      "SUITE", options->suite,
      "all, a class (" + joined(benchmark_classes(), ", ") + ") or a set (type, medqa, ...).");
  command->add_option("--data", options->data, "Folder with the data sets, in the same layout.");
  command->add_option("--pictures", options->pictures, "Only so many pictures; 0 is all.")
      ->check(CLI::Range(0, 1'000'000'000));
  command->add_option("--curated", options->curated,
                      "Folder that the stage curate wrote: also asks in words. By default that of "
                      "MODEL, where it is a run that has one.");
  command->add_option("--exam-questions", options->exam_questions, "Questions of each exam.")
      ->check(CLI::Range(1, 1'000'000'000));
  command->add_flag("--controls", options->controls,
                    "Also ask with blank pictures, without tools and with the choices in another "
                    "order.");
  command->add_option("--bootstrap", options->bootstrap, "Resamples behind each interval.")
      ->check(CLI::Range(1, 100'000));
  command->add_option("--threads", options->threads, "Compute threads.")->check(CLI::Range(1, 256));
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo eval runs/quickstart all --json");
  command->callback([&session, options] {
    session.action = [&session, options] { return evaluate_policy(session, *options); };
  });
}

}  // namespace nelumbo
