// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>

#include "learner/config.h"

namespace nelumbo {

/// A published combination with its published constants; a name and nothing else.
struct Preset {
  const char* name;
  const char* advantage;
  const char* loss;
  const char* aggregation;
  double clip_low;
  double clip_high;
};

std::span<const Preset> presets();

/// The name of the combination that `config` amounts to, or nothing when it is one of its own.
std::optional<std::string> preset_name(const RlConfig& config);

/// The loss that `config` resolves to, in symbols and with every constant: lines for the log of a
/// run, since equal names mean different things in different systems.
std::string algorithm_card(const RlConfig& config);

}  // namespace nelumbo
