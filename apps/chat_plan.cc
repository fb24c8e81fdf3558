// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_plan.h"

#include <algorithm>
#include <utility>

#include "apps/chat_materials.h"
#include "apps/model_export.h"
#include "apps/pass_rates.h"
#include "apps/score_model_export.h"
#include "apps/token_sources.h"
#include "base/rng.h"
#include "learner/policy_learner.h"
#include "rollout/policy_engine.h"

namespace nelumbo {
namespace {

using nlohmann::json;
using Rows = std::vector<const ChatRow*>;

/// The rows of a run: stages behind filter use those that it keeps, the others all of them.
class ChatSources {
 public:
  ChatSources(std::shared_ptr<const ChatMaterials> materials, const std::string& place)
      : materials_(std::move(materials)) {
    if (materials_->config.has_stage("filter"))
      rates_.emplace(place, materials_->config.filter);
  }

  int64_t filter_steps() const {
    const int64_t step = materials_->config.filter.prompts;
    return rates_ ? (tried() + step - 1) / step : 0;
  }

  /// Those to train on, then those to validate on.
  Prompts filter_prompts(int64_t step) const {
    const int64_t count = materials_->config.filter.prompts;
    Prompts prompts;
    for (int64_t i = step * count; i < std::min((step + 1) * count, tried()); ++i) {
      const int64_t train = tried_to_train();
      const ChatRow& row = i < train ? materials_->train[static_cast<size_t>(i)]
                                     : materials_->validation[static_cast<size_t>(i - train)];
      prompts.push_back(row.prompt);
    }
    return prompts;
  }

  /// kCheckFailed when all were tried and there is nothing to train on, or nothing to validate on.
  Result<Metrics> keep(const std::vector<ScoredGroup>& groups) const {
    Result<Metrics> metrics = rates_->keep(groups);
    if (!metrics || metrics.value()["filter/prompts"] < static_cast<double>(tried()))
      return metrics;
    for (const auto& [rows, what] : {std::pair{&materials_->train, "chat.train"},
                                     std::pair{&materials_->validation, "validation"}}) {
      const Result<Rows> some = kept(*rows);
      if (!some)
        return some.error();
      if (some.value().empty())
        return Error{Errc::kCheckFailed,
                     std::string("no prompt of ") + what +
                         " is answered right as often as filter.low and filter.high ask; widen "
                         "them, or try more prompts"};
    }
    return metrics;
  }

  /// Those of `rows` that a stage uses.
  Result<Rows> of_stage(const char* stage, const std::vector<ChatRow>& rows) const {
    if (filtered(stage))
      return kept(rows);
    Rows all;
    for (const ChatRow& row : rows)
      all.push_back(&row);
    return all;
  }

  /// The same where an error cannot be: filter has read its file, or the run would have ended.
  Rows known(const char* stage, const std::vector<ChatRow>& rows) const {
    Result<Rows> read = of_stage(stage, rows);
    return read ? std::move(read).value() : Rows();
  }

  /// Those of the test where there is one, as they are; else those of validation.
  Rows asked(Occasion occasion) const {
    Rows test;
    if (occasion != Occasion::kValidation)
      for (const ChatRow& row : materials_->test)
        test.push_back(&row);
    return test.empty() ? known("evaluate", materials_->validation) : test;
  }

  const ChatMaterials& materials() const { return *materials_; }

 private:
  /// Whether a stage stands behind filter.
  bool filtered(const char* stage) const {
    const std::vector<std::string>& all = materials_->config.pipeline;
    return std::ranges::find(all, "filter") < std::ranges::find(all, stage);
  }

  Result<Rows> kept(const std::vector<ChatRow>& rows) const {
    std::vector<std::string> ids;
    ids.reserve(rows.size());
    for (const ChatRow& row : rows)
      ids.push_back(row.id);
    const Result<std::vector<bool>> read = rates_->kept(ids);
    if (!read)
      return read.error();
    Rows out;
    for (size_t i = 0; i < rows.size(); ++i)
      if (read.value()[i])
        out.push_back(&rows[i]);
    return out;
  }

