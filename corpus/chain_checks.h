// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/reasoning_chain.h"
#include "model/image.h"

namespace nelumbo {

/// What a chain of thought can be wrong in.
enum class ChainFault {
  kForm,         ///< a part is missing, empty, open, twice or out of order, or text stands between
  kPeeking,      ///< the answer is named before the line that arrives at it
  kUnsupported,  ///< a line of `recall` has neither a true fact nor a quoted span nor a box
  kUnfaithful,   ///< what is concluded is not where the reasoning ends, or not what was answered
  kOrder,        ///< the facts are not those of the gold path, in its order
};
constexpr size_t kChainFaults = 5;
constexpr std::array<std::string_view, kChainFaults> kChainFaultNames{
    "form", "peeking", "unsupported", "unfaithful", "order"};

/// What a chain is held against.
struct ChainEvidence {
  std::string question;                 ///< without its choices; may be quoted
  std::vector<std::string> sources;     ///< passages that may be quoted
  std::vector<RecalledEdge> gold_path;  ///< empty for a question without one
  std::vector<Box> boxes;               ///< what can be seen, in the units of the chain's boxes
};

/// Whether a line quotes or shows some of the evidence, as `unsupported` below asks of it.
bool has_evidence(std::string_view line, const ChainEvidence& evidence);

/// The evidence that an item brings along.
ChainEvidence evidence_of(const MultiHopItem& item);

/// A fault and the place where it shows.
struct ChainComplaint {
  ChainFault fault = ChainFault::kForm;
  std::string reason;
};

/// The hard checks of a chain of thought. With the names in lower case and blanks folded:
///
///   form         read_chain() reads it, nothing stands before or between the parts, and conclude
///                is one line
///   peeking      the concluded name stands neither in `understand`, nor in `recall` before its
///                last line, nor in `reason` before its last entity, and no line says "answer";
///                what the question itself says is no peeking
///   unsupported  each line of `recall` is a fact of the gold path, or quotes ("...") at least
///                three letters that stand in the question or a source, or has a box (four grid
///                tokens) that overlaps one of `boxes` by an IoU of at least 0.3; any box is good
///                where `boxes` is empty
///   unfaithful   conclude equals the last entity of `reason`; `answer`, where given, equals it;
///                and each step of `reason` is one of the facts of `recall`, where it has any; the
///                first may be left out
///   order        with a gold path: the facts of `recall` and the entities of `reason` are exactly
///                those of the path, in its order. Without one: no line of `recall` is there twice
///
/// Empty when all is well. One complaint for each kind at most, in the order of the list; what
/// read_chain() cannot read has no other.
std::vector<ChainComplaint> check_chain(std::string_view text, const ChainEvidence& evidence,
                                        const std::optional<std::string>& answer);

}  // namespace nelumbo
