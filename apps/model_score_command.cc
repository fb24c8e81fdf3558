// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/open_model.h"
#include "corpus/jsonl.h"
#include "model/image.h"
#include "model/image_processor.h"
#include "model/scoring.h"
#include "model/tokenizer.h"

namespace nelumbo {
namespace {

using nlohmann::json;

struct ScoreOptions {
  std::string model, input;
  std::optional<std::string> adapter;
  int threads = 2;
};

/// What one input line asks to be scored.
struct Sequence {
  std::vector<int32_t> tokens;
  std::vector<std::shared_ptr<const std::vector<float>>> pictures;
};

/// Turns input lines into sequences; reads the tokenizer when the first text comes, and how
/// pictures are looked at with the first picture.
class SequenceLines {
 public:
  explicit SequenceLines(const Model& model) : model_(model) {}

  Result<Sequence> sequence_of(const json& line, const std::string& place) {
    Sequence out;
    Result<std::vector<int32_t>> tokens =
        line.contains("tokens") ? listed(line["tokens"], place) : spoken(line, place);
    if (!tokens)
      return tokens.error();
    out.tokens = std::move(tokens).value();
    const int64_t longest = model_.network.config.decoder.max_positions;
    if (out.tokens.empty() || std::ssize(out.tokens) > longest)
      return bad(place, "is " + std::to_string(out.tokens.size()) + " tokens; from 1 to " +
                            std::to_string(longest) + " can be scored");
    if (Result<void> seen = add_pictures(line, place, &out); !seen)
      return seen.error();
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

  Result<std::vector<int32_t>> spoken(const json& line, const std::string& place) {
    const Result<std::string> text = text_member(line, "text", place);
    if (!text)
      return text.error();
    if (!tokenizer_) {
      Result<Tokenizer> read = read_tokenizer(model_);
      if (!read)
        return read.error();
      tokenizer_.emplace(std::move(read).value());
    }
    return tokenizer_->encode(text.value(), Tokenizer::Control::kRecognised);
  }

  Result<void> add_pictures(const json& line, const std::string& place, Sequence* out) {
    const json none = json::array();
    const json& paths = line.contains("images") ? line["images"] : none;
    if (!paths.is_array() ||
        !std::ranges::all_of(paths, [](const json& p) { return p.is_string(); }))
      return bad(place, "'images' must be a list of paths");
    const ModelConfig& config = model_.network.config;
    if (!paths.empty() && !config.sees)
      return bad(place, "has images, but the model is one of text alone");
    if (!paths.empty() && !processor_) {
      Result<ImageProcessor> read = ImageProcessor::read(model_.directory, config);
      if (!read)
        return read.error();
      processor_.emplace(std::move(read).value());
    }
    for (const json& path : paths) {
      const Result<Image> image = read_image(path);
      if (!image)
        return image.error();
      for (auto& tile : processor_->tiles(image.value()).pixels)
        out->pictures.push_back(std::move(tile));
    }
    const int64_t needed = std::ssize(out->pictures) * config.image_tokens();
    const int64_t placeholders =
        config.image_token_id ? std::ranges::count(out->tokens, *config.image_token_id) : 0;
    if (needed == (config.sees ? placeholders : 0))
      return {};
    return bad(place, "its images take " + std::to_string(needed) + " image tokens, but it has " +
                          std::to_string(placeholders));
  }

  const Model& model_;
  std::optional<Tokenizer> tokenizer_;
  std::optional<ImageProcessor> processor_;
};

Result<void> score(Session& session, const ScoreOptions& options) {
  const Result<Model> opened = serve_model(options.model, options.adapter);
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
    std::vector<const float*> pictures;
    for (const auto& picture : sequence.value().pictures)
      pictures.push_back(picture->data());
    const std::vector<float> logprobs =
        score_tokens(model.network, weights, team, sequence.value().tokens, pictures);
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
                   "count; \"images\": [paths] for image tokens that stand among them.")
      ->required();
  command->add_option("--dtype", "Of the computation; only fp32 is served.")
      ->check(CLI::IsMember({"fp32"}));
  command->add_option("--threads", options->threads, "Compute threads.")->check(CLI::Range(1, 256));
  command->footer(
      "Prints one line {\"logprobs\": [...]} for each input line, one number fewer than tokens.\n"
      "Example:\n  nelumbo model score models/smollm2 --input sequences.jsonl");
  command->callback([&session, options] {
    session.action = [&session, options] { return score(session, *options); };
  });
}

}  // namespace nelumbo
