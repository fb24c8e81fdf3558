// SPDX-License-Identifier: Apache-2.0
#include "reward/pattern_tree.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "reward/pattern_text.h"

namespace nelumbo {

namespace {

using Kind = PatternNode::Kind;

constexpr int64_t kNoEnd = 65'536;     // PCRE2's most times and one
constexpr size_t kLongestGroup = 100;  // of what a group is taken to have given

bool is_one_of(char c, std::string_view all) {
  return all.find(c) != std::string_view::npos;
}

PatternNode character(const AsciiSet& set) {
  return {.kind = Kind::kCharacter, .set = set};
}

PatternNode literal(std::string_view text) {
  const bool is_ascii = text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80;
  if (is_ascii)
    return character(set_of(text));
  return {.kind = Kind::kCharacter, .text = std::string(text)};
}

PatternNode place() {
  return {};
}

class TreeReader {
 public:
  explicit TreeReader(std::string_view pattern) : pattern_(pattern) {}

  PatternNode tree() {
    PatternNode all{.kind = Kind::kSequence};
    all.parts.push_back(alternatives());
    while (!at_end()) {  // never of what PCRE2 compiles
      ++at_;
      all.parts.push_back(alternatives());
    }
    return all;
  }

 private:
  bool at_end() const { return at_ >= pattern_.size(); }
  char next() const { return at_end() ? '\0' : pattern_[at_]; }
  std::string_view rest() const { return pattern_.substr(std::min(at_, pattern_.size())); }

  bool take(std::string_view text) {
    if (!rest().starts_with(text))
      return false;
    at_ += text.size();
    return true;
  }

  /// What stands before `end`, which is taken, too.
  std::string_view take_until(std::string_view end) {
    const std::string_view all = rest();
    const size_t length = std::min(all.find(end), all.size());
    at_ += std::min(length + end.size(), all.size());
    return all.substr(0, length);
  }

  /// A character, which may have several bytes.
  std::string_view take_character() {
    size_t length = 1;
    while (length < rest().size() && (static_cast<unsigned char>(rest()[length]) & 0xC0) == 0x80)
      ++length;
    const std::string_view taken = rest().substr(0, length);
    at_ += taken.size();
    return taken;
  }

  PatternNode alternatives() {
    const bool is_extended = is_extended_;
    PatternNode choice{.kind = Kind::kChoice};
    do
      choice.parts.push_back(sequence());
    while (take("|"));
    is_extended_ = is_extended;
    if (choice.parts.size() > 1)
      return choice;
    PatternNode only = std::move(choice.parts.front());
    return only;
  }

  /// Blanks and comments, where they are none of the pattern's characters.
  void skip_blanks() {
    while (is_extended_ && !at_end()) {
      if (next() == '#')
        take_until("\n");
      else if (std::isspace(static_cast<unsigned char>(next())) != 0)
        ++at_;
      else
        return;
    }
  }

  PatternNode sequence() {
    PatternNode all{.kind = Kind::kSequence};
    for (skip_blanks(); !at_end() && !is_one_of(next(), "|)"); skip_blanks()) {
      if (take("\\Q"))
        add_quoted(all);
      else if (!take("\\E"))
        all.parts.push_back(repeated(atom()));
    }
    return all;
  }

  /// "\Q..\E"
  void add_quoted(PatternNode& all) {
    while (!at_end() && !take("\\E"))
      all.parts.push_back(literal(take_character()));
    if (!all.parts.empty())
      all.parts.back() = repeated(std::move(all.parts.back()));
  }

  PatternNode repeated(PatternNode one) {
    for (auto times = quantifier(); times; times = quantifier()) {
      PatternNode many{.kind = Kind::kRepeat, .least = times->first, .most = times->second};
      many.parts.push_back(std::move(one));
      one = std::move(many);
      if (is_one_of(next(), "?+") && !at_end())
        ++at_;
    }
    return one;
  }

  std::optional<std::pair<int64_t, int64_t>> quantifier() {
    skip_blanks();
    if (take("*"))
      return std::pair<int64_t, int64_t>{0, kNoEnd};
    if (take("+"))
      return std::pair<int64_t, int64_t>{1, kNoEnd};
    if (take("?"))
      return std::pair<int64_t, int64_t>{0, 1};
    const size_t close = rest().find('}');
    if (next() != '{' || close == std::string_view::npos)
      return std::nullopt;
    const std::string inside(rest().substr(1, close - 1));
    if (inside.empty() || inside == "," ||
        inside.find_first_not_of("0123456789, ") != std::string::npos)
      return std::nullopt;
    at_ += close + 1;
    const size_t comma = inside.find(',');
    const int64_t least = std::atoll(inside.c_str());
    if (comma == std::string::npos)
      return std::pair(least, least);
    const int64_t most = std::atoll(inside.c_str() + comma + 1);
    return std::pair(least, most > 0 ? most : kNoEnd);
  }

  PatternNode atom() {
    if (take("("))
      return group();
    if (take("["))
      return of_class();
    if (take("\\"))
      return escape();
    if (take("."))
      return character(~set_of("\n"));
    if (is_one_of(next(), "^$")) {
      ++at_;
      return place();
    }
    return literal(take_character());
  }

  PatternNode group() {
    if (take("*") || take("?#")) {
      take_until(")");
      return place();
    }
    if (!take("?"))
      return captured("");
    for (const std::string_view look : {"=", "!", "<=", "<!"})
      if (take(look)) {
        PatternNode node{.kind = Kind::kLook};
        node.parts.push_back(inside());
        return node;
      }
    if (take("P=")) {
      const std::string name(take_until(")"));
      return given(name);
    }
    if (take("P<") || take("<"))
      return captured(std::string(take_until(">")));
    if (take("'"))
      return captured(std::string(take_until("'")));
    if (next() == '(')
      return conditional();
    return with_options();
  }

