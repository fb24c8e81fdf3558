// SPDX-License-Identifier: Apache-2.0
#include "reward/claim_terms.h"

#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "corpus/constraint.h"
#include "corpus/report_claims.h"

namespace nelumbo {

namespace {

class Claims final : public Term {
 public:
  template <class V>
  void fields(V& /*v*/) {}

  explicit Claims(const SpecNode& node) : place_(node.place_of("kind")) {}

  std::vector<TruthField> needs() const override {
    return {{"white", TruthShape::kBoxes, place_}, {"platelets", TruthShape::kNumber, place_}};
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const Prompt& prompt = scene.prompt;
    const auto score =
        check_claims(scene.trajectory.answer, prompt.truth, {prompt.view, prompt.orientation});
    if (!score)
      return score.error();
    return Verdict{score.value().score(), score.value().evidence};
  }

 private:
  std::string place_;
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
  /// Without a rule there is nothing to keep.
  bool applies(const Prompt& prompt) const override {
    const auto rules = truth_texts(prompt.truth, truth_);
    return !rules || !rules.value().empty();
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto rules = truth_texts(scene.prompt.truth, truth_);
    if (!rules)
      return rules.error();
    std::vector<std::string> broken;
    for (const std::string& rule : rules.value()) {
      const auto kept = meets(rule, scene.trajectory.answer);
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
