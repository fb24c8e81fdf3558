// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "apps/model_sight.h"
#include "base/error.h"
#include "model/config.h"
#include "model/image_processor.h"

namespace nelumbo {

/// The pictures of many rows as a model sees them, in memory, each read once. One thread uses it.
class Gallery {
 public:
  /// `directory`: of the model.
  Gallery(std::string directory, ModelConfig config)
      : sight_(std::move(directory), std::move(config)) {}

  /// As `ModelSight::see`; also kInvalidConfig when the pictures so far take more than half of the
  /// machine's memory.
  Result<ShownImages> see(const std::vector<std::string>& pictures);

 private:
  Result<ShownImages> look_at(const std::string& picture);

  ModelSight sight_;
  std::map<std::string, ShownImages> seen_;  ///< by path or data URL
  size_t bytes_ = 0;
};

}  // namespace nelumbo
