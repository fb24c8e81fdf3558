// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/policy.h"
#include "corpus/jsonl.h"
#include "model/scoring.h"
#include "model/tokenizer.h"

namespace nelumbo {
namespace {

using nlohmann::json;

struct ScoreOptions {
  std::string model, input;
  int threads = 2;
};

/// Turns input lines into tokens; reads the tokenizer when the first text comes.
class TokenLines {
 public:
  explicit TokenLines(const Model& model) : model_(model) {}

  Result<std::vector<int32_t>> tokens_of(const json& line, const std::string& place) {
    if (line.contains("tokens"))
      return listed(line["tokens"], place);
    const Result<std::string> text = text_member(line, "text", place);
    if (!text)
      return text.error();
    if (!tokenizer_) {
      Result<Tokenizer> read = Tokenizer::read(model_.directory + "/tokenizer.json");
      if (!read)
        return read.error();
      tokenizer_.emplace(std::move(read).value());
    }
    return tokenizer_->encode(text.value(), Tokenizer::Control::kRecognised);
  }

 private:
  Result<std::vector<int32_t>> listed(const json& list, const std::string& place) const {
    const int64_t vocabulary = model_.network.config.decoder.vocab_size;
    const auto is_token = [&](const json& id) {
      return id.is_number_unsigned() && id < static_cast<uint64_t>(vocabulary);
    };
    if (list.is_array() && std::ranges::all_of(list, is_token))
      return list.get<std::vector<int32_t>>();
    return Error{Errc::kBadData,
                 place + ": 'tokens' must be a list of ids below " + std::to_string(vocabulary)};
  }

  const Model& model_;
  std::optional<Tokenizer> tokenizer_;
};

Result<void> score(Session& session, const ScoreOptions& options) {
  const Result<Model> opened = open_model(options.model);
  if (!opened)
    return opened.error();
  const Model& model = opened.value();
  const EngineWeights weights(model.network, model.weights);
  Team team(options.threads);
  TokenLines lines(model);
  return for_each_object(options.input, [&](const json& line, const Place& at) -> Result<void> {
    const std::string place = at.text();
    const Result<std::vector<int32_t>> tokens = lines.tokens_of(line, place);
    if (!tokens)
      return tokens.error();
    const int64_t longest = model.network.config.decoder.max_positions;
    if (tokens.value().empty() || std::ssize(tokens.value()) > longest)
      return Error{Errc::kBadData, place + ": is " + std::to_string(tokens.value().size()) +
                                       " tokens; from 1 to " + std::to_string(longest) +
                                       " can be scored"};
    session.out
        << json{{"logprobs", score_tokens(model.network, weights, team, tokens.value())}}.dump()
        << '\n';
    return {};
  });
}

}  // namespace

void add_model_score_command(CLI::App& model, Session& session) {
  auto options = std::make_shared<ScoreOptions>();
  CLI::App* command =
      model.add_subcommand("score", "Prints the log-prob of each token of given sequences.");
  command->add_option("MODEL", options->model, "A Hugging Face directory, a checkpoint or a run.")
      ->required();
  command
      ->add_option(
          "--input", options->input,
          "JSON lines {\"tokens\": [...]} or {\"text\": ...}, in which control tokens count.")
      ->required();
  command->add_option("--threads", options->threads, "Compute threads.")->check(CLI::Range(1, 256));
  command->footer(
      "Prints one line {\"logprobs\": [...]} for each input line, one number fewer than tokens.\n"
      "Example:\n  nelumbo model score models/smollm2 --input sequences.jsonl");
  command->callback([&session, options] {
    session.action = [&session, options] { return score(session, *options); };
  });
}

}  // namespace nelumbo
