// SPDX-License-Identifier: Apache-2.0
#include "reward/reject_sampling.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "corpus/grid.h"
#include "reward/answers.h"
#include "reward/name_list.h"

namespace nelumbo {
namespace {

constexpr double kLeastOverlap = 0.5;

constexpr int64_t kHardShare =
    5;  ///< an item is hard when at most one in so many attempts solve it
constexpr size_t kRun = 3;

/// The answer as the choice that it names, so that "B" can be compared with a conclusion.
std::optional<std::string> spelled_out(const std::optional<std::string>& answer,
                                       const RejectTask& task) {
  if (!answer || task.choices.empty())
    return answer;
  const auto place = NameList(task.choices).lettered_place(ComparedName(*answer));
  return place ? std::optional(task.choices[*place]) : std::nullopt;
}

double rate(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::vector<std::string> words_of_attempt(std::string_view text) {
  std::istringstream stream{normalized(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;)
    words.push_back(std::move(word));
  return words;
}

std::set<std::string> runs_of(const std::vector<std::string>& words, size_t length) {
  std::set<std::string> runs;
  for (size_t at = 0; at + length <= words.size(); ++at) {
    std::string run;
    for (size_t i = at; i < at + length; ++i)
      run += words[i] + " ";
    runs.insert(std::move(run));
  }
  return runs;
}

/// The shortest of the attempts that passed, and the one that is farthest from it.
std::vector<size_t> pick(std::span<const Attempt> attempts, const std::vector<size_t>& passed) {
  if (passed.empty())
    return {};
  const size_t shortest = *std::min_element(passed.begin(), passed.end(), [&](size_t a, size_t b) {
    return attempts[a].text.size() < attempts[b].text.size();
  });
  std::vector<size_t> kept{shortest};
  double most = 0;
  for (const size_t other : passed) {
    const double far = difference(attempts[shortest].text, attempts[other].text);
    if (far <= most)
      continue;
    most = far;
    kept.resize(1);
    kept.push_back(other);
  }
  return kept;
}

}  // namespace

double GateCounts::outcome_rate() const {
  return rate(outcome, attempts);
}

double GateCounts::thinking_rate() const {
  return rate(thinking, outcome);
}

void GateCounts::add(const GateCounts& other) {
  items += other.items;
  attempts += other.attempts;
  outcome += other.outcome;
  thinking += other.thinking;
  kept += other.kept;
  hard_items += other.hard_items;
}

bool is_right(const std::optional<std::string>& answer, const RejectTask& task) {
  if (task.answer.empty()) {
    const std::optional<GridBox> place = answer ? read_grid(*answer) : std::nullopt;
    return place && std::any_of(task.evidence.boxes.begin(), task.evidence.boxes.end(),
                                [&](const Box& truth) {
                                  return iou(box_from_grid(*place), truth) >= kLeastOverlap;
                                });
  }
  const std::optional<std::string> given = spelled_out(answer, task);
  return given && !normalized(*given).empty() && normalized(*given) == normalized(task.answer);
}

GateVerdict pass_gates(const Attempt& attempt, const RejectTask& task) {
  GateVerdict verdict;
  verdict.outcome = is_right(attempt.answer, task);
  if (!verdict.outcome) {
    verdict.reason = attempt.answer ? "answers " + in_quotes(*attempt.answer) : "does not answer";
    return verdict;
  }
  const std::vector<ChainComplaint> complaints =
      check_chain(attempt.text, task.evidence, spelled_out(attempt.answer, task));
  verdict.thinking = complaints.empty();
  if (!complaints.empty())
    verdict.reason = std::string(kChainFaultNames[static_cast<size_t>(complaints.front().fault)]) +
                     ": " + complaints.front().reason;
  return verdict;
}

double difference(std::string_view a, std::string_view b) {
  const std::vector<std::string> first = words_of_attempt(a), second = words_of_attempt(b);
  const size_t length = std::min(first.size(), second.size()) < kRun ? 1 : kRun;
  const std::set<std::string> left = runs_of(first, length), right = runs_of(second, length);
  const auto common = std::count_if(left.begin(), left.end(),
                                    [&](const std::string& run) { return right.contains(run); });
  const int64_t all = std::ssize(left) + std::ssize(right) - common;
  return all == 0 ? 0 : 1 - rate(common, all);
}

Sifted sift(std::span<const Attempt> attempts, const RejectTask& task) {
  Sifted sifted;
  std::vector<size_t> passed;
  for (size_t i = 0; i < attempts.size(); ++i) {
    sifted.verdicts.push_back(pass_gates(attempts[i], task));
    sifted.counts.outcome += sifted.verdicts.back().outcome ? 1 : 0;
    if (sifted.verdicts.back().thinking)
      passed.push_back(i);
  }
  sifted.kept = pick(attempts, passed);
  GateCounts& counts = sifted.counts;
  counts.items = 1;
  counts.attempts = std::ssize(attempts);
  counts.thinking = std::ssize(passed);
  counts.kept = std::ssize(sifted.kept);
  counts.hard_items = counts.outcome > 0 && kHardShare * counts.outcome <= counts.attempts ? 1 : 0;
  return sifted;
}

}  // namespace nelumbo
