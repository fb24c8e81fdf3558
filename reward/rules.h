// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reward/reward.h"
#include "reward/term.h"

namespace nelumbo {

/// A layer's verdict on one trajectory.
struct LayerVerdict {
  double value = 0;                   ///< in [0, 1]
  std::vector<Component> components;  ///< weights sum to 1, preconditions and gates have 0
};

/// What the preconditions and verifiers of a rule layer say of one trajectory; bonuses come later.
struct RuleFindings {
  struct Finding {
    bool is_judged = false;  ///< not so for bonuses, nor for verifiers where a precondition fails
    Verdict verdict{};
    int64_t nanoseconds = 0;
  };
  std::vector<Finding> of_terms{};  ///< of those that apply to the prompt, in their order
  std::string failed{};             ///< the first precondition that fails; empty: none does
  double right = 0;  ///< the weighted mean of the verifiers, 0 when a precondition fails
};

/// The rule layer: a weighted mean of deterministic verifiers behind preconditions.
class RuleLayer {
 public:
  static Result<RuleLayer> read(const SpecNode& node);

  double weight() const { return weight_; }
  bool applies(const Prompt& prompt) const;
  /// The first complaint of a term that applies.
  Result<void> fits(const Prompt& prompt) const;
  std::vector<TruthField> needs() const;
  /// Those of its terms (Term::depends_on), one behind the other.
  std::string depends_on() const;
  void keep_dumps(const std::string& folder) const;

  /// Judges by all terms but bonuses: is it right?
  Result<RuleFindings> find(const Scene& scene) const;
  /// The whole layer. REQUIRES: `findings` are what find() said of the scene, and `scene.right`
  /// theirs.
  Result<LayerVerdict> judge(const Scene& scene, const RuleFindings& findings) const;
  /// All components with value 0, for an answer that is not looked at.
  LayerVerdict zero(const Prompt& prompt, const std::string& why) const;

 private:
  struct Entry {
    TermHeader header;
    TermPtr term;
    std::string place;  ///< in the specification
  };
  /// The components of all terms that apply, weights renormalised, values 0.
  LayerVerdict blank(const Prompt& prompt) const;

  double weight_ = 1;
  std::vector<Entry> terms_;
};

/// The words that `kind` of a term may be, in the order of messages.
std::vector<std::string> rule_term_kinds();

/// Reads one term of the rule layer.
Result<TermPtr> read_rule_term(const SpecNode& node, TermHeader& header);

}  // namespace nelumbo
