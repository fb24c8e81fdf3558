// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

/// A text without what only sets all of it apart, time and again: "72" for "**72**.", "__72__",
/// "\boxed{72}", "\(72\)". A text of which it sets apart a part stays as it is. Of more than 16
/// layers those inside stay.
std::string_view without_emphasis(std::string_view text);
/// The same without \text{}, dollars, quotes and brackets around all of it, too: "B" for "(**B**)".
std::string_view without_wrapping(std::string_view text);

/// Takes out dollar signs that come in pairs around a formula; one alone, or one behind a
/// backslash, is the currency and is written "\$".
std::string without_math_dollars(std::string_view text);

}  // namespace nelumbo
