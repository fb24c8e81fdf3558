// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "model/pcre.h"

namespace nelumbo {

/// Where a match stands: the bytes [begin, end).
struct PatternMatch {
  size_t begin = 0, end = 0;
};

/// What all matches that are looked for in one text may cost together, whatever the pattern.
/// Counted, never timed: the same text always comes out the same.
struct PatternWork {
  int64_t left = 20'000'000;  ///< parts of a pattern that may be tried where the work is counted;
                              ///< more where the text is long, 100 for each byte
  bool is_counted = false;    ///< the text is long, or a search took more than its share of steps
  bool is_utf8 = false;       ///< all of the text was found to be
};

/// A compiled regular expression (PCRE2, UTF-8) whose work is bounded, so that no answer can make
/// it run for long. Immutable; may be used by several threads.
class Pattern {
 public:
  /// kInvalidConfig says what is wrong with the pattern and at which character.
  static Result<Pattern> compile(const std::string& pattern);
  /// One that the program itself has, in which "(" begins a group that captures nothing. REQUIRES:
  /// it compiles.
  static Pattern fixed(const std::string& pattern);
  /// A pattern of a specification; `whole`: that must match all of a text. Refuses one that reaches
  /// the bound on a short text made for it (hostile_texts), too: answers could do the same. Nor may
  /// it call itself or a group of its own, as by (?R) or (?1).
  static Result<Pattern> of_spec(const std::string& pattern, bool whole = false);

  /// The text of the first match; none when there is no match. An error when the bound on the work
  /// was reached or the text is not UTF-8.
  Result<std::optional<std::string>> find(std::string_view text) const;
  /// The same as a place, of the first match that begins at byte `from` or behind.
  Result<std::optional<PatternMatch>> place_of(std::string_view text, size_t from = 0) const;
  /// The same; none, too, where that is not decided.
  std::optional<PatternMatch> first_in(std::string_view text, size_t from = 0) const;
  /// A place for one match of several in a text, which share `work`. REQUIRES: a character begins
  /// at `from`.
  Result<std::optional<PatternMatch>> place_of(std::string_view text, size_t from,
                                               PatternWork& work) const;

 private:
  /// The same pattern, compiled to count its work when that is first asked for.
  class CountedCode;

  static Result<Pattern> counting(const std::string& pattern, uint32_t options);
  static Result<Pattern> within(const std::string& pattern, uint32_t options, uint32_t most_steps);
  /// Whether the limit is enough to say whether it matches at the begin of a text.
  bool is_decided(std::string_view text) const;
  /// What PCRE2 says of a search.
  int searched(std::string_view text, size_t from, PatternWork& work, const PcreMatch& match) const;
  explicit Pattern(std::shared_ptr<const PcreCode> code) : code_(std::move(code)) {}

  std::shared_ptr<const PcreCode> code_;
  std::shared_ptr<CountedCode> counted_{};  ///< shared by all copies; none of a glance
};

}  // namespace nelumbo
