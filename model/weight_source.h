// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "base/error.h"
#include "model/weights.h"

namespace nelumbo {

/// Gives a tensor by its Hugging Face name. Whoever writes a model asks for one after another, so
/// that one is in memory.
using WeightSource = std::function<Result<NamedTensor>(const std::string& hf_name)>;

}  // namespace nelumbo
