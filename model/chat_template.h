// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace nelumbo {

/// What a chat template renders, as transformers' apply_chat_template names it. Keys keep their
/// order. Texts in it are data: nothing in them is ever read as template.
struct ChatInput {
  nlohmann::ordered_json messages = nlohmann::ordered_json::array();
  nlohmann::ordered_json tools;  ///< null where there are none
  bool add_generation_prompt = false;
  /// Further variables, bos_token and eos_token among them; they come before the three above where
  /// names are equal. REQUIRES: an object.
  nlohmann::ordered_json variables = nlohmann::ordered_json::object();
  /// "2024-11-05T23:08:01", for strftime_now; the clock of the machine is never read.
  std::optional<std::string> now;
};

/// A Hugging Face chat template: Jinja as transformers sets it up (trim_blocks, lstrip_blocks, loop
/// controls, an immutable sandbox, its own tojson) without imports, inheritance and autoescape.
/// Immutable, shared between threads.
class ChatTemplate {
 public:
  /// kBadData says "place:LINE:COLUMN: what", where the template is malformed or needs what is not
  /// supported. `source` need not be UTF-8: that is an error too.
  static Result<ChatTemplate> parse(std::string_view source, const std::string& place);

  const std::string& source() const;

  /// The prompt. Every rendering is bounded in steps, memory, output and recursion, whatever the
  /// template and the input. Errors: kCheckFailed where the template refuses the input
  /// (raise_exception), whose message is the template's own; kBadData, "place:LINE:COLUMN: what",
  /// where the template does what fails, or an "input: what" that is no value of templates.
  Result<std::string> render(const ChatInput& input) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace nelumbo
