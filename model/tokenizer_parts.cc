// SPDX-License-Identifier: Apache-2.0
#include "model/tokenizer_parts.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "model/byte_level.h"
#include "model/step_fields.h"
#include "model/strict_json.h"
#include "model/vocabulary.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kLargeDocument = 4'000'000;
constexpr int64_t kFieldsOfAnAddedToken = 12;

std::string as_json(std::string_view text) {
  return excerpt(json(std::string(text)));
}

/// Where the texts of tokens are looked up by id.
class TextsById {
 public:
  TextsById(const Vocabulary& vocabulary, const std::vector<AddedToken>& added, std::string place)
      : vocabulary_(vocabulary), added_(added), place_(std::move(place)) {}

  Result<std::vector<std::string_view>> read() {
    if (const auto done = reserve(); !done)
      return done.error();
    for (const Vocabulary::Token& token : vocabulary_.tokens)
      if (const auto done = add(token.id, token.text); !done)
        return done.error();
    for (const AddedToken& token : added_) {
      const auto known = vocabulary_.id(token.content);
      if (known && *known != token.id)
        return bad_data(place_, "added token " + as_json(token.content) + " has id " +
                                    std::to_string(token.id) + " and in the vocabulary " +
                                    std::to_string(*known));
      if (const auto done = add(token.id, token.content); !done)
        return done.error();
    }
    return std::move(texts_);
  }

 private:
  Result<void> reserve() {
    int64_t end = 0;
    for (const Vocabulary::Token& token : vocabulary_.tokens)
      end = std::max<int64_t>(end, token.id + int64_t{1});
    for (const AddedToken& token : added_)
      end = std::max<int64_t>(end, token.id + int64_t{1});
    const int64_t count = std::ssize(vocabulary_.tokens) + std::ssize(added_);
    if (end > 4 * count + 1024)
      return bad_data(place_, "its " + std::to_string(count) + " tokens have ids up to " +
                                  std::to_string(end - 1));
    texts_.resize(end);
    return {};
  }

  /// A text without bytes marks an id that no token has.
  Result<void> add(int32_t id, std::string_view text) {
    if (texts_[id].data() != nullptr && texts_[id] != text)
      return bad_data(place_, "tokens " + as_json(texts_[id]) + " and " + as_json(text) +
                                  " have one id, " + std::to_string(id));
    texts_[id] = text;
    return {};
  }

  const Vocabulary& vocabulary_;
  const std::vector<AddedToken>& added_;
  std::string place_;
  std::vector<std::string_view> texts_;
};

/// Fills what is looked up by id and by text. A token of a byte-level vocabulary stands for its
/// bytes. An added one stands for itself and is decoded from what normalisation makes of it, which
/// is what it was found by.
void fill_tokens(TokenizerParts& parts, const std::vector<std::string_view>& texts) {
  const auto fill = [&](int32_t id, std::string piece, const std::string& spelling) {
    TokenizerParts::Token& token = parts.tokens[id];
    token.used = true;
    token.piece = std::move(piece);
    token.spelling = parts.decoder.only_byte_level() ? byte_level_bytes(spelling) : spelling;
    parts.by_piece.insert_or_assign(token.piece, id);
  };
  std::vector<bool> is_added(texts.size(), false);
  for (const AddedToken& token : parts.added.tokens())
    is_added[token.id] = true;
  parts.tokens.resize(texts.size());
  for (int32_t id = 0; id < std::ssize(texts); ++id) {
    if (texts[id].data() == nullptr || is_added[id])
      continue;
    const std::string text(texts[id]);
    fill(id, parts.pretokenizer.byte_level() ? byte_level_bytes(text) : text, text);
  }
  for (const AddedToken& token : parts.added.tokens())
    fill(token.id, token.content,
         token.normalized ? parts.normalizer.apply(token.content) : token.content);
}

