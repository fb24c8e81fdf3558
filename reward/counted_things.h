// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reward/unit_phrases.h"

namespace nelumbo {

/// Whether a word names things that are counted, as "guests" does: one in the plural that is no
/// unit and no money.
bool is_count_noun(std::string_view word);

/// Whether a word in the plural names what holds several things: "boxes", "bags".
bool is_container(std::string_view word);

/// Whether a question names the things `word` beside others that it asks for, and so as something
/// else: girls in "15 boys and 12 girls", "twice as many girls as boys" and "8 are girls", where
/// boys are asked for. `pieces` are the question's, `asked` the stems (asking.h) of what it asks
/// for.
bool is_set_apart(std::string_view word, const std::vector<Piece>& pieces,
                  const std::set<std::string>& asked);

/// The regular plural of a text's last word: "basal bodies" of "basal body".
std::string plural_of(std::string_view text);
/// The names, and behind them the plurals of those that are no letter or sign.
std::vector<std::string> with_plurals(std::vector<std::string> names);

/// 2 of "Two", up to 20.
std::optional<int64_t> number_word(std::string_view word);

/// Whether a word tells how many there are, more or less: "seven", "some", "another".
bool is_amount_word(std::string_view word);

/// Whether a word is a part of something, as "twelfths" and "third" are.
bool is_part(std::string_view word);

}  // namespace nelumbo
