// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nelumbo {

/// Byte-pair encoding of one word: its bytes are tokens, and of all neighbours that a merge knows,
/// those of the earliest merge become one token, the leftmost first, until no merge applies.
class Bpe {
 public:
  /// `byte_ids[b]` is the token of byte b.
  explicit Bpe(const std::array<int32_t, 256>& byte_ids) : byte_ids_(byte_ids) {}

  /// The next merge: left and right become `merged`. False when the pair has one already.
  bool add_merge(int32_t left, int32_t right, int32_t merged);
  /// A word that is one token whatever the merges say.
  void add_whole_word(std::string bytes, int32_t id) { whole_.emplace(std::move(bytes), id); }

  /// Appends the tokens of `word`. Takes O(n log n) steps.
  void encode(std::string_view word, std::vector<int32_t>& ids) const;

 private:
  struct Merge {
    int32_t rank;
    int32_t merged;
  };

  std::optional<Merge> merge_of(int32_t left, int32_t right) const;

  std::array<int32_t, 256> byte_ids_;
  std::unordered_map<uint64_t, Merge> merges_;  ///< by left << 32 | right
  std::unordered_map<std::string, int32_t> whole_;
};

}  // namespace nelumbo
