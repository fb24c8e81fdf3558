// SPDX-License-Identifier: Apache-2.0
#include "apps/score_model_export.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "apps/hf_directory.h"
#include "apps/model_export.h"
#include "base/file.h"

namespace nelumbo {
namespace {

constexpr int64_t kLongestConfig = 1 << 20;

ScoreUse use_of(StageKind stage) {
  return stage == StageKind::kPrm ? ScoreUse::kSteps : ScoreUse::kAnswer;
}

/// What reward/score_terms.h reads.
Result<void> write_measured(const TrainedScores& trained, const std::string& folder) {
  nlohmann::ordered_json measured;
  measured["stage"] = stage_name(trained.stage);
  measured["on"] = trained.stage == StageKind::kPrm
                       ? "the steps of held-out gold paths and of their corruptions"
                       : "held-out pairs";
  measured["weights"] = weights_hash(*trained.weights);
  const std::string prefix = "eval/" + stage_name(trained.stage) + "/";
  for (const auto& [name, value] : *trained.validation)
    if (name.starts_with(prefix))
      measured[name.substr(prefix.size())] = value;
  return write_file_atomic(folder + "/measured.json", measured.dump(2) + "\n");
}

}  // namespace

Result<void> write_score_model(const ModelSource& documents, const TrainedScores& trained,
                               const std::string& folder) {
  ModelSource source = documents;
  std::string& config = source.documents["config.json"];
  Result<std::string> written =
      score_config_json(config, use_of(trained.stage), documents.place + "/config.json");
  if (!written)
    return written.error();
  config = std::move(written).value();
  if (auto done = write_trained(source, *trained.weights, trained.type, folder); !done)
    return done.error();
  return write_measured(trained, folder);
}

Result<void> write_score_model(const ModelConfig& config, const Dialogue& dialogue,
                               const TrainedScores& trained, const std::string& folder) {
  if (auto done = write_hf_directory(folder, config, dialogue, *trained.weights); !done)
    return done.error();
  const std::string place = folder + "/config.json";
  const Result<std::string> policy = read_file(place, kLongestConfig);
  if (!policy)
    return policy.error();
  const Result<std::string> written =
      score_config_json(policy.value(), use_of(trained.stage), place);
  if (!written)
    return written.error();
  if (auto done = write_file_atomic(place, written.value()); !done)
    return done;
  return write_measured(trained, folder);
}

}  // namespace nelumbo
