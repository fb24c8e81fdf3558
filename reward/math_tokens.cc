// SPDX-License-Identifier: Apache-2.0
#include "reward/math_tokens.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/text.h"
#include "reward/answers.h"
#include "reward/emphasis.h"
#include "reward/math_words.h"
#include "reward/units.h"

namespace nelumbo {

namespace {

using Kind = MathToken::Kind;

constexpr size_t kLongestText = 2000;
constexpr size_t kMostTokens = 500;
constexpr int kDeepestText = 8;
constexpr size_t kLongestProduct = 3;

Error unreadable(const std::string& what) {
  return Error{Errc::kBadData, what};
}

/// One text, and those inside its \text{}.
class Lexer {
 public:
  Lexer(std::string_view text, bool letters_are_units, int depth)
      : text_(text), letters_are_units_(letters_are_units), depth_(depth) {}

  Result<void> run() {
    if (depth_ > kDeepestText)
      return unreadable("nested too deeply");
    while (at_ < text_.size()) {
      if (auto done = step(); !done)
        return done;
      if (tokens.size() > kMostTokens)
        return unreadable("too long for a formula");
    }
    return {};
  }

  std::vector<MathToken> tokens;

 private:
  std::string_view rest() const { return text_.substr(at_); }
  void add(Kind kind, std::string_view text) { tokens.push_back({kind, std::string(text), {}}); }
  void mark(std::string_view text) { add(Kind::kMark, text); }

