// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "model/regex.h"

namespace nelumbo {

/// A text and the words it is cut into, in order; some of it may belong to no word.
class Words {
 public:
  struct Range {
    int64_t begin = 0;
    int64_t end = 0;
  };

  /// One word: all of the text.
  explicit Words(std::string text);

  int64_t size() const { return std::ssize(ranges_); }
  std::string_view operator[](int64_t i) const {
    return std::string_view(text_).substr(ranges_[i].begin, ranges_[i].end - ranges_[i].begin);
  }
  /// Whether word `i` stands at the very start of the text.
  bool is_first(int64_t i) const { return ranges_[i].begin == 0; }

  /// Cuts every word: `cut` says where, in bytes from the start of the word. Empty words vanish.
  void cut_each(const std::function<std::vector<Range>(std::string_view)>& cut);
  /// Puts another text in the place of every word. `rewrite` gets the word's number too, and sees
  /// the words as they were.
  void rewrite_each(const std::function<std::string(int64_t, std::string_view)>& rewrite);

 private:
  std::string text_;
  std::vector<Range> ranges_;
};

/// Cuts text into the words that a model's tokens stay inside of: the `pre_tokenizer` of a
/// tokenizer.json. Immutable.
class Pretokenizer {
 public:
  /// Leaves a text whole.
  Pretokenizer() = default;

  /// Reads ByteLevel, Split, Metaspace, Digits, Punctuation, Whitespace, WhitespaceSplit and
  /// Sequences of them; null leaves a text whole. kBadData names anything else.
  static Result<Pretokenizer> parse(const nlohmann::json& part, const std::string& place);

  /// Whether a text is the first part of the input or follows another: a Metaspace step may care.
  enum class Start { kOfInput, kInside };

  /// The words, none empty. Where `byte_level`, as the bytes they stand for. REQUIRES: well-formed
  /// UTF-8.
  Words words(std::string_view text, Start start) const;

  /// Whether the model behind it spells words in the alphabet of bytes (model/byte_level.h).
  bool byte_level() const { return byte_level_; }
  /// Whether words depend on `start`.
  bool minds_start() const { return minds_start_; }

 private:
  using Step = std::function<void(Words&, Start)>;

  Result<void> add(const nlohmann::json& step, const std::string& place);
  Result<void> add_byte_level(const nlohmann::json& step, const std::string& place);
  Result<void> add_split(const nlohmann::json& step, const std::string& place);
  Result<void> add_metaspace(const nlohmann::json& step, const std::string& place);
  Result<void> add_digits(const nlohmann::json& step, const std::string& place);
  Result<void> add_punctuation(const nlohmann::json& step, const std::string& place);
  Result<void> add_removal(const std::string& pattern, bool invert, const std::string& place);
  void spell_bytes();

  std::vector<Step> steps_;
  bool byte_level_ = false;
  bool is_spelt_ = false;  ///< a step has put the words into the alphabet of bytes
  bool minds_start_ = false;
};

}  // namespace nelumbo
