// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/tokenizer.h"

namespace nelumbo {

/// Lets a text through as it grows, up to the first of some marks: what could still become a mark
/// is held back, and what stands behind one is kept.
class TextGate {
 public:
  /// REQUIRES: no mark is empty.
  explicit TextGate(std::vector<std::string> marks) : marks_(std::move(marks)) {}

  /// More of the text: what of it all can be let through by now.
  std::string pass(const std::string& more);
  /// Whether a mark was met.
  bool met() const { return met_; }
  /// What was held back, the mark and all behind it included.
  const std::string& held() const { return held_; }

 private:
  size_t could_begin_mark() const;

  std::vector<std::string> marks_;
  std::string held_;
  bool met_ = false;
};

/// The text of an answer while it is drawn: whole characters, special tokens left out.
class AnswerText {
 public:
  explicit AnswerText(std::shared_ptr<const Tokenizer> tokenizer)
      : tokenizer_(std::move(tokenizer)) {}

  /// What one more token adds; nothing while a character is not whole.
  std::string push(int32_t token);
  /// What is left when no token follows.
  std::string finish();

 private:
  std::string fresh() const;

  std::shared_ptr<const Tokenizer> tokenizer_;
  std::vector<int32_t> tokens_;  ///< from the last point where the text was whole, and those before
  size_t read_ = 0;              ///< of them, whose text was given
};

/// The bytes that a token stands for; its own text where it is special.
std::string token_bytes(const Tokenizer& tokenizer, int32_t token);

}  // namespace nelumbo
