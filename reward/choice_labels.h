// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

namespace nelumbo {

/// A letter and what stands beside it.
struct Labelled {
  std::string_view label, rest;
};

/// The parts of "B) Bladder", "(B) Bladder", "[B] Bladder", "**B.** Bladder", "B: Bladder", "B -
/// Bladder", "B (Bladder)", "Bladder (B)." and "Bladder, option B". A dash that touches the text is
/// its minus. The letter may stand for no choice.
std::optional<Labelled> labelled(std::string_view text);

/// The letter of "(B)", "[B]" and "B)"; else the text itself.
std::string_view bare_letter(std::string_view text);

/// "B" of "B…", "B。" and "B ✓", "(B)" of "(B).": without marks that ask, doubt and deny nothing.
std::string_view without_end_marks(std::string_view text);

/// "(Bladder)" as "Bladder".
std::string_view without_brackets(std::string_view text);

/// Takes one of `marks` off the front; whether there was one.
bool take_one(std::string_view& text, std::initializer_list<std::string_view> marks);

}  // namespace nelumbo
