// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_interpreter.h"

#include <gtest/gtest.h>

#include "tests/support/peak_growth.h"
#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaInterpreter, KeepsVariablesOfALoopInsideOfIt) {
  EXPECT_EQ(
      rendered("{% set x = 0 %}{% for i in [1, 2] %}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}"),
      "110");
  EXPECT_EQ(rendered("{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}"
                     "{% endfor %}{{ ns.n }}"),
            "3");
  EXPECT_EQ(rendered("{% if true %}{% set x = 1 %}{% endif %}{{ x }}"), "1");
  EXPECT_EQ(rendered("{% with a = 1, b = a %}{{ a }}{{ b }}{% set c = 2 %}{% endwith %}{{ c }}"),
            "1");
}

TEST(JinjaInterpreter, UnpacksAndJumps) {
  EXPECT_EQ(rendered("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}{{ v }}{% endfor %}"),
            "a1b2");
  EXPECT_EQ(rendered("{% for a, (b, c) in [[1, [2, 3]]] %}{{ a }}{{ b }}{{ c }}{% endfor %}"),
            "123");
  EXPECT_EQ(rendered("{% set a, b = 1, 2 %}{{ b }}{{ a }}"), "21");
  EXPECT_EQ(rendered("{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}"
                     "{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}"),
            "02");
  EXPECT_EQ(rendered("{% for i in [] %}a{% else %}b{% endfor %}"), "b");
  EXPECT_EQ(rendered("{% for i in [1, 2, 3] if i > 1 %}{{ loop.index }}{{ i }}{% endfor %}"),
            "1223");
  EXPECT_EQ(rendered("{% for a, b in [[1]] %}{% endfor %}"),
            "failed: t:1:8: not enough values to unpack (expected 2, got 1)");
  EXPECT_EQ(rendered("{% set a, b = 'xyz' %}"),
            "failed: t:1:8: too many values to unpack (expected 2)");
}

TEST(JinjaInterpreter, CallsMacrosWithDefaultsNamesAndCallers) {
  const std::string macro = "{% macro f(a, b='B', c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}";
  EXPECT_EQ(rendered(macro + "{{ f(1) }} {{ f(1, c=3) }} {{ f(b=2, a=f(0)) }} {{ f() }}"),
            "1B1 1B3 0B020B0 B");
  EXPECT_EQ(rendered(macro + "{{ f(1, 2, 3, 4) }}"),
            "failed: t:1:68: macro 'f' takes not more than 3 argument(s)");
  EXPECT_EQ(rendered(macro + "{{ f(z=1) }}"),
            "failed: t:1:68: macro 'f' takes no keyword argument 'z'");
  EXPECT_EQ(rendered("{% macro f(x) %}<{{ caller(x) }}>{% endmacro %}"
                     "{% call(y) f(2) %}{{ y + 1 }}{% endcall %}"),
            "<3>");
  EXPECT_EQ(rendered("{% macro f(n) %}{{ n }}{{ f(n - 1) if n else '' }}{% endmacro %}{{ f(3) }}"),
            "3210");
  EXPECT_EQ(rendered("{% set x = 1 %}{% macro f() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ f() }}"),
            "2");
}

TEST(JinjaInterpreter, CapturesAndFiltersBlocks) {
  EXPECT_EQ(rendered("{% set x %} a {{ 1 }} {% endset %}[{{ x }}]"), "[ a 1 ]");
  EXPECT_EQ(rendered("{% set x | trim | upper %} a {% endset %}[{{ x }}]"), "[A]");
  EXPECT_EQ(rendered("{% filter replace('a', 'b') | upper %}aa{% endfilter %}"), "BB");
  EXPECT_EQ(rendered("{% generation %}{% set x = 1 %}{{ x }}{% endgeneration %}{{ x }}"), "1");
}

