// SPDX-License-Identifier: Apache-2.0
//
// What can be matched in many ways is matched in all of them before a match fails. So for each part
// that repeats or chooses:
//
//   what leads to it + what it takes, time and again + what nothing in it takes + the rest
//
// What leads to it is made of the pattern itself, with all it asks for, so that "x{37}(y+)+z" is
// tried on 37 x and many y. The one trap: PCRE2 looks for the last character that a pattern needs,
// and for its least length, before it begins; so the rest, or nearly, stands behind each text.
#include "reward/hostile_texts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "base/text.h"
#include "reward/pattern_text.h"
#include "reward/pattern_tree.h"

namespace nelumbo {

namespace {

using Kind = PatternNode::Kind;

constexpr size_t kLongestLead = 1'000;  // what stands further behind is not reached
constexpr size_t kLongestRest = 200;
constexpr size_t kLongestUnit = 60;
/// Characters in a row. Few do for what grows exponentially, as "(a?){30}a{30}", which many would
/// match at once; what grows as the square of the most is no explosion yet.
constexpr std::array<size_t, 4> kRuns = {12, 24, 48, 120};
constexpr int kMostParts = 64;     // that repeat or choose
constexpr size_t kMostUnits = 12;  // of one of them

/// All characters that a part can take.
AsciiSet taken_by(const PatternNode& node) {
  AsciiSet all = node.set;
  for (const PatternNode& part : node.parts)
    all |= taken_by(part);
  return all;
}

size_t most_alternatives(const PatternNode& node) {
  size_t most = node.kind == Kind::kChoice ? node.parts.size() : 1;
  for (const PatternNode& part : node.parts)
    most = std::max(most, most_alternatives(part));
  return most;
}

std::string text_of(const PatternNode& node, const TextStyle& style, size_t most) {
  std::string text;
  append_text(node, style, most, text);
  return text;
}

/// Adds what is not there yet.
void add_new(std::vector<std::string>& all, std::string text) {
  if (!text.empty() && std::ranges::find(all, text) == all.end())
    all.push_back(std::move(text));
}

/// Texts that a part takes, each way that it may: and two different ones in a row.
std::vector<std::string> units_of(const PatternNode& node) {
  constexpr size_t kSamples = 4, kMostAlternatives = 8, kPaired = 3;
  std::vector<std::string> units;
  const size_t alternatives = std::min(most_alternatives(node), kMostAlternatives);
  for (size_t alternative = 0; alternative < alternatives; ++alternative)
    for (size_t sample = 0; sample < kSamples; ++sample)
      for (const int64_t times : {1, 0, 2})
        add_new(units, text_of(node, {alternative, sample, times}, kLongestUnit));
  if (node.kind == Kind::kCharacter)
    return units;
  const std::vector<std::string> single(
      units.begin(), units.begin() + std::ptrdiff_t(std::min(units.size(), kPaired)));
  units.resize(std::min(units.size(), kMostUnits - kPaired));
  for (const std::string& one : single)
    for (const std::string& other : single)
      if (one != other && units.size() < kMostUnits)
        add_new(units, one + other);
  return units;
}

/// Collects texts for the parts of a pattern.
class HostileTexts {
 public:
  explicit HostileTexts(const PatternNode& tree) : rest_(text_of(tree, {}, kLongestRest)) {
    look_at(tree, {});
  }

  /// Of the first letters and digits of a pattern, two by two.
  void add_pairs(const std::string& pattern) {
    constexpr size_t kMostPaired = 6;
    std::set<char> named;
    for (const char c : pattern)
      if (is_ascii_alphanumeric(c) && named.size() < kMostPaired)
        named.insert(c);
    for (const char one : named)
      for (const char other : named)
        if (one != other)
          add_run("", {one, other}, kRuns.back(), "!");
  }

  /// The shorter ones first.
  std::vector<std::string> texts() && {
    std::vector<std::string> all(std::make_move_iterator(texts_.begin()),
                                 std::make_move_iterator(texts_.end()));
    std::ranges::stable_sort(all, {}, &std::string::size);
    return all;
  }

 private:
  /// What leads to a part: without what may be left out, with it, and with the last of
  /// alternatives.
  struct Lead {
    std::string lean{}, rich{}, last{};
  };

  void look_at(const PatternNode& node, Lead lead) {
    if (node.kind == Kind::kRepeat && node.most > 0)
      add_runs(node, node.parts.front(), lead);
    if (node.kind == Kind::kChoice)
      add_runs(node, node, lead);
    for (const PatternNode& part : node.parts) {
      look_at(part, lead);
      if (node.kind == Kind::kSequence) {
        append_text(part, {.times = 0}, kLongestLead, lead.lean);
        append_text(part, {}, kLongestLead, lead.rich);
        append_text(part, {.alternative = TextStyle::kLast}, kLongestLead, lead.last);
      }
    }
  }

  /// Of what `body` takes, once in `node`, behind what leads there; and of all up to there.
  void add_runs(const PatternNode& node, const PatternNode& body, const Lead& lead) {
    if (lead.rich.size() >= kLongestLead || ++parts_ > kMostParts)
      return;
    const std::string foreign = not_in(taken_by(body));
    std::vector<std::string> leads = {lead.rich};
    for (const std::string& other : {lead.lean, lead.last})
      if (std::ranges::find(leads, other) == leads.end())
        leads.push_back(other);
    for (const std::string& one : leads)
      for (const std::string& unit : units_of(body))
        for (const size_t run : runs_of(node, unit))
          add_run(one, unit, run, foreign);
    if (node.most <= 1)
      return;
    std::vector<std::string> all;
    for (const std::string& one : leads)
      if (one.size() <= kLongestUnit) {
        add_new(all, one);
        add_new(all, one + text_of(body, {}, kLongestUnit));
      }
    for (const std::string& unit : all)
      add_run("", unit, kRuns.back(), foreign);
  }

  /// How long runs of a unit are: also one more than the part may take, so that it must fail.
  static std::vector<size_t> runs_of(const PatternNode& node, const std::string& unit) {
    constexpr size_t kLongest = 600;
    std::vector<size_t> runs(kRuns.begin(), kRuns.end());
    const size_t over = (static_cast<size_t>(node.most) + 1) * unit.size();
    if (over > kRuns.back() && over <= kLongest)
      runs.push_back(over);
    return runs;
  }

  /// What ends a run: "!", or what is not in the set where that is.
  static std::string not_in(const AsciiSet& set) {
    if (!set['!'])
      return "!";
    const std::vector<std::string> others = samples_of(~set & set_of_range(' ', '~'));
    return others.empty() ? "!" : others.front();
  }

  void add_run(const std::string& lead, const std::string& unit, size_t run,
               const std::string& foreign) {
    std::string text = lead;
    while (text.size() < lead.size() + run)
      text += unit;
    // Once behind the end of a line, over which "." does not reach.
    texts_.insert(valid_utf8(text + "\n" + rest_));
    text += foreign;
    texts_.insert(valid_utf8(text + rest_));
    text += rest_.substr(0, std::max<size_t>(1, rest_.size()) - 1);
    texts_.insert(valid_utf8(text + foreign));
  }

  std::string rest_;
  std::set<std::string> texts_;
  int parts_ = 0;
};

}  // namespace

std::vector<std::string> hostile_texts(const std::string& pattern) {
  HostileTexts made(tree_of(pattern));
  made.add_pairs(pattern);
  return std::move(made).texts();
}

}  // namespace nelumbo
