// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/multi_hop.h"
#include "corpus/relation.h"

namespace nelumbo {

/// The tags of a structured chain of thought, in their order. For a tokenizer they are whole
/// tokens, as the other control words are.
///
///     <understand> CNGB3: band, gene</understand>
///     <recall> CNGB3 | band | 8q21
///      8q21 | band of | PEX2</recall>
///     <reason> CNGB3 -> 8q21 -> PEX2</reason>
///     <conclude> PEX2</conclude>
///
/// `understand` says what is asked, `recall` one fact or observation in each line, `reason` strings
/// the entities together, `conclude` names the answer and nothing else. A blank stands before each
/// name, as in the question: so it is the same tokens everywhere, and can be copied. An arrow may
/// be drawn, too, "CNGB3 → 8q21".
constexpr std::array<std::string_view, 4> kChainTags{"understand", "recall", "reason", "conclude"};
constexpr std::string_view kChainFieldMark = " | ", kChainArrow = " -> ";

/// Opening and closing tags, for a tokenizer.
std::vector<std::string> chain_tokens();

/// A fact as a line of `recall`.
struct RecalledEdge {
  std::string from;
  Hop hop;
  std::string to;

  bool operator==(const RecalledEdge&) const = default;
};

/// The text of the four parts, without tags and blanks around.
struct ReasoningChain {
  std::string understand;
  std::vector<std::string> recall;  ///< lines; empty ones left out
  std::vector<std::string> reason;  ///< entities, without the arrows
  std::string conclude;
  std::string extra;  ///< what stands before and between the parts; an answer behind them does not

  std::string text() const;  ///< with tags, and blanks as above
};

/// The chain that leads along the gold path of an item, a fact for each hop.
ReasoningChain chain_of(const MultiHopItem& item);

/// Reads a chain out of what a policy wrote. None unless each of the four parts stands there once,
/// in order and closed.
std::optional<ReasoningChain> read_chain(std::string_view text);

/// Reads "CNGB3 | band | 8q21"; none when it is no fact.
std::optional<RecalledEdge> read_edge(std::string_view line);
std::string edge_line(const RecalledEdge& edge);

}  // namespace nelumbo
