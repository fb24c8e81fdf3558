// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/parity.h"

namespace nelumbo {

/// Puts a tiny model that is spoken to in ChatML into an empty folder.
inline void put_chat_model(const std::string& folder) {
  for (const char* name :
       {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json"})
    std::filesystem::copy(parity_folder("llama_tied") + "/" + name, folder + "/" + name);
  std::ofstream(folder + "/chat_template.jinja")
      << "{% for message in messages %}<|im_start|>{{ message.role }}\n"
         "{{ message.content | trim }}<|im_end|>\n{% endfor %}"
         "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
}

/// The same of one that sees, spoken to as SmolVLM is.
inline void put_seeing_chat_model(const std::string& folder) {
  for (const char* name : {"config.json", "generation_config.json", "model.safetensors",
                           "tokenizer.json", "preprocessor_config.json", "processor_config.json"})
    std::filesystem::copy(parity_folder("smolvlm") + "/" + name, folder + "/" + name);
  std::ofstream(folder + "/chat_template.jinja")
      << "<|im_start|>{% for message in messages %}{{ message.role | capitalize }}:"
         "{% for part in message.content %}{% if part.type == 'image' %}<image>"
         "{% else %}{{ part.text }}{% endif %}{% endfor %}<end_of_utterance>\n{% endfor %}"
         "{% if add_generation_prompt %}Assistant:{% endif %}";
}

}  // namespace nelumbo
