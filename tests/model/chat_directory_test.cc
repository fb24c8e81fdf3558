// SPDX-License-Identifier: Apache-2.0
#include "model/chat_directory.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

void put(const std::string& path, const std::string& text) {
  ASSERT_TRUE(write_file_atomic(path, text).ok());
}

std::string refusal(const TemporaryFolder& folder) {
  const auto read = read_chat_directory(folder.path());
  return read.ok() ? "accepted" : read.error().message.substr(folder.path().size() + 1);
}

TEST(ChatDirectory, ReadsTheTemplateAndTheTokensOfTheConfig) {
  const TemporaryFolder folder;
  put(folder / "tokenizer_config.json",
      R"({"bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}, "pad_token": null,
          "extra_special_tokens": {"image_token": "<image>"},
          "chat_template": "{{ bos_token }}{{ eos_token }}{{ pad_token }}{{ image_token }}"})");
  const auto read = read_chat_directory(folder.path());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().render({}).value(), "<s></s><image>");
  ChatInput input;
  input.variables["bos_token"] = "<b>";
  EXPECT_EQ(read.value().render(input).value(), "<b></s><image>");
}

TEST(ChatDirectory, PrefersTheTemplateThatHasAFileOfItsOwn) {
  const TemporaryFolder folder;
  put(folder / "tokenizer_config.json", R"({"chat_template": "old", "eos_token": "."})");
  put(folder / "chat_template.jinja", "new{{ eos_token }}\n");
  EXPECT_EQ(read_chat_directory(folder.path()).value().render({}).value(), "new.");
}

TEST(ChatDirectory, PrefersTheTemplateOfAProcessorToThatOfItsTokenizer) {
  const TemporaryFolder folder;
  put(folder / "tokenizer_config.json", R"({"chat_template": "old", "eos_token": "."})");
  put(folder / "chat_template.json", R"({"chat_template": "seen{{ eos_token }}"})");
  EXPECT_EQ(read_chat_directory(folder.path()).value().render({}).value(), "seen.");
  put(folder / "chat_template.json", R"({"template": "x"})");
  EXPECT_NE(refusal(folder).find("chat_template.json"), std::string::npos);
}

TEST(ChatDirectory, ChoosesAmongNamedTemplates) {
  const TemporaryFolder folder;
  put(folder / "tokenizer_config.json",
      R"({"chat_template": [{"name": "rag", "template": "{% bad"},
                            {"name": "tool_use", "template": "tools"},
                            {"name": "default", "template": "plain"}]})");
  const auto read = read_chat_directory(folder.path());
  ASSERT_TRUE(read.ok()) << read.error().message;
  ChatInput input;
  EXPECT_EQ(read.value().render(input).value(), "plain");
  input.tools = nlohmann::ordered_json::array();
  EXPECT_EQ(read.value().render(input).value(), "tools");
}

TEST(ChatDirectory, NeedNotHaveATemplate) {
  const TemporaryFolder folder;
  EXPECT_FALSE(has_chat_template(folder.path()).value());
  put(folder / "tokenizer_config.json", "{}");
  EXPECT_FALSE(has_chat_template(folder.path()).value());
  put(folder / "tokenizer_config.json", R"({"chat_template": 5})");
  EXPECT_TRUE(has_chat_template(folder.path()).value());
  put(folder / "tokenizer_config.json", "[");
  EXPECT_FALSE(has_chat_template(folder.path()).ok());
}

TEST(ChatDirectory, NamesTheFileThatIsMalformed) {
  const TemporaryFolder folder;
  const std::string config = folder / "tokenizer_config.json";
  EXPECT_EQ(refusal(folder),
            "tokenizer_config.json: has no chat_template, and there is no chat_template.jinja "
            "beside it");
  put(config, "{");
  EXPECT_EQ(refusal(folder), "tokenizer_config.json: not JSON at byte 2");
  put(config, "[]");
  EXPECT_EQ(refusal(folder), "tokenizer_config.json: must be an object");
  put(config, R"({"chat_template": 3})");
  EXPECT_EQ(refusal(folder),
            "tokenizer_config.json: chat_template: must be a text or a list of named ones");
  put(config, R"({"chat_template": "a\n{% if %}"})");
  EXPECT_EQ(refusal(folder),
            "tokenizer_config.json: chat_template:2:7: expected an expression, got the end of the "
            "tag");
  put(config, R"({"chat_template": [{"name": "tool_use", "template": ""}]})");
  EXPECT_EQ(refusal(folder),
            "tokenizer_config.json: chat_template: none of them is called 'default'");
  put(config, R"({"chat_template": [{"name": "default"}]})");
  EXPECT_EQ(refusal(folder),
            "tokenizer_config.json: chat_template: each must have a name and a template");
  put(folder / "chat_template.jinja", "{{ 1 | nope }}");
  EXPECT_EQ(refusal(folder), "chat_template.jinja:1:8: the filter 'nope' is not supported");
}

}  // namespace
}  // namespace nelumbo
