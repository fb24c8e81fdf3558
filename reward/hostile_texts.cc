// SPDX-License-Identifier: Apache-2.0
#include "reward/hostile_texts.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdlib>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace nelumbo {

namespace {

constexpr size_t kLongestSkeleton = 48;
constexpr size_t kRun = 120;  // characters; what grows as their square is no explosion yet

bool is_one_of(char c, std::string_view all) {
  return all.find(c) != std::string_view::npos;
}

/// What an escape stands for: "\\d" a digit; nothing for places, as "\\b".
std::string of_escape(char c) {
  if (c == 'd')
    return "0";
  if (c == 's' || c == 'h' || c == 'R' || c == 'v')
    return " ";
  if (c == 'n')
    return "\n";
  if (is_one_of(c, "wSDNXpPWH"))
    return c == 'W' ? "-" : "a";
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ? "" : std::string(1, c);
}

/// One text that a pattern, roughly read, asks for.
class Skeleton {
 public:
  /// `last`: of alternatives the last one, else the first; `lean`: without what may be left out.
  Skeleton(std::string_view pattern, bool last, bool lean)
      : pattern_(pattern), last_(last), lean_(lean) {}

  std::string text() {
    std::string made = alternatives();
    while (at_ <
           pattern_.size()) {  // a bracket too many: it did compile, so this is within a class
      ++at_;
      made += alternatives();
    }
    return made.substr(0, kLongestSkeleton);
  }

 private:
  std::string alternatives() {
    std::string chosen = sequence();
    while (at_ < pattern_.size() && pattern_[at_] == '|') {
      ++at_;
      std::string other = sequence();
      if (last_)
        chosen = std::move(other);
    }
    return chosen;
  }

  std::string sequence() {
    std::string made;
    while (at_ < pattern_.size() && !is_one_of(pattern_[at_], "|)"))
      made += item();
    return made;
  }

  std::string item() {
    const bool is_any = pattern_[at_] == '.';
    const std::string one = atom();
    return repeated(one, is_any);
  }

  std::string atom() {
    const char c = pattern_[at_++];
    if (c == '(')
      return group();
    if (c == '[')
      return one_of_class();
    if (c == '\\' && at_ < pattern_.size())
      return of_escape(pattern_[at_++]);
    if (c == '.')
      return "a";
    return is_one_of(c, "^$") ? "" : std::string(1, c);
  }

  std::string group() {
    bool is_look = false;
    if (at_ < pattern_.size() && pattern_[at_] == '?') {
      const size_t end = std::min(pattern_.find_first_of(":=!>)|", at_), pattern_.size());
      is_look = end < pattern_.size() && is_one_of(pattern_[end], "=!");
      const bool is_option = end < pattern_.size() && pattern_[end] == ')';
      at_ = is_option ? end : std::min(end + 1, pattern_.size());
    }
    std::string inside = alternatives();
    at_ = std::min(at_ + 1, pattern_.size());
    return is_look ? "" : inside;
  }

  /// The first member of a class, or a letter where it says what must not be there.
  std::string one_of_class() {
    const bool is_negated = at_ < pattern_.size() && pattern_[at_] == '^';
    at_ += is_negated ? 1 : 0;
    std::string first;
    const size_t begin = at_;
    while (at_ < pattern_.size() && (pattern_[at_] != ']' || at_ == begin)) {
      const bool is_escape = pattern_[at_] == '\\' && at_ + 1 < pattern_.size();
      const std::string member =
          is_escape ? of_escape(pattern_[at_ + 1]) : std::string(1, pattern_[at_]);
      if (first.empty())
        first = member;
      at_ += is_escape ? 2 : 1;
    }
    const std::string_view inside = pattern_.substr(begin, at_ - begin);
    at_ = std::min(at_ + 1, pattern_.size());
    if (!is_negated)
      return first;
    for (const char c : std::string_view("a0 -~"))
      if (!is_one_of(c, inside))
        return std::string(1, c);
    return "";
  }

  /// What an atom gives when it must be there "{5}" times; once, or not, where it may be there, or
  /// may be any of what is there.
  std::string repeated(const std::string& atom, bool is_any) {
    std::string made = atom;
    if (lean_ && at_ < pattern_.size() && is_one_of(pattern_[at_], is_any ? "*?+" : "*?"))
      made.clear();
    while (at_ < pattern_.size() && is_one_of(pattern_[at_], "*+?{")) {
      const size_t close = pattern_.find('}', at_);
      if (pattern_[at_] != '{' || close == std::string_view::npos) {
        ++at_;
        continue;
      }
      constexpr int kMost = 8;
      const int times = std::atoi(std::string(pattern_.substr(at_ + 1, close - at_ - 1)).c_str());
      for (int i = 1; i < std::min(times, kMost); ++i)
        made += atom;
      at_ = close + 1;
    }
    return made;
  }

  std::string_view pattern_;
  bool last_, lean_;
  size_t at_ = 0;
};

/// Collects runs of some unit before what a skeleton asks for, or nearly.
class Runs {
 public:
  explicit Runs(std::string skeleton) : skeleton_(std::move(skeleton)) {}

  void add(const std::string& head, const std::string& unit) {
    std::string text = head;
    while (text.size() < head.size() + kRun)
      text += unit;
    // PCRE2 may look for the last of the skeleton before it begins: once behind the end of a line,
    // over which "." does not reach.
    texts.insert(valid_utf8(text + "\n" + skeleton_));
    text += '!';
    texts.insert(valid_utf8(text + skeleton_));
    text += skeleton_.substr(0, std::max<size_t>(1, skeleton_.size()) - 1);
    texts.insert(valid_utf8(text + '!'));
  }

  /// Of single characters and the few before them.
  void add_short_units() {
    constexpr size_t kLongestUnit = 3;
    for (size_t end = 1; end <= skeleton_.size(); ++end)
      for (size_t length = 1; length <= std::min(end, kLongestUnit); ++length)
        add(skeleton_.substr(0, end - length), skeleton_.substr(end - length, length));
  }

  /// Of all that is asked for up to some character.
  void add_long_units() {
    for (size_t end = 1; end <= skeleton_.size(); ++end)
      add("", skeleton_.substr(0, end));
  }

  /// Of the first letters and digits of a pattern, two by two.
  void add_pairs(const std::string& pattern) {
    constexpr size_t kMostPaired = 6;
    std::set<char> named;
    for (const char c : pattern)
      if (std::isalnum(static_cast<unsigned char>(c)) != 0 && named.size() < kMostPaired)
        named.insert(c);
    for (const char one : named)
      for (const char other : named)
        if (one != other)
          add("", {one, other});
  }

  std::set<std::string> texts;

 private:
  std::string skeleton_;
};

}  // namespace

std::vector<std::string> hostile_texts(const std::string& pattern) {
  std::set<std::string> texts;
  for (const bool last : {false, true}) {
    Runs whole(Skeleton(pattern, last, false).text());
    whole.add_short_units();
    whole.add_long_units();
    whole.add_pairs(pattern);
    texts.merge(whole.texts);
    Runs lean(Skeleton(pattern, last, true).text());
    lean.add_long_units();
    texts.merge(lean.texts);
  }
  return {texts.begin(), texts.end()};
}

}  // namespace nelumbo
