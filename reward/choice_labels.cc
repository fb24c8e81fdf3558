// SPDX-License-Identifier: Apache-2.0
#include "reward/choice_labels.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace nelumbo {

namespace {

/// "Bladder (B)", "Bladder (option B)" and "Bladder, option B"
std::optional<Labelled> labelled_behind(std::string_view text) {
  if (text.ends_with('.'))
    text.remove_suffix(1);
  const bool is_closed = text.ends_with(')');
  const size_t open = text.rfind(is_closed ? '(' : ',');
  if (open == std::string_view::npos || open == 0)
    return std::nullopt;
  std::string_view label = trimmed(text.substr(open + 1, text.size() - open - 1 - is_closed));
  const bool is_told = take_one(label, {"option ", "Option ", "choice ", "Choice "});
  label = trimmed(label);
  if (label.size() != 1 || !(is_closed || is_told))
    return std::nullopt;
  return Labelled{label, trimmed(text.substr(0, open))};
}

}  // namespace

bool take_one(std::string_view& text, std::initializer_list<std::string_view> marks) {
  for (const std::string_view mark : marks)
    if (text.starts_with(mark)) {
      text.remove_prefix(mark.size());
      return true;
    }
  return false;
}

std::optional<Labelled> labelled(std::string_view text) {
  if (const auto behind = labelled_behind(text); behind && behind->rest.size() > 1)
    return behind;
  const bool is_bold = take_one(text, {"**"});
  take_one(text, {"(", "["});
  if (text.size() < 3)
    return std::nullopt;
  const std::string_view label = text.substr(0, 1);
  text.remove_prefix(1);
  const size_t length = text.size();
  while (take_one(text, {")", "]", ".", ":"})) {
  }
  if (is_bold)
    take_one(text, {"**"});
  while (take_one(text, {".", ":", ",", " ", "\n"})) {
  }
  if (take_one(text, {"- ", "– ", "— ", "—", "= "}))
    text = trimmed(text);
  const bool touches = text.size() == length && !text.starts_with('(') && !text.starts_with('[');
  return text.empty() || touches ? std::nullopt : std::optional(Labelled{label, text});
}

std::string_view without_end_marks(std::string_view text) {
  constexpr std::array<std::string_view, 7> kMarks = {"…", "。", "✓", "✔", "✅", "☑", "\uFE0F"};
  constexpr std::string_view kClosing = ")]*\"";
  constexpr size_t kLongest = 1000;
  for (bool found = text.size() <= kLongest; found;) {
    const auto mark =
        std::ranges::find_if(kMarks, [&](std::string_view one) { return text.ends_with(one); });
    const bool is_stop = text.size() > 1 && (text.ends_with('.') || text.ends_with('!')) &&
                         kClosing.find(text[text.size() - 2]) != kClosing.npos;
    found = mark != kMarks.end() || is_stop;
    if (found)
      text = trimmed(text.substr(0, text.size() - (is_stop ? 1 : mark->size())));
  }
  return text;
}

std::string_view without_brackets(std::string_view text) {
  const bool round = text.starts_with('(') && text.ends_with(')');
  const bool square = text.starts_with('[') && text.ends_with(']');
  return text.size() > 2 && (round || square) ? trimmed(text.substr(1, text.size() - 2)) : text;
}

std::string_view bare_letter(std::string_view text) {
  const std::string_view inside = without_brackets(text);
  if (inside.size() == 2 && (inside.ends_with(')') || inside.ends_with(']')))
    return inside.substr(0, 1);
  return inside.size() == 1 ? inside : text;
}

}  // namespace nelumbo
