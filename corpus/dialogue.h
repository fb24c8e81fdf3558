// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "corpus/reasoning_chain.h"
#include "model/tokenizer.h"

namespace nelumbo {

/// Control tokens of a conversation. Only Dialogue puts them into one; in a user's text they are
/// plain characters.
namespace control {
constexpr const char* kEndOfText = "<|endoftext|>";
constexpr const char* kStart = "<|im_start|>";
constexpr const char* kEndOfUtterance = "<end_of_utterance>";
constexpr const char* kImage = "<image>";
constexpr const char* kAroundImage = "<fake_token_around_image>";
constexpr const char* kGlobalImage = "<global-img>";
constexpr const char* kTool = "<tool>";
constexpr const char* kToolEnd = "</tool>";
constexpr const char* kAnswer = "<answer>";
constexpr const char* kAnswerEnd = "</answer>";
}  // namespace control

/// What a tool that shows no picture says. Short, so that a small vocabulary covers them.
namespace reply {
constexpr const char* kOk = " ok";
constexpr const char* kUnreadable = " error: cannot read the call";
constexpr const char* kUnknownTool = " error: no such tool";
constexpr const char* kNoImage = " error: no such image";
constexpr const char* kBadBox = " error: the box is empty";
constexpr const char* kBadDegrees = " error: rotate by 90, 180 or 270";
constexpr const char* kTooMany = " error: too many calls";
constexpr const char* kToolsOff = " error: tools are off";
}  // namespace reply

/// The control tokens, in the order of their ids, for `train_tokenizer`; the tags of a chain of
/// thought stand last.
std::vector<std::string> special_tokens();
/// Words that are one token each: grid levels, and the classes of a cell with their space.
std::vector<std::string> added_tokens();
/// What every conversation says beside the questions: what a tokenizer is trained on, with them.
std::vector<std::string> dialogue_texts();

/// How a conversation becomes tokens: the one place that knows it.
///
///     prefix       <|im_start|>User: picture
///     text prefix  <|im_start|>User:
///     picture      <fake_token_around_image><global-img> <image> x N <fake_token_around_image>
///     question     text <end_of_utterance> \nAssistant:
///     turn         <tool>zoom 0<g3><g7><g12><g12></tool> <end_of_utterance>
///                  <answer> white</answer> <end_of_utterance>
///                  chain <answer> white</answer> <end_of_utterance>
///     observation  \nTool: (picture | text) <end_of_utterance> \nAssistant:
///
/// A prompt is prefix + question; what follows is turns with observations between them. A chain is
/// ReasoningChain::text(), its tags as control tokens. A document of a corpus is no conversation:
/// it stands between two <|endoftext|>. Immutable, shared between threads.
class Dialogue {
 public:
  /// `image_tokens` is N, the placeholders of one picture. kBadData names the token that the
  /// tokenizer lacks.
  static Result<Dialogue> create(Tokenizer tokenizer, int64_t image_tokens);

  const std::vector<int32_t>& prefix() const { return prefix_; }
  /// The prefix of a question without a picture.
  const std::vector<int32_t>& text_prefix() const { return text_prefix_; }
  /// Behind the prefix: what the user asks.
  std::vector<int32_t> question(std::string_view text) const;
  /// The prefix with the question behind it.
  std::vector<int32_t> prompt(std::string_view text) const;
  std::vector<int32_t> text_prompt(std::string_view text) const;
  /// A turn that calls a tool, its end included.
  std::vector<int32_t> tool_turn(std::string_view call) const;
  /// A turn that answers, its end included.
  std::vector<int32_t> answer_turn(std::string_view answer) const;
  /// A turn that thinks before it answers.
  std::vector<int32_t> thinking_turn(const ReasoningChain& chain, std::string_view answer) const;
  /// A document with the end behind it; the <|endoftext|> before it is `end_of_text()`.
  std::vector<int32_t> document(std::string_view text) const;
  /// What the policy reads after a tool call: a picture, or words.
  const std::vector<int32_t>& picture_observation() const { return picture_observation_; }
  std::vector<int32_t> text_observation(std::string_view text) const;

  /// Tokens of plain text, in which only added words are whole tokens and control tokens are mere
  /// characters.
  std::vector<int32_t> words(std::string_view text) const;
  /// The text of tokens, control tokens included; each run of placeholders is one "<image>".
  std::string text(const std::vector<int32_t>& tokens) const;

  /// What ends a turn.
  int32_t end_of_turn() const { return end_of_turn_; }
  int32_t end_of_text() const { return end_of_text_; }
  /// The tags around the facts that a chain recalls.
  int32_t recall() const { return recall_; }
  int32_t recall_end() const { return recall_end_; }
  /// The placeholder, which stands for a picture: a policy must never draw it.
  int32_t image() const { return image_; }
  int32_t tool() const { return tool_; }
  int32_t tool_end() const { return tool_end_; }
  int32_t answer() const { return answer_; }
  int32_t answer_end() const { return answer_end_; }
  int64_t image_tokens() const { return image_tokens_; }
  const Tokenizer& tokenizer() const { return tokenizer_; }

 private:
  Dialogue(Tokenizer tokenizer, int64_t image_tokens);
  using Words = std::vector<std::pair<std::string, int32_t>>;  ///< longest first

  Result<void> resolve();
  Result<Words> find_all(const std::vector<std::string>& tokens) const;
  void append_picture(std::vector<int32_t>* tokens) const;
  void append_words(std::string_view text, std::vector<int32_t>* tokens) const;
  /// Tokens of text in which `whole` are tokens, and control tokens else mere characters.
  void append_text(std::string_view text, const Words& whole, std::vector<int32_t>* tokens) const;

  Tokenizer tokenizer_;
  int64_t image_tokens_;
  Words added_;
  Words added_and_tags_;  ///< with the tags of a chain
  int32_t start_ = 0, end_of_turn_ = 0, image_ = 0, around_image_ = 0, global_image_ = 0;
  int32_t tool_ = 0, tool_end_ = 0, answer_ = 0, answer_end_ = 0;
  int32_t end_of_text_ = 0, recall_ = 0, recall_end_ = 0;
  std::vector<int32_t> prefix_, text_prefix_, assistant_, tool_role_, picture_observation_;
};

}  // namespace nelumbo
