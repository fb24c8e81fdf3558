// SPDX-License-Identifier: Apache-2.0
#include "model/window_tower.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "model/forward.h"
#include "model/image_processor.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

class WindowTowerTest : public testing::Test {
 protected:
  Pixels noise(int64_t height, int64_t width, uint64_t seed) const {
    Random random(seed, Purpose::kData);
    Picture picture{height, width, {}};
    for (int64_t i = 0; i < 3 * height * width; ++i)
      picture.values.push_back(static_cast<float>(random.normal()));
    return std::make_shared<const Picture>(std::move(picture));
  }

  std::vector<float> features(const std::vector<Pixels>& pixels) {
    ops_.begin(weights_, nullptr);
    const auto rows = image_features(ops_, model_.network, pixels);
    return {rows.data, rows.data + rows.rows * rows.cols};
  }

  ParityModel model_{"qwen2_5_vl"};
  Team team_{2};
  EngineWeights weights_{model_.network, model_.weights, team_};
  EngineOps ops_{model_.network, team_};
};

TEST_F(WindowTowerTest, GivesTheImageFeaturesOfTransformers) {
  const auto processor = read_image_processor(parity_folder("qwen2_5_vl"), model_.network.config);
  ASSERT_TRUE(processor.ok()) << processor.error().message;
  const nlohmann::json ones = parity_json("qwen2_5_vl", "cases.json")["cases"];
  for (const auto& one : ones) {
    std::vector<Pixels> pixels;
    for (const auto& path : one["images"]) {
      const auto image = read_image(parity_folder("qwen2_5_vl") + "/" + path.get<std::string>());
      ASSERT_TRUE(image.ok());
      const auto seen = processor.value()->see(image.value());
      pixels.push_back(seen.value().pixels.front());
    }
    const std::vector<float> all = features(pixels);
    const auto& expected = one["image_features"];
    ASSERT_EQ(std::ssize(all),
              expected["shape"][0].get<int64_t>() * expected["shape"][1].get<int64_t>());
    for (size_t i = 0; i < 8; ++i) {
      EXPECT_NEAR(double{all[i]}, expected["first8"][i].get<double>(), 2e-5);
      EXPECT_NEAR(double{all[all.size() - 8 + i]}, expected["last8"][i].get<double>(), 2e-5);
    }
  }
}

TEST_F(WindowTowerTest, EncodesAPictureAlikeAloneAndAmongOthers) {
  const Pixels a = noise(140, 84, 1), b = noise(56, 196, 2);
  const std::vector<float> first = features({a}), second = features({b});
  std::vector<float> both = first;
  both.insert(both.end(), second.begin(), second.end());
  EXPECT_EQ(features({a, b}), both);
}

TEST_F(WindowTowerTest, LooksAtTheWholePictureInSomeLayersAlone) {
  const WindowTower& tower = *model_.network.windows;
  ASSERT_EQ(tower.layers.size(), 3U);
  EXPECT_EQ(tower.layers[0].reach, Reach::kWindow);
  EXPECT_EQ(tower.layers[1].reach, Reach::kPicture);
}

TEST_F(WindowTowerTest, TurnsHalfOfThePairsByRowsAndHalfByColumns) {
  const Rotary& rotary = model_.network.windows->rotary;  // heads of 16
  EXPECT_EQ(rotary.axes, (std::vector<uint8_t>{0, 0, 0, 0, 1, 1, 1, 1}));
  EXPECT_EQ(rotary.axis_count, 2);
  for (size_t i = 0; i < 8; ++i)
    EXPECT_FLOAT_EQ(rotary.frequencies[i],
                    static_cast<float>(std::pow(10000.0, -static_cast<double>(i % 4) / 4)));
}

}  // namespace
}  // namespace nelumbo
