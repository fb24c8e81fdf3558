// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nelumbo {

/// The name that is nearest to another.
struct NearestName {
  int64_t name = -1;  ///< its index; -1 where none shares anything
  double cosine = 0;
};

/// Names as sparse vectors of their letters: one axis for each run of three or four folded bytes,
/// word ends marked by a space before and behind the name. The weight of a run that stands in it
/// t times is (1 + ln t) · (1 + ln((1 + N) / (1 + n))), where n of all N names have it; vectors
/// have length one. Nothing is trained and nothing random, so equal names give equal figures.
///
/// It measures spelling, not meaning: "Neoplasm" is near "Neoplasms", and "Cancer" is far from
/// both.
class NameEmbedding {
 public:
  /// The names that are searched; they also count how common a run is.
  explicit NameEmbedding(std::span<const std::string> names);

  /// The nearest of them, of equally near ones the first.
  NearestName nearest(std::string_view name) const;

  int64_t axes() const { return std::ssize(axes_); }

 private:
  struct Posting {
    int32_t name;
    float weight;
  };
  struct Axis {
    double rarity = 0;
    std::vector<Posting> postings;
  };
  struct Weight {
    uint32_t run;
    double value;
  };
  std::vector<Weight> embedded(std::string_view name) const;

  std::unordered_map<uint32_t, Axis> axes_;
  double most_rare_ = 0;  ///< the rarity of a run that no name has
  size_t names_ = 0;
};

}  // namespace nelumbo
