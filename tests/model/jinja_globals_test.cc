// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_globals.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaGlobals, MakeRangesDictsAndNamespaces) {
  expect_printed({
      {"range(3) | list", "[0, 1, 2]"},
      {"range(1, 8, 3) | list", "[1, 4, 7]"},
      {"range(3, 0, -1) | list", "[3, 2, 1]"},
      {"range(-9223372036854775807, 9223372036854775807, 9223372036854775806) | list",
       "[-9223372036854775807, -1, 9223372036854775805]"},
      {"dict(a=1, b=2)", "{'a': 1, 'b': 2}"},
      {"dict({'a': 1}, b=2)", "{'a': 1, 'b': 2}"},
      {"dict([['a', 1]])", "{'a': 1}"},
      {"namespace(a=1).a", "1"},
      {"namespace({'a': 2}).a", "2"},
      {"range(0, 1, 0)", "failed: t:1:9: range() arg 3 must not be zero"},
      {"range('a')", "failed: t:1:9: 'str' object cannot be interpreted as an integer"},
      {"dict([1])", "failed: t:1:8: 'int' object is not iterable"},
  });
}

TEST(JinjaGlobals, TellTheTimeThatTheyAreGiven) {
  expect_printed({
      {"strftime_now('%Y-%m-%d %H:%M:%S')", "2025-03-14 09:26:53"},
      {"strftime_now('%A %a %d %B %b %j %y %%')", "Friday Fri 14 March Mar 073 25 %"},
      {"strftime_now('%f|%z|%Z|')", "000000|||"},
      {"strftime_now('')", ""},
      {"strftime_now('%s')", "failed: t:1:16: strftime_now: %s depends on a time zone"},
  });
  const ChatTemplate clock =
      ChatTemplate::parse(
          "{% if strftime_now is defined %}{{ strftime_now('%Y') }}{% else %}none{% endif %}", "t")
          .value();
  EXPECT_EQ(clock.render({}).value(), "none");
}

TEST(JinjaGlobals, RaiseInTheWordsOfTheTemplate) {
  EXPECT_EQ(rendered("{{ raise_exception('No \"system\" role: ' ~ 1) }}"),
            "raised: No \"system\" role: 1");
  EXPECT_EQ(rendered("{{ raise_exception() }}"),
            "failed: t:1:19: raise_exception() missing a required argument: 'message'");
}

TEST(JinjaGlobals, ReadClocks) {
  EXPECT_EQ(JinjaClock::parse("2024-02-29").value().day, 29);
  EXPECT_EQ(JinjaClock::parse("2024-11-05T23:08:01").value().second, 1);
  for (const char* text : {"", "2023-02-29", "2024-13-01", "2024-11-05T24:00:00",
                           "2024-11-05T23:08", "2024-11-05T23:08:01Z", "2024-11-05 23:08:01",
                           "24-11-05", "2024-1-05", "2024-11-00", "2024-11-05T"})
    EXPECT_FALSE(JinjaClock::parse(text).ok()) << text;
}

}  // namespace
}  // namespace nelumbo
