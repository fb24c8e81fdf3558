// SPDX-License-Identifier: Apache-2.0
#include "corpus/dangling_parents.h"

#include <string_view>
#include <unordered_set>

namespace nelumbo {

std::optional<std::string> dangling_parents(std::span<const OboTerm> terms,
                                            const std::string& place) {
  std::unordered_set<std::string_view> live;
  for (const OboTerm& term : terms)
    if (!term.obsolete)
      live.insert(term.id);
  int64_t count = 0;
  std::string first;
  for (const OboTerm& term : terms)
    for (const std::string& id : term.is_a) {
      if (term.obsolete || live.contains(id))
        continue;
      if (++count == 1)
        first = place + ":" + std::to_string(term.line) + ": " + term.id + " is_a " + id;
    }
  if (count == 0)
    return std::nullopt;
  return first + ", which is no live term of the file; of such is_a, " + std::to_string(count) +
         (count == 1 ? " is" : " are") + " left out";
}

}  // namespace nelumbo
