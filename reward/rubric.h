// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reward/judge.h"
#include "reward/rules.h"

namespace nelumbo {

/// The rubric layer: criteria that are met or not, each decided by a deterministic matcher or by a
/// judge. They stand in the specification, or come with the prompt, or both.
class RubricLayer {
 public:
  /// `judges` are the names that it may ask.
  static Result<RubricLayer> read(const SpecNode& node, std::span<const std::string> judges = {});

  double weight() const { return weight_; }
  bool applies(const Prompt& prompt) const;
  std::vector<TruthField> needs() const;
  /// Whether some criterion is for a judge.
  bool asks() const;
  /// Who is asked, of them.
  std::vector<std::string> judges() const;
  /// Whether a judge gives one grade for all criteria.
  bool gives_grade() const { return form_ == "rar_implicit"; }
  /// What judges are asked about one answer; nothing where reason_not_to_ask() has one.
  std::vector<JudgeQuestion> questions(const Scene& scene) const;
  /// `replies`: of the questions, in their order, each an answer.
  Result<LayerVerdict> judge(const Scene& scene, std::span<const JudgeReply> replies = {}) const;
  /// All components with value 0, for an answer that is not looked at.
  LayerVerdict zero(const Prompt& prompt, const std::string& why) const;
  /// What an answer gets that meets nothing and has every fault: 0, less by negative points.
  double lowest(const Prompt& prompt) const { return worst(prompt, "").value; }
  /// The same where all criteria that the specification itself states are there.
  double lowest_stated() const;
  /// The components of such an answer.
  LayerVerdict worst(const Prompt& prompt, const std::string& why) const;
  /// The criteria of a prompt, in full.
  std::vector<std::string> criteria(const Prompt& prompt) const;
  /// Those of them that are for a judge.
  std::vector<std::string> judged_criteria(const Prompt& prompt) const;

 private:
  struct Entry {
    std::string name;       ///< of its component
    std::string criterion;  ///< in full
    std::string kind;
    double points = 0;     ///< what it adds when met
    bool pitfall = false;  ///< the matcher finds the fault, so that not matching is meeting it
    TermPtr matcher;       ///< null: `judge` says
    std::string judge;
  };
  /// The criteria of one prompt.
  struct Sheet {
    std::vector<Entry> own;  ///< those that came with it
    std::vector<const Entry*> entries;
    double positive = 0;  ///< points
  };
  struct Reader;

  Sheet sheet(const Prompt& prompt) const;
  std::string said(const Trajectory& trajectory) const;
  std::string asked(const Prompt& prompt) const;
  std::optional<std::string> refusal(const Sheet& sheet, const std::string& answer) const;
  LayerVerdict zero(const Sheet& sheet, const std::string& why) const;
  LayerVerdict worst(const Sheet& sheet, const std::string& why) const;

  double weight_ = 1;
  std::string form_;
  std::string in_;
  std::optional<std::string> judge_, from_, talk_;
  std::string from_place_, talk_place_;
  std::vector<Entry> criteria_;
};

}  // namespace nelumbo
