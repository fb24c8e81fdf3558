// SPDX-License-Identifier: Apache-2.0
//
// Oniguruma's doc/RE says what its patterns mean. Two things make this more than a table: a class
// there is an expression over sets, which PCRE2 can only say with alternatives and lookahead, and a
// quantifier behind `{n,m}` repeats what stands before it, so that atom has to be found again.

#include "model/oniguruma.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "model/utf8.h"

namespace nelumbo {

const char* const kSpaceSet =
    R"(\t-\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})";
const char* const kWordSet = R"(\p{Alphabetic}\p{M}\p{Nd}\p{Pc})";

namespace {

constexpr int kDeepestClass = 16;
constexpr size_t kLongestPattern = 65'536;
const char* const kHexSet = "0-9A-Fa-f";
/// Outside of classes Oniguruma takes \w from a table that has Latin-1's raised digits and
/// fractions.
const char* const kLooseWordSet = R"(\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\xB2\xB3\xB9\xBC-\xBE)";

using NamedSet = std::pair<std::string_view, std::string_view>;

/// What Oniguruma calls otherwise than PCRE2, or defines otherwise.
constexpr std::array<NamedSet, 11> kNamedSets{{
    {"alpha", R"(\p{Alphabetic})"},
    {"alnum", R"(\p{Alphabetic}\p{Nd})"},
    {"ascii", R"(\x00-\x7F)"},
    {"blank", R"(\p{Zs}\t)"},
    {"cntrl", R"(\p{Cc})"},
    {"digit", R"(\p{Nd})"},
    {"lower", R"(\p{Lowercase})"},
    {"upper", R"(\p{Uppercase})"},
    {"punct", R"(\p{P}\p{S})"},
    {"xdigit", "0-9A-Fa-f"},
    {"any", R"(\x{0}-\x{10FFFF})"},
}};

/// A set of characters: the inside of a class, and whether all others are meant.
struct Set {
  std::string inside;
  bool negated = false;

  std::string as_class() const {
    // PCRE2 is faster where a property stands by itself.
    if (inside.starts_with("\\p{") && inside.find('}') == inside.size() - 1)
      return (negated ? "\\P" : "\\p") + inside.substr(2);
    return (negated ? "[^" : "[") + inside + "]";
  }
};

class Translator {
 public:
  explicit Translator(std::string_view pattern) : pattern_(pattern) {}

  bool run() {
    while (more() && !fault_)
      one();
    return !fault_;
  }

  std::string take() { return std::move(out_); }
  const std::string& fault() const { return *fault_; }

 private:
  bool more() const { return at_ < pattern_.size(); }
  bool ahead(std::string_view text) const { return pattern_.substr(at_).starts_with(text); }
  bool skip(std::string_view text) {
    const bool there = ahead(text);
    at_ += there ? text.size() : 0;
    return there;
  }
  void refuse(const std::string& construct) {
    if (!fault_)
      fault_ = "'" + construct + "' is not supported in a pattern";
  }

  /// The next character, whole.
  std::string_view character() {
    const int64_t size = std::min<int64_t>(character_size(pattern_, static_cast<int64_t>(at_)),
                                           std::ssize(pattern_) - static_cast<int64_t>(at_));
    const std::string_view one = pattern_.substr(at_, size);
    at_ += size;
    return one;
  }

  void atom(std::string_view text) {
    atom_ = out_.size();
    out_ += text;
  }

  void one() {
    if (ahead("("))
      return open_group();
    if (skip(")")) {
      atom_ = groups_.empty() ? out_.size() : groups_.back();
      if (!groups_.empty())
        groups_.pop_back();
      out_ += ')';
      return;
    }
    if (skip("["))
      return atom(class_expression(0));
    if (skip("\\"))
      return escape();
    if (ahead("{"))
      return interval();
    const std::string_view next = character();
    if (next == "*" || next == "+" || next == "?" || next == "|")
      out_ += next;
    else
      atom(next);
  }

