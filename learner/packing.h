// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "corpus/training_group.h"
#include "kernels/kernels.h"
#include "learner/aggregation.h"
#include "model/picture.h"

namespace nelumbo {

/// One micro-batch, ready for the network. T packed rows, S scored targets.
///
/// Example: prefix [p q], items [a b c] (b, c trained) and [d] (trained):
///     tokens    p q a b     positions 0 1 2 3    segments {0, 2}, {2, 2, parent 0}
///     targets   b c d       rows      2 3 1      (c and d are only predicted, so they have no row)
struct PackedBatch {
  std::vector<int32_t> tokens;         ///< [T]
  std::vector<int32_t> positions;      ///< [T, axes] rotary; restart with each group, items go on
                                       ///< behind the prefix
  std::vector<Segment> segments;       ///< each prefix and its items, in row order
  std::vector<Pixels> pixels;          ///< [I] distinct pictures, in order of first use
  std::vector<int64_t> image_rows;     ///< packed row of each image placeholder, in row order
  std::vector<int64_t> image_sources;  ///< its row of the features of all `pixels`
  std::vector<int64_t> rows;           ///< [S] packed row whose hidden state predicts the target;
                                       ///< first tokens of items share their prefix's last row
  std::vector<int32_t> targets;        ///< [S]
  std::vector<float> weights;          ///< [S] w, the denominator of the whole step inside
  std::vector<float> advantages;       ///< [S], empty for next-token losses
  std::vector<float> old_logprobs;     ///< [S], empty for next-token losses
  std::vector<int32_t> group;          ///< [S] index into what `pack` was given
  std::vector<int32_t> item;           ///< [S] index into that group's items
  std::vector<int32_t> task;           ///< [S] index into `tasks`
  std::vector<std::string> tasks;      ///< of the whole step, the same for each of its batches
};

struct PackOptions {
  std::optional<int32_t> image_token_id;  ///< none: there are no pictures
  RowLayout layout;                       ///< how pictures and tokens become rows
  int64_t max_tokens = 0;  ///< T of a micro-batch, unless one item and its prefix take more
  Aggregation aggregation = Aggregation::kTokenMean;
  int64_t loss_length = 1;    ///< for Aggregation::kSeqMeanTokenSumMax
  bool whole_groups = false;  ///< never split one, however long it is
};

/// Packs what one optimizer step sees into micro-batches whose gradients are to be summed; the sum
/// is the same for any `max_tokens`, to rounding.
///
/// Groups go, in order, into the first micro-batch with room. A group is split only if it exceeds
/// max_tokens by itself and may be: then its prefix is computed again for each part. Rows that no
/// target depends on are left out: those behind an item's last target, items and groups without
/// one.
///
/// A placeholder that is itself a target is a token that the policy drew, not a picture.
/// REQUIRES: at every other place, as many placeholders as the pictures have tokens; items of
/// policy losses all have advantages and log-probs, the others none.
std::vector<PackedBatch> pack(std::span<const TrainingGroup> groups, const PackOptions& options);

}  // namespace nelumbo
