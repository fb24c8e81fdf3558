// SPDX-License-Identifier: Apache-2.0
#include "reward/term.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

TEST(SceneTest, HasThePictureOrWhatIsShownOfIt) {
  Prompt prompt = prompt_with({});
  prompt.view = {10, 20, 110, 120};
  const Trajectory trajectory;
  EXPECT_EQ(Scene({prompt, trajectory}).picture().x0, 10);
  auto image = std::make_shared<Image>();
  image->width = 640;
  image->height = 480;
  prompt.image = image;
  EXPECT_EQ(Scene({prompt, trajectory}).picture().x0, 0);
  EXPECT_EQ(Scene({prompt, trajectory}).picture().y1, 480);
}

TEST(TermHeaderTest, HasANameOfItsOwnOrTheKind) {
  TermHeader plain, named;
  ASSERT_TRUE(read_rule_term(node_of("{kind: exact}"), plain).ok());
  EXPECT_EQ(plain.name, "exact");
  ASSERT_TRUE(read_rule_term(node_of("{kind: exact, name: cell, weight: 2}"), named).ok());
  EXPECT_EQ(named.name, "cell");
  EXPECT_EQ(named.weight, 2);
}

}  // namespace
}  // namespace nelumbo
