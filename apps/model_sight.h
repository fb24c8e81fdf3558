// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "model/config.h"
#include "model/image_processor.h"

namespace nelumbo {

/// Looks at image files as a model does. How it does is read with the first of them.
class ModelSight {
 public:
  /// `directory`: of the model.
  ModelSight(std::string directory, ModelConfig config)
      : directory_(std::move(directory)), config_(std::move(config)) {}

  /// Pictures are paths or data URLs. kBadData names the one that cannot be shown, or says that the
  /// model sees nothing.
  Result<ShownImages> see(const std::vector<std::string>& pictures);

 private:
  Result<void> open();

  std::string directory_;
  ModelConfig config_;
  std::unique_ptr<const ImageProcessor> processor_;
};

/// All that the network sees of some images, in order.
std::vector<Pixels> pixels_of(const ShownImages& shown);

/// Whether the tokens have as many placeholders as the images need; kBadData says how many.
Result<void> check_placeholders(const std::vector<int32_t>& tokens,
                                const std::vector<Pixels>& pixels, const ModelConfig& config,
                                const std::string& place);

/// The paths that an input line has under "images"; none without it. kBadData if it is no list.
Result<std::vector<std::string>> image_paths(const nlohmann::json& line, const std::string& place);

}  // namespace nelumbo
