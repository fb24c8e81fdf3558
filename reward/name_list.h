// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// A name as names are compared: normalized (answers.h), as it is and without an article before it.
struct ComparedName {
  explicit ComparedName(std::string_view text);

  std::string low, in_case;
  std::string bare_low, bare_in_case;  ///< "bladder" of "The bladder"; "a" of "A": may be a letter
};

/// Names of which a text may be one: the choices of a question, what these stand for, what one
/// thing is called. Each is normalized once. Immutable; copies share it.
class NameList {
 public:
  NameList() : NameList(std::vector<std::string>()) {}
  explicit NameList(std::vector<std::string> names);

  const std::vector<std::string>& names() const { return shared_->names; }
  bool empty() const { return names().empty(); }

  /// The places of those that a text is: in its case, else in any where they are all written alike.
  std::vector<size_t> exact_places(const ComparedName& text) const;
  /// The same, and where there is none of those that it is without an article before it or them.
  std::vector<size_t> places(const ComparedName& text) const;
  /// Whether a text is one of them, in its case or where they are all written alike.
  bool holds(std::string_view text) const { return !exact_places(ComparedName(text)).empty(); }
  bool holds_in_any_case(std::string_view text) const;
  /// The place of the first that an answer is in any case, or whose letter it is ("B", "b)",
  /// "(B)") where all names are longer than one letter.
  std::optional<size_t> lettered_place(const ComparedName& answer) const;

 private:
  struct Shared {
    std::vector<std::string> names;
    std::vector<ComparedName> compared;
    bool letters_are_free = true;
  };

  std::shared_ptr<const Shared> shared_;
};

}  // namespace nelumbo
