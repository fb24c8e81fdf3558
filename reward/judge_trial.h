// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "reward/judge.h"

namespace nelumbo {

/// An answer whose verdict people know.
struct CalibrationItem {
  std::string question, criterion, answer;
  bool expect = false;
};

/// What a judge must do before it may judge.
struct JudgeExamPlan {
  std::vector<CalibrationItem> items;
  double agreement = 0.9;  ///< share of the items on which it must say what is expected
};

/// How a judge did.
struct JudgeExam {
  std::string judge;
  int64_t items = 0, agreed = 0;
  int64_t canaries = 0, accepted = 0;  ///< canaries that it called good
  double required = 0;                 ///< agreement
  std::vector<std::string> problems;   ///< sentences: a canary accepted, too little agreement
  std::optional<std::string> failure;  ///< why a question was not answered, of the first
  bool is_other_form = false;          ///< it was, but not as asked; `failure` quotes it
  JudgeCounts counts;

  bool admitted() const { return problems.empty() && !failure; }
};

/// Answers that no judge may call good, whatever was asked: nothing, a template without content,
/// one stuffed with length, "master keys" and orders to the judge.
std::vector<std::string> canary_answers();

/// Looks whether a judge is there at all, for a few seconds, then asks it all items and, for up to
/// three of their criteria that can be met, all canaries; for criteria of its own where there are
/// no items.
JudgeExam examine_judge(const std::string& name, const Judge& judge, const JudgeExamPlan& plan,
                        double seconds);

/// Done when all are admitted. kCheckFailed names each that is refused and why, one that answers in
/// another form than asked, too; kEnvironment those that could not be asked.
Result<void> admit_judges(std::span<const JudgeExam> exams);

/// A table, for people.
std::string render(std::span<const JudgeExam> exams);

}  // namespace nelumbo
