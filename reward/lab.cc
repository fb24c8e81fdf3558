// SPDX-License-Identifier: Apache-2.0
#include "reward/lab.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "base/format.h"
#include "reward/component_key.h"
#include "reward/fixtures.h"
#include "reward/gold.h"

namespace nelumbo {

namespace {

constexpr double kTie = 1e-9;
constexpr size_t kMostProblems = 20;

/// Sums of one row while prompts go by.
struct RowSums {
  RunningMean gold;
  std::map<Probe, RunningMean> bad;
};

/// Prompts of tests, and of the answers in the tests of each the one of the highest total, by what
/// the tests say that judges say.
struct TestPrompts {
  std::vector<Prompt> prompts;
  std::vector<std::optional<Trajectory>> best;
};

/// One run of the lab.
class Lab {
 public:
  Lab(const RewardSpec& spec, std::span<const Prompt> prompts) : spec_(spec), prompts_(prompts) {}

  LabReport run() {
    try_prompts(prompts_, {});
    const TestPrompts tests = prompts_of_tests();
    try_prompts(tests.prompts, tests.best);
    for (auto& [key, sums] : rows_) {
      report_.rows.push_back(finished(key, sums));
      if (is_flat(report_.rows.back()))
        report_.warnings.push_back(
            key.spec + ": " + key.label() +
            formatted(" is %.2f for the right answers and for all bad ones: it tells nothing apart "
                      "here",
                      report_.rows.back().gold));
    }
    for (auto& [key, count] : probes_) {
      add_ties(count);
      report_.probes.push_back(count);
    }
    find_blind_specs();
    if (const auto done = run_fixtures(spec_); !done)
      report_.problems.push_back(done.error().message);
    return std::move(report_);
  }

 private:
  Outcome score(std::shared_ptr<const Prompt> prompt, Trajectory trajectory) {
    Group group;
    group.prompt = std::move(prompt);
    group.trajectories.push_back(std::move(trajectory));
    const auto start = std::chrono::steady_clock::now();
    Outcome outcome = spec_.score(group).front();
    report_.seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ++report_.scored;
    return outcome;
  }

  /// The prompts of the tests of specs that no given prompt asks for, each once.
  TestPrompts prompts_of_tests() const {
    TestPrompts tests;
    std::vector<double> totals;
    for (const Fixture& fixture : spec_.fixtures()) {
      const Prompt& prompt = *fixture.group.prompt;
      if (std::ranges::any_of(prompts_,
                              [&](const Prompt& one) { return one.reward == prompt.reward; }))
        continue;
      const auto known = std::ranges::find_if(tests.prompts, [&](const Prompt& one) {
        return one.reward == prompt.reward && one.truth == prompt.truth;
      });
      const auto at = static_cast<size_t>(known - tests.prompts.begin());
      if (at == tests.prompts.size()) {
        tests.prompts.push_back(prompt);
        tests.best.emplace_back();
        totals.push_back(kTie);
      }
      const Outcome outcome = spec_.score_test(fixture).front();
      if (outcome.kind != Outcome::Kind::kScore || outcome.total <= totals[at])
        continue;
      totals[at] = outcome.total;
      tests.best[at] = fixture.group.trajectories.front();
    }
    return tests;
  }

  /// `best` has an answer for prompts whose truth states none.
  void try_prompts(std::span<const Prompt> prompts,
                   std::span<const std::optional<Trajectory>> best) {
    report_.prompts += std::ssize(prompts);
    for (size_t i = 0; i < prompts.size(); ++i) {
      auto right = gold(prompts[i]);
      if (!right && !best.empty())
        right = best[i];
      if (right)
        try_prompt(prompts, i, std::move(*right));
      else
        ++report_.without_gold;
    }
  }

