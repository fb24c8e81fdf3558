// SPDX-License-Identifier: Apache-2.0
#include "reward/matchers.h"

#include <array>
#include <string_view>

#include "reward/box_matchers.h"
#include "reward/chain_terms.h"
#include "reward/kinds.h"
#include "reward/text_matchers.h"

namespace nelumbo {

namespace {

using Reader = Result<TermPtr> (*)(const SpecNode&);

constexpr std::array<Kind<Reader>, 13> kKinds = {{{"contains", match_contains},
                                                  {"absent", match_absent},
                                                  {"matches", match_pattern},
                                                  {"answers", match_answers},
                                                  {"longer", match_longer},
                                                  {"one_of", match_one_of},
                                                  {"box_inside", match_box_inside},
                                                  {"box_area", match_box_area},
                                                  {"turns", match_turns},
                                                  {"used_tool", match_used_tool},
                                                  {"located_hits", match_located_hits},
                                                  {"located_count", match_located_count},
                                                  {"chain", match_chain}}};

}  // namespace

Result<TermPtr> read_matcher(const SpecNode& node, Stake stake) {
  const auto entries = node.entries();
  if (!entries)
    return entries.error();
  const Kind<Reader>* found = nullptr;
  for (const auto& [key, value] : entries.value()) {
    for (const Kind<Reader>& kind : kKinds) {
      if (kind.name != key)
        continue;
      if (found != nullptr)
        return value.error("a second matcher beside '" + std::string(found->name) +
                           "'; write one in each mapping");
      found = &kind;
    }
  }
  if (found != nullptr)
    return stake == Stake::kPays && found->read == match_contains ? match_paid_contains(node)
                                                                  : found->read(node);
  const std::vector<std::string> names = matcher_kinds();
  const std::string word = entries.value().empty() ? "" : entries.value().front().first;
  return node.unknown("no known matcher; one of " + joined(names, ", "), word, names);
}

std::vector<std::string> matcher_kinds() {
  return names_of<Reader>(kKinds);
}

}  // namespace nelumbo
