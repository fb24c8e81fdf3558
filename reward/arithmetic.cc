// SPDX-License-Identifier: Apache-2.0
//
// Around each "=" of a text, the longest run of characters of a sum on its left and on its right.
// The trap is everything that only looks like an equation, for which no step may be punished: a
// list number before it ("1. 3+4=7"), a symbol in it ("x - 3 + 4 = 7"), a remainder behind it, a
// chain of results ("7-2=5-1=4"), a time of day ("10:30 - 9 = 1:30"), a denial ("it is not true
// that 2+2=5"). What does not read as numbers alone is passed over.
#include "reward/arithmetic.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/replace_all.h"
#include "base/text.h"
#include "reward/answers.h"
#include "reward/emphasis.h"
#include "reward/math_value.h"
#include "reward/pattern.h"

namespace nelumbo {

namespace {

constexpr std::string_view kSumCharacters = "0123456789.,+-*/^()$ ";
constexpr std::string_view kOperators = "+-*/^";
constexpr std::string_view kMayStandBefore = "=<>:;\n\t\"'[]";

/// Blanks in the place of "**" around bold text; what stands between two numbers is a power.
void unbold(std::string* text) {
  for (size_t at = text->find("**"); at != std::string::npos; at = text->find("**", at + 2)) {
    const bool opens = at == 0 || (*text)[at - 1] == ' ';
    const bool closes = at + 2 >= text->size() || !is_digit((*text)[at + 2]);
    if (opens != closes)
      text->replace(at, 2, "  ");
  }
}

/// One spelling of powers: 2**3 and 2^{3} as 2^3.
void spell_powers(std::string* text) {
  for (size_t at = text->find("**"); at != std::string::npos; at = text->find("**", at + 1)) {
    const size_t before = at == 0 ? std::string::npos : text->find_last_not_of(' ', at - 1);
    const size_t behind = text->find_first_not_of(' ', at + 2);
    if (before != std::string::npos && behind != std::string::npos &&
        (is_digit((*text)[before]) || (*text)[before] == ')') &&
        (is_digit((*text)[behind]) || (*text)[behind] == '(' || (*text)[behind] == '-'))
      text->replace(at, 2, "^");
  }
  for (size_t at = text->find("^{"); at != std::string::npos; at = text->find("^{", at + 1)) {
    const size_t end = text->find_first_not_of("-0123456789", at + 2);
    if (end == std::string::npos || (*text)[end] != '}')
      continue;
    text->erase(end, 1);
    text->erase(at + 1, 1);
  }
}

/// The text with one spelling of each operator, and without what only sets type.
std::string with_plain_operators(std::string_view text) {
  // Without a blank "5\u201310" is a range.
  constexpr std::pair<std::string_view, std::string_view> kSpellings[] = {
      {"\u00d7", "*"},   {"\u00f7", "/"},   {"\u00b7", "*"}, {"\u2212", "-"},
      {"\u2013 ", "- "}, {" \u2013", " -"}, {"`", " "},      {"\\(", " "},
      {"\\)", " "},      {"\u00b2", "^2"},  {"\u00b3", "^3"}};
  std::string plain(text);
  unbold(&plain);
  for (const auto& [spelling, sign] : kSpellings)
    replace_all(&plain, spelling, sign);
  spell_powers(&plain);
  // "3 x 4" and "3x4", but not the x of "2x + 1".
  for (size_t i = 1; i + 1 < plain.size(); ++i) {
    if (plain[i] != 'x')
      continue;
    const size_t before = plain.find_last_not_of(' ', i - 1);
    const size_t behind = plain.find_first_not_of(" $", i + 1);
    if (before != std::string::npos && behind != std::string::npos && is_digit(plain[before]) &&
        is_digit(plain[behind]))
      plain[i] = '*';
  }
  return plain;
}

/// Without money signs and without the commas in thousands.
std::string bare(std::string_view sum) {
  std::string out;
  for (size_t i = 0; i < sum.size(); ++i) {
    const bool comma = sum[i] == ',' && i > 0 && is_digit(sum[i - 1]) && i + 3 < sum.size() &&
                       is_digit(sum[i + 1]) && is_digit(sum[i + 2]) && is_digit(sum[i + 3]);
    if (sum[i] != '$' && !comma)
      out += sum[i];
  }
  return out;
}

std::optional<Rational> value_of(std::string_view sum) {
  const std::string text = bare(sum);
  const Result<MathAnswer> read = read_math(std::string_view(text));
  if (!read || read.value().value.shape != MathValue::Shape::kNumber)
    return std::nullopt;
  return read.value().value.ratio.constant();
}

/// Whether the ":" at `at` stands in a time or a ratio, 10:30.
bool is_in_time(std::string_view text, size_t at) {
  return at < text.size() && text[at] == ':' && at > 0 && is_digit(text[at - 1]) &&
         at + 1 < text.size() && is_digit(text[at + 1]);
}

/// The sum that ends where `text` does; empty where there is none.
std::string_view sum_before(std::string_view text) {
  const size_t cut = text.find_last_not_of(kSumCharacters);
  const size_t begin = cut == std::string_view::npos ? 0 : cut + 1;
  const std::string_view run = text.substr(begin);
  for (const std::string_view end : {". ", ", "})
    if (const size_t at = run.rfind(end); at != std::string_view::npos)
      return trimmed(run.substr(at + end.size()));
  const bool begins_line =
      begin == 0 || kMayStandBefore.find(text[begin - 1]) != std::string_view::npos;
  const bool is_apart = run.starts_with(' ') || (begins_line && !is_in_time(text, begin - 1));
  std::string_view sum = trimmed(run);
  if (begins_line && sum.starts_with("* "))  // a list
    sum = trimmed(sum.substr(2));
  const bool follows_a_word =
      !begins_line && !sum.empty() && kOperators.find(sum.front()) != std::string_view::npos;
  return is_apart && !follows_a_word ? sum : std::string_view{};
}

/// The number at the head of `text`, and how many decimals it has.
struct Head {
  std::string_view number;
  int decimals = 0;
};

std::optional<Head> number_at_head(std::string_view text) {
  size_t i = text.find_first_not_of(" $");
  if (i == std::string_view::npos)
    return std::nullopt;
  const size_t begin = i;
  if (text[i] == '-')
    i = text.find_first_not_of('$', i + 1);
  size_t digits = 0, point = 0;
  for (; i < text.size(); ++i) {
    const bool more = i + 1 < text.size() && is_digit(text[i + 1]);
    if (is_digit(text[i])) {
      ++digits;
    } else if (text[i] == '.' && more && point == 0) {
      point = i;
    } else if (text[i] != ',' || !more || point != 0) {
      break;
    }
  }
  if (digits == 0)
    return std::nullopt;
  return Head{text.substr(begin, i - begin), point == 0 ? 0 : static_cast<int>(i - point - 1)};
}

/// Whether the right side stands for something else than its number: a percent, a time, or a
/// quotient whose remainder is named.
bool is_special(std::string_view text, size_t end) {
  std::string_view rest = trimmed(text.substr(end));
  if (rest.starts_with(','))
    rest = trimmed(rest.substr(1));
  return is_in_time(text, end) || rest.starts_with("%") || rest.starts_with("R ") ||
         rest.starts_with("r ") || rest.starts_with("remainder") || rest.starts_with("with a rem");
}

/// Equal, or rounded or cut off behind so many decimals.
bool alike(const Rational& left, const Rational& right, int decimals) {
  if (left == right)
    return true;
  constexpr double kSlight = 1e-12;  // as programs compute 0.1 + 0.2
  if (decimals == 0)
    return false;
  if (distance(left, right) <= kSlight * std::abs(left.to_double()))
    return true;
  constexpr double kRounding = 1 + 1e-9;
  const double unit = std::pow(10.0, -decimals) * kRounding;
  const double more = std::abs(left.to_double()) - std::abs(right.to_double());
  const bool same_sign = left.is_negative() == right.is_negative() || right.is_zero();
  return same_sign && more >= -unit / 2 && more < unit;
}

/// Whether readers differ in what it is: -2^2.
bool is_open(std::string_view sum) {
  const size_t digits = sum.find_first_not_of("0123456789", 1);
  return sum.starts_with('-') && digits != std::string_view::npos && sum[digits] == '^';
}

/// The sum at the head of a text.
std::string_view sum_at_head(std::string_view text) {
  std::string_view sum = text.substr(0, text.find_first_not_of(kSumCharacters));
  while (!sum.empty() && (sum.back() == ' ' || sum.back() == '.' || sum.back() == ','))
    sum.remove_suffix(1);
  return sum;
}

/// Whether a text does not state the equation from `begin` to `end`: it says that it does not hold,
/// or asks.
bool is_not_stated(std::string_view text, size_t begin, size_t end) {
  constexpr size_t kFarthest = 60;
  static const Pattern kBefore = Pattern::fixed(
      R"((?i)(\b(not|never|cannot|false|wrong|incorrect|untrue|impossible)|n['\x{2019}]t)\b)"
      R"((( \w+){0,3} (that|to|say|claim|means?|be))?\W*\z|\b(instead of|rather than)\W*\z)");
  static const Pattern kBehind = Pattern::fixed(
      R"((?i)\A\W*((which|that) )?(is|was|would be|isn['\x{2019}]t)( \w+)? )"
      R"((false|wrong|incorrect|untrue|impossible|an error|a mistake)\b)"
      R"(|(?i)\A\W*((which|that) )?(is not|isn['\x{2019}]t|cannot be|can['\x{2019}]t be) )"
      R"((true|right|correct|so|possible)\b)"
      R"(|(?i)\A\W*((which|that) )?(does not|doesn['\x{2019}]t|cannot) hold\b)");
  static const Pattern kAsks = Pattern::fixed(R"((?i)\b(is|does|can|could|whether)\W*\z)");
  const size_t first = begin - std::min(begin, kFarthest);
  const auto says = [](const Pattern& pattern, std::string_view words) {
    const auto found = pattern.find(valid_utf8(words));
    return found && found.value();
  };
  const std::string_view before = text.substr(first, begin - first);
  const std::string_view behind = text.substr(end, kFarthest);
  return says(kBefore, before) || says(kBehind, behind) ||
         (trimmed(behind).starts_with('?') && says(kAsks, before));
}

/// The equation around the "=" at `at`, where there is one that does not hold.
std::optional<std::string> false_equation(std::string_view text, size_t at) {
  const std::string_view left = sum_before(text.substr(0, at));
  const std::optional<Head> head = number_at_head(text.substr(at + 1));
  if (!head || left.find_first_of(kOperators, 1) == std::string_view::npos || is_open(left))
    return std::nullopt;
  const size_t end = static_cast<size_t>(head->number.data() - text.data()) + head->number.size();
  if (is_special(text, end))
    return std::nullopt;
  const bool is_power = trimmed(text.substr(end)).starts_with("^");
  const auto stated = value_of(left), result = value_of(head->number);
  if (!stated || !result || (!is_power && alike(*stated, *result, head->decimals)))
    return std::nullopt;
  // "- 3 + 4" may be an item of a list.
  const auto item = left.starts_with("- ") ? value_of(left.substr(2)) : std::nullopt;
  if (item && !is_power && alike(*item, *result, head->decimals))
    return std::nullopt;
  // The right side may be a sum, too.
  const std::string_view sum = sum_at_head(text.substr(at + 1));
  const auto whole = value_of(sum);
  if (whole ? *whole == *stated : is_power)
    return std::nullopt;
  if (is_not_stated(text, static_cast<size_t>(left.data() - text.data()), end))
    return std::nullopt;
  const bool is_sum = whole && sum.find_first_of(kOperators, 1) != std::string_view::npos;
  return std::string(left) + " = " + std::string(trimmed(is_sum ? sum : head->number));
}

/// The word at the head of a text: "kg" of "kg of flour".
std::string_view word_at_head(std::string_view text) {
  return text.substr(0, std::ranges::find_if_not(text, is_ascii_letter) - text.begin());
}

/// "97  - 12 " of "97 kg - 12 kg", where each number has the unit and they are only added or taken
/// away; else as it is.
std::string without_unit(std::string_view sum, std::string_view unit) {
  std::string bare_sum(sum);
  if (unit.empty() || sum.find_first_of("*/^x") != std::string_view::npos)
    return bare_sum;
  std::string_view rest = sum;
  std::string out;
  while (!rest.empty()) {
    const size_t digit = std::min(rest.find_first_of("0123456789"), rest.size());
    const size_t end = std::min(rest.find_first_not_of("0123456789.,", digit), rest.size());
    out += rest.substr(0, end);
    rest = rest.substr(end);
    if (digit == end)
      break;
    rest = trimmed(rest);
    if (word_at_head(rest) != unit)
      return bare_sum;
    out += ' ';
    rest = rest.substr(unit.size());
  }
  return out;
}

/// "40/100 x 60/100" of "40% x 60%"; as it is where something is divided.
std::string with_shares(std::string_view sum) {
  std::string out(sum);
  if (sum.find_first_of("/^") == std::string_view::npos && sum.find("÷") == std::string_view::npos)
    replace_all(&out, "%", "/100");
  return out;
}

class Arithmetic final : public StepCheck {
 public:
  template <class V>
  void fields(V& /*v*/) {}

