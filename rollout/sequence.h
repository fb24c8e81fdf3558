// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/engine_ops.h"
#include "model/row_places.h"
#include "rollout/engine.h"
#include "rollout/environment.h"
#include "rollout/key_blocks.h"

namespace nelumbo {

/// A picture and, once computed, what stands in for its image tokens.
struct EncodedPicture {
  Pixels pixels;
  TokenGrid grid;
  uint64_t hash = 0;            ///< XXH3-64 of the pixels
  std::vector<float> features;  ///< [tokens, hidden]; empty until encoded
};

/// Computes the features of those pictures that have none, a pass for as many as one may take.
void encode(std::span<EncodedPicture* const> pictures, const Network& network,
            const EngineWeights& weights, EngineOps& ops);

/// The pictures of all groups, distinct by content: each is encoded once while any group shows it.
class PictureBook {
 public:
  explicit PictureBook(const RowLayout& layout) : layout_(layout) {}

  const RowLayout& layout() const { return layout_; }
  std::shared_ptr<EncodedPicture> picture(const Pixels& pixels);

 private:
  RowLayout layout_;
  std::unordered_multimap<uint64_t, std::weak_ptr<EncodedPicture>> known_;
};

/// One position that is still to be computed: a token, or a row of a picture in its place.
struct Input {
  int32_t token = 0;
  EncodedPicture* picture = nullptr;  ///< null for a token
  int64_t feature = 0;                ///< row of the picture's features
};

/// Appends the rotary positions of the next row, which `input` is.
void add_place(const Input& input, RowPlaces& places, std::vector<int32_t>* positions);

/// A token that the policy drew.
void append_token(int32_t token, float logprob, float entropy, Trajectory* trajectory);
/// Tokens that it did not.
void append_observed(const std::vector<int32_t>& tokens, Trajectory* trajectory);

/// A trajectory that is being drawn.
struct Sequence {
  Trajectory trajectory;
  Environment::State state;
  KeyBlocks::Table table;
  std::vector<Input> inputs;  ///< behind the prompt, in order
  int64_t stored = 0;         ///< of these, those whose keys and values are stored
  int64_t known = 0;          ///< and those that were, before it was put back
  RowPlaces places{1};        ///< of the rows behind them
  int64_t drawn = 0;          ///< tokens drawn so far
  bool done = false;
};

/// A request that the engine works on.
struct ActiveGroup {
  /// `shared` must outlive it.
  ActiveGroup(GroupRequest wanted, PictureBook& shared)
      : request(std::move(wanted)), book(&shared), places(shared.layout().axes) {}

  GroupRequest request;
  PictureBook* book;
  KeyBlocks::Table table;
  int64_t length = 0;  ///< prompt positions stored
  RowPlaces places;    ///< of the rows behind them
  std::vector<Input> prompt;
  std::vector<Sequence> sequences;                        ///< empty until the prompt was stored
  std::vector<std::shared_ptr<EncodedPicture>> pictures;  ///< that its inputs point to
  int64_t left = 0;                                       ///< sequences not done
  int64_t scored = 0;     ///< tokens of the prompt whose successors were scored
  bool put_back = false;  ///< it waits, without keys, for room to go on

  /// The one picture of that content, which the group keeps from now on.
  EncodedPicture& picture(const Pixels& pixels);
  bool prompt_stored() const { return length == std::ssize(prompt); }
  /// It draws, and all keys that it ever had are there.
  bool is_whole() const;
  /// How many rows of a sequence these weights may read now, of those that are left.
  int64_t rows_due(size_t sample, PolicyVersion version) const;
  /// Its prompt, or all that is left of its answers, is for other weights.
  bool waits(PolicyVersion version) const;
  /// Other weights draw from here on.
  void swap(PolicyVersion version);
  /// Forgets what was drawn and that the prompt was read. REQUIRES: no table holds a block.
  void begin_anew();
  /// All samples, behind the prompt, which must be stored.
  void begin_sequences(PolicyVersion version);
  /// What was drawn, once all sequences are done.
  Group answered(bool exact);
  /// `tokens` as inputs; each run of placeholders takes the next of `pixels`.
  std::vector<Input> inputs(const std::vector<int32_t>& tokens, const std::vector<Pixels>& pixels,
                            std::optional<int32_t> image_token);
};

}  // namespace nelumbo
