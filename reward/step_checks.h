// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "reward/process.h"

namespace nelumbo {

/// What every step check has beside its own keys.
struct StepHeader {
  std::string kind;
  std::string name;
  double factor = 1;

  template <class V>
  void fields(V& v) {
    v(kind, "kind", "Which check this is.", NotEmpty{});
    v(name, "name", "Name in metrics and traces; the kind where it is left out.", NotEmpty{});
    v(factor, "factor", "What a faulty step's return is multiplied by.", Between{0.01, 1});
  }
};

using StepCheckPtr = std::unique_ptr<const StepCheck>;

/// Reads a check and its header, whose factor is `factor` by default, from one mapping.
template <class T>
Result<StepCheckPtr> read_check(const SpecNode& node, StepHeader& header, double factor,
                                std::unique_ptr<T> check) {
  header.factor = factor;
  if (auto done = read_fields(node, {}, header, *check); !done)
    return done.error();
  return StepCheckPtr(std::move(check));
}

/// The step checks; process.h says what each looks for. They set the default factor.
Result<StepCheckPtr> read_loop(const SpecNode& node, StepHeader& header);
Result<StepCheckPtr> read_unsupported(const SpecNode& node, StepHeader& header);
Result<StepCheckPtr> read_unused_tool(const SpecNode& node, StepHeader& header);
Result<StepCheckPtr> read_wrong_order(const SpecNode& node, StepHeader& header);

}  // namespace nelumbo
