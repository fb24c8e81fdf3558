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

  Gallery gallery() const { return {parity_folder("smolvlm"), model_.network.config}; }

  ParityModel model_{"smolvlm"};
  TemporaryFolder folder_;
  std::string picture_ = folder_ / "a.png";
};

TEST_F(GalleryTest, ReadsAPictureOnce) {
  Gallery all = gallery();
  const auto first = all.see({picture_, picture_});
  ASSERT_TRUE(first.ok()) << first.error().message;
  ASSERT_EQ(first.value().images.size(), 2U);
  EXPECT_EQ(first.value().mark, "<image>");
  std::filesystem::remove(picture_);
  const auto again = all.see({picture_});
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again.value().images[0].pixels, first.value().images[1].pixels);
  EXPECT_FALSE(gallery().see({picture_}).ok());
}

}  // namespace
}  // namespace nelumbo
