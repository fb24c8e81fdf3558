// SPDX-License-Identifier: Apache-2.0
#include "reward/exponents.h"

#include <string>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

TEST(Exponents, AreWrittenAsComputersDo) {
  for (const char* text : {"3×10^-4", "3 x 10^-4", "3 X 10^{-4}", "3 * 10**-4", "3·10⁻⁴",
                           "3 \\times 10^{-4}", "3\\cdot 10^{-4}", "3 ⋅ 10^(-4)", "3×10^−4"})
    EXPECT_EQ(with_exponents(text), "3e-4") << text;
  EXPECT_EQ(with_exponents("-1.5 x 10^8 m"), "-1.5e8 m");
  EXPECT_EQ(with_exponents("6,022×10^+20"), "6,022e20");
  EXPECT_EQ(with_exponents("x = 3×10²³"), "x = 3e23");
  EXPECT_EQ(with_exponents("(1×10^2, 2×10^3)"), "(1e2, 2e3)");
}

TEST(Exponents, AreLeftToFormulas) {
  for (const char* text :
       {"10^4", "2^3×10^4", "1/3 x 10^4", "2^-3×10^4", "3x × 10^4", "\\sqrt 3×10^4", "3×10^4^2",
        "3×10^4!", "3×10^123", "3×10^x", "3 x 10", "3×10^{4", "2*3×10^4", "3×110^2", "x10^2", ""})
    EXPECT_EQ(with_exponents(text), text) << text;
}

TEST(Exponents, KeepEverythingElse) {
  const std::string pieces[] = {"3", "10", "×", "^", "-", "4", " ", "{", "}", "x", "⁻", "e", "."};
  Random random(11, Purpose::kControl, 0, 0);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (int64_t n = random.below(9); n >= 0; --n)
      text += pieces[random.below(std::ssize(pieces))];
    const std::string once = with_exponents(text);
    if (once == text)
      continue;
    EXPECT_LT(once.size(), text.size()) << text;
    EXPECT_NE(once.find('e'), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace nelumbo
