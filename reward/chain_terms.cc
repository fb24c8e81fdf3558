// SPDX-License-Identifier: Apache-2.0
#include "reward/chain_terms.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "corpus/chain_checks.h"
#include "corpus/question_text.h"
#include "reward/answers.h"
#include "reward/choices.h"

namespace nelumbo {

namespace {

/// The answer as check_chain() compares it: the conclusion itself where both are the same, or the
/// answer names the choice that was concluded, as by its letter.
std::optional<std::string> answer_of(const Scene& scene) {
  const Trajectory& said = scene.trajectory;
  if (!said.answered)
    return std::nullopt;
  const auto chain = read_chain(said.text);
  const std::string spelled = spelled_out(scene.prompt.truth, said.answer);
  const bool same = chain && (normalized(chain->conclude) == normalized(said.answer) ||
                              normalized(chain->conclude) == normalized(spelled));
  return same ? chain->conclude : spelled;
}

Result<std::vector<RecalledEdge>> facts_of(const nlohmann::json& truth, const std::string& field) {
  const auto lines = truth_texts(truth, field);
  if (!lines)
    return lines.error();
  std::vector<RecalledEdge> facts;
  for (const std::string& line : lines.value()) {
    auto fact = read_edge(line);
    if (!fact)
      return Error{Errc::kBadData, "truth field '" + field + "': " + in_quotes(line) +
                                       " is no fact; write \"CNGB3 | band | 8q21\""};
    facts.push_back(std::move(*fact));
  }
  return facts;
}

class Chain final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(faults_, key_, "The faults that a chain must not have, beside that of its form.", NotEmpty{});
    v(path_, "path", "Truth field with the lines to recall, in order.", NotEmpty{});
  }

  Chain(const SpecNode& node, const char* key) : key_(key), place_(node.place_of("path")) {}

  /// Refuses a fault that there is not.
  Result<void> check(const SpecNode& node) const {
    if (!node.has(key_))
      return {};
    const std::vector<std::string> known(kChainFaultNames.begin(), kChainFaultNames.end());
    const auto items = node.at(key_).value().items();
    for (size_t i = 0; i < faults_.size(); ++i)
      if (std::ranges::find(known, faults_[i]) == known.end())
        return items.value()[i].unknown("must be one of " + joined(known, ", "), faults_[i], known);
    return {};
  }

  std::vector<TruthField> needs() const override {
    if (!path_)
      return {};
    return {{*path_, TruthShape::kTexts, place_}};
  }

  Result<Verdict> judge(const Scene& scene) const override {
    ChainEvidence evidence;
    evidence.question = question_of(scene.prompt);
    if (path_) {
      auto facts = facts_of(scene.prompt.truth, *path_);
      if (!facts)
        return facts.error();
      evidence.gold_path = std::move(facts.value());
    }
    for (const ChainComplaint& complaint :
         check_chain(scene.trajectory.text, evidence, answer_of(scene))) {
      const std::string name(kChainFaultNames[static_cast<size_t>(complaint.fault)]);
      if (complaint.fault == ChainFault::kForm || std::ranges::find(faults_, name) != faults_.end())
        return Verdict{0, name + ": " + excerpt(complaint.reason, kLongestReason)};
    }
    return Verdict{1, "no fault"};
  }

 private:
  static constexpr size_t kLongestReason = 120;

  const char* key_;
  std::string place_;
  std::vector<std::string> faults_ = {std::string(kChainFaultNames.front())};
  std::optional<std::string> path_;
};

}  // namespace

std::string question_of(const Prompt& prompt) {
  const auto choices = truth_texts(prompt.truth, "choices");
  const std::string tail = choices ? "\n" + choices_text(choices.value()) : "";
  const size_t cut = prompt.text.ends_with(tail) ? tail.size() : 0;
  return prompt.text.substr(0, prompt.text.size() - cut);
}

Result<TermPtr> match_chain(const SpecNode& node) {
  auto term = std::make_unique<Chain>(node, "chain");
  if (auto done = read_fields(node, {}, *term); !done)
    return done.error();
  if (auto done = term->check(node); !done)
    return done.error();
  return TermPtr(std::move(term));
}

Result<TermPtr> read_chain_term(const SpecNode& node, TermHeader& header) {
  auto term = std::make_unique<Chain>(node, "faults");
  if (auto done = read_fields(node, {}, header, *term); !done)
    return done.error();
  if (auto done = term->check(node); !done)
    return done.error();
  return TermPtr(std::move(term));
}

}  // namespace nelumbo
