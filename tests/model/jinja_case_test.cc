// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_case.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaCase, FollowsUnicode) {
  expect_printed({
      {"'Straße ﬁ é'.upper()", "STRASSE FI É"},
      {"'ÀÉÎ ΣΑΣ'.lower()", "àéî σας"},
      {"'ΟΔΥΣΣΕΥΣ ΑΣ.'.lower()", "οδυσσευς ας."},
      {"'éa BC'.capitalize()", "Éa bc"},
      {"\"they're bill's é9a\".title()", "They'Re Bill'S É9A"},
      {"'aBc É'.swapcase()", "AbC é"},
      {"'ßa'.capitalize()", "Ssa"},
      {"'İ'.lower() | length", "2"},
      {"'ñandú' | upper", "ÑANDÚ"},
      {"'hello wORLD-foo (bar) it\\'s' | title", "Hello World-Foo (Bar) It's"},
      {"'hELLO' | capitalize", "Hello"},
  });
}

TEST(JinjaCase, KnowsLettersDigitsAndSpace) {
  expect_printed({
      {"'abcé'.isalpha()", "True"},
      {"'ab1'.isalpha()", "False"},
      {"''.isalpha()", "False"},
      {"'123'.isdigit()", "True"},
      {"'12a'.isdigit()", "False"},
      {"'a1'.isalnum()", "True"},
      {"' \\t\\u3000'.isspace()", "True"},
      {"'abc'.islower()", "True"},
      {"'aBc'.islower()", "False"},
      {"'A1'.isupper()", "True"},
      {"'1'.isupper()", "False"},
      {"'é' is lower", "True"},
      {"'É' is upper", "True"},
  });
}

}  // namespace
}  // namespace nelumbo
