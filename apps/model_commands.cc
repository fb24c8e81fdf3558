// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/chat_model.h"
#include "apps/commands.h"

namespace nelumbo {
namespace {

using nlohmann::json;

json tensors_json(const WeightSet& weights) {
  json tensors = json::array();
  for (const NamedTensor& tensor : weights)
    tensors.push_back({{"name", tensor.name}, {"shape", tensor.shape}});
  return tensors;
}

/// Bytes to hold the weights alone, as they are read (fp32) and as the engine packs them; and to
/// train them: with gradients and the two moments of AdamW.
json memory_json(int64_t parameters) {
  constexpr int64_t kFloat = 4;
  return {{"serve", 2 * kFloat * parameters}, {"train", 6 * kFloat * parameters}};
}

json facts_json(const ChatModel& model) {
  const ModelConfig& config = model.network.config;
  int64_t parameters = 0;
  for (const NamedTensor& tensor : *model.weights)
    parameters += std::ssize(tensor.values);
  json facts{{"directory", model.directory},
             {"architecture", config.architecture},
             {"parameters", parameters},
             {"weights_hash", weights_hash(*model.weights)},
             {"layers", config.decoder.layers},
             {"hidden_size", config.decoder.hidden_size},
             {"max_positions", config.decoder.max_positions},
             {"vocabulary", model.tokenizer->size()},
             {"end_tokens", model.ends},
             {"memory", memory_json(parameters)},
             {"tensors", tensors_json(*model.weights)}};
  if (config.sees) {
    facts["image_size"] = config.vision.image_size;
    facts["image_tokens"] = config.image_tokens();
  }
  return facts;
}

Result<void> inspect(Session& session, const std::string& path) {
  const Result<ChatModel> opened = open_chat_model(path);
  if (!opened)
    return opened.error();
  const ModelConfig& config = opened.value().network.config;
  const json facts = facts_json(opened.value());
  if (session.json) {
    session.out << facts.dump() << '\n';
    return {};
  }
  session.out << opened.value().directory << '\n'
              << config.architecture << ", " << facts["parameters"] << " parameters in "
              << opened.value().weights->size() << " tensors, hash "
              << facts["weights_hash"].get<std::string>() << '\n';
  if (config.sees)
    session.out << "vision: " << config.vision.layers << " layers of width "
                << config.vision.hidden_size << ", picture " << config.vision.image_size
                << " px -> " << config.image_tokens() << " tokens\n";
  session.out << "decoder: " << config.decoder.layers << " layers of width "
              << config.decoder.hidden_size << ", vocabulary " << facts["vocabulary"] << '\n'
              << "memory: " << facts["memory"]["serve"] << " bytes to serve, "
              << facts["memory"]["train"] << " to train, without keys and activations\n";
  return {};
}

}  // namespace

void add_model_commands(CLI::App& app, Session& session) {
  CLI::App* model = app.add_subcommand("model", "Looks at models on disk.");
  model->require_subcommand(0, 1);
  model->footer("Example:\n  nelumbo model inspect runs/quickstart");
  auto directory = std::make_shared<std::string>();
  CLI::App* command = model->add_subcommand(
      "inspect", "Checks every file of a model; says what it consists of, and its hash.");
  command->add_option("MODEL", *directory, "A Hugging Face directory, a checkpoint or a run.")
      ->required();
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo model inspect runs/quickstart --json");
  command->callback([&session, directory] {
    session.action = [&session, directory] { return inspect(session, *directory); };
  });
  add_model_score_command(*model, session);
  add_model_render_command(*model, session);
  add_model_tokenize_command(*model, session);
}

}  // namespace nelumbo