  Result<std::vector<Fault>> faults(const Scene& scene) const override {
    std::vector<Fault> found;
    for (const ThoughtStep& thought : scene.trajectory.thoughts)
      if (const auto wrong = false_equations(thought.text); !wrong.empty())
        found.push_back(fault_of(thought, in_quotes(wrong.front()) + " does not hold"));
    return found;
  }
};

}  // namespace

std::vector<std::string> false_equations(std::string_view text) {
  const std::string plain = with_plain_operators(text);
  std::vector<std::string> found;
  for (size_t at = plain.find('='); at != std::string::npos; at = plain.find('=', at + 1))
    if (auto wrong = false_equation(plain, at))
      found.push_back(std::move(*wrong));
  return found;
}

std::optional<std::string_view> equation_result(std::string_view text) {
  const size_t last = text.rfind('=');
  if (last == std::string_view::npos)
    return std::nullopt;
  const std::string_view right = without_emphasis(trimmed(text.substr(last + 1)));
  const auto head = number_at_head(right);
  const auto result = head ? value_of(head->number) : std::nullopt;
  if (!result)
    return std::nullopt;
  const std::string_view behind = trimmed(
      right.substr(static_cast<size_t>(head->number.data() - right.data()) + head->number.size()));
  const std::string_view sums = text.substr(0, last);
  const bool has_percent = sums.find('%') != std::string_view::npos;
  const Rational scale(has_percent && behind.starts_with('%') ? 100 : 1);
  const std::string left = with_plain_operators(
      has_percent ? with_shares(sums) : without_unit(sums, word_at_head(behind)));
  bool computes = false;
  for (std::string_view rest = left; !rest.empty();) {
    const std::string_view sum = trimmed(take_until("=", &rest));
    const auto share = is_open(sum) ? std::nullopt : value_of(sum);
    const auto value = share ? product(*share, scale) : std::nullopt;
    if (!value || !alike(*value, *result, head->decimals))
      return std::nullopt;
    computes = computes || sum.find_first_of(kOperators, 1) != std::string_view::npos;
  }
  return computes ? std::optional(right) : std::nullopt;
}

Result<StepCheckPtr> read_arithmetic(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.5, std::make_unique<Arithmetic>());
}

}  // namespace nelumbo
