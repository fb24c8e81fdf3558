// SPDX-License-Identifier: Apache-2.0
#include "reward/audit.h"

#include <algorithm>
#include <cmath>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/text.h"
#include "reward/audit_checks.h"
#include "reward/simulated_run.h"

namespace nelumbo {
namespace {

constexpr double kRight = 0.5;
constexpr size_t kLongText = 64;    // bytes
constexpr size_t kMostWords = 512;  // of one answer
constexpr size_t kMostVocabulary = 100000;
constexpr size_t kLongestWord = 24;  // bytes

bool in_word(char c) {
  return is_ascii_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80;
}

/// Of signs that emphasise where they stand in a row: "!!!", "**"
bool is_flourish(char c) {
  return std::string_view("!?*#~_.").find(c) != std::string_view::npos;
}

/// Stands among the words of a text that is written so.
constexpr const char* kInCapitals = "IN CAPITALS";

bool is_in_capitals(std::string_view text) {
  constexpr int64_t kFewest = 8;
  const auto large = std::ranges::count_if(text, is_ascii_capital);
  const auto small = std::ranges::count_if(text, is_ascii_small);
  return large >= kFewest && large > 9 * small;
}

/// The bytes of "<global-img>" or another tag that a text begins with; 0: of none.
size_t tag_size(std::string_view text) {
  constexpr size_t kLongest = 40;
  const size_t end = text[0] == '<' ? text.substr(0, kLongest).find_first_of("> \n") : text.npos;
  return end != text.npos && text[end] == '>' ? end + 1 : 0;
}

/// What the policy put into words: neither tags, nor its calls, nor what tools replied.
std::string own_words(const Trajectory& said) {
  std::string marked = said.text;
  if (!said.calls.empty()) {
    marked.clear();
    for (const ThoughtStep& thought : said.thoughts)
      marked += thought.text + "\n";
    marked += said.answer;
  }
  std::string words;
  for (size_t at = 0; at < marked.size();) {
    const size_t size = tag_size(std::string_view(marked).substr(at));
    words += size > 0 ? '\n' : marked[at];
    at += std::max<size_t>(size, 1);
  }
  return std::string(trimmed(words));
}

/// The place of `key` in the book; a new one is added.
size_t place_of(SpecBook& book, ComponentKey key) {
  const auto at = std::ranges::find(book.components, key);
  const auto place = static_cast<size_t>(at - book.components.begin());
  if (place == book.components.size())
    book.components.push_back(std::move(key));
  return place;
}

/// What each component adds to the total; together they are the total. What layers clip and
/// preconditions take is the part "rest".
std::vector<double> parts_of(const std::string& spec, const Outcome& outcome, SpecBook& book) {
  std::vector<double> parts;
  double sum = 0, earned = 0, factor = 1, rubric_share = 0;
  const auto put = [&](ComponentKey key, double part) {
    const size_t place = place_of(book, std::move(key));
    parts.resize(std::max(parts.size(), book.components.size()));
    parts[place] += part;
    sum += part;
  };
  for (const Component& component : outcome.components)
    rubric_share += component.layer == "rubric" ? component.weight : 0;
  for (const Component& component : outcome.components) {
    const bool is_process = component.layer == "process";
    if (component.layer == "rule" || component.layer == "rubric" ||
        (is_process && component.weight > 0)) {
      // A fault of a rubric has points of its own and no weight.
      const bool is_fault = component.layer == "rubric" && component.value < 0;
      const double part = component.value * (is_fault ? rubric_share : component.weight);
      earned += part;
      put(ComponentKey::of(spec, component), part);
    } else if (is_process && outcome.credit == StepCredit::kMultiplier) {
      factor = std::min(factor, component.value);
    } else if (component.layer == "shaping") {
      put(ComponentKey::of(spec, component), component.value);
    }
  }
  put({spec, "process", "factor"}, (factor - 1) * earned);
  if (!outcome.gate.empty())
    put({spec, "gate", outcome.gate}, outcome.total - sum);
  else
    put({spec, "rest", "clipped"}, outcome.total - sum);
  return parts;
}

}  // namespace

std::optional<uint32_t> Audit::numbered(const std::string& word) {
  const auto known = vocabulary_.find(word);
  if (known != vocabulary_.end())
    return known->second;
  if (words_.size() >= kMostVocabulary)
    return std::nullopt;
  const auto number = static_cast<uint32_t>(words_.size());
  vocabulary_.emplace(word, number);
  words_.push_back(word);
  return number;
}

std::vector<uint32_t> Audit::numbered_words(std::string_view text) {
  std::vector<uint32_t> words;
  const auto add = [&](const std::string& word) {
    if (const auto number = numbered(word))
      words.push_back(*number);
  };
  if (is_in_capitals(text))
    add(kInCapitals);
  for (size_t at = 0; at < text.size() && words.size() < kMostWords;) {
    const size_t first = at;
    const auto is_such = in_word(text[at]) ? in_word : is_flourish;
    while (at < text.size() && is_such(text[at]))
      ++at;
    if (at == first || (is_such == is_flourish && at < first + 2)) {
      at = first + 1;
      continue;
    }
    std::string word(text.substr(first, std::min(at - first, kLongestWord)));
    std::ranges::transform(word, word.begin(), ascii_lower);
    add(word);
  }
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

void Audit::add(int64_t step, const ScoredGroup& group) {
  const std::string& spec = group.group->prompt->reward;
  SpecBook& book = books_[spec];
  ++steps_[step];
  ++groups_;
  for (size_t i = 0; i < group.outcomes.size(); ++i) {
    const Outcome& outcome = group.outcomes[i];
    if (outcome.kind != Outcome::Kind::kScore) {
      ++unscored_;
      continue;
    }
    const std::string words = own_words(group.group->trajectories[i]);
    AuditAnswer answer;
    answer.group = groups_;
    answer.step = step;
    answer.total = outcome.total;
    answer.right = outcome.rule - outcome.shaping >= kRight;
    answer.gated = !outcome.gate.empty();
    answer.formed = std::ranges::none_of(outcome.components, [](const Component& part) {
      return part.layer == "rule" && part.weight == 0 && part.value < kRight;
    });
    answer.length = std::log1p(static_cast<double>(words.size()));
    answer.is_long = words.size() >= kLongText;
    answer.text = xxh3_64(bytes_of(words));
    answer.parts = parts_of(spec, outcome, book);
    answer.words = numbered_words(words);
    book.answers.push_back(std::move(answer));
    ++answers_;
  }
}

int64_t Audit::samples() const {
  return groups_ > 0 ? (answers_ + groups_ - 1) / groups_ : 0;
}

int64_t Audit::groups_of_a_step() const {
  return steps_.empty() ? 0 : (groups_ + steps() - 1) / steps();
}

AuditReport Audit::report() const {
  AuditReport report;
  report.answers = answers_;
  report.groups = groups_;
  report.steps = steps();
  report.unscored = unscored_;
  for (const auto& [spec, book] : books_) {
    for (VarianceShare& share : variance_shares(book))
      report.shares.push_back(std::move(share));
    for (Finding& finding : findings_of(spec, book, words_))
      report.findings.push_back(std::move(finding));
  }
  return report;
}

bool AuditReport::has_alarm(const std::string& check) const {
  return std::ranges::any_of(
      findings, [&](const Finding& finding) { return finding.check == check && finding.alarm; });
}

void calibrate(const Audit& audit, AuditReport& report) {
  const RunShape shape{.steps = std::clamp<int64_t>(audit.steps(), 1, 48),
                       .groups = std::clamp<int64_t>(audit.groups_of_a_step(), 1, 16),
                       .samples = std::clamp<int64_t>(audit.samples(), 2, 8)};
  for (const std::string& check : all_checks())
    if (check != kHoldout)
      report.false_runs[check] = 0;
  for (uint64_t seed = 1; seed <= kCalibrationRuns; ++seed) {
    Audit clean;
    simulate_run(shape, seed, Plant::kNone,
                 [&clean](int64_t step, const ScoredGroup& group) { clean.add(step, group); });
    const AuditReport found = clean.report();
    for (auto& [check, runs] : report.false_runs)
      runs += found.has_alarm(check) ? 1 : 0;
  }
  report.calibration_runs = kCalibrationRuns;
}

}  // namespace nelumbo
