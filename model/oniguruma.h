// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace nelumbo {

/// The sets of characters that \s and \w stand for, as the inside of a class.
extern const char* const kSpaceSet;
extern const char* const kWordSet;

/// Rewrites a pattern of Oniguruma's Ruby syntax, which tokenizers are trained with, for PCRE2 with
/// UTF, UCP and MULTILINE: nested classes and `&&`, \h, \w, \s, \b and [:alpha:] as Unicode defines
/// them, `(?m)`, `{,n}`, and `{n,m}+`, which is no possessive there. kBadData names `place` and
/// what has no equivalent. A malformed pattern may pass: PCRE2 names its fault.
Result<std::string> from_oniguruma(std::string_view pattern, const std::string& place);

}  // namespace nelumbo
