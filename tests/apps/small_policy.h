// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "apps/hf_directory.h"
#include "apps/materials.h"
#include "configs/run_config.h"
#include "model/network.h"

namespace nelumbo {

/// configs/tiny.yaml over the repository's data, with three pictures of each part.
inline RunConfig tiny_config() {
  const std::string root = NELUMBO_SOURCE_DIR;
  Result<RunConfig> config = read_run_config(
      root + "/configs/tiny.yaml",
      {"data.root=" + root + "/data", "reward.spec=" + root + "/configs/rewards/smear.yaml",
       "data.train_limit=3", "data.val_limit=2"});
  EXPECT_TRUE(config.ok()) << config.error().message;
  return config.value();
}

/// The materials of that configuration, read once for all tests of a process.
inline std::shared_ptr<const Materials> tiny_materials() {
  static const std::shared_ptr<const Materials> kMaterials = [] {
    auto materials = load_materials(tiny_config(), "configs/tiny.yaml");
    EXPECT_TRUE(materials.ok()) << materials.error().message;
    return materials.value();
  }();
  return kMaterials;
}

inline WeightSet tiny_weights() {
  return initial_weights(tiny_materials()->network, 7);
}

/// An untrained policy of that shape as a Hugging Face directory.
inline void put_tiny_policy(const std::string& folder) {
  const auto materials = tiny_materials();
  const auto written =
      write_hf_directory(folder, materials->network.config, *materials->dialogue, tiny_weights());
  EXPECT_TRUE(written.ok()) << written.error().message;
}

}  // namespace nelumbo
