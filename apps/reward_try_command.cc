// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/materials.h"
#include "apps/reward_source.h"
#include "apps/text_tasks.h"
#include "base/text.h"
#include "corpus/data_row.h"
#include "corpus/smear_prompts.h"
#include "corpus/text_question.h"
#include "reward/fixtures.h"
#include "reward/judge_trial.h"
#include "reward/lab.h"

namespace nelumbo {
namespace {

/// The tasks about the pictures of bccd/.
constexpr std::array<const char*, 4> kSmearTasks{"locate", "type", "count", "report"};

struct TryOptions {
  std::string spec;
  std::optional<std::string> named;  ///< the data that the user gave
  std::optional<std::string> rows_of;
  int64_t pictures = 0, questions = 0;

  std::string data() const { return named.value_or("data"); }
};

/// The spec that scores the rows of a file: the one that is named, the only one, or that of the
/// file's folder.
Result<std::string> spec_of_rows(const RewardSpec& spec, const TryOptions& options) {
  const std::vector<std::string> names = spec.names();
  const std::string folder =
      std::filesystem::path(options.data()).parent_path().filename().string();
  const std::string name = options.rows_of.value_or(names.size() == 1 ? names.front() : folder);
  if (std::ranges::find(names, name) != names.end())
    return name;
  const std::string known = did_you_mean(name, names) + "; there are " + joined(names, ", ");
  if (options.rows_of)
    return Error{Errc::kInvalidConfig,
                 options.spec + ": no spec is called '" + shortened(name) + "'" + known};
  return Error{Errc::kInvalidConfig, options.spec +
                                         ": holds several specs, none with the name of the folder "
                                         "of " +
                                         options.data() + "; say which with --spec" + known};
}

/// What the rows of a file ask.
Result<std::vector<Prompt>> row_prompts(const RewardSpec& spec, const TryOptions& options,
                                        const Dialogue& dialogue) {
  const Result<std::string> name = spec_of_rows(spec, options);
  if (!name)
    return name.error();
  const auto rows = read_row_questions(options.data(), name.value());
  if (!rows)
    return rows.error();
  std::vector<Prompt> prompts;
  for (const TextQuestion& row : rows.value())
    if (options.questions == 0 || std::ssize(prompts) < options.questions)
      prompts.push_back(text_prompt(row, dialogue, 0));
  return prompts;
}

/// Adds what is asked in words.
Result<void> add_text_prompts(const std::vector<std::string>& names, const TryOptions& options,
                              const Dialogue& dialogue, std::vector<Prompt>* prompts) {
  const Result<std::vector<TextQuestion>> questions =
      sample_questions(names, options.data(), options.questions);
  if (!questions)
    return questions.error();
  for (const TextQuestion& question : questions.value())
    prompts->push_back(text_prompt(question, dialogue, 0));
  return {};
}

bool is_file_of_rows(const std::string& data) {
  return data.ends_with(".json") || data.ends_with(".jsonl");
}

/// What the command line says about the data, as far as it can be wrong by itself.
Result<void> check_data(const TryOptions& options) {
  std::error_code none;
  if (options.named && !std::filesystem::exists(*options.named, none))
    return Error{Errc::kBadData, *options.named + ": there is no such file or folder"};
  if (options.named && !is_file_of_rows(*options.named) &&
      !std::filesystem::is_directory(*options.named, none))
    return Error{Errc::kBadData, *options.named +
                                     ": is no folder, and its name does not end in .json or .jsonl "
                                     "as one of rows does"};
  if (options.rows_of && !is_file_of_rows(options.data()))
    return Error{Errc::kInvalidConfig,
                 "--spec says who scores the rows of a file, and DATA is a folder; leave it out"};
  return {};
}

/// Adds what is asked about pictures.
Result<void> add_picture_prompts(const std::vector<std::string>& names, const TryOptions& options,
                                 const Dialogue& dialogue, std::vector<Prompt>* prompts) {
  const auto scored = [&](const std::string& task) {
    return std::ranges::find(names, task) != names.end();
  };
  if (std::ranges::none_of(kSmearTasks, scored))
    return {};
  Team team(2);
  Result<Bccd> data = read_bccd(options.data(), {.train = 1, .val = options.pictures}, team);
  if (!data)
    return data.error();
  for (Prompt& prompt :
       validation_prompts(data.value().val, dialogue, ModelConfig().vision.image_size))
    if (scored(prompt.reward))
      prompts->push_back(std::move(prompt));
  return {};
}

/// What the specification is tried on. It needs a tokenizer and no model.
Result<std::vector<Prompt>> prompts_for(const RewardSpec& spec, const TryOptions& options) {
  Result<Tokenizer> tokenizer = new_tokenizer({});
  if (!tokenizer)
    return tokenizer.error();
  const Result<Dialogue> dialogue =
      Dialogue::create(std::move(tokenizer).value(), ModelConfig().image_tokens());
  if (!dialogue)
    return dialogue.error();
  if (is_file_of_rows(options.data()))
    return row_prompts(spec, options, dialogue.value());
  const std::vector<std::string> names = spec.names();
  std::vector<Prompt> prompts;
  if (auto added = add_picture_prompts(names, options, dialogue.value(), &prompts); !added)
    return added.error();
  if (auto added = add_text_prompts(names, options, dialogue.value(), &prompts); !added)
    return added.error();
  if (prompts.empty() && spec.fixtures().empty())
    return Error{Errc::kInvalidConfig,
                 options.spec +
                     ": no spec in it scores a task of the data, and it has no tests; give it "
                     "tests, or name a file of rows (.json, .jsonl) behind it"};
  if (prompts.empty() && options.named)
    return Error{Errc::kBadData,
                 *options.named + ": nothing in it is asked by a task of " + options.spec +
                     "; name one file of rows (.json, .jsonl), or no data at all to try the "
                     "specification on its tests"};
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
  return {{"ok", report.ok()},           {"rows", rows},
          {"prompts", report.prompts},   {"answers", report.scored},
          {"tied", report.tied},         {"seconds", report.seconds},
          {"problems", report.problems}, {"more_problems", report.more_problems},
          {"warnings", report.warnings}};
}

/// What is wrong with judges, and whether the tests hold, which ask none.
Error with_tests(Error error, const RewardSpec& spec) {
  if (error.code != Errc::kEnvironment || spec.fixtures().empty())
    return error;
  if (const Result<void> passed = run_fixtures(spec); !passed)
    return Error{passed.error().code, passed.error().message + "\n" + error.message};
  error.message += "\nthe tests of the specification, which ask nobody, hold";
  return error;
}

Result<void> try_reward(Session& session, const TryOptions& options) {
  if (auto fine = check_data(options); !fine)
    return fine.error();
  const auto spec = read_reward_spec(options.spec);
  if (!spec)
    return spec.error();
  Result<std::vector<Prompt>> prompts = prompts_for(*spec.value(), options);
  if (!prompts)
    return prompts.error();
  for (const Prompt& prompt : prompts.value())
    if (Result<void> fits = spec.value()->check_prompt(prompt); !fits)
      return Error{is_file_of_rows(options.data()) ? Errc::kBadData : fits.error().code,
                   prompt.id + ": " + fits.error().message};
  if (Result<void> admitted = admit_judges(spec.value()->examine_judges()); !admitted)
    return with_tests(admitted.error(), *spec.value());
  const LabReport report = try_spec(*spec.value(), prompts.value());
  if (session.json)
    session.out << report_json(report).dump() << '\n';
  else
    session.out << render(report);
  if (report.ok())
    return {};
  const std::string& first = report.problems.front();
  return Error{Errc::kCheckFailed,
               (first.starts_with(options.spec + ":") ? "" : options.spec + ": ") + first + " (" +
                   std::to_string(std::ssize(report.problems) + report.more_problems) + " in all)"};
}

}  // namespace

void add_reward_try_command(CLI::App& reward, Session& session) {
  auto options = std::make_shared<TryOptions>();
  CLI::App* command = reward.add_subcommand("try",
                                            "Scores right answers against ones made to cheat; "
                                            "exits 6 if a bad answer wins, or if no wrong "
                                            "one scores below the right one.");
  command->add_option("SPEC", options->spec, "The reward specification.")->required();
  command->add_option("DATA", options->named,
                      "What to try it on: a folder with the data sets, or one file of rows (JSON "
                      "Lines, or PubMedQA's JSON); data where nothing is said.");
  command->add_option(
      "--spec", options->rows_of,
      "Which spec scores the rows of a file; as a rule the one with the name of the "
      "file's folder.");
  command->add_option("--pictures", options->pictures, "Only so many pictures; 0 is all.")
      ->check(CLI::Range(0, 1'000'000'000));
  command
      ->add_option("--questions", options->questions,
                   "Only so many questions of each task without pictures, or rows; 0 is all.")
      ->check(CLI::Range(0, 1'000'000'000));
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer(
      "Examples:\n  nelumbo reward try configs/rewards/smear.yaml --json\n"
      "  nelumbo reward try configs/rewards/pubmedqa.yaml data/pubmedqa/pqal_train.json");
  command->callback([&session, options] {
    session.action = [&session, options] { return try_reward(session, *options); };
  });
}

}  // namespace nelumbo
