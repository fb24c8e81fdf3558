// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/open_model.h"
#include "base/error.h"
#include "model/chat_format.h"
#include "model/image_processor.h"
#include "model/tokenizer.h"

namespace nelumbo {

/// Any model, ready to continue text in its own tokens.
struct ChatModel : Model {
  std::shared_ptr<const Tokenizer> tokenizer;
  std::vector<int32_t> ends;  ///< tokens that end an answer; may be none
};

/// The tokens that end an answer of a model that was opened.
Result<std::vector<int32_t>> end_tokens_of(const Model& model);

/// What is to be continued.
struct ModelPrompt {
  std::vector<int32_t> tokens;
  std::vector<Pixels> pixels;  ///< one for each run of image placeholders among the tokens
};

/// A model that was opened or is served, ready to speak. kBadData names the file that is malformed.
Result<ChatModel> chat_model_of(Result<Model> model);

/// serve_model(), ready to speak; the tokenizer is read beside the weights.
Result<ChatModel> open_chat_model(const std::string& model,
                                  const std::optional<std::string>& adapter = {},
                                  StoredType type = StoredType::kF32,
                                  EngineProducts products = EngineProducts::kAsStored);

/// The ids of a list, or kBadData: "PLACE: what", where one is no token of the model.
Result<void> check_tokens(const ChatModel& model, const std::vector<int32_t>& tokens,
                          const std::string& place);

/// kBadData says how many, where a text takes more tokens than the model has positions.
Result<void> check_length(const Model& model, int64_t tokens);

/// How to speak to the model. kBadData when there is no template.
Result<ChatFormat> chat_format_of(const ChatModel& model);

/// What a user says about some images, as the model's chat template puts it, up to where the answer
/// begins. Control tokens in the text stay mere characters. kBadData when there is no template or
/// it shows other than all images, kCheckFailed when it refuses.
Result<std::vector<int32_t>> chat_tokens(const ChatModel& model, const std::string& text,
                                         const ShownImages& shown = {});

/// A text to be continued, in which control tokens are mere characters but for the marks of images;
/// without any mark, the images stand in front. kBadData when there are other than as many marks.
Result<std::vector<int32_t>> prompt_tokens(const ChatModel& model, const std::string& text,
                                           const ShownImages& shown = {});

/// How a text is to be continued.
struct ContinueOptions {
  AnswerOptions answer;
  bool ignore_ends = false;  ///< always draw as many tokens as allowed
  int threads = 2;
};

/// Continues a prompt; one trajectory for each sample.
Result<Group> continue_prompt(const ChatModel& model, ModelPrompt prompt,
                              const ContinueOptions& options);

}  // namespace nelumbo