  /// "(?im-x:", where Ruby's m lets the dot match a newline.
  void open_group() {
    for (const char* start : {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"})
      if (skip(start))
        return open(start);
    if (skip("(*"))
      return refuse("(*");
    if (!skip("(?")) {
      skip("(");
      return open("(");
    }
    if (ahead("<")) {
      const size_t end = pattern_.find('>', at_);
      if (end == std::string_view::npos)
        return refuse("(?<");
      const std::string_view name = pattern_.substr(at_, end + 1 - at_);
      at_ = end + 1;
      return open("(?" + std::string(name));
    }
    std::string flags;
    while (more() && std::string_view("imx-").find(pattern_[at_]) != std::string_view::npos)
      flags += pattern_[at_++] == 'm' ? 's' : pattern_[at_ - 1];
    if (skip(":"))
      return open("(?" + flags + ":");
    if (!skip(")"))
      return refuse("(?" + std::string(more() ? character() : ""));
    atom("(?" + flags + ")");
  }

  void open(const std::string& start) {
    groups_.push_back(out_.size());
    out_ += start;
  }

  /// "{n}", "{n,m}", "{,m}", or a brace that stands for itself.
  void interval() {
    size_t end = at_ + 1;
    const auto digits = [&] {
      std::string number;
      while (end < pattern_.size() && is_digit(pattern_[end]))
        number += pattern_[end++];
      return number;
    };
    const std::string least = digits();
    const bool is_range = end < pattern_.size() && pattern_[end] == ',';
    end += is_range ? 1 : 0;
    const std::string most = is_range ? digits() : "";
    if (end >= pattern_.size() || pattern_[end] != '}' || (least.empty() && most.empty())) {
      ++at_;
      return atom("\\{");
    }
    at_ = end + 1;
    out_ += "{" + (least.empty() ? "0" : least) + (is_range ? "," + most : "") + "}";
    if (ahead("+") || (!is_range && ahead("?"))) {
      out_.insert(atom_, "(?:");
      out_ += ')';
    }
  }

  void escape() {
    if (!more())
      return atom("\\");
    if (const auto set = set_escape(kLooseWordSet))
      return atom(set->as_class());
    const std::string word = "[" + std::string(kLooseWordSet) + "]";
    if (skip("b"))
      return atom("(?:(?<=" + word + ")(?!" + word + ")|(?<!" + word + ")(?=" + word + "))");
    if (skip("B"))
      return atom("(?:(?<=" + word + ")(?=" + word + ")|(?<!" + word + ")(?!" + word + "))");
    if (skip("O"))
      return atom("(?s:.)");
    for (const char* same : {"A", "z", "Z", "R", "X", "N"})
      if (skip(same))
        return atom(std::string("\\") + same);
    if (const auto one = character_escape())
      return atom(*one);
    refuse("\\" + std::string(more() ? character() : ""));
  }

  /// Escapes that stand for sets, behind the backslash.
  std::optional<Set> set_escape(const char* word_set) {
    const auto known = [&](char lower, const char* inside) -> std::optional<Set> {
      const char next = pattern_[at_];
      if (next != lower && next != lower - 'a' + 'A')
        return std::nullopt;
      ++at_;
      return Set{inside, next != lower};
    };
    for (const auto& [letter, inside] :
         {std::pair('s', kSpaceSet), {'w', word_set}, {'h', kHexSet}, {'d', R"(\p{Nd})"}})
      if (auto set = known(letter, inside))
        return set;
    if (!ahead("p{") && !ahead("P{"))
      return std::nullopt;
    const size_t end = pattern_.find('}', at_);
    if (end == std::string_view::npos) {
      refuse("\\p{");
      return Set{};
    }
    const bool negated = pattern_[at_] == 'P';
    const std::string_view name = pattern_.substr(at_ + 2, end - at_ - 2);
    at_ = end + 1;
    Set set = named_set(name);
    set.negated = set.negated != negated;
    return set;
  }

  Set named_set(std::string_view name) {
    const bool negated = name.starts_with("^");
    name.remove_prefix(negated ? 1 : 0);
    std::string plain;
    for (const char c : name)
      if (c != ' ' && c != '_' && c != '-')
        plain += ascii_lower(c);
    if (plain == "space")
      return {kSpaceSet, negated};
    if (plain == "word")
      return {kWordSet, negated};
    for (const auto& [known, inside] : kNamedSets)
      if (plain == known)
        return {std::string(inside), negated};
    return {"\\p{" + std::string(name) + "}", negated};
  }

  /// Escapes that stand for one character, in a class and outside, behind the backslash.
  std::optional<std::string> character_escape() {
    if (skip("v"))
      return R"(\x0B)";
    if (skip("u")) {
      const std::string_view digits = pattern_.substr(at_, 4);
      at_ += digits.size();
      return "\\x{" + std::string(digits) + "}";
    }
    const char next = pattern_[at_];
    const bool is_group = next >= '1' && next <= '9';
    if (is_group ||
        (is_ascii_letter(next) && std::string_view("tnrfaex").find(next) == std::string_view::npos))
      return std::nullopt;
    return "\\" + std::string(character());
  }

  /// One class behind its "[", as an expression that matches one character.
  std::string class_expression(int depth) {
    if (depth == kDeepestClass) {
      refuse("[[[");
      return "";
    }
    const bool negated = skip("^");
    std::vector<std::string> conditions;
    std::string plain;
    do {
      std::vector<std::string> nested;
      plain = class_items(nested, depth);
      if (!plain.empty())
        nested.insert(nested.begin(), "[" + plain + "]");
      std::string either = nested.empty() ? "(?!)" : nested.front();
      for (size_t i = 1; i < nested.size(); ++i)
        either += "|" + nested[i];
      conditions.push_back(nested.size() > 1 ? "(?:" + either + ")" : either);
    } while (!fault_ && skip("&&"));
    if (!skip("]"))
      refuse("[");
    if (conditions.size() == 1 && !plain.empty() && conditions[0] == "[" + plain + "]")
      return (negated ? "[^" : "[") + plain + "]";
    std::string all = conditions.back();
    for (size_t i = 0; i + 1 < conditions.size(); ++i)
      all.insert(0, "(?=" + conditions[i] + ")");
    return negated ? "(?:(?!" + all + ")(?s:.))" : "(?:" + all + ")";
  }

  /// The members of a class up to "&&" or its end; sets that need an expression go to `nested`.
  std::string class_items(std::vector<std::string>& nested, int depth) {
    std::string plain;
    bool behind_set = false;
    for (bool first = true; more() && !fault_ && !ahead("&&"); first = false) {
      if (ahead("]") && !first)
        break;
      std::optional<Set> set;
      if (ahead("[:") && pattern_.find(":]", at_ + 2) != std::string_view::npos) {
        const size_t end = pattern_.find(":]", at_);
        set = named_set(pattern_.substr(at_ + 2, end - at_ - 2));
        at_ = end + 2;
      } else if (skip("[")) {
        nested.push_back(class_expression(depth + 1));
      } else if (skip("\\")) {
        set = more() ? set_escape(kWordSet) : std::nullopt;
        if (!set)
          plain += class_escape();
      } else {
        const std::string_view next = character();
        const bool is_bare = next == "^" || next == "]" || (next == "-" && behind_set);
        plain += is_bare ? "\\" + std::string(next) : std::string(next);
      }
      behind_set = set.has_value();
      if (set && set->negated)
        nested.push_back(set->as_class());
      else if (set)
        plain += set->inside;
    }
    return plain;
  }

  std::string class_escape() {
    if (skip("b"))
      return R"(\x08)";
    if (!more())
      return "\\";
    if (const auto one = character_escape())
      return *one;
    refuse("[\\" + std::string(character()) + "]");
    return "";
  }

  std::string_view pattern_;
  size_t at_ = 0;
  std::string out_;
  size_t atom_ = 0;             ///< where in `out_` what a quantifier repeats begins
  std::vector<size_t> groups_;  ///< where in `out_` the open groups begin
  std::optional<std::string> fault_;
};

}  // namespace

Result<std::string> from_oniguruma(std::string_view pattern, const std::string& place) {
  if (pattern.size() > kLongestPattern)
    return Error{Errc::kBadData, place + ": a pattern of " + std::to_string(pattern.size()) +
                                     " bytes is too long; " + std::to_string(kLongestPattern) +
                                     " are allowed"};
  Translator translator(pattern);
  if (!translator.run())
    return Error{Errc::kBadData, place + ": " + translator.fault()};
  return translator.take();
}

}  // namespace nelumbo
