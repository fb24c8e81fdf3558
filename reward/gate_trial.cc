// SPDX-License-Identifier: Apache-2.0
#include "reward/gate_trial.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "corpus/reasoning_chain.h"

namespace nelumbo {
namespace {

Attempt attempt(const ReasoningChain& chain, const std::string& answer) {
  return {chain.text() + "<answer> " + answer + "</answer>", answer, "planted"};
}

std::string wrong_choice(const MultiHopItem& item) {
  return item.choices[0] == item.answer() ? item.choices[1] : item.choices[0];
}

double share(int64_t part, int64_t rest) {
  return part + rest == 0 ? 0 : static_cast<double>(part) / static_cast<double>(part + rest);
}

}  // namespace

RejectTask task_of(const MultiHopItem& item) {
  return {item.answer(), item.choices, evidence_of(item)};
}

std::vector<Attempt> sound_attempts(const MultiHopItem& item) {
  const auto letter =
      std::find(item.choices.begin(), item.choices.end(), item.answer()) - item.choices.begin();
  return {attempt(chain_of(item), item.answer()),
          attempt(chain_of(item), std::string(1, static_cast<char>('A' + letter)))};
}

std::vector<Attempt> planted_attempts(const MultiHopItem& item, const MultiHopItem& foreign) {
  NELUMBO_CHECK(item.hops.size() >= 2 && item.choices.size() >= 2);
  const ReasoningChain gold = chain_of(item);
  const std::string& right = item.answer();
  const std::string wrong = wrong_choice(item);
  std::vector<Attempt> bad{attempt(gold, wrong), {gold.text(), std::nullopt, "planted"}};
  const auto plant = [&](const std::string& answer, const auto& spoil) {
    ReasoningChain chain = gold;
    spoil(&chain);
    bad.push_back(attempt(chain, answer));
  };
  plant(wrong, [&](auto* chain) {  // wrong all through
    chain->recall.back().replace(chain->recall.back().rfind(right), right.size(), wrong);
    chain->conclude = chain->reason.back() = wrong;
  });
  plant(right, [](auto* chain) { std::reverse(chain->recall.begin(), chain->recall.end()); });
  plant(right, [](auto* chain) { std::swap(chain->reason[0], chain->reason[1]); });
  plant(right, [](auto* chain) { chain->recall.erase(chain->recall.begin()); });
  plant(right, [](auto* chain) { chain->reason.erase(chain->reason.begin() + 1); });
  plant(right, [&](auto* chain) { chain->understand += ", that is " + right; });
  plant(right, [&](auto* chain) { chain->conclude = chain->reason.back() = wrong; });
  plant(right, [](auto* chain) { chain->recall[0] += " and more"; });
  plant(right,
        [](auto* chain) { chain->recall.insert(chain->recall.begin(), "It is well known."); });
  plant(right, [&](auto* chain) {
    *chain = chain_of(foreign);
    chain->conclude = chain->reason.back() = right;
  });
  plant(right, [&](auto* chain) { *chain = chain_of(foreign); });
  bad.push_back({"<answer> " + right + "</answer>", right, "planted"});
  bad.push_back({"<answer> " + right + "</answer>" + gold.text(), right, "planted"});
  return bad;
}

double GateTrial::outcome_precision() const {
  return share(right_passed, wrong_passed);
}

double GateTrial::thinking_precision() const {
  return share(sound_kept, lucky_passed);
}

bool GateTrial::ok(double least) const {
  return outcome_precision() >= least && thinking_precision() >= least &&
         share(sound_kept, sound - sound_kept) >= least;
}

GateTrial try_gates(std::span<const MultiHopItem> items) {
  GateTrial trial;
  trial.items = std::ssize(items);
  for (size_t i = 0; i < items.size(); ++i) {
    const RejectTask task = task_of(items[i]);
    for (const Attempt& one : sound_attempts(items[i])) {
      const GateVerdict verdict = pass_gates(one, task);
      ++trial.sound;
      trial.sound_kept += verdict.thinking ? 1 : 0;
      trial.right_passed += verdict.outcome ? 1 : 0;
    }
    for (const Attempt& one : planted_attempts(items[i], items[(i + 1) % items.size()])) {
      const GateVerdict verdict = pass_gates(one, task);
      const bool is_lucky = one.answer == items[i].answer();
      trial.right_passed += is_lucky && verdict.outcome ? 1 : 0;
      const bool passed = is_lucky ? verdict.thinking : verdict.outcome;
      ++(is_lucky ? trial.lucky : trial.wrong);
      (is_lucky ? trial.lucky_passed : trial.wrong_passed) += passed ? 1 : 0;
      if (passed && !trial.first_passed)
        trial.first_passed = items[i].id;
    }
  }
  return trial;
}

}  // namespace nelumbo
