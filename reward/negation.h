// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace nelumbo {

/// How often a finding is said to be there, and how often it is denied.
struct Assertions {
  int64_t affirmed = 0;
  int64_t denied = 0;
};

/// Counts the whole-word occurrences of `words` in a clinical English text, whatever the case. One
/// is denied where a cue stands before it ("no", "without", "denies", "no evidence of", "rules
/// out") or behind it ("is absent", "was ruled out", "isn't") in the same clause: cues reach over
/// at most eight words, and not over ".", ";", ":", "?" or words like "but" and "however". So does
/// a reply to it ("fever: no", "Fever? None.", "fever negative", "fever (not seen)"), and what a
/// list begins with ("Denies: fever, cough"). Phrases that only look like cues ("not only", "no
/// increase", "no doubt") deny nothing.
///
/// Example: "pneumonia" in "No sign of pneumonia, but effusion" is denied once; "effusion"
/// affirmed.
Assertions assertions_of(std::string_view words, std::string_view text);

}  // namespace nelumbo