TEST(JinjaInterpreter, LetsTemplatesChangeNamespacesAlone) {
  EXPECT_EQ(rendered("{% set d = {} %}{% set d.x = 1 %}"),
            "failed: t:1:24: cannot assign attribute on non-namespace object");
  EXPECT_EQ(rendered("{% set ns = namespace() %}{% set ns.__class__ = 1 %}"),
            "failed: t:1:34: a namespace takes no attribute with an underscore in front: "
            "'__class__'");
}

TEST(JinjaInterpreter, EndsEveryTemplate) {
  const auto limit = [](const std::string& source) {
    const std::string why = rendered(source);
    const size_t what = why.find(": ", std::string("failed: ").size());
    return what == std::string::npos ? why.substr(0, 60) : why.substr(what + 2);
  };
  const std::string steps = "the template takes more than 4000000 steps";
  const std::string memory = "the template's values take more than 33554432 bytes";
  const std::string levels = "more than 400 levels of expressions, blocks and macros";
  EXPECT_EQ(limit("{% for a in range(1000000000) %}{% endfor %}"),
            "a range has more than 100000 elements");
  EXPECT_EQ(limit("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"),
            steps);
  EXPECT_EQ(limit("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"), levels);
  EXPECT_EQ(limit("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}"), levels);
  EXPECT_EQ(limit("{{ 'a' * 1000000000000 }}"), memory);
  EXPECT_EQ(limit("{{ [1] * 1000000000000 }}"), memory);
  EXPECT_EQ(limit("{% set ns = namespace(s='aaaaaaaaaaaaaaaa') %}{% for i in range(99) %}"
                  "{% set ns.s = ns.s ~ ns.s %}{% endfor %}"),
            memory);
  EXPECT_EQ(limit("{% set s = 'a' * 1000000 %}{{ s.replace('', s) }}"), memory);
  EXPECT_EQ(limit("{% set s = 'a' * 1000000 %}{{ s.join(s) }}"), memory);
  EXPECT_EQ(limit("{{ ('a\n' * 100000) | indent(100000) }}"), memory);
  EXPECT_EQ(limit("{% for i in range(99999) %}{{ 'aaaaaaaa' * 1000 }}{% endfor %}"),
            "the template prints more than 4194304 bytes");
  EXPECT_EQ(limit("{{ '%0999999999d' % 1 }}"), "a width is too large");
  // Values shared by two parents at each level have 2^90 leaves.
  const std::string doubled =
      "{% set ns = namespace(s=1) %}{% for i in range(90) %}"
      "{% set ns.s = (ns.s, ns.s) %}{% endfor %}";
  EXPECT_EQ(limit(doubled + "{{ ns.s }}"), steps);
  EXPECT_EQ(limit(doubled + "{{ ns.s | tojson }}"), steps);
  EXPECT_EQ(limit(doubled + "{{ {ns.s: 1} }}"), steps);
  EXPECT_EQ(limit("{% set ns = namespace(s=1) %}{% for i in range(101) %}{% set ns.s = [ns.s] %}"
                  "{% endfor %}"),
            "a value has more than 100 levels of nesting");
}

/// How a template ends that computes `{{ expression }}` over long texts and lists again and again.
std::string end_of_many(const std::string& expression) {
  return rendered(
      "{% set a = 'a' * 500000 %}{% set b = 'a' * 250000 ~ 'b' %}{% set c = 'b' ~ 'a' * 250000 %}"
      "{% set l = [a] * 10 %}{% for i in range(100000) %}{% set x = " +
      expression + " %}{% endfor %}");
}

