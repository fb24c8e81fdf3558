// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "tests/apps/called.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

void put(const std::string& path, const std::string& text) {
  ASSERT_TRUE(write_file_atomic(path, text).ok());
}

TEST(ModelRenderCommand, PrintsAPromptOrARefusalForEachLine) {
  const TemporaryFolder folder;
  put(folder / "tokenizer_config.json", R"({"bos_token": "<s>", "chat_template":
      "{{ bos_token }}{% for m in messages %}{% if m.role == 'x' %}{{ raise_exception('no x') }}{% endif %}{{ m.content }}{% endfor %}{{ '>' if add_generation_prompt }}{{ extra }}"})");
  put(folder / "in.jsonl", R"({"messages": [{"role": "user", "content": "é {{ 1 }}"}]}
{"messages": [{"role": "x"}]}
{"messages": [], "tools": null, "add_generation_prompt": true, "variables": {"extra": [1]}, "now": "2024-11-05"}
)");
  const Called called = call({"model", "render", folder.path(), "--input", folder / "in.jsonl"});
  ASSERT_EQ(called.code, 0) << called.err;
  EXPECT_EQ(
      called.out,
      "{\"prompt\":\"<s>\\u00e9 {{ 1 }}\"}\n{\"error\":\"no x\"}\n{\"prompt\":\"<s>>[1]\"}\n");
}

TEST(ModelRenderCommand, TakesATemplateAlone) {
  const TemporaryFolder folder;
  put(folder / "t.jinja", "{{ messages | length }}{{ strftime_now('%d') }}");
  put(folder / "in.jsonl", R"({"messages": [], "now": "2024-11-05T23:08:01"})");
  const Called called =
      call({"model", "render", "--template", folder / "t.jinja", "--input", folder / "in.jsonl"});
  ASSERT_EQ(called.code, 0) << called.err;
  EXPECT_EQ(called.out, "{\"prompt\":\"005\"}\n");
}

TEST(ModelRenderCommand, KeepsTheConversationFromItsVariables) {
  const TemporaryFolder folder;
  put(folder / "t.jinja", "{{ messages | length }}");
  for (const char* name : {"messages", "tools", "add_generation_prompt"}) {
    put(folder / "in.jsonl",
        R"({"messages": [], "variables": {")" + std::string(name) + R"(": "evil"}})");
    const Called called =
        call({"model", "render", "--template", folder / "t.jinja", "--input", folder / "in.jsonl"});
    EXPECT_EQ(called.code, 4);
    EXPECT_TRUE(has(called.err, "in.jsonl:1: variables must not hold '" + std::string(name) + "'"))
        << called.err;
  }
}

TEST(ModelRenderCommand, UsesTheTemplateInsideAGgufFile) {
  const TemporaryFolder folder;
  put(folder / "in.jsonl", R"({"messages": [{"role": "user", "content": "some words"}]})");
  const Called called = call({"model", "render", in_repository("tests/data/gguf/policy.gguf"),
                              "--input", folder / "in.jsonl"});
  ASSERT_EQ(called.code, 0) << called.err;
  EXPECT_TRUE(has(called.out, "{\"prompt\":\"")) << called.out;
  EXPECT_TRUE(has(called.out, "some words")) << called.out;
}

TEST(ModelRenderCommand, NamesTheTemplateOrLineThatIsMalformed) {
  const TemporaryFolder folder;
  const std::string source = folder / "t.jinja";
  const std::string input = folder / "in.jsonl";
  const auto render = [&] {
    return call({"model", "render", "--template", source, "--input", input});
  };
  put(source, "\n{% for %}");
  put(input, "");
  EXPECT_EQ(render().code, 4);
  EXPECT_TRUE(has(render().err, source + ":2:8: expected a name")) << render().err;
  put(source, "a");
  const std::string good = "{\"messages\": []}\n";
  for (const char* line :
       {"{", "[]", "{}", R"({"messages": 1})", R"({"messages": [], "tool": []})",
        R"({"messages": [], "now": "noon"})", R"({"messages": [18446744073709551615]})",
        R"({"messages": [], "add_generation_prompt": 1})", ""}) {
    put(input, good + line + "\n" + good);
    const Called called = render();
    EXPECT_EQ(called.code, 4) << line;
    EXPECT_TRUE(has(called.err, input + ":2: ")) << line << called.err;
    EXPECT_EQ(called.out, "{\"prompt\":\"a\"}\n");
  }
}

TEST(ModelRenderCommand, WantsOneTemplateAndItsInput) {
  EXPECT_EQ(call({"model", "render", "--input", "x"}).code, 2);
  EXPECT_EQ(call({"model", "render", "a", "--template", "b", "--input", "x"}).code, 2);
  EXPECT_EQ(call({"model", "render", "a"}).code, 2);
  EXPECT_EQ(call({"model", "render", "/nowhere", "--input", "x"}).code, 4);
}

}  // namespace
}  // namespace nelumbo
