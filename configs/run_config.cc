// SPDX-License-Identifier: Apache-2.0
#include "configs/run_config.h"

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "configs/field_visitors.h"
#include "configs/overrides.h"
#include "configs/placement_check.h"
#include "configs/yaml_tree.h"

namespace nelumbo {
namespace {

/// A configuration, and all that is wrong with it.
struct Reading {
  RunConfig config;
  std::vector<Error> errors;
};

Reading read_text(const std::string& yaml, const std::string& file,
                  const std::vector<std::string>& overrides) {
  Reading reading;
  auto root = parse_yaml(yaml, file);
  if (!root) {
    reading.errors.push_back(root.error());
    return reading;
  }
  const YamlNode defaults = tree_of(RunConfig{});
  std::vector<Error> misplaced;
  for (const std::string& text : overrides)
    if (auto done = apply_override(root.value(), defaults, text); !done)
      misplaced.push_back(done.error());
  ConfigReading sections(root.value(), defaults, file);
  SectionReader::read_section(reading.config, &root.value(), "", sections);
  for (const Problem& problem : sections.problems())
    reading.errors.push_back(problem.error());
  reading.errors.insert(reading.errors.end(), misplaced.begin(), misplaced.end());
  return reading;
}

Result<std::string> read_config_file(const std::string& path) {
  auto text = read_file(path, kMaxConfigBytes);
  if (!text)
    return Error{Errc::kInvalidConfig, text.error().message};
  return text;
}

/// Writes one headed table for each section of a configuration.
class DocWriter {
 public:
  template <class T, class Check = Any>
  void operator()(T& field, const char* name, const char* help, const Check& check = {}) {
    RowWriter rows(HasFields<T> ? name : "");
    if constexpr (HasFields<T>)
      field.fields(rows);
    else
      rows(field, name, help, check);
    text_ += std::string("\n## ") + name + "\n" + (HasFields<T> ? help + std::string("\n") : "") +
             "\n| key | default | must be | meaning |\n|---|---|---|---|\n" + rows.rows();
  }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace

bool RunConfig::has_stage(const std::string& stage) const {
  return std::find(pipeline.begin(), pipeline.end(), stage) != pipeline.end();
}

bool RunConfig::has_any_stage(const std::vector<std::string>& stages) const {
  return std::ranges::any_of(stages, [&](const std::string& stage) { return has_stage(stage); });
}

/// The first key of a stage of the pipeline that asks for what only curate makes.
std::optional<std::string> RunConfig::key_that_needs_texts() const {
  for (const char* stage : {"midtrain", "reward_model", "prm", "dpo"})
    if (has_stage(stage))
      return std::string("pipeline: ") + stage;
  for (const auto& [stage, section] : {std::pair{"pretrain", &pretrain}, std::pair{"sft", &sft}})
    for (const auto& [key, count] :
         {std::pair{".texts", section->texts}, std::pair{".questions", section->questions}})
      if (has_stage(stage) && count > 0)
        return std::string(stage) + key;
  for (const auto& [key, weight] :
       {std::pair{"tasks.multihop", tasks.multihop}, std::pair{"tasks.exam", tasks.exam},
        std::pair{"tasks.instruction", tasks.instruction}})
    if (has_stage("rl") && weight > 0)
      return key;
  return std::nullopt;
}

/// The names of the stages are known, and none stands there twice.
Result<void> RunConfig::check_stages() const {
  const std::vector<std::string> stages = {"curate", "filter",       "pretrain", "midtrain",
                                           "sft",    "reward_model", "prm",      "dpo",
                                           "rl",     "evaluate"};
  for (size_t i = 0; i < pipeline.size(); ++i) {
    const std::string item = "pipeline." + std::to_string(i) + ": ";
    if (std::find(stages.begin(), stages.end(), pipeline[i]) == stages.end())
      return Error{Errc::kInvalidConfig,
                   item + "no stage is called '" + pipeline[i] + "'" +
                       (nearest_word(pipeline[i], stages) ? did_you_mean(pipeline[i], stages)
                                                          : "; there are " + joined(stages, ", "))};
    if (std::count(pipeline.begin(), pipeline.begin() + static_cast<std::ptrdiff_t>(i),
                   pipeline[i]) > 0)
      return Error{Errc::kInvalidConfig, item + "the stage '" + pipeline[i] + "' is given twice"};
  }
  return {};
}

/// What a policy that is trained from nothing can be told.
Result<void> RunConfig::check_recipe() const {
  if (has_stage("filter"))
    return Error{Errc::kInvalidConfig,
                 "pipeline: filter needs an open model; name one in model.from"};
  if (!chat.train.empty())
    return Error{Errc::kInvalidConfig, "chat.train: needs an open model; name one in model.from"};
  if (!preferences.train.empty())
    return Error{Errc::kInvalidConfig,
                 "preferences.train: needs an open model; name one in model.from. A policy from "
                 "nothing gets its pairs from the questions of curate"};
  if (has_stage("curate") && pipeline.front() != "curate")
    return Error{Errc::kInvalidConfig,
                 "pipeline: curate must be the first stage: it makes what the others read"};
  if (!has_stage("curate"))
    if (const auto key = key_that_needs_texts())
      return Error{Errc::kInvalidConfig,
                   *key + ": needs the stage curate in pipeline, which makes the texts"};
  return {};
}

/// What an open model can be told.
Result<void> RunConfig::check_chat() const {
  for (const char* stage : {"curate", "pretrain", "midtrain"})
    if (has_stage(stage))
      return Error{Errc::kInvalidConfig, std::string("pipeline: ") + stage +
                                             " trains a policy from nothing; leave it out, or "
                                             "leave out model.from"};
  if (has_stage("prm"))
    return Error{Errc::kInvalidConfig,
                 "pipeline: prm learns from the chains of a policy from nothing; leave it out, or "
                 "leave out model.from"};
  if (has_any_stage({"reward_model", "dpo"}) && preferences.train.empty())
    return Error{Errc::kInvalidConfig,
                 "preferences.train: name the pairs that reward_model and dpo learn from"};
  if (chat.train.empty() && has_any_stage({"filter", "sft", "rl", "evaluate"}))
    return Error{Errc::kInvalidConfig,
                 "chat.train: name the conversations that model.from is trained on"};
  if (has_stage("sft") && sft.questions == 0)
    return Error{Errc::kInvalidConfig,
                 "sft.questions: must be > 0 with model.from: the conversations in one step"};
  return {};
}

Result<void> RunConfig::validate() const {
  for (const Result<void>& sound :
       {check_stages(), model.from.empty() ? check_recipe() : check_chat(), check_placement(*this)})
    if (!sound)
      return sound;
  if (has_stage("rl") && sampling.temperature == 0)
    return Error{
        Errc::kInvalidConfig,
        "sampling.temperature: must be > 0 with the stage rl: greedy answers to one prompt "
        "do not differ"};
  if (has_stage("rl") && engine.products == "int8" && rl.loss == "reinforce")
    return Error{Errc::kInvalidConfig,
                 "engine.products: int8 draws from another policy than the learner's, for which "
                 "rl.loss: reinforce makes no correction; take cispo, icepop or ppo_clip"};
  return {};
}

Result<RunConfig> parse_run_config(const std::string& yaml, const std::string& file,
                                   const std::vector<std::string>& overrides) {
  Reading reading = read_text(yaml, file, overrides);
  if (reading.errors.empty())
    return std::move(reading.config);
  std::string all;
  for (const Error& error : reading.errors)
    all += (all.empty() ? "" : "\n") + error.message;
  return Error{Errc::kInvalidConfig, all};
}

Result<RunConfig> read_run_config(const std::string& path,
                                  const std::vector<std::string>& overrides) {
  auto text = read_config_file(path);
  if (!text)
    return text.error();
  return parse_run_config(text.value(), path, overrides);
}

std::vector<Error> check_run_config(const std::string& path,
                                    const std::vector<std::string>& overrides) {
  auto text = read_config_file(path);
  if (!text)
    return {text.error()};
  return read_text(text.value(), path, overrides).errors;
}

std::string describe_run_config() {
  RunConfig defaults;
  DocWriter writer;
  defaults.fields(writer);
  return "# Configuration\n\n"
         "Every key that a configuration may have. This page is made from the field lists of the\n"
         "`config.h` files, and a test compares the two. A file states only what differs from the\n"
         "defaults; `--set key.path=value` on the command line wins over the file.\n" +
         writer.text();
}

std::string resolved_yaml(const RunConfig& config) {
  return yaml_text(tree_of(config));
}

}  // namespace nelumbo
