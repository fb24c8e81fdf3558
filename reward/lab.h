// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "reward/probes.h"
#include "reward/reward.h"

namespace nelumbo {

/// A number of gold answers and of each probe's answers, averaged over the prompts of a spec.
struct LabRow {
  std::string spec;
  std::string layer;  ///< "total", or the component's layer
  std::string name;   ///< "total", or the component's name
  double gold = 0;
  std::map<Probe, double> bad;
  double separation = 0;  ///< gold minus the highest of `bad`
};

/// How one probe did against gold answers, prompt by prompt.
struct ProbeCount {
  std::string spec;
  Probe probe = Probe::kEmpty;
  int64_t made = 0;         ///< prompts for which it could be made; 0: it does not apply, why_not()
  int64_t beaten = 0;       ///< gold scores higher
  int64_t tied = 0;         ///< it scores what gold does: nobody is taught the difference
  std::string first_tie{};  ///< the prompt of the first of these
  int64_t beats = 0;        ///< it scores higher than gold: the spec is broken
  int64_t failed = 0;       ///< outcomes that are no score
};

/// What `reward try` found.
struct LabReport {
  std::vector<LabRow> rows;
  std::vector<ProbeCount> probes;
  std::vector<std::string> problems;  ///< sentences; each names spec, prompt, probe and totals
  int64_t more_problems = 0;          ///< those behind the first 20
  std::vector<std::string> warnings;  ///< sentences about what is not told apart
  int64_t prompts = 0;
  int64_t tied = 0;          ///< bad answers that score what the right one does
  int64_t without_gold = 0;  ///< prompts whose truth gives no right answer
  int64_t scored = 0;        ///< answers
  double seconds = 0;        ///< spent in scoring them

  bool ok() const { return problems.empty(); }
};

/// Scores the right answer to each prompt and every probe beside it, and runs the spec's fixtures.
/// A spec that no prompt asks for is tried on the prompts of its fixtures; where their truth states
/// no right answer, as where a judge decides, the best answer of the fixtures counts as one. Needs
/// no model. A probe that beats gold, a gold answer that is no score, or 0, a spec under which no
/// wrong answer scores below gold, and a failed fixture are problems; probes that tie with gold,
/// and a total, or a component of rule or rubric, that is the same for gold and all probes are
/// warnings.
LabReport try_spec(const RewardSpec& spec, std::span<const Prompt> prompts);

/// The tables, for people.
std::string render(const LabReport& report);

}  // namespace nelumbo
