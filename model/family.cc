// SPDX-License-Identifier: Apache-2.0
#include "model/family.h"

#include <algorithm>

namespace nelumbo {

std::span<const Family* const> families() {
  static constexpr const Family* kAll[] = {
      &kIdefics3Family, &kLlamaFamily, &kQwen2Family, &kQwen25VlFamily, &kQwen3Family,
  };
  return kAll;
}

const Family* find_family(std::string_view architecture) {
  for (const Family* family : families())
    if (family->architecture == architecture)
      return family;
  return nullptr;
}

const Family* find_family_of_type(std::string_view model_type) {
  for (const Family* family : families())
    if (std::ranges::find(family->model_types, model_type) != family->model_types.end())
      return family;
  return nullptr;
}

void set_traits(const Family& family, ModelConfig* config) {
  config->architecture = family.architecture;
  config->sees = family.traits.sees;
  config->decoder.qkv_bias = family.traits.qkv_bias;
  config->decoder.qk_norm = family.traits.qk_norm;
}

}  // namespace nelumbo
