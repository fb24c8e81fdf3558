// SPDX-License-Identifier: Apache-2.0
//
// The input is a chat template, which renders one conversation with all that conversations have; or
// a tokenizer_config.json that holds one.

#include <cstdint>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "model/chat_directory.h"
#include "model/chat_template.h"

namespace {

nelumbo::ChatInput conversation() {
  using nlohmann::ordered_json;
  static const ordered_json kMessages = ordered_json::parse(R"([
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "image", "image": "a.png"},
                                 {"type": "text", "text": "  What is it? \u00e4\u4e2d "}]},
    {"role": "assistant", "content": "", "reasoning_content": "Look.", "tool_calls": [
      {"type": "function", "function": {"name": "zoom", "arguments": {"x": 1.5, "y": [null, true]}}}]},
    {"role": "tool", "name": "zoom", "content": "{\"cells\": 7}"},
    {"role": "assistant", "content": "<think>so</think>Seven."},
    {"role": "user", "content": "Sure?"}])");
  static const ordered_json kTools = ordered_json::parse(R"([
    {"type": "function", "function": {"name": "zoom", "description": "Looks closer.", "parameters":
      {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]}}}])");
  static const ordered_json kVariables = {
      {"bos_token", "<s>"}, {"eos_token", "</s>"}, {"enable_thinking", false}, {"n", -3}};
  return {kMessages, kTools, true, kVariables, "2024-11-05T23:08:01"};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto made = nelumbo::ChatTemplate::parse(text, "fuzz");
  if (made) {
    const auto prompt = made.value().render(conversation());
    const auto again = made.value().render(conversation());
    NELUMBO_CHECK(prompt.ok() == again.ok() && (!prompt || prompt.value() == again.value()))
        << "a template renders in two ways";
  }
  if (const auto config = nelumbo::parse_chat_config(text, "fuzz")) {
    nelumbo::ChatInput input = conversation();
    input.variables = nlohmann::ordered_json::object();
    (void)config.value().render(input);
  }
  return 0;
}
