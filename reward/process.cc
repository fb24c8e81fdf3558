// SPDX-License-Identifier: Apache-2.0
#include "reward/process.h"

#include <algorithm>
#include <array>
#include <map>

#include "reward/gold_path.h"
#include "reward/kinds.h"
#include "reward/score_terms.h"
#include "reward/step_checks.h"

namespace nelumbo {

namespace {

using Reader = Result<StepCheckPtr> (*)(const SpecNode&, StepHeader&);

constexpr std::array<Kind<Reader>, 6> kKinds = {{{"loop", read_loop},
                                                 {"unsupported", read_unsupported},
                                                 {"unused_tool", read_unused_tool},
                                                 {"wrong_order", read_wrong_order},
                                                 {"gold_path", read_gold_path},
                                                 {"learned", read_learned}}};

struct ProcessKeys {
  std::string form = "multiplier";

  template <class V>
  void fields(V& v) {
    v(form, "form", "How steps act on the return.", OneOf{"multiplier"});
  }
};

}  // namespace

Result<ProcessLayer> ProcessLayer::read(const SpecNode& node) {
  ProcessKeys keys;
  if (auto done = read_fields(node, {"checks"}, keys); !done)
    return done.error();
  const auto list = node.at("checks");
  if (!list)
    return list.error();
  const auto items = list.value().items();
  if (!items)
    return items.error();
  ProcessLayer layer;
  for (const SpecNode& item : items.value()) {
    const auto kind = kind_of<Reader>(item, kKinds);
    if (!kind)
      return kind.error();
    StepHeader header;
    auto check = kind.value()->read(item, header);
    if (!check)
      return check.error();
    layer.checks_.push_back(
        {header.name.empty() ? header.kind : header.name, header.factor, std::move(check.value())});
  }
  return layer;
}

Result<ProcessVerdict> ProcessLayer::judge(const Scene& scene) const {
  ProcessVerdict verdict;
  std::map<std::pair<int64_t, int64_t>, StepFactor> steps;  // by their tokens
  for (const Entry& entry : checks_) {
    const auto faults = entry.check->faults(scene);
    if (!faults)
      return faults.error();
    Component component{entry.name, "process", 1, 0, ""};
    for (const Fault& fault : faults.value()) {
      component.value = entry.factor;
      component.evidence += (component.evidence.empty() ? "" : "; ") + fault.reason;
      const StepFactor step{fault.first_token, fault.last_token, entry.factor,
                            entry.name + ": " + fault.reason};
      const auto [at, is_new] = steps.emplace(std::pair(step.first_token, step.last_token), step);
      if (!is_new && step.factor < at->second.factor)
        at->second = step;
    }
    verdict.components.push_back(std::move(component));
  }
  for (auto& [tokens, step] : steps) {
    verdict.factor = std::min(verdict.factor, step.factor);
    verdict.steps.push_back(std::move(step));
  }
  return verdict;
}

std::vector<TruthField> ProcessLayer::needs() const {
  std::vector<TruthField> all;
  for (const Entry& entry : checks_)
    for (TruthField& field : entry.check->needs())
      all.push_back(std::move(field));
  return all;
}

}  // namespace nelumbo
