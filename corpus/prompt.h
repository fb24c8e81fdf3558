// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "corpus/coordinates.h"
#include "corpus/training_group.h"
#include "model/image.h"

namespace nelumbo {

/// A task with its ground truth and the name of its reward spec.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct Prompt {
  std::string id;                      ///< unique in its data set: "val/BloodImage_00007/locate/0"
  std::string task;                    ///< "locate", "type", "multihop"
  std::string reward;                  ///< name of the reward spec that scores it
  std::string text;                    ///< what the user asks, without control tokens
  std::vector<int32_t> tokens;         ///< rendered: control tokens, image placeholders, question
  std::shared_ptr<const Image> image;  ///< the original picture, which tools crop; null: none
  Box view;                            ///< the part of `image` that the policy is shown (pixels)
  Orientation orientation;             ///< how that part is turned before it is shown
  std::vector<Pixels> pixels;          ///< one for each run of image placeholders in `tokens`
  nlohmann::json truth;                ///< fields that reward terms name: {"boxes": [..], ..}
  int64_t max_new_tokens = 0;          ///< of one answer; 0: as the run samples
};

}  // namespace nelumbo
