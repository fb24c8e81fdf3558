// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "kernels/team.h"
#include "model/engine_weights.h"
#include "model/network.h"
#include "model/picture.h"
#include "model/weights.h"

namespace nelumbo {

/// What the scores of a score model are about, and so which class of transformers opens it.
enum class ScoreUse {
  kAnswer,  ///< a whole answer, at its last token: ...ForSequenceClassification
  kSteps,   ///< each step, at its last token: ...ForTokenClassification, which has a bias
};

/// A policy's trunk with a linear layer to one number behind its final norm, in the place of the
/// head over tokens.
struct ScoreNetwork {
  Network network;  ///< whose own head is never used
  LinearSlot score;
};

/// The score model of policies of that shape: their parameters without the head over tokens, then
/// `score.weight` [1, hidden] and for steps `score.bias` [1].
ScoreNetwork make_score_network(const ModelConfig& policy, StoredType type, ScoreUse use);

/// Whether a parameter of that name is the head's.
bool is_score(const std::string& name);

/// The trunk of a policy with a head of zeros, in the order of `network`. REQUIRES: the weights of
/// a policy of the same shape.
WeightSet begin_score_model(const ScoreNetwork& network, const WeightSet& policy);

/// What config.json of a score model says beyond that of the policy `config`, which it is written
/// like: `architectures`, one label, that there is no head over tokens, and no token that pads.
/// kBadData with `place` where `config` is no JSON object.
Result<std::string> score_config_json(const std::string& config, ScoreUse use,
                                      const std::string& place);

/// A score model that was read, ready for the engine. Immutable, shared between threads.
struct ScoreModel {
  std::string directory;
  ScoreUse use = ScoreUse::kAnswer;
  ScoreNetwork network;
  std::shared_ptr<const EngineWeights> weights;
  std::string hash;  ///< weights_hash of its tensors

  /// Of each token. REQUIRES: as score_with_head().
  std::vector<float> scores(Team& team, std::span<const int32_t> tokens,
                            std::span<const Pixels> pictures = {}) const;
};

/// Reads a directory that transformers' AutoModelForSequenceClassification or
/// AutoModelForTokenClassification wrote, of one label. kBadData names the file and what is wrong
/// with it: another class, several labels, a tensor that is missing or of another shape.
Result<ScoreModel> read_score_model(const std::string& directory);

}  // namespace nelumbo
