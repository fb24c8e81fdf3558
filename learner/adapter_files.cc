// SPDX-License-Identifier: Apache-2.0
#include "learner/adapter_files.h"

#include <algorithm>
#include <map>
#include <string>

#include "learner/adapter.h"
#include "model/adapter_names.h"

namespace nelumbo {

std::optional<PeftAdapter> adapter_of_state(const WeightSet& state, const WeightSet& weights) {
  std::map<std::string, const NamedTensor*> by_name;
  for (const NamedTensor& tensor : state)
    by_name.emplace(tensor.name, &tensor);
  if (!std::ranges::any_of(
          state, [](const NamedTensor& tensor) { return tensor.name.starts_with(kAdapterAlpha); }))
    return std::nullopt;
  PeftAdapter adapter;
  WeightSet base = weights;
  for (NamedTensor& weight : base) {
    const auto alpha = by_name.find(kAdapterAlpha + weight.name);
    if (alpha == by_name.end())
      continue;
    weight.values = by_name.at(kAdapterBase + weight.name)->values;
    const NamedTensor& a = *by_name.at(factor_name(weight.name, kFactorA));
    adapter.alpha = double{alpha->second->values[0]};
    adapter.rank = a.shape[0];
    adapter.scale = adapter_scale(adapter.alpha, adapter.rank);
    adapter.factors.emplace(weight.name,
                            LowRankFactors{a, *by_name.at(factor_name(weight.name, kFactorB))});
  }
  adapter.base_hash = weights_hash(base);
  return adapter;
}

}  // namespace nelumbo
