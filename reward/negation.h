// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace nelumbo {

/// How often a finding is said to be there, how often it is denied, and how often neither.
struct Assertions {
  int64_t affirmed = 0;
  int64_t denied = 0;
  int64_t open = 0;  ///< of another, not yet or in doubt: reward/finding_context.h
};

/// Counts the whole-word occurrences of `words` in a clinical English text, whatever the case. One
/// is denied where a cue stands before it in its clause ("no", "without", "I doubt", "no evidence
/// of", "rules out", "non-") or behind it ("is absent", "was ruled out", "isn't seen", "-free"), or
/// replies to it ("fever: no", "Fever? None.", "fever (not seen)"), or begins the list that it
/// stands in ("Denies: fever, cough").
///
/// Clauses end at ".", ";", "?", words like "but" and "due to", and where something new is said:
/// behind a comma with a predicate of its own ("No rash, fever is present"), but not in a list
/// ("No rash, fever or cough is present"), and behind "and" with a verb of its own. A cue reaches
/// over 30 words. Phrases that only look like cues ("not only", "no doubt", "is not excluded")
/// deny nothing.
///
/// What is not denied is affirmed, unless it is said of somebody else, of what may come, or with
/// doubt ("his mother had fever", "return if fever develops", "possible fever").
///
/// Example: "pneumonia" in "No sign of pneumonia, but effusion" is denied once; "effusion"
/// affirmed.
Assertions assertions_of(std::string_view words, std::string_view text);

}  // namespace nelumbo
