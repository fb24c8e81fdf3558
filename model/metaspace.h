// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "model/pretokenizer.h"

namespace nelumbo {

/// SentencePiece's way to write spaces: as a mark ("▁"), which a word begins with.
struct Metaspace {
  enum class Prepend { kAlways, kFirst, kNever };

  std::string mark;                    ///< one character
  Prepend prepend = Prepend::kAlways;  ///< which words get a mark in front: kFirst, that of a text
  bool cuts = true;                    ///< a word begins at every mark

  /// Reads a step of type Metaspace: a pre-tokenizer or a decoder.
  static Result<Metaspace> parse(const nlohmann::json& step, const std::string& place);

  /// A word with marks for spaces, and one in front where it belongs.
  std::string spelt(std::string_view word, bool is_first) const;
  /// The word cut before every mark.
  std::vector<Words::Range> cut(std::string_view word) const;
  /// A token with spaces for marks; in the first of a text they vanish where one was prepended.
  std::string unspelt(std::string_view token, bool is_first) const;
};

}  // namespace nelumbo
