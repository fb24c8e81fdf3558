// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/input_lines.h"
#include "apps/json_fields.h"
#include "apps/model_sight.h"
#include "apps/open_model.h"
#include "model/hf_config.h"
#include "model/image_processor.h"
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

/// A directory with a tokenizer; with the first image, what else of a model tells how it is seen.
class TokenizeLines {
 public:
  TokenizeLines(std::string directory, Tokenizer tokenizer)
      : directory_(std::move(directory)), tokenizer_(std::move(tokenizer)) {}

  /// The answer to one line: ids for a text, the texts for ids, or why there are none.
  Result<json> answer(const json& line, const std::string& place) {
    if (member(line, "text").is_string())
      return ids_of_text(line, place);
    if (!member(line, "ids").is_array())
      return Error{Errc::kBadData, place + ": must have a text or a list of ids"};
    const Result<std::vector<int32_t>> ids = ids_of(line, place);
    if (!ids)
      return ids.error();
    for (const int32_t id : ids.value())
      if (!tokenizer_.has(id))
        return json{{"error", "no token has the id " + std::to_string(id)}};
    return json{{"text", tokenizer_.decode(ids.value(), Tokenizer::Special::kKeep)},
                {"text_skip_special", tokenizer_.decode(ids.value(), Tokenizer::Special::kSkip)}};
  }

 private:
  Result<json> ids_of_text(const json& line, const std::string& place) {
    const Result<std::vector<std::string>> paths = image_paths(line, place);
    if (!paths)
      return paths.error();
    Result<std::string> text = text_of(line, "text");
    if (!paths.value().empty())
      text = seen(text.value(), paths.value(), place);
    if (!text)
      return text.error();
    std::vector<int32_t> ids = tokenizer_.encode(text.value(), Tokenizer::Control::kRecognised);
    if (member(line, "add_special") == true)
      ids = tokenizer_.framed(std::move(ids));
    return json{{"ids", ids}};
  }

  /// The text with what stands for the images in the place of its marks.
  Result<std::string> seen(const std::string& text, const std::vector<std::string>& paths,
                           const std::string& place) {
    if (!sight_) {
      Result<ModelConfig> config = read_hf_config(directory_ + "/config.json");
      if (!config)
        return config.error();
      config_ = std::move(config).value();
      sight_.emplace(directory_, config_);
    }
    const Result<ShownImages> shown = sight_->see(paths);
    if (!shown)
      return Error{Errc::kBadData, place + ": " + shown.error().message};
    Result<std::string> expanded =
        with_placeholders(text, shown.value().mark, shown.value().images);
    if (!expanded)
      return Error{Errc::kBadData, place + ": " + expanded.error().message};
    return expanded;
  }

  std::string directory_;
  Tokenizer tokenizer_;
  ModelConfig config_;
  std::optional<ModelSight> sight_;
};

Result<void> tokenize(Session& session, const TokenizeOptions& options) {
  const std::string& model = options.directory;
  const std::string file = is_gguf(model) ? model : model + "/tokenizer.json";
  std::error_code none;
  if (!std::filesystem::exists(file, none))
    return Error{Errc::kInvalidConfig,
                 file + ": missing; name a directory with a tokenizer, or a GGUF file"};
  Result<Tokenizer> tokenizer = read_tokenizer(model);
  if (!tokenizer)
    return tokenizer.error();
  TokenizeLines lines(options.directory, std::move(tokenizer).value());
  return for_each_line(options.input,
                       [&](std::string_view text, const std::string& place) -> Result<void> {
                         if (text.empty())
                           return {};
                         const Result<json> line = parse_json(text, place);
                         if (!line)
                           return line.error();
                         const Result<json> made = lines.answer(line.value(), place);
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
  command
      ->add_option("MODEL", options->directory,
                   "A directory with a tokenizer.json, or a GGUF file.")
      ->required();
  command->add_option("--input", options->input, "A file of JSON lines.")->required();
  command->footer(
      "A line {\"text\": \"...\"} is answered by {\"ids\": [...]}; added tokens are recognised, "
      "and\n"
      "with \"add_special\": true those of the post-processor stand around; with \"images\": "
      "[paths]\n"
      "what stands for each image takes the place of its mark. A line {\"ids\": [...]}\n"
      "is answered by {\"text\": \"...\", \"text_skip_special\": \"...\"},\n"
      "or by {\"error\": \"...\"} where no token has one of them.\n"
      "Example:\n  nelumbo model tokenize model --input texts.jsonl");
  command->callback([&session, options] {
    session.action = [&session, options] { return tokenize(session, *options); };
  });
}

}  // namespace nelumbo