  void try_prompt(std::span<const Prompt> prompts, size_t i, Trajectory right) {
    auto prompt = std::make_shared<const Prompt>(prompts[i]);
    const Outcome best = score(prompt, std::move(right));
    if (best.kind != Outcome::Kind::kScore) {
      problem(prompt->reward + ", " + prompt->id + ": the right answer is no score but " +
              to_text(best.kind) + ": " + best.reason);
      return;
    }
    if (best.total <= kTie)
      problem(formatted("%s, %s: the right answer scores %.3f", prompt->reward.c_str(),
                        prompt->id.c_str(), best.total));
    record(*prompt, best, [](RowSums& sums) -> RunningMean& { return sums.gold; });
    const std::vector<std::string> criteria = criteria_of(*prompt, best);
    for (const Probe probe : all_probes())
      try_probe(probe, bad(probe, prompts, i, criteria), prompt, best);
  }

  /// Those of the rubric, or the names of what the answer is scored by.
  std::vector<std::string> criteria_of(const Prompt& prompt, const Outcome& outcome) const {
    std::vector<std::string> criteria = spec_.criteria(prompt);
    if (criteria.empty())
      for (const Component& part : outcome.components)
        if (part.layer == "rule")
          criteria.push_back(part.name);
    return criteria;
  }

  void try_probe(Probe probe, std::optional<Trajectory> made,
                 const std::shared_ptr<const Prompt>& prompt, const Outcome& best) {
    ProbeCount& count = probes_[{prompt->reward, probe}];
    count.spec = prompt->reward;
    count.probe = probe;
    if (!made)
      return;
    const Outcome outcome = score(prompt, std::move(*made));
    ++count.made;
    if (outcome.kind != Outcome::Kind::kScore) {
      ++count.failed;
      return;
    }
    record(*prompt, outcome, [probe](RowSums& sums) -> RunningMean& { return sums.bad[probe]; });
    if (outcome.total > best.total + kTie) {
      ++count.beats;
      problem(formatted("%s, %s: %s scores %.3f, the right answer %.3f", prompt->reward.c_str(),
                        prompt->id.c_str(), to_text(probe).c_str(), outcome.total, best.total));
    } else if (outcome.total > best.total - kTie) {
      if (count.tied++ == 0)
        count.first_tie = prompt->id;
    } else {
      ++count.beaten;
    }
  }

  void add_ties(const ProbeCount& count) {
    report_.tied += count.tied;
    if (count.tied > 0)
      report_.warnings.push_back(formatted(
          "%s: %ld of %ld bad answers of the kind %s get the total of the right one, first to %s",
          count.spec.c_str(), count.tied, count.made, to_text(count.probe).c_str(),
          count.first_tie.c_str()));
  }

  /// A spec is blind where no wrong answer scores below the right one: of the kind wrong, or where
  /// none of these could be made, of all kinds.
  void find_blind_specs() {
    std::set<std::string> blind, told;
    for (const auto& [key, count] : probes_) {
      const auto wrong = probes_.find({count.spec, Probe::kWrong});
      const bool counts =
          key.second == Probe::kWrong || wrong == probes_.end() || wrong->second.made == 0;
      if (counts && count.tied > 0)
        blind.insert(count.spec);
      if (counts && count.beaten > 0)
        told.insert(count.spec);
    }
    for (const std::string& spec : blind)
      if (!told.contains(spec))
        problem(spec +
                ": no wrong answer scores below the right one: the spec does not tell them apart");
  }

  template <class Pick>
  void record(const Prompt& prompt, const Outcome& outcome, Pick pick) {
    pick(rows_[ComponentKey::total(prompt.reward)]).add(outcome.total);
    for (const Component& component : outcome.components)
      pick(rows_[ComponentKey::of(prompt.reward, component)]).add(component.value);
  }

  static LabRow finished(const ComponentKey& key, const RowSums& sums) {
    LabRow row{key.spec, key.layer, key.name, sums.gold.value(), {}, 0};
    double highest = -HUGE_VAL;
    for (const auto& [probe, mean] : sums.bad) {
      row.bad[probe] = mean.value();
      highest = std::max(highest, mean.value());
    }
    row.separation = sums.bad.empty() ? 0 : row.gold - highest;
    return row;
  }