/// Each looks at texts of some 500 kB.
constexpr const char* kLongLooks[] = {"b in a",
                                      "a.count(b)",
                                      "a.find(b)",
                                      "a.rfind(c)",
                                      "a.split(b)",
                                      "a.rsplit(c)",
                                      "a.partition(b)",
                                      "a.rpartition(c)",
                                      "a.replace(b, '')",
                                      "a | replace(b, '')",
                                      "a.strip('b' * 100000 ~ 'a')",
                                      "a | trim('b' * 100000 ~ 'a')",
                                      "a == a ~ ''",
                                      "a < a ~ 'b'",
                                      "l == l + []",
                                      "(a ~ '') in l",
                                      "l | sort",
                                      "l | unique | list",
                                      "{a: 1}.get(a)",
                                      "a | upper",
                                      "[a] | upper",
                                      "a is upper",
                                      "l | wordcount",
                                      "l | tojson",
                                      "l | string",
                                      "a | escape",
                                      "a[1:]",
                                      "a[::-1]",
                                      "a[5]",
                                      "('1' * 100000) | int",
                                      "l | map(attribute=a) | list",
                                      "5 | attr(a)",
                                      "l.count(a ~ '')",
                                      "a.isalpha()",
                                      "a.center(600000)",
                                      "'%600000s' % 'a'"};

TEST(JinjaInterpreter, ChargesForTheLengthOfWhatIsLookedAt) {
  for (const char* expression : kLongLooks) {
    const std::string end = end_of_many(expression);
    EXPECT_TRUE(end.ends_with("the template takes more than 4000000 steps"))
        << expression << ": " << end.substr(0, 200);
  }
}

TEST(JinjaInterpreter, KeepsItsMemoryWithin64Megabytes) {
  const std::string texts =
      "{% set a = 'x' * 1000000 %}{% set k = 'x' * 100000 %}{% set ns = namespace(s='ab') %}";
  for (const char* body :
       {"{{ ([a] * 100000) | join('') }}",
        "{{ ''.join([k] * 2000) }}",
        "{{ a | replace('x', a) }}",
        "{{ a.replace('', a) }}",
        "{{ ([a ~ 1] * 100) | string }}",
        "{{ ([a] * 100) | tojson }}",
        "{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{{ ('a' * 10000000).split('a') }}",
        "{{ ('a ' * 5000000).split() }}",
        "{{ ('a' * 10000000) | list }}",
        "{{ ('\n' * 5000000).splitlines() }}",
        "{{ ('é' * 5000000) | upper }}",
        "{{ ('\u200b' * 3000000) | tojson(true) }}",
        "{{ (['\u200b' * 3000000]) | string }}",
        "{{ ('&' * 5000000) | e }}",
        "{{ ('{0}' * 100).format(a) }}",
        "{{ ('%s' * 100) % ((a,) * 100) }}",
        "{% set q %}{% for i in range(100) %}{{ a }}{% endfor %}{% endset %}",
        "{{ ('x\n' * 100) | indent(a) }}",
        "{{ 'x'.center(100000000) }}",
        "{% set q = range(100000) | map('string') | map(attribute='upper') | list %}"
        "{% set r = range(100000) | map('string') | map(attribute='upper') | list %}",
        "{% set q = range(100000) | map('string') | unique | list %}",
        "{% set q = range(100000) | map(attribute=k) | list %}"}) {
    const int64_t grown = peak_growth([&] { rendered(texts + body); });
    EXPECT_GE(grown, 0);
    EXPECT_LT(grown, int64_t{64} << 20) << body;
  }
}

TEST(JinjaInterpreter, LetsGoOfChainsWithoutRecursion) {
  EXPECT_EQ(rendered("{% set ns = namespace(x=none) %}{% for i in range(10000) %}"
                     "{% set ns.x = namespace(x=ns.x) %}{% endfor %}a"),
            "a");
  EXPECT_EQ(rendered("{% set ns = namespace(l=0) %}{% for i in range(10000) %}{% for x in [ns.l] %}"
                     "{% set ns.l = loop %}{% endfor %}{% endfor %}a"),
            "a");
  EXPECT_EQ(
      rendered("{% set ns = namespace(m=0) %}{% for i in range(10000) %}{% set before = ns.m %}"
               "{% macro m() %}{{ before }}{% endmacro %}{% set ns.m = m %}{% endfor %}a"),
      "a");
}

}  // namespace
}  // namespace nelumbo