  int64_t tried_to_train() const {
    return std::min(std::ssize(materials_->train), materials_->config.filter.max_prompts);
  }
  int64_t tried() const { return tried_to_train() + std::ssize(materials_->validation); }

  std::shared_ptr<const ChatMaterials> materials_;
  mutable std::optional<PassRates> rates_;
};

/// Conversations of a step of sft, dealt so that each comes once before any comes again.
Result<std::vector<TrainingGroup>> shown_batch(const ChatSources& sources, int64_t step) {
  const RunConfig& config = sources.materials().config;
  const Result<Rows> rows = sources.of_stage("sft", sources.materials().train);
  if (!rows)
    return rows.error();
  std::vector<TrainingGroup> groups;
  for (int64_t i = 0; i < config.sft.questions; ++i) {
    const int64_t row = dealt(static_cast<uint64_t>(config.run.seed), StageKind::kSft,
                              step * config.sft.questions + i, std::ssize(rows.value()));
    groups.push_back(rows.value()[static_cast<size_t>(row)]->shown);
  }
  return groups;
}

std::vector<TrainingGroup> shown_validation(const ChatSources& sources) {
  std::vector<TrainingGroup> groups;
  for (const ChatRow* row : sources.known("sft", sources.materials().validation))
    groups.push_back(row->shown);
  return groups;
}

/// The first round of a step deals prompts as sft does; what refills it is drawn at random.
Prompts rl_prompts(const ChatSources& sources, int64_t step, int64_t round, int64_t count) {
  const RunConfig& config = sources.materials().config;
  const Rows rows = sources.known("rl", sources.materials().train);
  const auto seed = static_cast<uint64_t>(config.run.seed);
  Random random(seed, Purpose::kPrompt, static_cast<uint64_t>(step), static_cast<uint32_t>(round));
  Prompts prompts;
  for (int64_t i = 0; i < count && !rows.empty(); ++i) {
    const int64_t row =
        round == 0 ? dealt(seed, StageKind::kRl, step * config.rl.prompts + i, std::ssize(rows))
                   : random.below(std::ssize(rows));
    prompts.push_back(rows[static_cast<size_t>(row)]->prompt);
  }
  return prompts;
}

/// eval/<task>/loss and eval/<task>/token_accuracy; the accuracy is what counts.
Judgement judged_tokens(const std::string& task, const Metrics& metrics) {
  Judgement judgement;
  for (const auto& [from, to] :
       {std::pair{"loss/", "/loss"}, std::pair{"accuracy/", "/token_accuracy"}})
    if (const auto found = metrics.find(from + task); found != metrics.end())
      judgement.metrics["eval/" + task + to] = judgement.value = found->second;
  return judgement;
}

class ChatPlan : public RunPlan {
 public:
  explicit ChatPlan(std::shared_ptr<const ChatMaterials> materials)
      : materials_(std::move(materials)) {}

  const Network& network() const override { return materials_->model.network; }
  Team& team() const override { return *materials_->team; }
  StageInputs inputs() const override {
    return {materials_->data_hash, materials_->reward ? materials_->reward->hash() : ""};
  }

  std::string summary() const override {
    return network().config.architecture + " of " + materials_->model.directory + ", " +
           std::to_string(materials_->train.size()) + " + " +
           std::to_string(materials_->validation.size()) + " conversations, " +
           std::to_string(materials_->preferences.train.size()) + " + " +
           std::to_string(materials_->preferences.validation.size()) + " pairs";
  }

  json figures() const override {
    return {{"architecture", network().config.architecture},
            {"model", materials_->model.directory},
            {"conversations",
             {{"train", materials_->train.size()},
              {"validation", materials_->validation.size()},
              {"test", materials_->test.size()}}},
            {"pairs",
             {{"train", materials_->preferences.train.size()},
              {"validation", materials_->preferences.validation.size()}}},
            {"vocabulary", materials_->model.tokenizer->size()}};
  }

