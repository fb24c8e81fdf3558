// SPDX-License-Identifier: Apache-2.0
#include "apps/recipe_plan.h"

#include <utility>

#include "apps/materials.h"
#include "apps/pipeline_setup.h"
#include "base/hash.h"

namespace nelumbo {
namespace {

using nlohmann::json;

std::string input_hash(const Materials& materials) {
  Hasher hasher;
  hasher.update(content_hash(materials.data));
  if (materials.curated)
    hasher.update(materials.curated->key);
  return hasher.hex();
}

class RecipePlan : public RunPlan {
 public:
  explicit RecipePlan(std::shared_ptr<const Materials> materials)
      : materials_(std::move(materials)) {}

  const Network& network() const override { return materials_->network; }
  Team& team() const override { return *materials_->team; }

  StageInputs inputs() const override {
    return {input_hash(*materials_), materials_->reward->hash()};
  }

  std::string summary() const override {
    return std::to_string(materials_->data.train.size()) + " + " +
           std::to_string(materials_->data.val.size()) + " pictures (" +
           std::to_string(materials_->data.leaked.size()) + " left out: near-duplicates), " +
           std::to_string(materials_->validation.size()) + " validation prompts, vocabulary of " +
           std::to_string(materials_->dialogue->tokenizer().size());
  }

  json figures() const override {
    return {{"pictures",
             {{"train", materials_->data.train.size()},
              {"val", materials_->data.val.size()},
              {"left_out_near_duplicates", materials_->data.leaked}}},
            {"validation_prompts", materials_->validation.size()},
            {"vocabulary", materials_->dialogue->tokenizer().size()}};
  }

  Result<void> keep_earlier(const std::string& place, Reuse reuse) const override {
    if (!materials_->curated)
      return {};
    return keep_curated(materials_->config, *materials_->curated, place, reuse);
  }

  /// "curate: 12303 texts, 29936 entities, 397 questions to train on and 150 multi-hop ones to be
  /// asked, kept from an earlier run"
  std::string earlier_sentence() const override {
    if (!materials_->curated)
      return "";
    const CuratedRun& curated = *materials_->curated;
    const Curated& data = *curated.data;
    return "curate: " + std::to_string(data.documents.size()) + " texts, " +
           std::to_string(data.nodes) + " entities, " + std::to_string(data.training.size()) +
           " questions to train on and " + std::to_string(data.validation.size()) +
           " multi-hop ones to be asked" + (curated.reused ? ", kept from an earlier run" : "");
  }

  json earlier_stages() const override {
    if (!materials_->curated)
      return json::array();
    json stage = {
        {"name", "curate"}, {"planned", 1}, {"done", 1}, {"seconds", materials_->curated->seconds}};
    if (materials_->curated->reused)
      stage["reused"] = true;
    return json::array({stage});
  }

  CrewSetup crew() const override { return crew_of(materials_); }

  PipelineSetup setup(const std::vector<StageKind>& stages,
                      const std::shared_ptr<EvaluationBook>& book,
                      const std::string& place) const override {
    return setup_of_recipe(materials_, stages, book, place);
  }

 private:
  std::shared_ptr<const Materials> materials_;
};

}  // namespace

Result<std::unique_ptr<const RunPlan>> load_recipe_plan(const RunConfig& config,
                                                        const std::string& config_path,
                                                        Reuse reuse) {
  Result<std::shared_ptr<const Materials>> materials = load_materials(config, config_path, reuse);
  if (!materials)
    return materials.error();
  return std::unique_ptr<const RunPlan>(std::make_unique<RecipePlan>(std::move(materials).value()));
}

}  // namespace nelumbo
