// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// BPE (of bytes, or of characters with bytes to fall back on) and Unigram in the Hugging Face
/// `tokenizer.json` format, equal in ids and text to the `tokenizers` library. Immutable, shared
/// between threads. `truncation` and `padding` are not applied, and `post_processor` only by
/// `framed`.
class Tokenizer {
 public:
  /// Reads `tokenizer.json`; kBadData names what is malformed or not supported.
  static Result<Tokenizer> read(const std::string& path);
  static Result<Tokenizer> parse(std::string_view json, const std::string& place);

  /// Token ids of `text`. Added tokens are recognised only where `control` says so: text typed by a
  /// user is encoded with `kPlain`, in which "<|im_end|>" is ten characters and no control token.
  /// The tokens of words are never special, but for the model's unknown token.
  /// Invalid UTF-8 is replaced by U+FFFD first; bytes of `lost_bytes` are left out. Where the
  /// pattern of the file takes too many steps on a text, the rest of it is one word: other ids, the
  /// same text.
  enum class Control { kPlain, kRecognised };
  std::vector<int32_t> encode(std::string_view text, Control control) const;

  /// The ids of a text with the tokens around them that the file's `post_processor` adds to one
  /// text: often one that begins it.
  std::vector<int32_t> framed(std::vector<int32_t> ids) const;

  /// The text of `ids`; invalid UTF-8 is replaced by U+FFFD. Special tokens are left out on demand,
  /// ids that no token has (an embedding may have spare rows) always.
  enum class Special { kKeep, kSkip };
  std::string decode(const std::vector<int32_t>& ids, Special special) const;

  /// The id of one whole token, added or not.
  std::optional<int32_t> id(std::string_view token) const;
  /// The token's own text (for bytes "Ġ" style is undone, "▁" style is not). REQUIRES: 0 <= id <
  /// size().
  const std::string& piece(int32_t id) const;
  int64_t size() const;
  /// Whether a token controls a conversation and is no text. REQUIRES: as for `piece`.
  bool is_special(int32_t id) const;

  /// Whether a token has this id: an embedding may have spare rows, and a vocabulary holes.
  bool has(int32_t id) const;
  /// "byte-level BPE", "BPE" or "Unigram".
  std::string kind() const;
  /// Bytes that have no token, so that `encode` drops them, as the `tokenizers` library does.
  std::vector<uint8_t> lost_bytes() const;

  /// The document as it is to be written again.
  const std::string& json() const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

/// What `train_tokenizer` makes of a corpus.
struct TokenizerTraining {
  int64_t vocab_size = 512;                 ///< bytes, merges and added tokens together
  std::vector<std::string> special_tokens;  ///< control tokens, ids from 0
  std::vector<std::string> added_tokens;    ///< whole words that are never split, behind them
};

/// Trains byte-level BPE (most frequent pair first; ties by the smaller pair of tokens) and returns
/// it in the same form. Deterministic; the order of the texts does not matter. Ids: special tokens
/// from 0, added tokens, the 256 bytes, merges; fewer than `vocab_size` when no pair stands twice.
Result<Tokenizer> train_tokenizer(const std::vector<std::string>& texts,
                                  const TokenizerTraining& options);

}  // namespace nelumbo
