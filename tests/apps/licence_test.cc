// SPDX-License-Identifier: Apache-2.0
#include "apps/licence.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(Licence, IsReadFromTheFrontMatterOfAReadme) {
  EXPECT_EQ(licence_in_readme("---\ntags: [a]\nlicense: apache-2.0 \n---\n# A\n"), "apache-2.0");
  EXPECT_EQ(licence_in_readme("---\ntags: [a]\n---\nlicense: mit\n"), "");
  EXPECT_EQ(licence_in_readme("license: mit\n"), "");
  EXPECT_EQ(licence_in_readme(""), "");
}

TEST(Licence, IsWhatStandsBesideTheModel) {
  const TemporaryFolder folder;
  Model model;
  model.directory = folder.path();
  EXPECT_TRUE(licence_of(model).empty());
  std::ofstream(folder / "LICENSE") << "\n   Apache License\n  Version 2.0\n";
  std::ofstream(folder / "README.md") << "---\nlicense: other\n---\n";
  EXPECT_EQ(licence_of(model).dump(), R"({"LICENSE":"Apache License","README.md":"other"})");
}

}  // namespace
}  // namespace nelumbo
