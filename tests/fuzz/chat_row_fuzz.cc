// SPDX-License-Identifier: Apache-2.0
//
// The input is a file of JSON Lines with conversations: its rows are read one behind another, as
// those of a file of one layout, and each by itself in whatever layout it has. A template with all
// that conversations have renders what was read.

#include <cstdint>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "corpus/chat_data.h"
#include "corpus/jsonl.h"
#include "corpus/preference_data.h"
#include "model/chat_template.h"
#include "model/strict_json.h"
#include "tests/fuzz/memory_file.h"

namespace {

const nelumbo::ChatTemplate& chat() {
  static const nelumbo::ChatTemplate kChat =
      nelumbo::ChatTemplate::parse(
          "{% if tools %}{{ tools | tojson }}{% endif %}{% for m in messages %}<{{ m.role }}>"
          "{% if m.content is string %}{{ m.content | trim }}{% else %}{% for part in m.content %}"
          "{{ part.type }}{{ part.text }}{% endfor %}{% endif %}{% for call in m.tool_calls %}"
          "{{ call.function.name }}{{ call.function.arguments | tojson }}{% endfor %}{% endfor %}",
          "chat")
          .value();
  return kChat;
}

void use(const nelumbo::Result<nelumbo::ChatExample>& read) {
  if (!read) {
    NELUMBO_CHECK(!read.error().message.empty()) << "an error without a cause";
    return;
  }
  const nelumbo::ChatExample& example = read.value();
  (void)example.question();
  nelumbo::ChatInput input;
  input.messages =
      nelumbo::with_system(example.demonstration ? example.shown() : example.messages, "Be brief.");
  input.tools = example.tools;
  (void)chat().render(input);
}

void use(const nelumbo::Result<nelumbo::PreferenceExample>& read) {
  if (!read) {
    NELUMBO_CHECK(!read.error().message.empty()) << "an error without a cause";
    return;
  }
  use(nelumbo::Result<nelumbo::ChatExample>(read.value().chosen));
  use(nelumbo::Result<nelumbo::ChatExample>(read.value().rejected));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const nelumbo::MemoryFile file(data, size);
  (void)nelumbo::for_each_chat_row(
      file.path(), [](const nelumbo::Result<nelumbo::ChatExample>& row) -> nelumbo::Result<void> {
        use(row);
        return {};
      });
  (void)nelumbo::for_each_line(
      file.path(), [](std::string_view line, const nelumbo::Place& at) -> nelumbo::Result<void> {
        const auto row = nelumbo::parse_ordered_json(line, at.text());
        std::optional<nelumbo::ChatLayout> layout;
        if (row && row.value().is_object())
          use(nelumbo::read_chat_row(row.value(), at.text(), &layout));
        if (row && row.value().is_object())
          use(nelumbo::read_preference_row(row.value(), at.text()));
        return {};
      });
  (void)nelumbo::for_each_object(file.path(),
                                 [](const nlohmann::json& row, const nelumbo::Place& at) {
                                   const auto text = nelumbo::text_member(row, "id", at.text());
                                   return text ? nelumbo::Result<void>() : text.error();
                                 });
  return 0;
}
