// SPDX-License-Identifier: Apache-2.0
#include "rollout/answer_form.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/check.h"
#include "base/text.h"

namespace nelumbo {
namespace {

/// Where the number that ends behind its last digit `last` begins: digits, one point between them,
/// and commas that stand before three digits each.
size_t number_begin(std::string_view text, size_t last) {
  size_t begin = last;
  size_t run = 1;  // digits in a row, from `begin` on
  bool point = false;
  while (begin > 0) {
    const char c = text[begin - 1];
    const bool joins = begin > 1 && is_digit(text[begin - 2]);
    if (is_digit(c)) {
      ++run;
    } else if (c == '.' && joins && !point) {
      point = true;
      run = 0;
    } else if (c == ',' && joins && run == 3) {
      run = 0;
    } else {
      break;
    }
    --begin;
  }
  return begin;
}

/// Whether the number is written without the 0 before its point: ".5".
bool lacks_zero(std::string_view text, size_t begin) {
  if (begin == 0 || text[begin - 1] != '.')
    return false;
  return begin == 1 || text[begin - 2] == ' ' || text[begin - 2] == '$' || text[begin - 2] == '-';
}

/// A minus belongs to a number unless something stands before it that it is taken from.
bool is_negative(std::string_view text, size_t begin) {
  if (begin > 0 && text[begin - 1] == '$')
    --begin;
  if (begin == 0 || text[begin - 1] != '-')
    return false;
  if (begin == 1)
    return true;
  const char before = text[begin - 2];
  return before == ' ' || before == '\n' || before == '(' || before == '=' || before == ':';
}

std::optional<std::string> last_number(std::string_view text) {
  const size_t last = text.find_last_of("0123456789");
  if (last == std::string_view::npos)
    return std::nullopt;
  const size_t begin = number_begin(text, last);
  const bool bare = lacks_zero(text, begin);
  std::string number = is_negative(text, begin - (bare ? 1 : 0)) ? "-" : "";
  number += bare ? "0." : "";
  for (const char c : text.substr(begin, last + 1 - begin))
    if (c != ',')
      number += c;
  return number;
}

std::optional<std::string> tagged(std::string_view text) {
  constexpr std::string_view kOpen = "<answer>", kClose = "</answer>";
  const size_t open = text.rfind(kOpen);
  if (open == std::string_view::npos)
    return std::nullopt;
  const size_t begin = open + kOpen.size();
  const size_t end = text.find(kClose, begin);
  if (end == std::string_view::npos)
    return std::nullopt;
  return std::string(trimmed(text.substr(begin, end - begin)));
}

std::optional<std::string> boxed(std::string_view text) {
  constexpr std::string_view kOpen = "\\boxed{";
  const size_t open = text.rfind(kOpen);
  if (open == std::string_view::npos)
    return std::nullopt;
  const size_t begin = open + kOpen.size();
  int depth = 1;
  for (size_t at = begin; at < text.size(); ++at) {
    depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
    if (depth == 0)
      return std::string(trimmed(text.substr(begin, at - begin)));
  }
  return std::nullopt;
}

}  // namespace

const std::vector<std::string>& answer_forms() {
  static const std::vector<std::string> kWords = {"text", "last_number", "tags", "boxed"};
  return kWords;
}

AnswerForm answer_form(const std::string& word) {
  const auto at = std::ranges::find(answer_forms(), word);
  NELUMBO_CHECK(at != answer_forms().end()) << "no form of answers is called '" << word << "'";
  return static_cast<AnswerForm>(at - answer_forms().begin());
}

std::optional<std::string> read_answer(AnswerForm form, std::string_view text) {
  switch (form) {
    case AnswerForm::kText:
      return is_blank(text) ? std::nullopt : std::optional(std::string(trimmed(text)));
    case AnswerForm::kLastNumber:
      return last_number(text);
    case AnswerForm::kTags:
      return tagged(text);
    case AnswerForm::kBoxed:
      return boxed(text);
  }
  return std::nullopt;
}

}  // namespace nelumbo
