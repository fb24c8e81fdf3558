// SPDX-License-Identifier: Apache-2.0
#include "model/chat_template.h"

#include <map>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

const std::string kChat = std::string(NELUMBO_SOURCE_DIR) + "/tests/data/chat/";

std::string text_of_file(const std::string& path) {
  const Result<std::string> text = read_file(path, 1 << 20);
  EXPECT_TRUE(text.ok()) << path;
  return text.ok() ? text.value() : "";
}

ChatInput input_of(const ordered_json& all, const ordered_json& one) {
  ChatInput input;
  input.messages = all["conversations"][one["conversation"].get<std::string>()];
  if (one["tools"].get<bool>())
    input.tools = all["tools"];
  input.add_generation_prompt = one["add_generation_prompt"].get<bool>();
  input.variables = all["variables"];
  if (one.contains("extra"))
    input.variables.update(one["extra"]);
  input.now = all["now"].get<std::string>();
  return input;
}

TEST(ChatTemplate, RendersWhatJinja2RendersForKnownFamilies) {
  // The expected prompts are those of jinja2 3.1.6, set up as transformers does.
  const ordered_json all = ordered_json::parse(text_of_file(kChat + "cases.json"));
  std::map<std::string, ChatTemplate> templates;
  ASSERT_EQ(all["cases"].size(), 505U);
  for (const ordered_json& one : all["cases"]) {
    const std::string name = one["template"].get<std::string>();
    if (!templates.contains(name)) {
      const auto parsed =
          ChatTemplate::parse(text_of_file(kChat + "templates/" + name + ".jinja"), name);
      ASSERT_TRUE(parsed.ok()) << parsed.error().message;
      templates.emplace(name, parsed.value());
    }
    const Result<std::string> prompt = templates.at(name).render(input_of(all, one));
    if (one.contains("rendered")) {
      ASSERT_TRUE(prompt.ok()) << one.dump() << prompt.error().message;
      EXPECT_EQ(prompt.value(), one["rendered"].get<std::string>()) << one.dump();
    } else {
      ASSERT_FALSE(prompt.ok()) << one.dump();
      EXPECT_EQ(prompt.error().code, Errc::kCheckFailed);
      EXPECT_EQ(prompt.error().message, one["error"]["message"].get<std::string>());
    }
  }
}

TEST(ChatTemplate, NeverReadsItsInputAsTemplate) {
  EXPECT_EQ(rendered("{{ x }}", {{"x", "{{ 1 }}{% raise %}{# #}<|im_end|>"}}),
            "{{ 1 }}{% raise %}{# #}<|im_end|>");
}

TEST(ChatTemplate, KeepsTheOrderOfKeys) {
  EXPECT_EQ(rendered("{{ x | tojson }}{{ x }}", {{"x", {{"b", 1}, {"a", {{"z", 1}, {"y", 2}}}}}}),
            R"({"b": 1, "a": {"z": 1, "y": 2}}{'b': 1, 'a': {'z': 1, 'y': 2}})");
}

TEST(ChatTemplate, TellsRefusalsOfTheTemplateFromFaults) {
  const ChatTemplate refuses = ChatTemplate::parse("{{ raise_exception('no') }}", "t").value();
  EXPECT_EQ(refuses.render({}).error().code, Errc::kCheckFailed);
  EXPECT_EQ(refuses.render({}).error().message, "no");
  const ChatTemplate fails = ChatTemplate::parse("\n{{ messages[0].role }}", "t").value();
  EXPECT_EQ(fails.render({}).error().code, Errc::kBadData);
  EXPECT_EQ(fails.render({}).error().message, "t:2:15: list object has no element 0");
}

TEST(ChatTemplate, RefusesInputThatIsNoValue) {
  EXPECT_EQ(rendered("", {{"x", "\xC3\x28"}}), "failed: input: a text that is not UTF-8");
  EXPECT_EQ(rendered("", {{"x", UINT64_MAX}}), "failed: input: an integer leaves 64 bits");
  ordered_json deep = 1;
  for (int i = 0; i < 100; ++i)
    deep = ordered_json::array({deep});
  EXPECT_EQ(rendered("", {{"x", deep}}), "failed: input: more than 90 levels of nesting");
  ChatInput input;
  input.now = "yesterday";
  EXPECT_EQ(ChatTemplate::parse("", "t").value().render(input).error().message,
            "input: now: a time must read like 2024-11-05T23:08:01");
}

TEST(ChatTemplate, RefusesSourceThatIsNotUtf8) {
  EXPECT_EQ(rendered("a\xFF"), "refused: t: not UTF-8 at byte 1");
}

}  // namespace
}  // namespace nelumbo
