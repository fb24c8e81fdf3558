// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace nelumbo {

/// Short texts on which a regular expression that can take very long does so: what it asks for up
/// to some character, that character, the few before it, or all of it time and again, and then
/// something that it does not want. Every character that the pattern names is tried, of
/// alternatives the first and the last, and pairs of the first letters and digits. A pattern that
/// passes them is not proven to be quick.
///
/// Example: "x(ab)+y" gives "xabababab..!xaby", and "a.*b.*c" "ababab..\nabc", among
/// others.
std::vector<std::string> hostile_texts(const std::string& pattern);

}  // namespace nelumbo
