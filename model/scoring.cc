// SPDX-License-Identifier: Apache-2.0
#include "model/scoring.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "model/forward.h"

namespace nelumbo {
namespace {

/// Rows of one pass: enough to keep the matrices busy.
constexpr int64_t kRowsAtOnce = 256;
/// Pictures of one pass over the vision tower, which keeps what each of its layers gave.
constexpr size_t kPicturesAtOnce = 32;

/// Keys and values of one sequence.
struct Keys {
  std::vector<Buffer> memory;
  std::vector<float*> blocks;

  Keys(const DecoderConfig& config, int64_t positions) {
    for (int64_t block = 0; block * kKeyBlock < positions; ++block) {
      memory.emplace_back(block_floats(config));
      blocks.push_back(memory.back().data());
    }
  }
};

/// What stands in for the placeholders of all pictures, one row behind the other.
std::vector<float> features_of(const Network& network, const EngineWeights& weights, Team& team,
                               std::span<const float* const> pictures) {
  std::vector<float> features;
  EngineOps ops(network, team);
  for (size_t begin = 0; begin < pictures.size(); begin += kPicturesAtOnce) {
    const auto pass = pictures.subspan(begin, std::min(kPicturesAtOnce, pictures.size() - begin));
    ops.reset();
    ops.begin(weights, nullptr);
    const EngineOps::Tensor rows =
        image_features(ops, network, std::vector<const float*>(pass.begin(), pass.end()));
    features.insert(features.end(), rows.data, rows.data + rows.rows * rows.cols);
  }
  return features;
}

}  // namespace

std::vector<float> score_tokens(const Network& network, const EngineWeights& weights, Team& team,
                                std::span<const int32_t> tokens,
                                std::span<const float* const> pictures) {
  const DecoderConfig& config = network.config.decoder;
  const int64_t count = std::ssize(tokens) - 1;
  NELUMBO_CHECK(count >= 0 && count < config.max_positions) << count + 1 << " tokens to score";
  const auto placeholders = network.config.image_token_id
                                ? std::ranges::count(tokens, *network.config.image_token_id)
                                : 0;
  NELUMBO_CHECK(placeholders == std::ssize(pictures) * network.config.image_tokens())
      << placeholders << " placeholders for " << pictures.size() << " pictures";
  const std::vector<float> features = features_of(network, weights, team, pictures);
  const float* feature = features.data();
  const Keys keys(config, count);
  EngineOps ops(network, team);
  std::vector<float> logprobs(static_cast<size_t>(count));
  for (int64_t begin = 0; begin < count; begin += kRowsAtOnce) {
    const int64_t rows = std::min(kRowsAtOnce, count - begin);
    PagedRows paged;
    ops.reset();
    ops.begin(weights, &paged);
    const EngineOps::Tensor x = ops.make(rows, config.hidden_size);
    for (int64_t row = 0; row < rows; ++row) {
      const int32_t token = tokens[static_cast<size_t>(begin + row)];
      const bool picture = token == network.config.image_token_id;
      if (picture)
        std::copy_n(std::exchange(feature, feature + x.cols), x.cols, x.data + row * x.cols);
      else
        weights.row(network.token_embedding, token, x.data + row * x.cols);
      paged.positions.push_back(static_cast<int32_t>(begin + row));
      paged.blocks.emplace_back(keys.blocks);
    }
    const EngineOps::Tensor h = final_hidden(ops, network, decoder_hidden(ops, network, x));
    head(team, h.data, rows, weights.matrix(network.head), tokens.data() + begin + 1, 1.0F,
         logprobs.data() + begin, nullptr);
  }
  return logprobs;
}

}  // namespace nelumbo
