// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/chain_checks.h"

namespace nelumbo {

/// What one policy wrote about an item.
struct Attempt {
  std::string text;                   ///< all of it
  std::optional<std::string> answer;  ///< between the answer tags; none when it did not answer
  std::string source;                 ///< which policy, at which temperature; for the log
};

/// What the attempts at one item are held against.
struct RejectTask {
  std::string answer;                ///< the right one; empty: a place, one of `evidence.boxes`
  std::vector<std::string> choices;  ///< empty where the answer is free text
  ChainEvidence evidence;
};

/// How far one attempt came, and why no further.
struct GateVerdict {
  bool outcome = false;   ///< passed gate 1
  bool thinking = false;  ///< passed gate 2; only asked behind gate 1
  std::string reason;     ///< why the gate that stopped it did; empty when both let it through
};

/// Counts of any number of items, for the log of a stage.
struct GateCounts {
  int64_t items = 0;
  int64_t attempts = 0;
  int64_t outcome = 0;   ///< attempts that passed gate 1
  int64_t thinking = 0;  ///< attempts that passed both
  int64_t kept = 0;
  int64_t hard_items = 0;  ///< solved by some attempts, at most one in five: worth distilling back

  /// Accepted of those that came to the gate; 0 when none came.
  double outcome_rate() const;
  double thinking_rate() const;
  void add(const GateCounts& other);
};

/// What became of the attempts at one item.
struct Sifted {
  std::vector<GateVerdict> verdicts;  ///< one for each attempt
  std::vector<size_t> kept;           ///< at most two, in the order of picks
  GateCounts counts;
};

/// Gate 1, Outcome-Verify: whether an answer is right, as a choice (text or letter) where there are
/// choices, as a place by an IoU of at least 0.5, else as text but for case, blanks and closing
/// punctuation.
bool is_right(const std::optional<std::string>& answer, const RejectTask& task);

/// Both gates. Gate 2, Thinking-Verify, asks check_chain(): the chain has its four parts, does not
/// peek, supports each fact, ends in the answer that was given, and walks the gold path in order.
GateVerdict pass_gates(const Attempt& attempt, const RejectTask& task);

/// 1 - |A and B| / |A or B| over the word triples of two texts (over words, where a text has less
/// than three): 0 for equal texts, 1 for texts that share none.
double difference(std::string_view a, std::string_view b);

/// Rejection sampling over several policies (RFT): all attempts through both gates; of those that
/// pass, the shortest is kept, and the one that differs most from it, if it differs at all. Ties go
/// to the earlier one.
Sifted sift(std::span<const Attempt> attempts, const RejectTask& task);

}  // namespace nelumbo