  Result<void> step() {
    const char c = text_[at_];
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || (c == '~' && !tokens.empty())) {
      ++at_;
      return {};
    }
    if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])))
      return number();
    if (is_ascii_letter(c))
      return word();
    if (c == '\\')
      return command();
    for (const std::string_view two : {"<=", ">=", "!="})
      if (rest().starts_with(two)) {
        mark(two);
        at_ += two.size();
        return {};
      }
    if (c == '%' && !tokens.empty() && tokens.back().text == "%")
      return unreadable("two percent signs");
    if (std::string_view("+-*/^_!|,;=<>%:&()[]{}").find(c) == std::string_view::npos)
      return unreadable("'" + shortened(valid_utf8(rest().substr(0, 4))) + "' is in no formula");
    brackets_ += c == '(' || c == '[' ? 1 : (c == ')' || c == ']' ? -1 : 0);
    mark(c == ';' ? "," : std::string_view(&text_[at_], 1));
    ++at_;
    return {};
  }

  size_t digits_from(size_t at) const {
    const size_t end = std::min(text_.find_first_not_of("0123456789", at), text_.size());
    return std::max(at, end) - at;
  }

  /// The length of what parts thousands at `at`: ",", "{,}", "\,"; 0 where nothing does.
  size_t parting(size_t at) const {
    for (const std::string_view part : {"{,}", "\\,", ","}) {
      if (!text_.substr(at).starts_with(part) || digits_from(at + part.size()) != 3)
        continue;
      return part == "," && brackets_ > 0 ? 0 : part.size();
    }
    return 0;
  }

  Result<void> number() {
    if (!tokens.empty() && tokens.back().text == "frac")
      fraction_digits_ = 2;
    if (fraction_digits_ > 0 && is_digit(text_[at_])) {
      --fraction_digits_;
      return single_digit();
    }
    size_t end = at_ + digits_from(at_);
    std::string digits(text_.substr(at_, end - at_));
    if (!digits.empty() && digits.size() <= 3 && digits[0] != '0')
      for (size_t part = parting(end); part > 0; part = parting(end)) {
        digits += text_.substr(end + part, 3);
        end += part + 3;
      }
    if (end < text_.size() && text_[end] == '.') {
      const size_t behind = digits_from(end + 1);
      digits += text_.substr(end, behind + 1);
      end += behind + 1;
    }
    at_ = end;
    auto value = Rational::decimal(digits);
    if (value && rest().starts_with("\\overline{") && digits.find('.') != std::string::npos)
      value = repeating(*value, digits);
    if (value)
      value = scaled(*value);
    if (!value)
      return unreadable("'" + shortened(digits) + "' is too large a number");
    tokens.push_back({Kind::kNumber, digits, *value});
    return {};
  }

  /// \frac12 takes one digit above and one below.
  Result<void> single_digit() {
    const std::string_view digit = text_.substr(at_++, 1);
    tokens.push_back({Kind::kNumber, std::string(digit), *Rational::decimal(digit)});
    if (at_ >= text_.size() || !is_digit(text_[at_]))
      fraction_digits_ = 0;
    return {};
  }

  /// 0.1\overline{6}: the digits under the line over as many nines.
  std::optional<Rational> repeating(const Rational& value, const std::string& digits) {
    const size_t from = at_ + std::string_view("\\overline{").size();
    const size_t count = digits_from(from);
    if (count == 0 || count > 9 || from + count >= text_.size() || text_[from + count] != '}')
      return std::nullopt;
    const auto period = Rational::decimal(text_.substr(from, count));
    const auto ten = Rational(10);
    const auto nines = difference(power(ten, static_cast<int64_t>(count)).value(), Rational(1));
    const auto places = static_cast<int64_t>(digits.size() - digits.find('.') - 1);
    const auto share = quotient(*period, *nines);
    const auto scale = power(ten, -places);
    const auto tail = share && scale ? product(*share, *scale) : std::nullopt;
    at_ = from + count + 1;
    return tail ? sum(value, *tail) : std::nullopt;
  }

  /// "1.5e-3", where the digits follow at once.
  std::optional<Rational> scaled(const Rational& value) {
    size_t at = at_;
    if (at >= text_.size() || (text_[at] != 'e' && text_[at] != 'E'))
      return value;
    ++at;
    const bool minus = at < text_.size() && text_[at] == '-';
    if (at < text_.size() && (minus || text_[at] == '+'))
      ++at;
    const size_t count = digits_from(at);
    if (count == 0)
      return value;
    if (count > 2)
      return std::nullopt;
    const int64_t exponent = std::stoll(std::string(text_.substr(at, count)));
    at_ = at + count;
    const auto scale = power(Rational(10), minus ? -exponent : exponent);
    return scale ? product(value, *scale) : std::nullopt;
  }

  Result<void> word() {
    size_t end = at_;
    while (end < text_.size() && is_ascii_letter(text_[end]))
      ++end;
    const std::string word(text_.substr(at_, end - at_));
    at_ = end;
    return add_word(word);
  }

  Result<void> add_word(const std::string& word) {
    const std::string plain = normalized(word);
    if (plain == "and" || plain == "or") {
      joint(plain == "or" ? "or" : ",");
    } else if ((word == "U" && stands_between_sets()) || plain == "union") {
      mark("cup");
    } else if (plain == "per") {
      mark("/");
    } else if ((plain == "percent" || plain == "pct") &&
               (tokens.empty() || tokens.back().text != "%")) {
      mark("%");
    } else if (is_math_function(plain)) {
      add(Kind::kFunction, plain);
    } else if (plain == "pi") {
      add(Kind::kSymbol, "pi");
    } else if (plain == "inf" || plain == "infinity" || plain == "oo") {
      add(Kind::kSymbol, "inf");
    } else if (plain == "square" || plain == "sq" || plain == "cubic") {
      pending_power_ = plain == "cubic" ? "3" : "2";
    } else if (letters_are_units_ && (word == "C" || word == "F") && follows_degrees()) {
      tokens.back().text = "°" + word;
    } else if ((word.size() > 1 || letters_are_units_) && unit_named(word)) {
      if ((plain == "celsius" || plain == "fahrenheit") && follows_degrees())
        tokens.pop_back();
      add(Kind::kUnit, word);
      if (!pending_power_.empty()) {
        mark("^");
        tokens.push_back({Kind::kNumber, pending_power_, *Rational::decimal(pending_power_)});
        pending_power_.clear();
      }
    } else if (word.size() <= kLongestProduct && depth_ == 0) {
      for (const char letter : word)
        add(Kind::kSymbol, std::string_view(&letter, 1));
    } else {
      return unreadable("'" + shortened(word) + "' is no word of a formula");
    }
    return {};
  }

  /// Parts two items; behind a comma it does so with it: "1, 2, and 3".
  void joint(std::string_view text) {
    if (!tokens.empty() && tokens.back().text == ",")
      tokens.pop_back();
    mark(text);
  }

  /// Whether brackets with a comma inside are closed in front and others opened behind: the "U" of
  /// "(1,2) U (3,4)", and not that of "(a+b)U(c)".
  bool stands_between_sets() const {
    constexpr std::string_view kOpening = "([{", kClosing = ")]}";
    const size_t next = std::min(text_.find_first_not_of(" \\", at_), text_.size());
    if (kOpening.find(text_.substr(next, 1)) == std::string_view::npos || next == text_.size())
      return false;
    int64_t open = 0;
    for (size_t at = tokens.size(); at-- > 0;) {
      const char last = tokens[at].kind == Kind::kMark ? tokens[at].text.back() : ' ';
      open += kClosing.find(last) != kClosing.npos ? 1 : 0;
      open -= kOpening.find(last) != kOpening.npos ? 1 : 0;
      if (open <= 0 || (open == 1 && last == ','))
        return open == 1;
    }
    return false;
  }

  /// "degrees Celsius" and "degrees C" are one unit.
  bool follows_degrees() const {
    return !tokens.empty() && tokens.back().kind == Kind::kUnit &&
           unit_named(tokens.back().text)->base == "degree";
  }

  Result<void> command() {
    ++at_;
    if (at_ >= text_.size())
      return unreadable("ends in a backslash");
    const char c = text_[at_];
    if (!is_ascii_letter(c)) {
      ++at_;
      return sign(c);
    }
    size_t end = at_;
    while (end < text_.size() && is_ascii_letter(text_[end]))
      ++end;
    std::string name(text_.substr(at_, end - at_));
    at_ = end;
    if (name == "dfrac" || name == "tfrac" || name == "cfrac")
      name = "frac";
    if (name == "dbinom" || name == "tbinom")
      name = "binom";
    return named(name);
  }

  Result<void> sign(char c) {
    if (c == ',' || c == ';' || c == ':' || c == ' ' || c == '\n')
      return {};
    if (c == '{' || c == '}') {
      brackets_ += c == '{' ? 1 : -1;
      mark(c == '{' ? "\\{" : "\\}");
    } else if (c == '%') {
      mark("%");
    } else if (c == '$') {
      add(Kind::kUnit, "$");
    } else if (c == '\\') {
      mark("\\\\");
    } else if (c == '|') {
      mark("|");
    } else {
      return unreadable("'\\" + std::string(1, c) + "' is not known");
    }
    return {};
  }

  Result<void> named(const std::string& name) {
    if (const auto known = mark_of_command(name)) {
      mark(*known);
    } else if (name == "infty") {
      add(Kind::kSymbol, "inf");
    } else if (name == "degree") {
      degree();
    } else if (is_math_function(name)) {
      add(Kind::kFunction, name);
    } else if (is_math_letter(name)) {
      add(Kind::kSymbol, name == "varnothing" ? "emptyset" : name);
    } else if (name == "frac" || name == "binom" || name == "begin" || name == "end") {
      add(Kind::kCommand, name);
      if (name == "begin" || name == "end")
        return environment();
    } else if (holds_text(name)) {
      return inner_text();
    } else if (!only_sets_type(name)) {
      return unreadable("'\\" + shortened(name) + "' is not known");
    }
    return {};
  }

  /// "°", or "°C" and "°F" where single letters are units.
  void degree() {
    const size_t at = std::min(text_.find_first_not_of(' ', at_), text_.size());
    const bool scale = letters_are_units_ && at < text_.size() &&
                       (text_[at] == 'C' || text_[at] == 'F') &&
                       (at + 1 == text_.size() || !is_ascii_letter(text_[at + 1]));
    add(Kind::kUnit, scale ? "°" + std::string(1, text_[at]) : "°");
    if (scale)
      at_ = at + 1;
  }

  std::optional<std::string_view> braced() {
    if (!rest().starts_with('{'))
      return std::nullopt;
    int64_t open = 0;
    for (size_t end = at_; end < text_.size(); ++end) {
      open += text_[end] == '{' ? 1 : (text_[end] == '}' ? -1 : 0);
      if (open > 0)
        continue;
      const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return inside;
    }
    return std::nullopt;
  }

  Result<void> environment() {
    const auto name = braced();
    if (!name)
      return unreadable("an environment without a name");
    tokens.back().text += " " + std::string(*name);
    return {};
  }

  Result<void> inner_text() {
    const auto inside = braced();
    if (!inside)
      return {};  // "\rm cm": what follows is read as it is
    if (const auto unit = unit_named(trimmed(*inside))) {
      add(Kind::kUnit, trimmed(*inside));
      return {};
    }
    Lexer inner(*inside, true, depth_ + 1);
    if (auto done = inner.run(); !done)
      return done;
    const bool is_joint =
        inner.tokens.size() == 1 && (inner.tokens[0].text == "," || inner.tokens[0].text == "or");
    if (is_joint)
      joint(inner.tokens[0].text);
    else
      tokens.insert(tokens.end(), inner.tokens.begin(), inner.tokens.end());
    return {};
  }

  std::string_view text_;
  bool letters_are_units_;
  int depth_;
  size_t at_ = 0;
  int64_t brackets_ = 0;
  int fraction_digits_ = 0;  ///< that \frac still takes one by one
  std::string pending_power_;
};

}  // namespace

Result<std::vector<MathToken>> math_tokens(std::string_view text, bool letters_are_units) {
  if (text.size() > kLongestText)
    return unreadable("too long for a formula");
  const std::string plain = without_math_dollars(with_plain_spellings(without_emphasis(text)));
  std::string_view formula = without_emphasis(plain);  // "$\\boxed{7}$" has it inside
  while (formula.ends_with('.'))
    formula.remove_suffix(1);
  Lexer lexer(formula, letters_are_units, 0);
  if (auto done = lexer.run(); !done)
    return done.error();
  lexer.tokens.emplace_back();
  return std::move(lexer.tokens);
}

}  // namespace nelumbo
