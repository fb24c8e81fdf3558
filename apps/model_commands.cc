// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/policy.h"

namespace nelumbo {
namespace {

using nlohmann::json;

json tensors_json(const WeightSet& weights) {
  json tensors = json::array();
  for (const NamedTensor& tensor : weights)
    tensors.push_back({{"name", tensor.name}, {"shape", tensor.shape}});
  return tensors;
}

Result<void> inspect(Session& session, const std::string& model) {
  Result<Policy> opened = open_policy(model);
  if (!opened)
    return opened.error();
  const Policy& policy = opened.value();
  const ModelConfig& config = policy.network.config;
  int64_t parameters = 0;
  for (const NamedTensor& tensor : *policy.weights)
    parameters += std::ssize(tensor.values);
  const std::string hash = weights_hash(*policy.weights);
  if (session.json) {
    session.out << json{{"directory", policy.directory},
                        {"parameters", parameters},
                        {"weights_hash", hash},
                        {"vocabulary", policy.dialogue->tokenizer().size()},
                        {"image_size", config.vision.image_size},
                        {"image_tokens", config.image_tokens()},
                        {"tensors", tensors_json(*policy.weights)}}
                       .dump()
                << '\n';
    return {};
  }
  session.out << policy.directory << '\n'
              << parameters << " parameters in " << policy.weights->size() << " tensors, hash "
              << hash << '\n'
              << "vision: " << config.vision.layers << " layers of width "
              << config.vision.hidden_size << ", picture " << config.vision.image_size << " px -> "
              << config.image_tokens() << " tokens\n"
              << "decoder: " << config.decoder.layers << " layers of width "
              << config.decoder.hidden_size << ", vocabulary "
              << policy.dialogue->tokenizer().size() << '\n';
  return {};
}

}  // namespace

void add_model_commands(CLI::App& app, Session& session) {
  CLI::App* model = app.add_subcommand("model", "Looks at a policy on disk.");
  model->require_subcommand(0, 1);
  model->footer("Example:\n  nelumbo model inspect runs/quickstart");
  auto directory = std::make_shared<std::string>();
  CLI::App* command =
      model->add_subcommand("inspect", "Says what a policy consists of, and its hash.");
  command->add_option("MODEL", *directory, "A Hugging Face directory, a checkpoint or a run.")
      ->required();
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo model inspect runs/quickstart --json");
  command->callback([&session, directory] {
    session.action = [&session, directory] { return inspect(session, *directory); };
  });
  add_model_tokenize_command(*model, session);
}

}  // namespace nelumbo
