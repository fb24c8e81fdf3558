// SPDX-License-Identifier: Apache-2.0
#include "reward/plain_money.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"

namespace nelumbo {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// Longer ones first where one begins another.
constexpr std::array kCurrencies = {Pair{"US$", "$"}, Pair{"US\\$", "\\$"}, Pair{"USD", "$"},
                                    Pair{"$", "$"},   Pair{"\\$", "\\$"},   Pair{"EUR", "€"},
                                    Pair{"€", "€"},   Pair{"GBP", "£"},     Pair{"£", "£"},
                                    Pair{"JPY", "¥"}, Pair{"¥", "¥"}};

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
}

/// Takes a sign and the blanks behind it off the front.
std::string_view take_sign(std::string_view& text) {
  if (!text.starts_with('-') && !text.starts_with('+'))
    return "";
  const std::string_view sign = text.substr(0, 1);
  text.remove_prefix(1);
  skip_blanks(text);
  return sign;
}

std::string_view take_currency(std::string_view& text) {
  for (const auto& [name, sign] : kCurrencies) {
    if (!text.starts_with(name))
      continue;
    text.remove_prefix(name.size());
    skip_blanks(text);
    return sign;
  }
  return "";
}

bool begins_number(std::string_view text) {
  const size_t digit = text.starts_with('.') ? 1 : 0;
  return text.size() > digit && is_digit(text[digit]);
}

}  // namespace

std::string with_plain_money(std::string_view text) {
  std::string_view rest = text;
  skip_blanks(rest);
  if (begins_number(rest))
    return std::string(text);
  const std::string_view first = take_sign(rest);
  const std::string_view currency = take_currency(rest);
  const std::string_view second = currency.empty() ? "" : take_sign(rest);
  if (currency.empty() || !begins_number(rest) || (!first.empty() && !second.empty()))
    return std::string(text);
  return std::string(first) + std::string(second) + std::string(currency) + std::string(rest);
}

}  // namespace nelumbo