  CrewSetup crew() const override {
    const auto& materials = materials_;
    CrewSetup crew = crew_of(materials->config, materials->reward);
    crew.make_engine = [materials] {
      return make_policy_engine(materials->model.network, materials->config.engine,
                                materials->environment, *materials->team);
    };
    crew.make_learner = [materials](LearnerRanks ranks) {
      return make_learner(materials->model.network, *materials->model.weights,
                          *materials->learner_team,
                          static_cast<uint64_t>(materials->config.run.seed), std::move(ranks));
    };
    return crew;
  }

  PipelineSetup setup(const std::vector<StageKind>& stages,
                      const std::shared_ptr<EvaluationBook>& book,
                      const std::string& place) const override {
    PipelineSetup setup = setup_of(materials_->config, stages);
    const auto sources = std::make_shared<const ChatSources>(materials_, place);
    setup.filter_steps = sources->filter_steps();
    setup.filter_samples = static_cast<int32_t>(materials_->config.filter.samples);
    setup.crew = crew();
    setup.sources = sources_of(sources, book);
    setup.weights = materials_->model.weights;
    setup.write_score_model = [materials = materials_](const std::string& folder, StageKind stage,
                                                       const WeightSet& weights,
                                                       const Metrics& validation) {
      return write_score_model(
          materials->documents,
          {stage, &weights, stored_type(materials->config.model.dtype), &validation}, folder);
    };
    setup.write_model = [materials = materials_](const std::string& folder,
                                                 const WeightSet& weights) {
      return write_trained(materials->documents, weights,
                           stored_type(materials->config.model.dtype), folder);
    };
    return setup;
  }

 private:
  static PipelineSources sources_of(const std::shared_ptr<const ChatSources>& sources,
                                    const std::shared_ptr<EvaluationBook>& book) {
    PipelineSources out;
    out.token_batch = [sources](StageKind, int64_t step) { return shown_batch(*sources, step); };
    out.token_validation = [sources](StageKind) { return shown_validation(*sources); };
    out.judge_tokens = [sources](StageKind, const Metrics& metrics, const Predictions&) {
      return judged_tokens(sources->materials().config.chat.task, metrics);
    };
    out.preferences = [sources](StageKind stage) -> Result<PreferencePairs> {
      return pairs_of_stage(stage, sources->materials().preferences);
    };
    out.preference_order = [sources](StageKind stage, int64_t first, int64_t count, int64_t train) {
      const auto seed = static_cast<uint64_t>(sources->materials().config.run.seed);
      return dealt_range(seed, stage, first, count, train);
    };
    out.filter_prompts = [sources](int64_t step) { return sources->filter_prompts(step); };
    out.keep_pass_rates = [sources](const std::vector<ScoredGroup>& groups) {
      return sources->keep(groups);
    };
    out.rl_prompts = [sources](int64_t step, int64_t round, int64_t count) {
      return rl_prompts(*sources, step, round, count);
    };
    out.evaluation = [sources](Occasion occasion) {
      Prompts asked;
      for (const ChatRow* row : sources->asked(occasion))
        asked.push_back(row->prompt);
      return plain_passes(sources->materials().config, asked, occasion);
    };
    out.judge_answers = [book](const EvaluationPlace& place,
                               const std::vector<EvaluationAnswers>& answers) {
      return book->judge(place, answers);
    };
    return out;
  }

  std::shared_ptr<const ChatMaterials> materials_;
};

}  // namespace

Result<std::unique_ptr<const RunPlan>> load_chat_plan(const RunConfig& config,
                                                      const std::string& config_path) {
  Result<std::shared_ptr<const ChatMaterials>> materials = load_chat_materials(config, config_path);
  if (!materials)
    return materials.error();
  return std::unique_ptr<const RunPlan>(std::make_unique<ChatPlan>(std::move(materials).value()));
}

}  // namespace nelumbo
