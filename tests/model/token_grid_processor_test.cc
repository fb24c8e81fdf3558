// SPDX-License-Identifier: Apache-2.0
#include "model/token_grid_processor.h"

#include <cmath>

#include <gtest/gtest.h>

#include "model/patch_rows.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

const ModelConfig& config() {
  static const auto read = read_hf_config(parity_folder("qwen2_5_vl") + "/config.json");
  NELUMBO_CHECK(read.ok()) << read.error().message;
  return read.value();
}

TokenGridProcessor processor(const nlohmann::json& changes = nlohmann::json::object()) {
  nlohmann::json document = parity_json("qwen2_5_vl", "preprocessor_config.json");
  document.update(changes);
  document = nlohmann::json::parse(document.dump());  // numbers as a file has them
  std::optional<std::string> complaint;
  TokenGridProcessor read = TokenGridProcessor::read(ConfigSection(document, complaint), config());
  NELUMBO_CHECK(!complaint) << *complaint;
  return read;
}

TEST(TokenGridProcessor, MakesThePatchesOfTransformers) {
  const nlohmann::json ones = parity_json("qwen2_5_vl", "cases.json")["cases"];
  Team team(2);
  for (const auto& one : ones) {
    std::vector<Pixels> pixels;
    for (size_t i = 0; i < one["images"].size(); ++i) {
      const auto image =
          read_image(parity_folder("qwen2_5_vl") + "/" + one["images"][i].get<std::string>());
      ASSERT_TRUE(image.ok()) << image.error().message;
      const auto seen = processor().see(image.value());
      ASSERT_TRUE(seen.ok());
      ASSERT_EQ(seen.value().pixels.size(), 1U);
      pixels.push_back(seen.value().pixels.front());
      EXPECT_EQ(pixels.back()->height, one["image_grid_thw"][i][1].get<int64_t>() * 14);
      EXPECT_EQ(pixels.back()->width, one["image_grid_thw"][i][2].get<int64_t>() * 14);
    }
    const PatchRows rows = patch_rows(config(), pixels);
    std::vector<float> values(rows.places.size() *
                              static_cast<size_t>(patch_size(config().vision)));
    fill_patches(team, config().vision, rows, pixels, values.data());
    double sum = 0, squares = 0;
    for (const float x : values) {
      sum += double{x};
      squares += double{x} * double{x};
    }
    const auto n = static_cast<double>(values.size());
    const auto& expected = one["pixel_values"];
    EXPECT_EQ(expected["shape"][0], rows.places.size());
    EXPECT_NEAR(sum / n, expected["mean"].get<double>(), 1e-6);
    EXPECT_NEAR(std::sqrt(squares / n - sum / n * (sum / n)), expected["std"].get<double>(), 1e-6);
    for (size_t i = 0; i < 8; ++i)
      EXPECT_NEAR(double{values[i]}, expected["first8"][i].get<double>(), 1e-6);
  }
}

/// Sizes of `smart_resize` in transformers.
TEST(TokenGridProcessor, BringsEdgesToWholeTokensWithinTheBounds) {
  const TokenGridProcessor p = processor();
  EXPECT_EQ(p.fitted({97, 53}), (PictureSize{84, 56}));
  EXPECT_EQ(p.fitted({640, 480}), (PictureSize{504, 364}));  // above max_pixels
  EXPECT_EQ(p.fitted({30, 41}), (PictureSize{56, 84}));      // below min_pixels
  EXPECT_EQ(p.fitted({14, 42}), (PictureSize{56, 112}));     // 0.5 and 1.5 tokens go to even ones
  EXPECT_EQ(p.fitted({28 * 100, 14}), (PictureSize{28 * 29, 28}));
}

TEST(TokenGridProcessor, SaysNoToALineAndHowManyTokensItTakes) {
  Image line{201, 1, std::vector<uint8_t>(603)};
  EXPECT_EQ(processor().see(line).error().message,
            "is 201 x 1 pixels; one edge may be 200 times as long as the other");
  Image square{56, 56, std::vector<uint8_t>(3 * 56 * 56)};
  const auto seen = processor().see(square);
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ(seen.value().placeholder, "<|image_pad|><|image_pad|><|image_pad|><|image_pad|>");
}

TEST(TokenGridProcessor, RefusesByNameWhatItDoesNotDo) {
  const auto refusal = [&](const char* key, const nlohmann::json& value) {
    nlohmann::json document = parity_json("qwen2_5_vl", "preprocessor_config.json");
    document[key] = value;
    document = nlohmann::json::parse(document.dump());  // numbers as a file has them
    std::optional<std::string> complaint;
    TokenGridProcessor::read(ConfigSection(document, complaint), config());
    return complaint.value_or("");
  };
  EXPECT_EQ(refusal("merge_size", 3), "merge_size 3 is not supported; supported: 2");
  EXPECT_EQ(refusal("image_std", {1, 1, 0}), "image_std must be three numbers > 0");
  EXPECT_EQ(refusal("min_pixels", 1'000'000), "min_pixels must not be above max_pixels");
  EXPECT_NE(refusal("image_processor_type", "CLIPImageProcessor").find("image_processor_type"),
            std::string::npos);
}

TEST(TokenGridProcessor, ReadsBoundsAlsoWhereNewerFilesHaveThem) {
  nlohmann::json changes{{"size", {{"shortest_edge", 3136}, {"longest_edge", 6272}}},
                         {"min_pixels", nullptr},
                         {"max_pixels", nullptr}};
  EXPECT_EQ(processor(changes).fitted({640, 480}), (PictureSize{84, 56}));
}

}  // namespace
}  // namespace nelumbo
