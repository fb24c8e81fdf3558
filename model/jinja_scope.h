// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/jinja_value.h"

namespace nelumbo {

/// The variables of a template, a macro, a pass of a loop or another block, inside of those around
/// it.
struct JinjaScope {
  std::shared_ptr<JinjaScope> parent;
  std::vector<std::pair<std::string, JinjaValue>> variables;

  /// The variable of this name in the nearest scope that has one, or null.
  const JinjaValue* find(const std::string& name) const {
    for (const JinjaScope* scope = this; scope != nullptr; scope = scope->parent.get())
      for (const auto& [known, value] : scope->variables)
        if (known == name)
          return &value;
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
