// SPDX-License-Identifier: Apache-2.0
#include "model/tile_processor.h"

#include <optional>

#include <gtest/gtest.h>

#include "tests/support/parity.h"

namespace nelumbo {
namespace {

TileProcessor smolvlm() {
  const auto config = read_hf_config(parity_folder("smolvlm") + "/config.json");
  NELUMBO_CHECK(config.ok()) << config.error().message;
  const nlohmann::json document = parity_json("smolvlm", "preprocessor_config.json");
  std::optional<std::string> complaint;
  TileProcessor read = TileProcessor::read(ConfigSection(document, complaint), config.value());
  NELUMBO_CHECK(!complaint) << *complaint;
  return read;
}

Image picture(const std::string& path) {
  auto image = read_image(parity_folder("smolvlm") + "/" + path);
  NELUMBO_CHECK(image.ok()) << image.error().message;
  return std::move(image).value();
}

TEST(TileProcessor, CutsPicturesIntoTheTilesOfTransformers) {
  const TileProcessor processor = smolvlm();
  const nlohmann::json ones = parity_json("smolvlm", "cases.json")["cases"];
  for (const auto& one : ones) {
    double sum = 0, squares = 0;
    int64_t count = 0;
    std::vector<float> first;
    for (size_t i = 0; i < one["images"].size(); ++i) {
      const Image image = picture(one["images"][i]);
      const TileLayout layout = processor.layout({image.width, image.height});
      const std::vector<Pixels> tiles = processor.tiles(image, layout);
      EXPECT_EQ(layout.rows, one["tile_layout"][i]["rows"]);
      EXPECT_EQ(layout.cols, one["tile_layout"][i]["cols"]);
      EXPECT_EQ(std::ssize(tiles), layout.tiles());
      for (const auto& tile : tiles)
        for (const float x : tile->values) {
          sum += double{x};
          squares += double{x} * double{x};
          ++count;
        }
      if (first.empty())
        first.assign(tiles[0]->values.begin(), tiles[0]->values.begin() + 8);
    }
    // Padding tiles of shorter pictures are zeros and count in transformers' tensor alone.
    const auto& expected = one["pixel_values"];
    const double all = expected["shape"][1].get<double>() * 3 * 128 * 128;
    const double mean = sum / all;
    EXPECT_NEAR(mean, expected["mean"].get<double>(), 1e-6);
    EXPECT_NEAR(std::sqrt(squares / all - mean * mean), expected["std"].get<double>(), 1e-6);
    for (size_t i = 0; i < 8; ++i)
      EXPECT_NEAR(double{first[i]}, expected["first8"][i].get<double>(), 1e-6);
    EXPECT_GT(count, 0);
  }
}

TEST(TileProcessor, SaysWhereEachTileStood) {
  const TileProcessor processor = smolvlm();
  const std::string four = "<image><image><image><image>";
  EXPECT_EQ(processor.placeholder({}),
            "<fake_token_around_image><global-img>" + four + "<fake_token_around_image>");
  EXPECT_EQ(processor.placeholder({1, 2}), "<fake_token_around_image><row_1_col_1>" + four +
                                               "<fake_token_around_image><row_1_col_2>" + four +
                                               "\n\n<fake_token_around_image><global-img>" + four +
                                               "<fake_token_around_image>");
  const auto seen = processor.see(picture("images/a_97x53.png"));
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ(seen.value().placeholder, processor.placeholder(processor.layout({97, 53})));
  EXPECT_EQ(std::ssize(seen.value().pixels), processor.layout({97, 53}).tiles());
}

TEST(TileProcessor, KeepsThinPicturesAtLeastOneTileThick) {
  EXPECT_EQ(smolvlm().layout({5000, 3}), (TileLayout{1, 4}));
  EXPECT_EQ(smolvlm().layout({3, 5000}), (TileLayout{4, 1}));
  EXPECT_EQ(smolvlm().layout({1, 1}), (TileLayout{4, 4}));
}

TEST(TileProcessor, RefusesByNameWhatItDoesNotDo) {
  const auto config = read_hf_config(parity_folder("smolvlm") + "/config.json");
  const auto refusal = [&](const char* key, const nlohmann::json& value) {
    nlohmann::json document = parity_json("smolvlm", "preprocessor_config.json");
    document[key] = value;
    document = nlohmann::json::parse(document.dump());  // numbers as a file has them
    std::optional<std::string> complaint;
    TileProcessor::read(ConfigSection(document, complaint), config.value());
    return complaint.value_or("");
  };
  EXPECT_EQ(refusal("image_mean", {0.4, 0.5, 0.5}),
            "image_mean [0.4,0.5,0.5] is not supported; supported: [0.5,0.5,0.5]");
  EXPECT_NE(refusal("image_processor_type", "CLIPImageProcessor").find("image_processor_type"),
            std::string::npos);
  EXPECT_EQ(refusal("max_image_size", {{"longest_edge", 64}}),
            "max_image_size.longest_edge must be the vision tower's image_size, 128");
}

}  // namespace
}  // namespace nelumbo
