// SPDX-License-Identifier: Apache-2.0
#include "corpus/name_embedding.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "corpus/fold.h"

namespace nelumbo {
namespace {

/// The runs of a name, packed into their bytes, and how often each stands in it; in ascending
/// order, so that sums are always formed alike.
std::map<uint32_t, int64_t> runs_of(std::string_view name) {
  const std::string text = " " + folded(name) + " ";
  std::map<uint32_t, int64_t> runs;
  for (size_t i = 0; i + 3 <= text.size(); ++i) {
    uint32_t run = 0;
    for (size_t length = 1; length <= 4 && i + length <= text.size(); ++length) {
      run = (run << 8) | static_cast<unsigned char>(text[i + length - 1]);
      if (length >= 3)
        ++runs[run];
    }
  }
  return runs;
}

}  // namespace

NameEmbedding::NameEmbedding(std::span<const std::string> names) : names_(names.size()) {
  std::unordered_map<uint32_t, int64_t> having;
  for (const std::string& name : names)
    for (const auto& [run, times] : runs_of(name))
      ++having[run];
  const double all = 1 + static_cast<double>(names.size());
  most_rare_ = 1 + std::log(all);
  for (const auto& [run, count] : having)
    axes_[run].rarity = 1 + std::log(all / (1 + static_cast<double>(count)));
  for (size_t i = 0; i < names.size(); ++i)
    for (const Weight& weight : embedded(names[i]))
      axes_[weight.run].postings.push_back(
          {static_cast<int32_t>(i), static_cast<float>(weight.value)});
}

std::vector<NameEmbedding::Weight> NameEmbedding::embedded(std::string_view name) const {
  std::vector<Weight> weights;
  double squares = 0;
  for (const auto& [run, times] : runs_of(name)) {
    const auto axis = axes_.find(run);
    const double rarity = axis == axes_.end() ? most_rare_ : axis->second.rarity;
    const double value = (1 + std::log(static_cast<double>(times))) * rarity;
    weights.push_back({run, value});
    squares += value * value;
  }
  for (Weight& weight : weights)
    weight.value /= std::sqrt(squares);
  return weights;
}

NearestName NameEmbedding::nearest(std::string_view name) const {
  std::vector<double> cosines(names_);
  for (const Weight& weight : embedded(name))
    if (const auto axis = axes_.find(weight.run); axis != axes_.end())
      for (const Posting& posting : axis->second.postings)
        cosines[static_cast<size_t>(posting.name)] += weight.value * posting.weight;
  const auto best = std::max_element(cosines.begin(), cosines.end());
  if (best == cosines.end() || *best <= 0)
    return {};
  return {best - cosines.begin(), std::min(*best, 1.0)};
}

}  // namespace nelumbo