  /// Whether right answers and bad ones of all kinds get the same, of what is meant to tell them
  /// apart.
  static bool is_flat(const LabRow& row) {
    const bool tells = row.layer == "total" || row.layer == "rule" || row.layer == "rubric";
    return tells && !row.bad.empty() && std::ranges::all_of(row.bad, [&](const auto& one) {
             return !(std::abs(one.second - row.gold) > kTie);
           });
  }

  void problem(std::string sentence) {
    if (report_.problems.size() < kMostProblems)
      report_.problems.push_back(std::move(sentence));
    else
      ++report_.more_problems;
  }

  const RewardSpec& spec_;
  std::span<const Prompt> prompts_;
  std::map<ComponentKey, RowSums> rows_;
  std::map<std::pair<std::string, Probe>, ProbeCount> probes_;
  LabReport report_;
};

std::string header(const std::string& spec) {
  std::string text =
      "\n" + spec +
      formatted("%*s", static_cast<int>(52 - std::min<size_t>(51, spec.size())), "gold");
  for (const Probe probe : all_probes())
    text += formatted(" %11s", to_text(probe).c_str());
  return text + "  separation\n";
}

std::string line(const LabRow& row) {
  const std::string label = ComponentKey{row.spec, row.layer, row.name}.label();
  const bool is_gate = row.layer == "gate";  // it has a value only where it stops an answer
  std::string text = is_gate ? formatted("  %-44.44s %5s", label.c_str(), "-")
                             : formatted("  %-44.44s %5.2f", label.c_str(), row.gold);
  for (const Probe probe : all_probes()) {
    const auto at = row.bad.find(probe);
    text += at == row.bad.end() ? formatted(" %11s", "-") : formatted(" %11.2f", at->second);
  }
  return text + (is_gate ? formatted("  %10s\n", "-") : formatted("  %10.2f\n", row.separation));
}

/// The last line where there are no problems.
std::string ending(const LabReport& report) {
  if (report.prompts == report.without_gold)
    return "the tests hold; nothing was compared, as no prompt states a right answer\n";
  if (report.tied > 0)
    return formatted("nothing beats the right answer, but %ld bad answers tie with it\n",
                     report.tied);
  return "ok: nothing beats the right answer\n";
}

}  // namespace

LabReport try_spec(const RewardSpec& spec, std::span<const Prompt> prompts) {
  return Lab(spec, prompts).run();
}

std::string render(const LabReport& report) {
  std::string text;
  std::string spec;
  for (const LabRow& row : report.rows) {
    if (row.spec != spec)
      text += header(row.spec);
    spec = row.spec;
    text += line(row);
  }
  text += "\nprobe against the right answer   made  beaten  tied  beats it  no score\n";
  for (const ProbeCount& count : report.probes) {
    const std::string probe = to_text(count.probe);
    text += count.made == 0 ? formatted("  %-12s %-16s does not apply: %s\n", count.spec.c_str(),
                                        probe.c_str(), why_not(count.probe).c_str())
                            : formatted("  %-12s %-16s %6ld %7ld %5ld %9ld %9ld\n",
                                        count.spec.c_str(), probe.c_str(), count.made, count.beaten,
                                        count.tied, count.beats, count.failed);
  }
  const double rate = report.seconds > 0 ? static_cast<double>(report.scored) / report.seconds : 0;
  text +=
      formatted("\n%ld prompts (%ld without a right answer), %ld answers scored, %.0f a second\n",
                report.prompts, report.without_gold, report.scored, rate);
  for (const std::string& warning : report.warnings)
    text += "WARNING " + warning + "\n";
  for (const std::string& problem : report.problems)
    text += "PROBLEM " + problem + "\n";
  if (report.more_problems > 0)
    text += formatted("and %ld problems more\n", report.more_problems);
  if (report.ok())
    text += ending(report);
  return text;
}

}  // namespace nelumbo
