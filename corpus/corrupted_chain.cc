// SPDX-License-Identifier: Apache-2.0
#include "corpus/corrupted_chain.h"

#include <algorithm>
#include <string>
#include <utility>

namespace nelumbo {
namespace {

/// Items that are looked at for something to put in.
constexpr int kTries = 64;

template <class T>
const T& one_of(std::span<const T> all, Random& random) {
  return all[static_cast<size_t>(random.below(std::ssize(all)))];
}

bool holds(const std::vector<std::string>& lines, const std::string& line) {
  return std::ranges::find(lines, line) != lines.end();
}

std::optional<std::string> other_choice(const MultiHopItem& item, Random& random) {
  std::vector<std::string> wrong = item.choices;
  std::erase(wrong, item.answer());
  if (wrong.empty())
    return std::nullopt;
  return one_of(std::span<const std::string>(wrong), random);
}

/// Where a hop of that kind ends in another item.
std::optional<std::string> other_end(const MultiHopItem& item, size_t hop,
                                     std::span<const MultiHopItem> others, Random& random) {
  for (int i = 0; i < kTries; ++i) {
    const MultiHopItem& other = one_of(others, random);
    for (size_t h = 0; h < other.hops.size(); ++h)
      if (other.hops[h] == item.hops[hop] && other.path[h + 1].name != item.path[hop + 1].name)
        return other.path[h + 1].name;
  }
  return std::nullopt;
}

/// The line of a hop with a wrong end.
std::optional<std::string> with_wrong_end(const MultiHopItem& item, size_t hop,
                                          std::span<const MultiHopItem> others, Random& random) {
  const bool last = hop + 1 == item.hops.size();
  const std::optional<std::string> end =
      last ? other_choice(item, random) : other_end(item, hop, others, random);
  if (!end)
    return std::nullopt;
  return edge_line({item.path[hop].name, item.hops[hop], *end});
}

std::optional<std::string> from_elsewhere(std::span<const MultiHopItem> others,
                                          const std::vector<std::string>& gold, Random& random) {
  for (int i = 0; i < kTries; ++i) {
    const std::vector<std::string> lines = chain_of(one_of(others, random)).recall;
    const std::string& line = one_of(std::span<const std::string>(lines), random);
    if (!holds(gold, line))
      return line;
  }
  return std::nullopt;
}

/// What stands in the place of a line: none of the gold path's, and none that is `said` already.
std::optional<std::string> wrong_line(const MultiHopItem& item, size_t hop,
                                      std::span<const MultiHopItem> others,
                                      const std::vector<std::string>& said, Random& random) {
  const std::vector<std::string> gold = chain_of(item).recall;
  const bool elsewhere = random.uniform() < 0.5;
  auto line =
      elsewhere ? from_elsewhere(others, gold, random) : with_wrong_end(item, hop, others, random);
  if (!line || holds(gold, *line) || holds(said, *line))
    return std::nullopt;
  return line;
}

}  // namespace

std::optional<JudgedChain> corrupted_chain(const MultiHopItem& item,
                                           std::span<const MultiHopItem> others, Random& random) {
  JudgedChain judged{chain_of(item), std::vector<uint8_t>(item.hops.size(), 1)};
  std::vector<std::string>& lines = judged.chain.recall;
  const auto spoil = [&](size_t hop) {
    auto line = wrong_line(item, hop, others, lines, random);
    if (!line)
      return;
    lines[hop] = std::move(*line);
    judged.sound[hop] = 0;
  };
  for (size_t hop = 0; hop < lines.size(); ++hop)
    if (random.uniform() < 0.5)
      spoil(hop);
  const auto any = [&] { return std::ranges::find(judged.sound, 0) != judged.sound.end(); };
  const auto count = std::ssize(lines);
  for (int i = 0; i < kTries && !any(); ++i)
    spoil(static_cast<size_t>(random.below(count)));
  if (!any())
    return std::nullopt;
  return judged;
}

std::optional<MultiHopItem> wrongly_answered(MultiHopItem item, Random& random) {
  auto wrong = other_choice(item, random);
  if (!wrong)
    return std::nullopt;
  item.path.back().name = std::move(*wrong);
  return item;
}

}  // namespace nelumbo
