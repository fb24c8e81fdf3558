// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/crew.h"
#include "base/check.h"

namespace nelumbo {

/// A crew without actors: one engine, one learner, one ledger, called in place.
class DirectCrew : public Crew {
 public:
  DirectCrew(const CrewSetup& setup, std::unique_ptr<Ledger> ledger)
      : engine_(setup.make_engine()),
        learner_(setup.make_learner({})),
        reward_(setup.reward),
        ledger_(std::move(ledger)) {}

  std::vector<MetricsLine> lines;
  std::vector<std::string> traced;
  std::map<int64_t, std::vector<ScoredGroup>> by_step;  ///< what was traced
  std::vector<PolicyVersion> published;

  Result<Metrics> train_tokens(TokenJob job) override {
    return learner_->train_tokens(job.groups, job.config, job.place);
  }
  Result<Shared<TokenValidation>> validate_tokens(
      Shared<std::vector<TrainingGroup>> groups) override {
    TokenValidation found;
    auto metrics = learner_->validate_tokens(*groups, &found.predictions);
    if (!metrics)
      return metrics.error();
    found.metrics = std::move(metrics).value();
    return share(std::move(found));
  }
  Result<Metrics> train_policy(PolicyJob job) override {
    return learner_->train_policy(job.groups, job.config, job.place);
  }
  Result<Metrics> train_preferences(PreferenceJob job) override {
    return learner_->train_preferences(job);
  }
  Result<Shared<PreferenceScores>> score_preferences(PreferenceJob job) override {
    auto scores = learner_->score_preferences(job);
    if (!scores)
      return scores.error();
    return share(std::move(scores).value());
  }
  Result<Shared<WeightSet>> score_model(PreferenceKind kind) override {
    return learner_->score_model(kind);
  }
  Result<Shared<WeightSet>> weights() override { return learner_->weights(); }
  Result<void> restart(Shared<WeightSet> weights) override {
    learner_->restart(*weights);
    return {};
  }
  Result<Shared<WeightSet>> save() override {
    auto saved = learner_->state();
    if (!saved)
      return saved.error();
    return share(std::move(saved).value());
  }
  Result<void> restore(Shared<WeightSet> saved) override { return learner_->restore(*saved); }
  Result<void> publish(Shared<WeightSet> weights, PolicyVersion version) override {
    engine_->load(std::move(weights), version);
    published.push_back(version);
    return {};
  }
  /// Answers at once: with the weights of now, whatever is published before `answers`.
  void ask(AnswerJob job) override { answered_ = answer_now(job); }
  bool answers_come(const std::function<bool()>& give_up) override { return !give_up(); }
  Result<Shared<std::vector<ScoredGroup>>> answers() override {
    return *std::exchange(answered_, std::nullopt);
  }
  /// As it is fed; a step later the engine may have other weights.
  void feed(AnswerJob job) override {
    auto answered = answer_now(job);
    NELUMBO_CHECK(answered.ok()) << answered.error().message;
    fed_.insert(fed_.end(), answered.value()->begin(), answered.value()->end());
  }
  Result<Shared<std::vector<ScoredGroup>>> take() override {
    NELUMBO_CHECK(!fed_.empty()) << "nothing is being answered";
    return share(std::exchange(fed_, {}));
  }

  Result<CrewCounts> counts() override { return CrewCounts(); }
  void note(std::vector<LedgerRecord> records) override {
    for (const LedgerRecord& record : records)
      if (auto done = ledger_->append(record); !done && !failure_)
        failure_ = done.error();
  }
  Result<LedgerCounts> commit() override {
    if (failure_)
      return *failure_;
    if (auto done = ledger_->commit(); !done)
      return done.error();
    return ledger_->counts();
  }
  void show(MetricsLine line) override { lines.push_back(std::move(line)); }
  void trace(const std::string& stage, int64_t step,
             Shared<std::vector<ScoredGroup>> scored) override {
    traced.push_back(stage + "/" + std::to_string(step));
    by_step[step] = *scored;
  }

 private:
  Result<Shared<std::vector<ScoredGroup>>> answer_now(const AnswerJob& job) {
    std::vector<ScoredGroup> all;
    for (const GroupRequest& request : job.requests) {
      if (auto queued = engine_->submit(request); !queued)
        return queued.error();
      auto group = share(std::move(engine_->step().front()));
      all.push_back({group, reward_->score(*group)});
      record(job, all.back());
    }
    return share(std::move(all));
  }
  void record(const AnswerJob& job, const ScoredGroup& scored) {
    if (!job.incarnation)
      return;
    for (Fate fate : {Fate::kIssued, Fate::kLeased, Fate::kGenerated, Fate::kScored})
      for (size_t i = 0; i < scored.outcomes.size(); ++i)
        note(
            {{{static_cast<uint64_t>(scored.group->id), static_cast<uint32_t>(i), *job.incarnation},
              fate,
              0,
              0,
              ""}});
  }

  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Learner> learner_;
  std::shared_ptr<const RewardSpec> reward_;
  std::unique_ptr<Ledger> ledger_;
  std::optional<Result<Shared<std::vector<ScoredGroup>>>> answered_;
  std::vector<ScoredGroup> fed_;
  std::optional<Error> failure_;
};

}  // namespace nelumbo
