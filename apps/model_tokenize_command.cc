// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/input_lines.h"
#include "apps/json_fields.h"
#include "model/strict_json.h"
#include "model/tokenizer.h"

namespace nelumbo {
namespace {

using nlohmann::json;

struct TokenizeOptions {
  std::string directory;
  std::string input;
};

Result<std::vector<int32_t>> ids_of(const json& line, const std::string& place) {
  std::vector<int32_t> ids;
  for (const json& id : array_of(line, "ids")) {
    if (!id.is_number_unsigned() || id.get<uint64_t>() > uint64_t{INT32_MAX})
      return Error{Errc::kBadData,
                   place + ": ids must be whole numbers from 0 to " + std::to_string(INT32_MAX)};
    ids.push_back(id.get<int32_t>());
  }
  return ids;
}

/// The answer to one line: ids for a text, the texts for ids.
Result<json> answer(const Tokenizer& tokenizer, const json& line, const std::string& place) {
  if (member(line, "text").is_string()) {
    std::vector<int32_t> ids =
        tokenizer.encode(text_of(line, "text"), Tokenizer::Control::kRecognised);
    if (member(line, "add_special") == true)
      ids = tokenizer.framed(std::move(ids));
    return json{{"ids", ids}};
  }
  if (!member(line, "ids").is_array())
    return Error{Errc::kBadData, place + ": must have a text or a list of ids"};
  const Result<std::vector<int32_t>> ids = ids_of(line, place);
  if (!ids)
    return ids.error();
  return json{{"text", tokenizer.decode(ids.value(), Tokenizer::Special::kKeep)},
              {"text_skip_special", tokenizer.decode(ids.value(), Tokenizer::Special::kSkip)}};
}

Result<void> tokenize(Session& session, const TokenizeOptions& options) {
  const Result<Tokenizer> tokenizer = Tokenizer::read(options.directory + "/tokenizer.json");
  if (!tokenizer)
    return tokenizer.error();
  return for_each_line(options.input,
                       [&](std::string_view text, const std::string& place) -> Result<void> {
                         if (text.empty())
                           return {};
                         const Result<json> line = parse_json(text, place);
                         if (!line)
                           return line.error();
                         const Result<json> made = answer(tokenizer.value(), line.value(), place);
                         if (!made)
                           return made.error();
                         session.out << made.value().dump(-1, ' ', true) << '\n';
                         return {};
                       });
}

}  // namespace

void add_model_tokenize_command(CLI::App& model, Session& session) {
  auto options = std::make_shared<TokenizeOptions>();
  CLI::App* command =
      model.add_subcommand("tokenize", "Makes tokens of texts, and texts of tokens, line by line.");
  command->add_option("DIR", options->directory, "A directory with a tokenizer.json.")->required();
  command->add_option("--input", options->input, "A file of JSON lines.")->required();
  command->footer(
      "A line {\"text\": \"...\"} is answered by {\"ids\": [...]}; added tokens are recognised, "
      "and\n"
      "with \"add_special\": true those of the post-processor stand around. A line {\"ids\": "
      "[...]}\n"
      "is answered by {\"text\": \"...\", \"text_skip_special\": \"...\"}.\n"
      "Example:\n  nelumbo model tokenize model --input texts.jsonl");
  command->callback([&session, options] {
    session.action = [&session, options] { return tokenize(session, *options); };
  });
}

}  // namespace nelumbo
