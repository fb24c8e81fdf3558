// SPDX-License-Identifier: Apache-2.0
#include "model/image_processor.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

ImageProcessor smolvlm() {
  const auto config = read_hf_config(parity_folder("smolvlm") + "/config.json");
  NELUMBO_CHECK(config.ok()) << config.error().message;
  auto read = ImageProcessor::read(parity_folder("smolvlm"), config.value());
  NELUMBO_CHECK(read.ok()) << read.error().message;
  return std::move(read).value();
}

Image picture(const std::string& path) {
  auto image = read_image(parity_folder("smolvlm") + "/" + path);
  NELUMBO_CHECK(image.ok()) << image.error().message;
  return std::move(image).value();
}

TEST(ImageProcessor, CutsPicturesIntoTheTilesOfTransformers) {
  const ImageProcessor processor = smolvlm();
  const nlohmann::json ones = parity_json("smolvlm", "cases.json")["cases"];
  for (const auto& one : ones) {
    double sum = 0, squares = 0;
    int64_t count = 0;
    std::vector<float> first;
    for (size_t i = 0; i < one["images"].size(); ++i) {
      const Tiles tiles = processor.tiles(picture(one["images"][i]));
      EXPECT_EQ(tiles.layout.rows, one["tile_layout"][i]["rows"]);
      EXPECT_EQ(tiles.layout.cols, one["tile_layout"][i]["cols"]);
      EXPECT_EQ(std::ssize(tiles.pixels), tiles.layout.tiles());
      for (const auto& tile : tiles.pixels)
        for (const float x : *tile) {
          sum += double{x};
          squares += double{x} * double{x};
          ++count;
        }
      if (first.empty())
        first.assign(tiles.pixels[0]->begin(), tiles.pixels[0]->begin() + 8);
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

TEST(ImageProcessor, SaysWhereEachTileStood) {
  const ImageProcessor processor = smolvlm();
  const std::string four = "<image><image><image><image>";
  EXPECT_EQ(processor.placeholder({}),
            "<fake_token_around_image><global-img>" + four + "<fake_token_around_image>");
  EXPECT_EQ(processor.placeholder({1, 2}), "<fake_token_around_image><row_1_col_1>" + four +
                                               "<fake_token_around_image><row_1_col_2>" + four +
                                               "\n\n<fake_token_around_image><global-img>" + four +
                                               "<fake_token_around_image>");
}

TEST(ImageProcessor, KeepsThinPicturesAtLeastOneTileThick) {
  EXPECT_EQ(smolvlm().layout({5000, 3}), (TileLayout{1, 4}));
  EXPECT_EQ(smolvlm().layout({3, 5000}), (TileLayout{4, 1}));
  EXPECT_EQ(smolvlm().layout({1, 1}), (TileLayout{4, 4}));
}

TEST(ImageProcessor, RefusesByNameWhatItDoesNotDo) {
  const auto config = read_hf_config(parity_folder("smolvlm") + "/config.json");
  const TemporaryFolder folder;
  const auto refusal = [&](const char* key, const nlohmann::json& value) {
    nlohmann::json document = parity_json("smolvlm", "preprocessor_config.json");
    document[key] = value;
    std::ofstream(folder / "preprocessor_config.json") << document;
    const auto read = ImageProcessor::read(folder.path(), config.value());
    return read.ok() ? "" : read.error().message.substr(folder.path().size());
  };
  EXPECT_EQ(refusal("image_mean", {0.4, 0.5, 0.5}),
            "/preprocessor_config.json: image_mean [0.4,0.5,0.5] is not supported; supported: "
            "[0.5,0.5,0.5]");
  EXPECT_NE(refusal("image_processor_type", "CLIPImageProcessor").find("image_processor_type"),
            std::string::npos);
  EXPECT_EQ(refusal("max_image_size", {{"longest_edge", 64}}),
            "/preprocessor_config.json: max_image_size.longest_edge must be the vision tower's "
            "image_size, 128");
}

}  // namespace
}  // namespace nelumbo