  PatternNode inside() {
    PatternNode node = alternatives();
    take(")");
    return node;
  }

  PatternNode captured(const std::string& name) {
    const std::string number = std::to_string(++groups_);
    PatternNode node = inside();
    std::string text;
    append_text(node, {}, kLongestGroup, text);
    if (!name.empty())
      given_[name] = text;
    given_[number] = std::move(text);
    return node;
  }

  PatternNode given(const std::string& name) {
    const auto known = given_.find(name);
    return {.kind = Kind::kText, .text = known == given_.end() ? "" : known->second};
  }

  /// "(?(1)a|b)"
  PatternNode conditional() {
    ++at_;
    PatternNode node{.kind = Kind::kSequence};
    if (next() == '?')
      node.parts.push_back(group());
    else
      take_until(")");
    node.parts.push_back(inside());
    return node;
  }

  /// "(?:a)", "(?>a)", "(?i-x:a)", and "(?i)", which holds to the end of the group around it.
  PatternNode with_options() {
    bool is_on = true;
    bool is_extended = is_extended_;
    while (!at_end() && !is_one_of(next(), ":)>|")) {
      if (is_one_of(next(), "-^"))
        is_on = false;
      is_extended = next() == 'x' ? is_on : is_extended;
      ++at_;
    }
    if (take(")")) {
      is_extended_ = is_extended;
      return place();
    }
    ++at_;
    const bool outside = std::exchange(is_extended_, is_extended);
    PatternNode node = inside();
    is_extended_ = outside;
    return node;
  }

  /// Behind a backslash, outside of a class.
  PatternNode escape() {
    if (is_one_of(next(), "bBAzZGK")) {
      ++at_;
      return place();
    }
    if (next() >= '1' && next() <= '9') {
      const size_t begin = at_;
      while (next() >= '0' && next() <= '9')
        ++at_;
      return given(std::string(pattern_.substr(begin, at_ - begin)));
    }
    for (const auto& [open, close] : {std::pair("k<", ">"), {"k{", "}"}, {"k'", "'"}, {"g{", "}"}})
      if (take(open))
        return given(std::string(take_until(close)));
    if (take("g"))
      return given(std::string(take_character()));
    return escaped_character();
  }

  PatternNode escaped_character() {
    const std::string_view one = take_character();
    if (one == "p" || one == "P")
      return of_property(one == "P");
    if (const auto set = named_set(one))
      return character(*set);
    if (one == "x")
      return coded();
    if (one == "c" || one == "o") {
      one == "c" ? take_character() : take_until("}");
      return place();
    }
    constexpr std::string_view kNames = "ntrfae0", kValues("\n\t\r\f\a\x1B\0", 7);
    const size_t known = one.size() == 1 ? kNames.find(one[0]) : std::string_view::npos;
    return literal(known == std::string_view::npos ? one : kValues.substr(known, 1));
  }

  /// "\pL", "\p{Lu}", "\p{^L}"
  PatternNode of_property(bool is_negated) {
    std::string_view name = take("{") ? take_until("}") : take_character();
    if (name.starts_with('^')) {
      is_negated = !is_negated;
      name.remove_prefix(1);
    }
    const auto set = named_set("p" + std::string(name.substr(0, 1)));
    const AsciiSet letters = *named_set("pL");
    return character(is_negated ? ~set.value_or(letters) : set.value_or(letters));
  }

  /// "\x41", "\x{1F600}"
  PatternNode coded() {
    const bool is_long = take("{");
    const std::string digits(is_long ? take_until("}") : rest().substr(0, 2));
    if (!is_long)
      at_ += digits.size();
    const auto code = static_cast<size_t>(std::strtoul(digits.c_str(), nullptr, 16));
    return code < AsciiSet().size() ? character(set_of_range(code, code)) : literal("\xC3\xA4");
  }

  PatternNode of_class() {
    const bool is_negated = take("^");
    PatternNode all{.kind = Kind::kCharacter};
    for (bool is_first = true; !at_end() && (is_first || next() != ']'); is_first = false) {
      const PatternNode one = member();
      const bool is_range =
          one.set.count() == 1 && rest().size() > 1 && next() == '-' && rest()[1] != ']';
      if (!is_range) {
        all.set |= one.set;
        all.text = one.text.empty() ? all.text : one.text;
        continue;
      }
      ++at_;
      const PatternNode last = member();
      all.set |=
          set_of_range(lowest(one.set), last.set.any() ? lowest(last.set) : AsciiSet().size());
      all.text = last.text.empty() ? all.text : last.text;
    }
    take("]");
    if (is_negated)
      all = character(~all.set);
    return all;
  }

  PatternNode member() {
    if (take("[:")) {
      const bool is_negated = take("^");
      const AsciiSet set = named_set(take_until(":]")).value_or(AsciiSet());
      return character(is_negated ? ~set : set);
    }
    if (!take("\\"))
      return literal(take_character());
    if (take("b"))
      return character(set_of("\b"));
    return is_one_of(next(), "QE") ? (++at_, character({})) : escaped_character();
  }

  std::string_view pattern_;
  size_t at_ = 0;
  bool is_extended_ = false;  ///< blanks and comments are none of the pattern's characters
  int64_t groups_ = 0;
  std::map<std::string, std::string> given_;  ///< by a group's number and name
};

}  // namespace

PatternNode tree_of(std::string_view pattern) {
  return TreeReader(pattern).tree();
}

}  // namespace nelumbo
