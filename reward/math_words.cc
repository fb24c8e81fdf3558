// SPDX-License-Identifier: Apache-2.0
#include "reward/math_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "reward/exponents.h"
#include "reward/lookalikes.h"
#include "reward/plain_digits.h"
#include "reward/plain_money.h"

namespace nelumbo {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// Longer ones first where one begins another.
constexpr std::array kSpellings = {
    Pair{"×", "*"},
    Pair{"·", "*"},
    Pair{"⋅", "*"},
    Pair{"÷", "/"},
    Pair{"π", "\\pi "},
    Pair{"∞", "\\infty "},
    Pair{"√", "\\sqrt "},
    Pair{"≤", "<="},
    Pair{"≥", ">="},
    Pair{"≠", "!="},
    Pair{"²", "^2"},
    Pair{"³", "^3"},
    Pair{"½", "\\frac12"},
    Pair{"¼", "\\frac14"},
    Pair{"¾", "\\frac34"},
    Pair{"⅓", "\\frac13"},
    Pair{"⅔", "\\frac23"},
    Pair{"°", "\\degree "},
    Pair{"º", "\\degree "},
    Pair{"℃", "\\degree C"},
    Pair{"℉", "\\degree F"},
    Pair{"∪", "\\cup "},
    Pair{"∈", "\\in "},
    Pair{"∅", "\\emptyset "},
    Pair{"±", "\\pm "},
    Pair{"∓", "\\mp "},
    Pair{"\u00A0", " "},
    Pair{"\u202F", " "},
    Pair{",\\!", "{,}"},
    Pair{"\\!", ""},
    Pair{"\\(", ""},
    Pair{"\\)", ""},
    Pair{"\\[", ""},
    Pair{"\\]", ""},
    Pair{"^\\circ", "\\degree "},
    Pair{"^{\\circ}", "\\degree "},
    Pair{"**", "^"},
    Pair{"€", "\\text{€}"},
    Pair{"£", "\\text{£}"},
    Pair{"¥", "\\text{¥}"},
    Pair{"¢", "\\text{¢}"},
    Pair{"µ", "u"},
    Pair{"μ", "u"},
};

constexpr std::array kCommands = {
    Pair{"cdot", "*"},      Pair{"times", "*"},    Pair{"ast", "*"},    Pair{"div", "/"},
    Pair{"pm", "+-"},       Pair{"mp", "-+"},      Pair{"le", "<="},    Pair{"leq", "<="},
    Pair{"leqslant", "<="}, Pair{"ge", ">="},      Pair{"geq", ">="},   Pair{"geqslant", ">="},
    Pair{"ne", "!="},       Pair{"neq", "!="},     Pair{"lt", "<"},     Pair{"gt", ">"},
    Pair{"cup", "cup"},     Pair{"in", "in"},      Pair{"langle", "("}, Pair{"rangle", ")"},
    Pair{"lbrace", "\\{"},  Pair{"rbrace", "\\}"}, Pair{"vert", "|"},   Pair{"lvert", "|"},
    Pair{"rvert", "|"},     Pair{"colon", ":"},    Pair{"lbrack", "["}, Pair{"rbrack", "]"},
    Pair{"over", "\\over"}, Pair{"mid", "|"},
};

constexpr std::array<std::string_view, 17> kFunctions = {
    "sin",  "cos",  "tan",  "cot", "sec", "csc", "arcsin", "arccos", "arctan",
    "sinh", "cosh", "tanh", "log", "ln",  "exp", "sqrt",   "lg"};
constexpr std::array<std::string_view, 14> kLayout = {
    "left", "right", "displaystyle", "quad",   "qquad",     "space",     "big",
    "Big",  "bigl",  "bigr",         "limits", "textstyle", "thinspace", "mathbb"};
constexpr std::array<std::string_view, 10> kTexts = {
    "text", "mathrm", "textbf", "mbox", "textrm", "mathbf", "hbox", "mathit", "rm", "textit"};
constexpr std::array<std::string_view, 28> kLetters = {
    "alpha",  "beta",   "gamma", "delta", "epsilon",  "varepsilon", "theta",
    "lambda", "mu",     "nu",    "xi",    "rho",      "sigma",      "tau",
    "phi",    "varphi", "chi",   "psi",   "omega",    "eta",        "zeta",
    "kappa",  "pi",     "ell",   "Delta", "emptyset", "varnothing", "Omega"};

/// Whether a spelling may begin with a byte, which few do.
bool begins_spelling(char c) {
  static const std::array<bool, 256> kBegins = [] {
    std::array<bool, 256> begins{};
    for (const Pair& pair : kSpellings)
      begins[static_cast<unsigned char>(pair.first.front())] = true;
    return begins;
  }();
  return kBegins[static_cast<unsigned char>(c)];
}

template <class List>
bool holds(const List& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

}  // namespace

std::string with_plain_spellings(std::string_view written) {
  const std::string narrow = with_exponents(
      with_plain_percent(with_plain_money(with_plain_minus(with_narrow_forms(written)))));
  const std::string_view text = narrow;
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (!begins_spelling(text[at])) {
      out += text[at++];
      continue;
    }
    const auto* const spelling = std::ranges::find_if(
        kSpellings, [&](const Pair& pair) { return text.substr(at).starts_with(pair.first); });
    if (spelling == kSpellings.end()) {
      out += text[at++];
    } else {
      out += spelling->second;
      at += spelling->first.size();
    }
  }
  return out;
}

std::optional<std::string_view> mark_of_command(std::string_view name) {
  const auto* const known =
      std::ranges::find_if(kCommands, [&](const Pair& pair) { return pair.first == name; });
  return known == kCommands.end() ? std::nullopt : std::optional(known->second);
}

bool is_math_function(std::string_view name) {
  return holds(kFunctions, name);
}

bool is_math_letter(std::string_view name) {
  return holds(kLetters, name);
}

bool holds_text(std::string_view name) {
  return holds(kTexts, name);
}

bool only_sets_type(std::string_view name) {
  return holds(kLayout, name);
}

}  // namespace nelumbo
