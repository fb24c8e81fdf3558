// SPDX-License-Identifier: Apache-2.0
#include "reward/claim_terms.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "corpus/constraint.h"
#include "corpus/report_claims.h"
#include "reward/lookalikes.h"

namespace nelumbo {

namespace {

/// How hard a false claim counts beside a task reward: 0.01 at 0.75, 0.99 at 0.95.
double strictness(double task) {
  constexpr double kSlope = 10, kMiddle = 0.85, kWidth = 0.2;
  return 1 / (1 + std::exp(-kSlope * (task - kMiddle) / kWidth));
}

class Claims final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(penalty_, "penalty", "How claims that do not hold count.", OneOf{"full", "sigmoid"});
    v(place_weight_, "place_weight", "What a place counts beside a number.", kWeights);
  }

  explicit Claims(const SpecNode& node) : place_(node.place_of("kind")) {}

  std::vector<TruthField> needs() const override {
    return {{"white", TruthShape::kBoxes, place_}, {"platelets", TruthShape::kNumber, place_}};
  }

  Result<void> fits(const Prompt& prompt) const override {
    const auto platelets = truth_number(prompt.truth, "platelets");
    if (!platelets)
      return platelets.error();
    if (platelets.value() < 0 || platelets.value() != std::floor(platelets.value()))
      return Error{Errc::kBadData, "platelets: " + prompt.truth["platelets"].dump() +
                                       " is no count; write a whole number from 0 on"};
    return {};
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const Prompt& prompt = scene.prompt;
    const auto score =
        check_claims(scene.trajectory.answer, prompt.truth, {prompt.view, prompt.orientation});
    if (!score)
      return score.error();
    return Verdict{value_of(score.value()), score.value().evidence};
  }

 private:
  double weight_of(int64_t all, int64_t places) const {
    return static_cast<double>(all - places) + place_weight_ * static_cast<double>(places);
  }

  double value_of(const ClaimScore& score) const {
    if (!score.parsed)
      return 0;
    const double supported = weight_of(score.supported, score.places.supported);
    const double refuted = weight_of(score.refuted, score.places.refuted);
    const double full = supported + weight_of(score.missed, score.places.missed);
    if (penalty_ == "full")
      return std::max(0.0, supported - refuted) / full;
    const double task = supported / full;
    return std::max(0.0, task - strictness(task) * refuted / (supported + refuted));
  }

  std::string place_;
  std::string penalty_ = "full";
  double place_weight_ = 1;
};

class Constraints final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the rules.", NotEmpty{});
    v(all_, "all", "Nothing for an answer that breaks one of them.");
  }

  explicit Constraints(const SpecNode& node) : place_(node.place_of("truth")) {}

  std::vector<TruthField> needs() const override { return {{truth_, TruthShape::kTexts, place_}}; }
  Result<void> fits(const Prompt& prompt) const override {
    const auto rules = truth_texts(prompt.truth, truth_);
    if (!rules)
      return rules.error();
    for (const std::string& rule : rules.value())
      if (const auto kept = meets(rule, ""); !kept)
        return kept.error();
    return {};
  }
  /// Without a rule there is nothing to keep.
  bool applies(const Prompt& prompt) const override {
    const auto rules = truth_texts(prompt.truth, truth_);
    return !rules || !rules.value().empty();
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto rules = truth_texts(scene.prompt.truth, truth_);
    if (!rules)
      return rules.error();
    const std::string answer = with_latin_letters(with_narrow_forms(scene.trajectory.answer));
    std::vector<std::string> broken;
    for (const std::string& rule : rules.value()) {
      const auto kept = meets(rule, answer);
      if (!kept)
        return kept.error();
      if (!kept.value())
        broken.push_back(rule);
    }
    const double share =
        1 - static_cast<double>(broken.size()) / static_cast<double>(rules.value().size());
    return Verdict{all_ && !broken.empty() ? 0 : share,
                   broken.empty() ? "keeps all" : "breaks " + joined(broken, ", ")};
  }

 private:
  std::string place_;
  std::string truth_ = "constraints";
  bool all_ = false;
};

}  // namespace

Result<TermPtr> read_claims(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<Claims>(node));
}

Result<TermPtr> read_constraints(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<Constraints>(node));
}

}  // namespace nelumbo
