// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/model_sight.h"
#include "apps/open_model.h"
#include "corpus/jsonl.h"
#include "model/image_processor.h"
#include "model/scoring.h"
#include "model/tokenizer.h"

namespace nelumbo {
namespace {

using nlohmann::json;

struct ScoreOptions {
  std::string model, input, dtype = "fp32";
  std::optional<std::string> adapter;
  int threads = 2;
};

/// What one input line asks to be scored.
struct Sequence {
  std::vector<int32_t> tokens;
  std::vector<Pixels> pixels;
};

/// Turns input lines into sequences; reads the tokenizer when the first text comes.
class SequenceLines {
 public:
  explicit SequenceLines(const Model& model)
      : model_(model), sight_(model.directory, model.network.config) {}

  Result<Sequence> sequence_of(const json& line, const std::string& place) {
    const Result<std::vector<std::string>> paths = image_paths(line, place);
    if (!paths)
      return paths.error();
    if (!paths.value().empty() && !model_.network.config.sees)
      return bad(place, "has images, but the model is one of text alone");
    const Result<ShownImages> images = sight_.see(paths.value());
    if (!images)
      return bad(place, images.error().message);
    Result<std::vector<int32_t>> tokens = line.contains("tokens")
                                              ? listed(line["tokens"], place)
                                              : spoken(line, images.value(), place);
    if (!tokens)
      return tokens.error();
    Sequence out{std::move(tokens).value(), pixels_of(images.value())};
    const int64_t longest = model_.network.config.decoder.max_positions;
    if (out.tokens.empty() || std::ssize(out.tokens) > longest)
      return bad(place, "is " + std::to_string(out.tokens.size()) + " tokens; from 1 to " +
                            std::to_string(longest) + " can be scored");
    if (auto match = check_placeholders(out.tokens, out.pixels, model_.network.config, place);
        !match)
      return match.error();
    return out;
  }

 private:
  static Error bad(const std::string& place, const std::string& what) {
    return {Errc::kBadData, place + ": " + what};
  }

  Result<std::vector<int32_t>> listed(const json& list, const std::string& place) const {
    const int64_t vocabulary = model_.network.config.decoder.vocab_size;
    const auto is_token = [&](const json& id) {
      return id.is_number_unsigned() && id < static_cast<uint64_t>(vocabulary);
    };
    if (list.is_array() && std::ranges::all_of(list, is_token))
      return list.get<std::vector<int32_t>>();
    return bad(place, "'tokens' must be a list of ids below " + std::to_string(vocabulary));
  }

  Result<std::vector<int32_t>> spoken(const json& line, const ShownImages& shown,
                                      const std::string& place) {
    Result<std::string> text = text_member(line, "text", place);
    if (!text)
      return text.error();
    if (!shown.images.empty())
      text = with_placeholders(text.value(), shown.mark, shown.images);
    if (!text)
      return bad(place, text.error().message);
    if (!tokenizer_) {
      Result<Tokenizer> read = read_tokenizer(model_);
      if (!read)
        return read.error();
      tokenizer_.emplace(std::move(read).value());
    }
    return tokenizer_->encode(text.value(), Tokenizer::Control::kRecognised);
  }

  const Model& model_;
  ModelSight sight_;
  std::optional<Tokenizer> tokenizer_;
};

Result<void> score(Session& session, const ScoreOptions& options) {
  const Result<Model> opened =
      serve_model(options.model, options.adapter, stored_type(options.dtype));
  if (!opened)
    return opened.error();
  const Model& model = opened.value();
  const EngineWeights& weights = *model.packed;
  Team team(options.threads);
  SequenceLines lines(model);
  return for_each_object(options.input, [&](const json& line, const Place& at) -> Result<void> {
    const Result<Sequence> sequence = lines.sequence_of(line, at.text());
    if (!sequence)
      return sequence.error();
    const std::vector<float> logprobs = score_tokens(
        model.network, weights, team, sequence.value().tokens, sequence.value().pixels);
    if (auto sound = check_logprobs(logprobs, at.text()); !sound)
      return sound;
    session.out << json{{"logprobs", logprobs}}.dump() << '\n';
    return {};
  });
}

}  // namespace

void add_model_score_command(CLI::App& model, Session& session) {
  auto options = std::make_shared<ScoreOptions>();
  CLI::App* command =
      model.add_subcommand("score", "Prints the log-prob of each token of given sequences.");
  command
      ->add_option("MODEL", options->model,
                   "A Hugging Face directory, a GGUF file, a checkpoint or a run.")
      ->required();
  add_adapter_option(*command, &options->adapter);
  command
      ->add_option("--input", options->input,
                   "JSON lines {\"tokens\": [...]} or {\"text\": ...}, in which control tokens "
                   "count; \"images\": [paths] for image tokens that stand among them, of a "
                   "text one mark for each image.")
      ->required();
  command
      ->add_option("--dtype", options->dtype,
                   "fp32, or bf16: what matrices are stored and multiplied in.")
      ->check(CLI::IsMember({"fp32", "bf16"}));
  command->add_option("--threads", options->threads, "Compute threads.")->check(CLI::Range(1, 256));
  command->footer(
      "Prints one line {\"logprobs\": [...]} for each input line, one number fewer than tokens.\n"
      "Example:\n  nelumbo model score models/smollm2 --input sequences.jsonl");
  command->callback([&session, options] {
    session.action = [&session, options] { return score(session, *options); };
  });
}

}  // namespace nelumbo
