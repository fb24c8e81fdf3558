// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "reward/spec_node.h"

namespace nelumbo {

/// A word of a spec and the function that reads what the word names.
template <class Reader>
struct Kind {
  std::string_view name;
  Reader read;
};

template <class Reader>
std::vector<std::string> names_of(std::span<const Kind<Reader>> kinds) {
  std::vector<std::string> names;
  for (const Kind<Reader>& kind : kinds)
    names.emplace_back(kind.name);
  return names;
}

/// The entry that `node`'s key `kind` names; an unknown word lists those that exist.
template <class Reader>
Result<const Kind<Reader>*> kind_of(const SpecNode& node, std::span<const Kind<Reader>> kinds) {
  if (auto entries = node.entries(); !entries)
    return entries.error();
  const auto at = node.at("kind");
  if (!at)
    return at.error();
  std::string word;
  if (auto done = at.value().read(word); !done)
    return done.error();
  for (const Kind<Reader>& kind : kinds)
    if (kind.name == word)
      return &kind;
  const std::vector<std::string> names = names_of(kinds);
  return at.value().unknown("must be one of " + joined(names, ", "), word, names);
}

}  // namespace nelumbo
