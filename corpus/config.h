// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.h"
#include "base/fields.h"

namespace nelumbo {

/// Where the data lies and how much of it a run may use.
struct DataConfig {
  std::string root = "data";
  int64_t train_limit = 0;
  int64_t val_limit = 0;

  template <class V>
  void fields(V& v) {
    v(root, "root", "Folder with the data sets (data/ of the repository has them).", NotEmpty{});
    v(train_limit, "train_limit", "Use only so many training pictures; 0 is all.", NonNegative{});
    v(val_limit, "val_limit", "Use only so many validation pictures; 0 is all.", NonNegative{});
  }
};

/// What the prompts of the stage rl are about.
struct TaskConfig {
  double locate = 8;
  double type = 7;
  double count = 2;
  double whole_share = 0.5;

  template <class V>
  void fields(V& v) {
    v(locate, "locate", "How often a white cell is to be located, in any unit.", NonNegative{});
    v(type, "type", "How often the type of a boxed cell is asked.", NonNegative{});
    v(count, "count", "How often platelets are to be counted; these answers are the longest.",
      NonNegative{});
    v(whole_share, "whole_share",
      "Share of the prompts that show the whole picture, as validation does; the others show a "
      "random part. Both are flipped at random.",
      Between{0, 1});
  }

  Result<void> validate() const {
    if (locate + type + count > 0)
      return {};
    return Error{Errc::kInvalidConfig, "locate: no task has a weight; give one a number > 0"};
  }
};

/// How the tokenizer is trained.
struct TokenizerConfig {
  int64_t vocab_size = 512;

  template <class V>
  void fields(V& v) {
    v(vocab_size, "vocab_size", "Bytes, merges and added tokens together.", Between{300, 100000});
  }
};

/// How much more often texts about rare entities are drawn.
struct EntitySamplingConfig {
  double exponent = 0.5;
  double least = 0.25;
  double most = 4;

  template <class V>
  void fields(V& v) {
    v(exponent, "exponent",
      "An entity that is named n times as often as the mean weighs n to the power of minus this; "
      "0 draws all texts alike.",
      Between{0, 1});
    v(least, "least", "No text weighs less.", Positive{});
    v(most, "most", "No text weighs more.", Positive{});
  }

  Result<void> validate() const {
    if (least <= most)
      return {};
    return Error{Errc::kInvalidConfig, "least: must not be above most"};
  }
};

}  // namespace nelumbo
