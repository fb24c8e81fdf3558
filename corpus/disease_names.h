// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace nelumbo {

/// A disease that was found in a phrase.
struct NamedDisease {
  int64_t node = 0;
  std::string words;     ///< the folded words that name it
  bool general = false;  ///< they would fit any disease: "syndrome"
};

/// The names under which diseases are known, to find the nearest kin of a new one by its words.
class DiseaseNames {
 public:
  /// Adds a name and its variants; a name that is known keeps its node.
  void add(const std::string& name, int64_t node);

  /// The disease with this name; an abbreviation names none.
  std::optional<int64_t> find(const std::string& name) const;

  /// The disease that most of the last words of a phrase name, when what merely numbers it is cut
  /// off: "familial erythrocytosis 1" ends in "erythrocytosis".
  std::optional<NamedDisease> at_end(const std::string& phrase) const;

  /// The disease that the first sentence of a definition says the defined is: the end of the phrase
  /// between its article and its first verb, "A bone inflammation disease that results in ...".
  std::optional<NamedDisease> genus(const std::string& definition) const;

  /// The disease that most words in a row name, the last such row; no general one.
  std::optional<NamedDisease> within(const std::string& phrase) const;

 private:
  std::optional<NamedDisease> named(const std::vector<std::string>& words, size_t first,
                                    size_t last) const;

  std::unordered_map<std::string, int64_t> nodes_;
};

}  // namespace nelumbo
