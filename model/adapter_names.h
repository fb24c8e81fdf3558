// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace nelumbo {

// How PEFT's files call the factors of the weight "x.weight": "base_model.model.x.lora_A.weight"
// and "base_model.model.x.lora_B.weight".

constexpr const char* kAdapterRoot = "base_model.model.";
constexpr const char* kFactorA = ".lora_A.weight";
constexpr const char* kFactorB = ".lora_B.weight";

/// "x" of the parameter "x.weight".
inline std::string module_of(const std::string& parameter) {
  return parameter.substr(0, parameter.rfind(".weight"));
}

/// The name of a factor, kFactorA or kFactorB, of a parameter.
inline std::string factor_name(const std::string& parameter, const char* factor) {
  return kAdapterRoot + module_of(parameter) + factor;
}

}  // namespace nelumbo