Result<const json*> model_of(const json& document, const std::string& place) {
  if (!document.is_object() || !document.contains("model") || !document["model"].is_object())
    return bad_data(place, "has no model");
  const json& model = document["model"];
  if (!model.contains("type") || (model["type"] != "BPE" && model["type"] != "Unigram"))
    return unsupported_step(place + ": model", model, "BPE and Unigram");
  const bool is_list = model.contains("vocab") && model["vocab"].is_array();
  if (is_list != (model["type"] == "Unigram"))
    return bad_data(place, "model must have a vocab: an object for BPE, a list for Unigram");
  return &model;
}

/// Reads one part of the document with its `parse`.
template <class Part>
Result<Part> part_of(const json& document, const char* name, const std::string& place) {
  static const json kNothing;
  return Part::parse(document.contains(name) ? document[name] : kNothing, place + ": " + name);
}

/// Reads the document. A large one is read through first: to build it takes many times its size.
Result<json> document_of(std::string_view text, const std::string& place) {
  if (std::ssize(text) > kLargeDocument) {
    const JsonBudget budget{"added_tokens", kMostAddedTokens * kFieldsOfAnAddedToken,
                            2 * kMostAddedBytes};
    if (const auto sound = scan_json(text, place, budget); !sound)
      return sound.error();
  }
  return parse_json(text, place);
}

/// Which tokens are special, by id. A frame of tokens that there are not is refused.
Result<std::vector<bool>> special_tokens(const std::vector<AddedToken>& added, size_t size,
                                         const TokenFrame& frame, const std::string& place) {
  std::vector<bool> special(size, false);
  for (const AddedToken& token : added)
    special[token.id] = special[token.id] || token.special;
  for (const auto* ids : {&frame.before, &frame.after})
    for (const int32_t id : *ids)
      if (id >= std::ssize(special))
        return bad_data(place, "post_processor adds token " + std::to_string(id) + " of " +
                                   std::to_string(size));
  return special;
}

}  // namespace

Result<TokenizerParts> parse_tokenizer(std::string_view text, const std::string& place) {
  const Result<json> read = document_of(text, place);
  if (!read)
    return read.error();
  const json& document = read.value();
  const Result<const json*> model = model_of(document, place);
  if (!model)
    return model.error();
  Result<Normalizer> normalizer = part_of<Normalizer>(document, "normalizer", place);
  if (!normalizer)
    return normalizer.error();
  Result<Pretokenizer> pretokenizer = part_of<Pretokenizer>(document, "pre_tokenizer", place);
  if (!pretokenizer)
    return pretokenizer.error();
  Result<TokenFrame> frame = part_of<TokenFrame>(document, "post_processor", place);
  if (!frame)
    return frame.error();
  Result<TokenDecoder> decoder = part_of<TokenDecoder>(document, "decoder", place);
  if (!decoder)
    return decoder.error();
  Result<std::vector<AddedToken>> added = read_added_tokens(document, place);
  if (!added)
    return added.error();
  const Result<Vocabulary> vocabulary = read_vocabulary(*model.value(), place);
  if (!vocabulary)
    return vocabulary.error();
  const auto texts = TextsById(vocabulary.value(), added.value(), place).read();
  if (!texts)
    return texts.error();
  Result<std::vector<bool>> special =
      special_tokens(added.value(), texts.value().size(), frame.value(), place);
  if (!special)
    return special.error();
  Result<TokenModel> made = TokenModel::parse(*model.value(), vocabulary.value(), special.value(),
                                              pretokenizer.value().byte_level(), place);
  if (!made)
    return made.error();

  AddedTokens finder(std::move(added).value(), normalizer.value());
  TokenizerParts parts{std::move(normalizer).value(),
                       std::move(finder),
                       std::move(pretokenizer).value(),
                       std::move(made).value(),
                       std::move(frame).value(),
                       std::move(decoder).value(),
                       {},
                       std::move(special).value(),
                       {}};
  fill_tokens(parts, texts.value());
  return parts;
}

}  // namespace nelumbo
