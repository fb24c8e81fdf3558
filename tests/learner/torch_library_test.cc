// SPDX-License-Identifier: Apache-2.0
#include "learner/torch_library.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(TorchLibrary, GivesWhatItHas) {
  EXPECT_NE(torch_symbol("nelumbo_torch_learner"), nullptr);
  EXPECT_EQ(torch_symbol("nelumbo_torch_learner"), torch_symbol("nelumbo_torch_learner"));
}

TEST(TorchLibraryDeathTest, NamesWhatIsMissing) {
  EXPECT_DEATH(torch_symbol("nelumbo_torch_nothing"), "nelumbo_torch_nothing; build the program");
}

}  // namespace
}  // namespace nelumbo
