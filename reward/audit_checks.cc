// SPDX-License-Identifier: Apache-2.0
#include "reward/audit_checks.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/format.h"
#include "reward/association.h"

namespace nelumbo {
namespace {

constexpr double kSame = 1e-9;
constexpr int64_t kWindow = 3;  // steps on each side of a jump
constexpr int64_t kLeastSteps = 12;
constexpr int64_t kLeastGroups = 20;  // below it a share of them says nothing

using Answers = std::span<const AuditAnswer>;

/// Calls `use` with the answers of each group.
void each_group(const SpecBook& book, const std::function<void(Answers)>& use) {
  const Answers all(book.answers);
  for (size_t first = 0, last = 0; first < all.size(); first = last) {
    while (last < all.size() && all[last].group == all[first].group)
      ++last;
    use(all.subspan(first, last - first));
  }
}

/// Answers of one group that are alike in being right. Left out are gated ones and those that fail
/// a precondition: that "names one of the choices" grows with the length of an answer, or follows
/// the name of one, among words that are no answer is nothing to look into.
using Stratum = std::vector<const AuditAnswer*>;

void each_stratum(const SpecBook& book, const std::function<void(const Stratum&)>& use) {
  each_group(book, [&](Answers group) {
    for (const bool right : {false, true}) {
      Stratum stratum;
      for (const AuditAnswer& answer : group)
        if (!answer.gated && answer.formed && answer.right == right)
          stratum.push_back(&answer);
      if (stratum.size() > 1)
        use(stratum);
    }
  });
}

double part(const AuditAnswer& answer, size_t component) {
  return component < answer.parts.size() ? answer.parts[component] : 0;
}

template <class Pick>
std::vector<double> each_of(const Stratum& stratum, Pick pick) {
  std::vector<double> values;
  values.reserve(stratum.size());
  for (const AuditAnswer* const answer : stratum)
    values.push_back(pick(*answer));
  return values;
}

bool is_alike(Answers group) {
  const auto [low, high] =
      std::ranges::minmax_element(group, {}, [](const AuditAnswer& one) { return one.total; });
  return high->total - low->total <= kSame;
}

Finding share_finding(const std::string& spec, const SpecBook& book) {
  Finding finding{"share", spec, "all but the rule layer", 0, 0.5, 0, false, ""};
  for (const VarianceShare& share : variance_shares(book))
    finding.value += share.key.layer == "rule" ? 0 : share.share;
  int64_t groups = 0;
  each_group(book, [&](Answers group) { groups += is_alike(group) ? 0 : 1; });
  finding.alarm = finding.value > finding.limit && groups >= kLeastGroups;
  finding.sentence = finding.value > finding.limit && !finding.alarm
                         ? "too few groups to say what tells answers apart"
                         : "what tells answers of a group apart is " +
                               std::string(finding.alarm ? "mostly not" : "mostly") +
                               " the rule layer";
  return finding;
}

Finding length_finding(const std::string& spec, const SpecBook& book, const std::string& what,
                       const std::function<double(const AuditAnswer&)>& value) {
  Association association;
  each_stratum(book, [&](const Stratum& stratum) {
    association.add(each_of(stratum, [](const AuditAnswer& a) { return a.length; }),
                    each_of(stratum, value));
  });
  Finding finding{"length", spec, what, association.r(), 0.3, association.z(), false, ""};
  finding.alarm = finding.value > finding.limit && finding.z > 5;
  finding.sentence = what + (finding.alarm ? " grows with the length of equally right answers"
                                           : " does not follow length");
  return finding;
}

/// A word that a component may follow.
struct WordScore {
  uint32_t word = 0;
  Association association;
};

/// The word that the component follows most, of those in 2 % to 98 % of the answers.
std::optional<WordScore> closest_word(const SpecBook& book, size_t component) {
  std::unordered_map<uint32_t, int64_t> answers_with;
  for (const AuditAnswer& answer : book.answers)
    for (const uint32_t word : answer.words)
      ++answers_with[word];
  std::map<uint32_t, Association> scores;
  each_stratum(book, [&](const Stratum& stratum) {
    const auto n = static_cast<double>(stratum.size());
    RunningMean mean;
    for (const AuditAnswer* const answer : stratum)
      mean.add(part(*answer, component));
    double syy = 0;
    std::map<uint32_t, std::pair<double, double>> with;  // answers, and sum of deviations
    for (const AuditAnswer* const answer : stratum) {
      const double deviation = part(*answer, component) - mean.value();
      syy += deviation * deviation;
      for (const uint32_t word : answer->words) {
        with[word].first += 1;
        with[word].second += deviation;
      }
    }
    for (const auto& [word, sums] : with)
      scores[word].add(sums.second, sums.first - sums.first * sums.first / n, syy,
                       std::ssize(stratum));
  });
  std::optional<WordScore> best;
  const auto all = static_cast<double>(book.answers.size());
  for (const auto& [word, association] : scores) {
    const double share = static_cast<double>(answers_with[word]) / all;
    if (share < 0.02 || share > 0.98 || answers_with[word] < 30)
      continue;
    if (!best || std::abs(association.z()) > std::abs(best->association.z()))
      best = WordScore{word, association};
  }
  return best;
}

Finding bias_finding(const std::string& spec, const SpecBook& book, size_t component,
                     std::span<const std::string> words) {
  const std::string what = book.components[component].label();
  Finding finding{"bias", spec, what, 0, 0.3, 0, false, what + " follows no word"};
  const auto best = closest_word(book, component);
  if (!best)
    return finding;
  finding.value = best->association.r();
  finding.z = best->association.z();
  finding.alarm = std::abs(finding.value) > finding.limit && std::abs(finding.z) > 6;
  finding.sentence =
      what + (finding.alarm ? " follows the word '" : " follows, if any, the word '") +
      words[best->word] + formatted("', worth %+.3f of the total", best->association.slope());
  return finding;
}

Finding against_finding(const std::string& spec, const SpecBook& book, size_t component) {
  Association association;
  each_group(book, [&](Answers group) {
    std::vector<double> right, value;
    for (const AuditAnswer& answer : group)
      if (!answer.gated) {
        right.push_back(answer.right ? 1 : 0);
        value.push_back(part(answer, component));
      }
    association.add(right, value);
  });
  const std::string what = book.components[component].label();
  Finding finding{"against", spec, what, association.r(), -0.2, association.z(), false, ""};
  finding.alarm = finding.value < finding.limit && finding.z < -5;
  finding.sentence = what + (finding.alarm ? " is met more by wrong answers than by right ones"
                                           : " does not speak against right answers");
  return finding;
}

Finding alike_finding(const std::string& spec, const SpecBook& book) {
  int64_t groups = 0, alike = 0;
  each_group(book, [&](Answers group) {
    groups += group.size() > 1 ? 1 : 0;
    alike += group.size() > 1 && is_alike(group) ? 1 : 0;
  });
  Finding finding{"alike", spec, "groups", 0, 0.8, 0, false, ""};
  finding.value = groups > 0 ? static_cast<double>(alike) / static_cast<double>(groups) : 0;
  finding.alarm = finding.value > finding.limit && groups >= kLeastGroups;
  finding.sentence = formatted("%lld of %lld groups teach nothing: their totals are all alike",
                               static_cast<long long>(alike), static_cast<long long>(groups));
  return finding;
}

Finding copies_finding(const std::string& spec, const SpecBook& book) {
  int64_t answers = 0, copies = 0;
  each_group(book, [&](Answers group) {
    std::unordered_map<uint64_t, int64_t> texts;
    for (const AuditAnswer& answer : group)
      if (answer.is_long)
        ++texts[answer.text];
    for (const auto& [text, count] : texts) {
      answers += count;
      copies += count > 1 ? count : 0;
    }
  });
  Finding finding{"copies", spec, "answers", 0, 0.5, 0, false, ""};
  finding.value = answers > 0 ? static_cast<double>(copies) / static_cast<double>(answers) : 0;
  finding.alarm = finding.value > finding.limit && answers >= 100;
  finding.sentence = formatted("%lld of %lld longer answers stand more than once in their group",
                               static_cast<long long>(copies), static_cast<long long>(answers));
  return finding;
}

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double mean_of(std::span<const double> values) {
  RunningMean mean;
  for (const double value : values)
    mean.add(value);
  return mean.value();
}

Finding jump_finding(const std::string& spec, const SpecBook& book, const std::string& what,
                     double least, const std::function<double(const AuditAnswer&)>& value) {
  std::map<int64_t, RunningMean> steps;
  for (const AuditAnswer& answer : book.answers)
    steps[answer.step].add(value(answer));
  Finding finding{"jump", spec, what, 0, least, 0, false, what + ": too few steps to say"};
  if (std::ssize(steps) < kLeastSteps)
    return finding;
  std::vector<double> means;
  std::vector<int64_t> numbers;
  for (const auto& [step, mean] : steps) {
    numbers.push_back(step);
    means.push_back(mean.value());
  }
  std::vector<double> changes;
  for (size_t t = kWindow; t + kWindow <= means.size(); ++t)
    changes.push_back(mean_of({&means[t], kWindow}) - mean_of({&means[t - kWindow], kWindow}));
  const double usual = median_of(changes);
  std::vector<double> distances;
  for (const double change : changes)
    distances.push_back(std::abs(change - usual));
  const auto largest = std::ranges::max_element(distances);
  const auto at = static_cast<size_t>(largest - distances.begin());
  const double scale = 1.4826 * median_of(distances);
  finding.value = changes[at] - usual;
  finding.z = scale > kSame ? finding.value / scale : 0;
  finding.alarm = *largest > least && (scale <= kSame || std::abs(finding.z) > 8);
  finding.sentence =
      what + (finding.alarm ? " jumps at step " : " moves most, as it does elsewhere, at step ") +
      std::to_string(numbers[at + kWindow]);
  return finding;
}

}  // namespace

std::vector<VarianceShare> variance_shares(const SpecBook& book) {
  std::vector<double> covariance(book.components.size());
  double variance = 0;
  each_group(book, [&](Answers group) {
    RunningMean mean;
    for (const AuditAnswer& answer : group)
      mean.add(answer.total);
    for (const AuditAnswer& answer : group) {
      const double deviation = answer.total - mean.value();
      variance += deviation * deviation;
      // The mean of the part drops out: deviations of a group sum to 0.
      for (size_t k = 0; k < covariance.size(); ++k)
        covariance[k] += deviation * part(answer, k);
    }
  });
  std::vector<VarianceShare> shares;
  for (size_t k = 0; k < covariance.size(); ++k)
    shares.push_back({book.components[k], variance > kSame ? covariance[k] / variance : 0});
  std::ranges::sort(shares,
                    [](const VarianceShare& a, const VarianceShare& b) { return a.key < b.key; });
  return shares;
}

std::optional<Finding> holdout_finding(std::span<const MetricsRow> rows, const std::string& stage) {
  constexpr double kMostGap = 0.1;  // as JudgeDrift warns
  Finding finding{kHoldout, "", "the mean of the judge", 0, kMostGap, 0, false, ""};
  bool judged = false;
  for (const MetricsRow& row : rows) {
    const auto value = [&row](const char* name) {
      const auto at = row.values.find(std::string("judge/holdout/") + name);
      return at == row.values.end() ? 0 : at->second;
    };
    if (row.stage != stage || value("samples") <= 0)
      continue;
    judged = true;
    finding.alarm = finding.alarm || value("alarm") > 0;
    if (std::abs(value("gap")) < std::abs(finding.value))
      continue;
    finding.value = value("gap");
    finding.sentence = formatted(
        "the judge that trains lay %.3f %s the one held out at step %lld, over %.0f answers",
        std::abs(finding.value), finding.value < 0 ? "below" : "above",
        static_cast<long long>(row.step), value("samples"));
  }
  return judged ? std::optional(finding) : std::nullopt;
}

std::vector<Finding> findings_of(const std::string& spec, const SpecBook& book,
                                 std::span<const std::string> words) {
  const auto total = [](const AuditAnswer& answer) { return answer.total; };
  const auto length = [](const AuditAnswer& answer) { return answer.length; };
  std::vector<Finding> findings = {share_finding(spec, book),
                                   length_finding(spec, book, "total", total)};
  for (size_t k = 0; k < book.components.size(); ++k) {
    const std::string& layer = book.components[k].layer;
    if (layer != "rule" && layer != "rubric")
      continue;
    findings.push_back(length_finding(spec, book, book.components[k].label(),
                                      [k](const AuditAnswer& answer) { return part(answer, k); }));
    if (layer == "rule")
      continue;
    findings.push_back(bias_finding(spec, book, k, words));
    findings.push_back(against_finding(spec, book, k));
  }
  findings.push_back(alike_finding(spec, book));
  findings.push_back(copies_finding(spec, book));
  findings.push_back(jump_finding(spec, book, "the mean total", 0.1, total));
  findings.push_back(jump_finding(spec, book, "the mean log length", 0.3, length));
  return findings;
}

const std::vector<std::string>& all_checks() {
  static const std::vector<std::string> kAll = {"share", "length", "bias", "against",
                                                "alike", "copies", "jump", kHoldout};
  return kAll;
}

}  // namespace nelumbo
