// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "corpus/multi_hop.h"

namespace nelumbo {

/// What an audit looks for.
enum class MultiHopFault {
  kForm,       ///< stops, hops and masks do not fit, a hop is no fact, a question is there twice
  kShortcut,   ///< start and answer are fewer hops apart than the path is long
  kHierarchy,  ///< fewer than half of the hops say more than is_a and same_as
  kAmbiguous,  ///< another path fits the question, or none does
  kLeak,       ///< the question says a hidden name
  kChoices,    ///< the answer is not one of distinct choices, or the question names another of them
};
constexpr size_t kMultiHopFaults = 6;
constexpr std::array<std::string_view, kMultiHopFaults> kMultiHopFaultNames{
    "form", "shortcut", "hierarchy", "ambiguous", "leak", "choices"};

/// What an audit found.
struct MultiHopAudit {
  int64_t items = 0;
  std::array<int64_t, kMultiHopFaults> faults{};  ///< items with each
  std::map<int, int64_t> by_hops;
  std::map<int, int64_t> by_hidden_hops;
  std::map<int, int64_t> by_difficulty;
  std::map<std::string, int64_t> by_relation;  ///< hops
  std::vector<std::string> complaints;         ///< one sentence each, the first 20

  bool ok() const { return faults == std::array<int64_t, kMultiHopFaults>{}; }
};

/// Looks at items as a reader of the file would: by ids and text, against the facts as they were
/// extracted. Shares no code with the generator or its graph: neighbours by numbers of its own,
/// distances from the answer, paths breadth-first by whole sets, leaks by comparing lists of words.
MultiHopAudit audit_multi_hop(const Relations& relations, std::span<const MultiHopItem> items);

/// {"items", "faults": {"form": 0, ..}, "hops": {"2": 305, ..}, "hidden_hops", "difficulty",
/// "hops_by_relation": {"has_gene": 12, ..}}
nlohmann::json to_json(const MultiHopAudit& audit);

}  // namespace nelumbo
