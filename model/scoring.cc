// SPDX-License-Identifier: Apache-2.0
#include "model/scoring.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "model/forward.h"
#include "model/picture_cursor.h"
#include "model/row_places.h"

namespace nelumbo {
namespace {

/// Rows of one pass: enough to keep the matrices busy.
constexpr int64_t kRowsAtOnce = 256;

/// Keys and values of one sequence.
struct Keys {
  std::vector<Buffer> memory;
  std::vector<float*> blocks;

  Keys(const Network& network, int64_t positions) {
    for (int64_t block = 0; block * kKeyBlock < positions; ++block) {
      memory.emplace_back(block_floats(network));
      blocks.push_back(memory.back().data());
    }
  }
};

/// What stands in for the placeholders of all pictures, one row behind the other.
std::vector<float> features_of(const Network& network, const EngineWeights& weights, Team& team,
                               std::span<const Pixels> pictures) {
  std::vector<float> features;
  EngineOps ops(network, team);
  while (!pictures.empty()) {
    const size_t count = pictures_of_pass(network.config.vision, pictures);
    ops.begin(weights, nullptr);
    const EngineOps::Tensor rows = image_features(ops, network, pictures.first(count));
    features.insert(features.end(), rows.data, rows.data + rows.rows * rows.cols);
    pictures = pictures.subspan(count);
  }
  return features;
}

/// Turns the tokens of one sequence into rows of the decoder, in order.
class Rows {
 public:
  Rows(const Network& network, const EngineWeights& weights, Team& team,
       std::span<const Pixels> pictures)
      : network_(network),
        weights_(weights),
        features_(features_of(network, weights, team, pictures)),
        pictures_(pictures, row_layout(network.config)),
        places_(row_layout(network.config).axes) {}

  /// Writes the row of the next token, and appends its rotary positions.
  void add(int32_t token, float* row, std::vector<int32_t>* positions) {
    const int64_t width = network_.config.decoder.hidden_size;
    if (token != network_.config.image_token_id) {
      weights_.row(network_.token_embedding, token, row);
      return places_.add_token(positions);
    }
    const std::optional<PictureToken> seen = pictures_.next();
    NELUMBO_CHECK(seen.has_value()) << "more image tokens than the pictures have";
    std::copy_n(features_.data() + feature_++ * width, width, row);
    places_.add_picture_row(seen->grid, seen->index, positions);
  }

 private:
  const Network& network_;
  const EngineWeights& weights_;
  std::vector<float> features_;
  PictureCursor pictures_;
  RowPlaces places_;
  int64_t feature_ = 0;
};

/// Computes the first `count` tokens of a sequence, some rows at a time, and gives the final hidden
/// states of each such piece to `use`: (ops, hidden, first row).
template <class Use>
// NOLINTNEXTLINE(readability-function-size): what scores, what is scored, and who takes it
void for_each_piece(const Network& network, const EngineWeights& weights, Team& team,
                    std::span<const int32_t> tokens, int64_t count,
                    std::span<const Pixels> pictures, const Use& use) {
  const DecoderConfig& config = network.config.decoder;
  const auto placeholders = network.config.image_token_id
                                ? std::ranges::count(tokens, *network.config.image_token_id)
                                : 0;
  NELUMBO_CHECK(placeholders == placeholders_of(pictures, row_layout(network.config)))
      << placeholders << " placeholders for " << pictures.size() << " pictures";
  Rows source(network, weights, team, pictures);
  const Keys keys(network, count);
  EngineOps ops(network, team);
  for (int64_t begin = 0; begin < count; begin += kRowsAtOnce) {
    const int64_t rows = std::min(kRowsAtOnce, count - begin);
    PagedRows paged;
    ops.begin(weights, &paged);
    const EngineOps::Tensor x = ops.make(rows, config.hidden_size);
    for (int64_t row = 0; row < rows; ++row) {
      source.add(tokens[static_cast<size_t>(begin + row)], x.data + row * x.cols, &paged.places);
      paged.positions.push_back(static_cast<int32_t>(begin + row));
      paged.blocks.emplace_back(keys.blocks);
    }
    use(ops, final_hidden(ops, network, decoder_hidden(ops, network, x)), begin);
  }
}

}  // namespace

std::vector<float> score_tokens(const Network& network, const EngineWeights& weights, Team& team,
                                std::span<const int32_t> tokens, std::span<const Pixels> pictures) {
  const int64_t count = std::ssize(tokens) - 1;
  NELUMBO_CHECK(count >= 0 && count < network.config.decoder.max_positions)
      << count + 1 << " tokens to score";
  std::vector<float> logprobs(static_cast<size_t>(count));
  for_each_piece(network, weights, team, tokens, count, pictures,
                 [&](EngineOps& /*ops*/, const EngineOps::Tensor& h, int64_t begin) {
                   head(team, h.data, h.rows, weights.matrix(network.head),
                        tokens.data() + begin + 1, 1.0F, logprobs.data() + begin, nullptr);
                 });
  return logprobs;
}

std::vector<float> next_logprobs(const Network& network, const EngineWeights& weights, Team& team,
                                 std::span<const int32_t> tokens,
                                 std::span<const int32_t> candidates) {
  const int64_t count = std::ssize(tokens);
  NELUMBO_CHECK(count > 0 && count < network.config.decoder.max_positions)
      << count << " tokens to score behind";
  const int64_t width = network.config.decoder.hidden_size;
  std::vector<float> last;
  for_each_piece(network, weights, team, tokens, count, {},
                 [&](EngineOps& /*ops*/, const EngineOps::Tensor& h, int64_t /*begin*/) {
                   const float* row = h.data + (h.rows - 1) * width;
                   last.assign(row, row + width);
                 });
  std::vector<float> rows;
  for (size_t i = 0; i < candidates.size(); ++i)
    rows.insert(rows.end(), last.begin(), last.end());
  std::vector<float> logprobs(candidates.size());
  head(team, rows.data(), std::ssize(candidates), weights.matrix(network.head), candidates.data(),
       1.0F, logprobs.data(), nullptr);
  return logprobs;
}

std::vector<float> score_with_head(const Network& network, const LinearSlot& score,
                                   const EngineWeights& weights, Team& team,
                                   std::span<const int32_t> tokens,
                                   std::span<const Pixels> pictures) {
  const int64_t count = std::ssize(tokens);
  NELUMBO_CHECK(count > 0 && count <= network.config.decoder.max_positions)
      << count << " tokens to score";
  std::vector<float> scores(static_cast<size_t>(count));
  for_each_piece(network, weights, team, tokens, count, pictures,
                 [&](EngineOps& ops, const EngineOps::Tensor& h, int64_t begin) {
                   const EngineOps::Tensor z = ops.linear(h, score);
                   std::copy_n(z.data, z.rows, scores.data() + begin);
                 });
  return scores;
}

}  // namespace nelumbo
