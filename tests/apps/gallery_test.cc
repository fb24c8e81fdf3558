// SPDX-License-Identifier: Apache-2.0
#include "apps/gallery.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class GalleryTest : public testing::Test {
 protected:
  GalleryTest() {
    std::filesystem::copy(parity_folder("smolvlm") + "/images/a_97x53.png", picture_);
  }

  Gallery gallery(Gallery::Keep keep) const {
    return {parity_folder("smolvlm"), model_.network.config, keep};
  }

  ParityModel model_{"smolvlm"};
  TemporaryFolder folder_;
  std::string picture_ = folder_ / "a.png";
};

TEST_F(GalleryTest, ReadsAPictureOnce) {
  Gallery all = gallery(Gallery::Keep::kPixels);
  const auto first = all.see({picture_, picture_});
  ASSERT_TRUE(first.ok()) << first.error().message;
  ASSERT_EQ(first.value().images.size(), 2U);
  EXPECT_EQ(first.value().mark, "<image>");
  std::filesystem::remove(picture_);
  const auto again = all.see({picture_});
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again.value().images[0].pixels, first.value().images[1].pixels);
  EXPECT_FALSE(gallery(Gallery::Keep::kPixels).see({picture_}).ok());
}

TEST_F(GalleryTest, KeepsNoPixelsOfWhatIsOnlyPutIntoPrompts) {
  const auto seen = gallery(Gallery::Keep::kPixels).see({picture_});
  const auto shown = gallery(Gallery::Keep::kPlaceholders).see({picture_});
  ASSERT_TRUE(seen.ok() && shown.ok());
  EXPECT_EQ(shown.value().images[0].placeholder, seen.value().images[0].placeholder);
  EXPECT_TRUE(shown.value().images[0].pixels.empty());
  EXPECT_FALSE(seen.value().images[0].pixels.empty());
}

}  // namespace
}  // namespace nelumbo
