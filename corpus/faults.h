// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/rng.h"

namespace nelumbo {

/// What can be wrong with a text of a corpus.
enum class Fault {
  kDuplicate,   ///< the text again, in another dress
  kBroken,      ///< a damaged encoding
  kMarkup,      ///< page source or page furniture around it
  kFragment,    ///< a few words of it
  kSymbols,     ///< signs in place of letters or between words
  kRepetition,  ///< a part of it again and again
  kForeign,     ///< a text in another language in its place
  kGibberish    ///< its letters in disorder
};

constexpr Fault kAllFaults[] = {Fault::kDuplicate, Fault::kBroken,   Fault::kMarkup,
                                Fault::kFragment,  Fault::kSymbols,  Fault::kRepetition,
                                Fault::kForeign,   Fault::kGibberish};

/// "duplicate", "broken", ...
std::string fault_name(Fault fault);

/// Each fault is made in two ways that whoever sets limits may look at, and in two others with
/// which the result is judged: other signs, other languages, other damage.
enum class FaultSet { kOpen, kHeldOut };

/// A damaged text.
struct FaultyText {
  std::string text;
  std::string mended;  ///< what a perfect repair gives; "" where only removal helps
};

/// Damages a text. REQUIRES: the text is not empty.
FaultyText make_fault(Fault fault, FaultSet set, std::string_view text, Random& random);

}  // namespace nelumbo
