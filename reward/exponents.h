// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

/// A text with each number in scientific notation as computers write it: "3 × 10^-4 m" becomes
/// "3e-4 m". The sign between may be ×, ·, *, x, \times or \cdot; the exponent, of two digits at
/// most, may stand in braces or brackets, behind "**", or be raised ("10⁻⁴"). What belongs to a
/// larger formula is left alone, as in "2^3 × 10^4" and "1/3 × 10^4": it is computed.
std::string with_exponents(std::string_view text);

}  // namespace nelumbo
