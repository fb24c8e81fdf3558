// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <string_view>

#include "apps/commands.h"
#include "apps/input_lines.h"
#include "apps/open_model.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

struct RenderOptions {
  std::string directory;
  std::string chat_template;
  std::string input;
};

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

Result<ChatDirectory> chat_of(const RenderOptions& options) {
  if (options.directory.empty() == options.chat_template.empty())
    return Error{Errc::kInvalidConfig, "model render: name a model or a --template, not both"};
  if (!options.directory.empty())
    return read_chat(options.directory);
  const Result<ChatTemplate> alone = read_chat_template(options.chat_template);
  if (!alone)
    return alone.error();
  return ChatDirectory{.chat = alone.value()};
}

/// What a line has a member for is no variable.
Result<void> take_variables(const ordered_json& value, const std::string& place, ChatInput& input) {
  for (const char* name : {"messages", "tools", "add_generation_prompt"})
    if (value.contains(name))
      return bad(place, std::string("variables must not hold '") + name +
                            "', which is a member of the line itself");
  input.variables = value;
  return {};
}

/// One member of a line into the input.
Result<void> take(const std::string& name, const ordered_json& value, const std::string& place,
                  ChatInput& input) {
  if (name == "messages" && value.is_array())
    input.messages = value;
  else if (name == "tools" && (value.is_array() || value.is_null()))
    input.tools = value;
  else if (name == "add_generation_prompt" && value.is_boolean())
    input.add_generation_prompt = value.get<bool>();
  else if (name == "variables" && value.is_object())
    return take_variables(value, place, input);
  else if (name == "now" && value.is_string())
    input.now = value.get<std::string>();
  else
    return bad(place,
               "'" + name +
                   "' is unknown or of the wrong type; there are messages and tools (lists), "
                   "add_generation_prompt (true or false), variables (an object) and now "
                   "(a text like 2024-11-05T23:08:01)");
  return {};
}

Result<ChatInput> read_line(std::string_view line, const std::string& place) {
  const Result<ordered_json> read = parse_ordered_json(line, place);
  if (!read)
    return read.error();
  if (!read.value().is_object() || !read.value().contains("messages"))
    return bad(place, "must be an object with messages");
  ChatInput input;
  for (const auto& [name, value] : read.value().items())
    if (const auto taken = take(name, value, place, input); !taken)
      return taken.error();
  return input;
}

/// The prompt, or why the template has none for this input. Fails on input that no template takes.
Result<ordered_json> answer_of(const ChatDirectory& chat, const ChatInput& input,
                               const std::string& place) {
  constexpr std::string_view kOfInput = "input: ";
  const Result<std::string> prompt = chat.render(input);
  if (prompt)
    return ordered_json{{"prompt", prompt.value()}};
  const std::string& why = prompt.error().message;
  if (prompt.error().code != Errc::kCheckFailed && why.starts_with(kOfInput))
    return bad(place, why.substr(kOfInput.size()));
  return ordered_json{{"error", why}};
}

Result<void> render(Session& session, const RenderOptions& options) {
  const Result<ChatDirectory> chat = chat_of(options);
  if (!chat)
    return chat.error();
  return for_each_line(
      options.input, [&](std::string_view line, const std::string& place) -> Result<void> {
        const Result<ChatInput> input = read_line(line, place);
        if (!input)
          return input.error();
        const Result<ordered_json> answer = answer_of(chat.value(), input.value(), place);
        if (!answer)
          return answer.error();
        session.out << answer.value().dump(-1, ' ', true) << '\n';
        return {};
      });
}

}  // namespace

void add_model_render_command(CLI::App& model, Session& session) {
  auto options = std::make_shared<RenderOptions>();
  CLI::App* command = model.add_subcommand(
      "render", "Renders conversations with a chat template, one JSON line for each.");
  command->add_option("MODEL", options->directory,
                      "A Hugging Face directory, or a GGUF file, with a chat template and special "
                      "tokens.");
  command->add_option("--template", options->chat_template, "A chat template alone, in its place.");
  command->add_option("--input", options->input, "Conversations, one JSON object a line.")
      ->required();
  command->footer(
      "A line: {\"messages\": [...], \"tools\": [...], \"add_generation_prompt\": true,\n"
      "         \"variables\": {...}, \"now\": \"2024-11-05T23:08:01\"}; all but messages "
      "optional.\n"
      "An answer: {\"prompt\": ...}, or {\"error\": ...} where the template refuses or fails.\n"
      "Example:\n  nelumbo model render runs/quickstart/hf --input conversations.jsonl");
  command->callback([&session, options] {
    session.action = [&session, options] { return render(session, *options); };
  });
}

}  // namespace nelumbo
