// SPDX-License-Identifier: Apache-2.0
#include "apps/hf_directory.h"

#include <utility>

#include "base/file.h"
#include "model/hf_config.h"

namespace nelumbo {
namespace {

/// What corpus/dialogue.h renders, as transformers' templates say it.
constexpr const char* kChatTemplate =
    "<|im_start|>{% for message in messages %}{{ message['role'] | capitalize }}:"
    "{% for part in message['content'] %}{% if part['type'] == 'image' %}<image>"
    "{% else %}{{ part['text'] }}{% endif %}{% endfor %}<end_of_utterance>\n{% endfor %}"
    "{% if add_generation_prompt %}Assistant:{% endif %}";

ControlTokens control_tokens(const Dialogue& dialogue) {
  const auto token = [&](const char* text) {
    return ControlToken{text, dialogue.tokenizer().id(text).value_or(dialogue.end_of_turn())};
  };
  return {.begin = token(control::kStart),
          .end = token(control::kEndOfUtterance),
          .padding = token(control::kEndOfText)};
}

}  // namespace

Result<std::string> write_hf_directory(const std::string& folder, const ModelConfig& config,
                                       const Dialogue& dialogue, const WeightSet& weights) {
  const ControlTokens tokens = control_tokens(dialogue);
  const std::pair<const char*, std::string> files[] = {
      {"config.json", hf_config_json(config, tokens)},
      {"generation_config.json", generation_config_json(tokens, {*tokens.end.id})},
      {"tokenizer.json", dialogue.tokenizer().json()},
      {"tokenizer_config.json", tokenizer_config_json(config, tokens, kChatTemplate)},
      {"preprocessor_config.json", preprocessor_config_json(config)},
      {"processor_config.json", processor_config_json(config)},
  };
  for (const auto& [name, bytes] : files)
    if (Result<void> written = write_file_atomic(folder + "/" + name, bytes); !written)
      return written.error();
  return write_safetensors(folder + "/model.safetensors", weights);
}

}  // namespace nelumbo
