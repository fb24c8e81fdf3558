// SPDX-License-Identifier: Apache-2.0
#include "model/pcre.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <gtest/gtest.h>
#include <pcre2.h>

namespace nelumbo {
namespace {

int match(const PcreCode& code, const std::string& text) {
  return pcre2_match(code.code(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0,
                     match_room(code).get(), code.limits());
}

TEST(Pcre, CompilesAndMatches) {
  PcreFault fault;
  const auto code = PcreCode::compile("b+", PCRE2_UTF, 1000, fault);
  ASSERT_NE(code, nullptr) << fault.message;
  EXPECT_EQ(match(*code, "abba"), 1);
  EXPECT_EQ(match(*code, "acca"), PCRE2_ERROR_NOMATCH);
}

TEST(Pcre, SaysWhereAPatternIsMalformed) {
  PcreFault fault;
  EXPECT_EQ(PcreCode::compile("ab(c", PCRE2_UTF, 1000, fault), nullptr);
  EXPECT_EQ(fault.offset, 4);
  EXPECT_EQ(fault.message, "missing closing parenthesis");
}

TEST(Pcre, EndsAMatchThatTakesTooManySteps) {
  PcreFault fault;
  const auto code = PcreCode::compile("(a+)+$", PCRE2_UTF, 1000, fault);
  ASSERT_NE(code, nullptr) << fault.message;
  EXPECT_EQ(match(*code, std::string(40, 'a') + "b"), PCRE2_ERROR_MATCHLIMIT);
  EXPECT_EQ(pcre_message(PCRE2_ERROR_MATCHLIMIT), "match limit exceeded");
}

}  // namespace
}  // namespace nelumbo
