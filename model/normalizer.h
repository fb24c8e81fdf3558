// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"

namespace nelumbo {

/// The `normalizer` of a tokenizer.json: rewrites text before anything else is done with it.
/// Immutable.
class Normalizer {
 public:
  /// Does nothing.
  Normalizer() = default;

  /// Reads NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Prepend, Replace, Precompiled and
  /// Sequences of them; null does nothing. kBadData names anything else, and a chain of Replace
  /// that could make a text more than 256 times as long.
  static Result<Normalizer> parse(const nlohmann::json& part, const std::string& place);

  /// The text rewritten. REQUIRES: well-formed UTF-8.
  std::string apply(std::string_view text) const;

  /// Whether what `apply` gives of `text` still begins with its first character, or what was made
  /// of it, rather than with a later one.
  bool keeps_start(std::string_view text) const;

  bool empty() const { return steps_.empty(); }

 private:
  struct Step {
    std::function<std::string(std::string_view)> apply;
    std::function<bool(std::string_view)> loses_start = {};
  };

  Result<void> add(const nlohmann::json& step, const std::string& place);
  Result<void> add_strip(const nlohmann::json& step, const std::string& place);
  Result<void> add_prepend(const nlohmann::json& step, const std::string& place);
  Result<void> add_replace(const nlohmann::json& step, const std::string& place);
  Result<void> add_precompiled(const nlohmann::json& step, const std::string& place);

  std::vector<Step> steps_;
  double growth_ = 1;
};

}  // namespace nelumbo
