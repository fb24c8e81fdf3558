// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "corpus/fold.h"

namespace nelumbo {

/// The automaton of Aho and Corasick (1975) over folded names that begin and end at boundaries of
/// words (corpus/fold.h). Immutable after construction, shared between threads.
///
/// A state is a prefix of a name: the longest one that the text read so far ends in *and that
/// begins at a boundary*. So the failure link of a state is its longest proper suffix that begins
/// at a boundary, not merely its longest suffix: "myopathy" is no suffix of "cardiomyopathy" here.
/// Where no such prefix exists, the text is at the root, or in a word in which nothing can begin
/// any more (kInWord) until the word is over.
///
/// Layout: a double array (Aoe 1989). The child of s by the byte b is base[s] + code[b], and it is
/// there if its check is s. Bytes that occur in names have the codes 1, 2, ...; all others share
/// the code 0, which has no child. Base, check and two flags of a state share 8 bytes, and all else
/// lies apart, since only hits and rare failures need it. First the children of branching states
/// are placed, in breadth-first order, so that the shallow states, in which a text spends its time,
/// lie together; then the unbranched rests of the names, each in neighbouring slots.
class NameAutomaton {
 public:
  static constexpr int32_t kRoot = 0;
  static constexpr int32_t kInWord = -1;
  static constexpr int32_t kNone = -2;

  /// REQUIRES: names in ascending order, none twice, none empty.
  explicit NameAutomaton(std::span<const std::string> names);

  /// The state that is `state` and one more byte, or kNone when no name begins so.
  /// REQUIRES: not kInWord.
  int32_t child(int32_t state, char byte) const {
    const int32_t next = slots_[at(state)].base() + code_[static_cast<unsigned char>(byte)];
    return slots_[at(next)].check == state ? next : kNone;
  }

  /// The state after one more byte of folded text, where `child` has none.
  int32_t fall(int32_t state, char byte) const {
    while (state > kRoot && !slots_[at(state)].fails_in_word()) {
      state = fail_[at(state)];
      if (const int32_t next = child(state, byte); next != kNone)
        return next;
    }
    if (in_word(byte))
      return kInWord;
    if (state == kRoot)
      return kRoot;
    const int32_t next = child(kRoot, byte);
    return next == kNone ? kRoot : next;
  }

  /// The state after one more byte of folded text.
  int32_t step(int32_t state, char byte) const {
    const int32_t next = state == kInWord ? kNone : child(state, byte);
    return next == kNone ? fall(state, byte) : next;
  }

  /// Whether a name ends in this state. REQUIRES, as below: not kInWord.
  bool ends_name(int32_t state) const { return slots_[at(state)].ends_name(); }
  /// The index of the name that is this state, or -1.
  int32_t name(int32_t state) const { return name_[at(state)]; }
  /// The longest proper suffix of this state that is a name, or kInWord when there is none.
  int32_t shorter(int32_t state) const { return shorter_[at(state)]; }
  /// Bytes of this state.
  int32_t depth(int32_t state) const { return depth_[at(state)]; }

  int64_t states() const { return states_; }
  /// Memory of all tables.
  int64_t bytes() const;

 private:
  struct Slot {
    int32_t base() const { return packed >> 2; }
    bool ends_name() const { return (packed & 1) != 0; }
    bool fails_in_word() const { return (packed & 2) != 0; }  ///< its failure link is kInWord

    int32_t packed = 0;
    int32_t check = kNone;
  };
  struct Trie;

  static size_t at(int32_t state) { return static_cast<size_t>(state); }
  int32_t code(char byte) const { return code_[static_cast<unsigned char>(byte)]; }
  void number_bytes(std::span<const std::string> names);
  void fill(const Trie& trie, const std::vector<int32_t>& slot_of);
  void link(const Trie& trie, const std::vector<int32_t>& slot_of);

  std::array<uint8_t, 256> code_{};
  std::vector<Slot> slots_;
  std::vector<int32_t> fail_, name_, shorter_, depth_;
  int64_t states_ = 0;
};

}  // namespace nelumbo
