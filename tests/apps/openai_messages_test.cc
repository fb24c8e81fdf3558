// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_messages.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Json = nlohmann::ordered_json;

struct Read {
  ApiMessages said;
  std::string fault;
};

Read read(const Json& messages, const Json& more = Json::object()) {
  Json body = {{"messages", messages}};
  body.update(more);
  ApiFields fields(body);
  Read out;
  out.said = read_messages(fields);
  out.fault = fields.error() ? fields.error()->message : "";
  return out;
}

Json user(const Json& content) {
  return Json::array({{{"role", "user"}, {"content", content}}});
}

TEST(OpenAiMessages, TakeTextsAndParts) {
  const Read one =
      read({{{"role", "developer"}, {"content", "Be brief."}},
            {{"role", "user"},
             {"content",
              {{{"type", "text"}, {"text", "What?"}},
               {{"type", "image_url"}, {"image_url", {{"url", "data:image/png;base64,AA"}}}}}}}});
  EXPECT_EQ(one.fault, "");
  EXPECT_EQ(one.said.messages,
            Json::parse(R"([{"role": "system", "content": "Be brief."}, {"role": "user",
              "content": [{"type": "text", "text": "What?"}, {"type": "image"}]}])"));
  EXPECT_EQ(one.said.images, std::vector<std::string>{"data:image/png;base64,AA"});
}

TEST(OpenAiMessages, NeverOpenAFileOrAnAddress) {
  for (const char* url : {"/etc/passwd", "file:///etc/passwd", "https://example.org/a.png", ""}) {
    const Read one = read(user({{{"type", "image_url"}, {"image_url", {{"url", url}}}}}));
    EXPECT_EQ(one.fault,
              "messages[0].content[0]: image_url.url must be a data URL, "
              "\"data:image/png;base64,..\"; pictures are not fetched")
        << url;
  }
  EXPECT_NE(read(user({{{"type", "image"}, {"image", "/etc/passwd"}}})).fault, "");
}

TEST(OpenAiMessages, GiveTemplatesTheArgumentsOfCallsAsObjects) {
  const Json call = {{"id", "call_1"},
                     {"type", "function"},
                     {"function", {{"name", "f"}, {"arguments", "{\"x\": 1}"}}}};
  const Read one = read({{{"role", "assistant"},
                          {"content", nullptr},
                          {"tool_calls", {call}},
                          {"refusal", nullptr},
                          {"audio", nullptr}},
                         {{"role", "tool"}, {"tool_call_id", "call_1"}, {"content", "2"}}});
  EXPECT_EQ(one.fault, "");
  EXPECT_EQ(one.said.messages[0]["content"], "");
  EXPECT_EQ(one.said.messages[0]["tool_calls"][0]["function"]["arguments"]["x"], 1);
  EXPECT_EQ(one.said.messages[1]["tool_call_id"], "call_1");
}

TEST(OpenAiMessages, SayWhichOneIsMalformed) {
  const Json good = {{"role", "user"}, {"content", "a"}};
  EXPECT_TRUE(read({good, {{"role", "robot"}, {"content", "a"}}})
                  .fault.starts_with("messages[1].role: must be"));
  EXPECT_TRUE(
      read({good, {{"role", "user"}}}).fault.starts_with("messages[1].content: is missing"));
  EXPECT_NE(read({good, 5}).fault, "");
  EXPECT_NE(read(Json::array()).fault, "");
  EXPECT_NE(read(user(5)).fault, "");
  EXPECT_NE(read(user({{{"type", 5}}})).fault, "");
  EXPECT_NE(read(user({{{"type", "input_audio"}}})).fault, "");
  EXPECT_NE(read({{{"role", "user"}, {"content", "a"}, {"mood", "glad"}}}).fault, "");
  EXPECT_NE(read({{{"role", "assistant"}, {"tool_calls", {{{"function", "f"}}}}}}).fault, "");
}

TEST(OpenAiMessages, TakeToolsUnlessTheChoiceIsNone) {
  const Json tools = {{{"type", "function"}, {"function", {{"name", "f"}}}}};
  EXPECT_EQ(read(user("a"), {{"tools", tools}}).said.tools, tools);
  EXPECT_TRUE(read(user("a"), {{"tools", tools}, {"tool_choice", "none"}}).said.tools.is_null());
  EXPECT_TRUE(read(user("a"), {{"tools", tools}, {"tool_choice", "required"}})
                  .fault.starts_with("tool_choice: "));
  EXPECT_TRUE(read(user("a"), {{"tools", {{{"type", 1}}}}}).fault.starts_with("tools: "));
}

TEST(ToolCalls, AreTakenOutOfAnAnswer) {
  const auto answer = take_tool_calls(
      "Let me see.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": [1, 2]}}\n</tool_call>\n"
      "<tool_call>{\"name\": \"g\"}</tool_call>");
  EXPECT_EQ(answer.text, "Let me see.");
  ASSERT_EQ(answer.calls.size(), 2U);
  EXPECT_EQ(answer.calls[0].name, "f");
  EXPECT_EQ(answer.calls[0].arguments, "{\"x\":[1,2]}");
  EXPECT_EQ(answer.calls[1].arguments, "{}");
}

TEST(ToolCalls, StayTextWhereTheyAreNone) {
  for (const char* text : {"no call", "<tool_call>{\"name\": \"f\"", "<tool_call>f</tool_call>",
                           "<tool_call>{\"name\": 5}</tool_call>", "<tool_call>",
                           "</tool_call> <tool_call>[]</tool_call> x "}) {
    const auto answer = take_tool_calls(text);
    EXPECT_EQ(answer.text, text);
    EXPECT_TRUE(answer.calls.empty());
  }
}

}  // namespace
}  // namespace nelumbo
