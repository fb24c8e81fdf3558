// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/jinja_value.h"

namespace nelumbo {

/// Names that are compared in about the time of one step.
constexpr int64_t kNamesOfAStep = 16;

/// The variables of a template, a macro, a pass of a loop or another block, inside of those around
/// it.
struct JinjaScope {
  std::shared_ptr<JinjaScope> parent;
  std::vector<std::pair<std::string, JinjaValue>> variables;

  /// The variable of this name in the nearest scope that has one, or null. Adds to `looked_at` how
  /// many were compared.
  const JinjaValue* find(const std::string& name, int64_t& looked_at) const {
    for (const JinjaScope* scope = this; scope != nullptr; scope = scope->parent.get()) {
      looked_at += 1 + std::ssize(scope->variables);
      for (const auto& [known, value] : scope->variables)
        if (known == name)
          return &value;
    }
    return nullptr;
  }

  /// Sets it in this scope, whatever others have.
  void set(const std::string& name, JinjaValue value) {
    for (auto& [known, held] : variables) {
      if (known == name) {
        held = std::move(value);
        return;
      }
    }
    variables.emplace_back(name, std::move(value));
  }
};

}  // namespace nelumbo
