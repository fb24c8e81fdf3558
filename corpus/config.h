// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

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

/// How the tokenizer is trained.
struct TokenizerConfig {
  int64_t vocab_size = 512;

  template <class V>
  void fields(V& v) {
    v(vocab_size, "vocab_size", "Bytes, merges and added tokens together.", Between{300, 100000});
  }
};

}  // namespace nelumbo
