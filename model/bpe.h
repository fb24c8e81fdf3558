// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/merge_table.h"

namespace nelumbo {

/// What a word is spelt in before anything is merged.
struct Alphabet {
  /// The token of each byte; negative where there is none. Where `characters` is empty a word is
  /// its bytes. Else they spell characters that have no token.
  std::array<int32_t, 256> bytes{};
  std::unordered_map<char32_t, int32_t> characters = {};
  std::optional<int32_t> unknown = {};  ///< stands for what cannot be spelt; nothing does if unset
  bool fuse_unknown = false;            ///< one token for a run of it
};

/// Byte-pair encoding of one word: its letters are tokens, and of all neighbours that a merge
/// knows, those of the earliest merge become one token, the leftmost first, until no merge applies.
class Bpe {
 public:
  Bpe(Alphabet alphabet, MergeTable merges)
      : alphabet_(std::move(alphabet)), merges_(std::move(merges)) {}

  /// A word that is one token whatever the merges say.
  void add_whole_word(std::string bytes, int32_t id) { whole_.emplace(std::move(bytes), id); }

  /// Whether words are bytes, each of which vanishes where it has no token and none is unknown.
  bool loses_bytes() const { return alphabet_.characters.empty() && !alphabet_.unknown; }
  bool has_byte(uint8_t byte) const { return alphabet_.bytes[byte] >= 0; }

  /// Appends the tokens of `word`. Takes O(n log n) steps.
  void encode(std::string_view word, std::vector<int32_t>& ids) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's
  };

  void spell(std::string_view word, std::vector<int32_t>& ids) const;
  void spell_as_bytes(std::string_view word, std::vector<int32_t>& ids) const;
  bool spell_bytes(std::string_view character, std::vector<int32_t>& ids) const;
  void merge_few(std::vector<int32_t>& ids, int64_t first) const;
  void merge_many(std::vector<int32_t>& ids, int64_t first) const;

  Alphabet alphabet_;
  MergeTable merges_;
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> whole_;
};

}  // namespace nelumbo
