// SPDX-License-Identifier: Apache-2.0
#include "model/row_places.h"

#include <gtest/gtest.h>

#include "model/picture_cursor.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

using Ints = std::vector<int32_t>;

Ints places_of_example(int64_t axes) {
  RowPlaces places(axes);
  Ints out;
  places.add_token(&out);
  places.add_picture_row({1, 2}, 0, &out);
  places.add_picture_row({1, 2}, 1, &out);
  places.add_token(&out);
  return out;
}

TEST(RowPlaces, CountUpAlongOneAxis) {
  EXPECT_EQ(places_of_example(1), (Ints{0, 1, 2, 3}));
}

TEST(RowPlaces, OfAPictureAreItsRowsAndColumns) {
  EXPECT_EQ(places_of_example(3), (Ints{0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 3, 3}));
}

TEST(RowPlaces, AreThoseOfTransformers) {
  const auto config = read_hf_config(parity_folder("qwen2_5_vl") + "/config.json");
  ASSERT_TRUE(config.ok());
  const RowLayout layout = row_layout(config.value());
  EXPECT_EQ(layout.token_side, 28);
  EXPECT_EQ(layout.axes, 3);
  const nlohmann::json ones = parity_json("qwen2_5_vl", "cases.json")["cases"];
  for (const auto& one : ones) {
    std::vector<Pixels> pixels;
    for (const auto& grid : one["image_grid_thw"])
      pixels.push_back(std::make_shared<const Picture>(
          Picture{grid[1].get<int64_t>() * 14, grid[2].get<int64_t>() * 14, {}}));
    PictureCursor cursor(pixels, layout);
    RowPlaces places(layout.axes);
    Ints out;
    for (const auto& token : one["input_ids"])
      if (token == *config.value().image_token_id) {
        const auto seen = cursor.next();
        ASSERT_TRUE(seen.has_value());
        places.add_picture_row(seen->grid, seen->index, &out);
      } else {
        places.add_token(&out);
      }
    for (size_t row = 0; row < one["input_ids"].size(); ++row)
      for (size_t axis = 0; axis < 3; ++axis)
        EXPECT_EQ(out[3 * row + axis], one["position_ids"][axis][row]) << row;
  }
}

}  // namespace
}  // namespace nelumbo
