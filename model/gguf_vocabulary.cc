// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_vocabulary.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace nelumbo {
namespace {

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

std::string key_of(const char* name) {
  return std::string("tokenizer.ggml.") + name;
}

std::optional<bool> flag_of(const GgufMetadata& metadata, const char* name) {
  const GgufValue* value = find(metadata, key_of(name));
  return value == nullptr ? std::nullopt : value->as_flag();
}

std::string text_of(const GgufMetadata& metadata, const char* name, const std::string& otherwise) {
  const GgufValue* value = find(metadata, key_of(name));
  return value == nullptr ? otherwise : value->as_text().value_or(otherwise);
}

/// The id that a key names; nothing where it names no token.
std::optional<size_t> id_of(const GgufMetadata& metadata, const char* name, size_t tokens) {
  const GgufValue* value = find(metadata, key_of(name));
  const std::optional<int64_t> id = value == nullptr ? std::nullopt : value->as_natural();
  return id && static_cast<size_t>(*id) < tokens ? std::optional<size_t>(*id) : std::nullopt;
}

Result<std::vector<std::string>> texts_of(const GgufMetadata& metadata, const char* name,
                                          const std::string& place) {
  const GgufValue* value = find(metadata, key_of(name));
  if (value == nullptr)
    return std::vector<std::string>{};
  std::optional<std::vector<std::string>> texts = value->as_texts();
  if (!texts)
    return bad(place, key_of(name) + " must be a list of texts");
  for (size_t i = 0; i < texts->size(); ++i)
    if (invalid_utf8_at((*texts)[i]))
      return bad(place, key_of(name) + ": entry " + std::to_string(i) + " is not UTF-8");
  return std::move(*texts);
}

Result<std::vector<GgufTokenType>> types_of(const GgufMetadata& metadata, size_t count,
                                            const std::string& place) {
  std::vector<GgufTokenType> types(count, GgufTokenType::kNormal);
  const GgufValue* value = find(metadata, key_of("token_type"));
  if (value == nullptr)
    return types;
  const std::optional<std::vector<int64_t>> numbers = value->as_integers();
  if (!numbers)
    return bad(place, key_of("token_type") + " must be a list of whole numbers");
  if (numbers->size() != count)
    return bad(place, key_of("token_type") + " must have one entry for each token");
  for (size_t i = 0; i < count; ++i) {
    if ((*numbers)[i] < 1 || (*numbers)[i] > 6)
      return bad(place, key_of("token_type") + ": entry " + std::to_string(i) +
                            " must be from 1 to 6, not " + std::to_string((*numbers)[i]));
    types[i] = static_cast<GgufTokenType>((*numbers)[i]);
  }
  return types;
}

Result<std::vector<double>> scores_of(const GgufMetadata& metadata, size_t count,
                                      const std::string& place) {
  const GgufValue* value = find(metadata, key_of("scores"));
  if (value == nullptr)
    return std::vector<double>{};
  std::optional<std::vector<double>> scores = value->as_reals();
  if (!scores || scores->size() != count)
    return bad(place, key_of("scores") + " must have one number for each token");
  if (!std::all_of(scores->begin(), scores->end(), [](double x) { return std::isfinite(x); }))
    return bad(place, key_of("scores") + " must be finite");
  return std::move(*scores);
}

Result<std::optional<std::string>> chat_template_of(const GgufMetadata& metadata,
                                                    const std::string& place) {
  const GgufValue* value = find(metadata, "tokenizer.chat_template");
  if (value == nullptr)
    return std::optional<std::string>();
  std::optional<std::string> text = value->as_text();
  if (!text || invalid_utf8_at(*text))
    return bad(place, "tokenizer.chat_template must be a UTF-8 text");
  return text;
}

/// The arrays and the template; what can be wrong.
Result<void> read_parts(GgufVocabulary& vocabulary, const GgufMetadata& metadata) {
  const std::string& place = vocabulary.place;
  Result<std::vector<std::string>> tokens = texts_of(metadata, "tokens", place);
  if (!tokens)
    return tokens.error();
  if (tokens.value().empty())
    return bad(place, "has no " + key_of("tokens"));
  vocabulary.tokens = std::move(tokens).value();
  Result<std::vector<GgufTokenType>> types = types_of(metadata, vocabulary.tokens.size(), place);
  if (!types)
    return types.error();
  vocabulary.types = std::move(types).value();
  Result<std::vector<double>> scores = scores_of(metadata, vocabulary.tokens.size(), place);
  if (!scores)
    return scores.error();
  vocabulary.scores = std::move(scores).value();
  Result<std::vector<std::string>> merges = texts_of(metadata, "merges", place);
  if (!merges)
    return merges.error();
  vocabulary.merges = std::move(merges).value();
  Result<std::optional<std::string>> chat = chat_template_of(metadata, place);
  if (!chat)
    return chat.error();
  vocabulary.chat_template = std::move(chat).value();
  return {};
}

}  // namespace

bool GgufVocabulary::has(GgufTokenType type) const {
  return std::find(types.begin(), types.end(), type) != types.end();
}

Result<void> check_tokenizer_metadata(const GgufMetadata& metadata, int64_t vocab_size,
                                      const std::string& place) {
  const GgufValue* tokens = find(metadata, key_of("tokens"));
  for (const char* name : {"tokens", "token_type", "scores"}) {
    const GgufValue* value = find(metadata, key_of(name));
    if (value == nullptr)
      continue;
    if (value->kind != GgufKind::kArray || (value == tokens && value->element != GgufKind::kText))
      return bad(place, key_of(name) + " must be a list");
    if (tokens == nullptr || value->count != tokens->count)
      return bad(place, key_of(name) + " has " + std::to_string(value->count) +
                            " entries, not one for each token");
  }
  if (tokens != nullptr && tokens->count != static_cast<uint64_t>(vocab_size))
    return bad(place, key_of("tokens") + " has " + std::to_string(tokens->count) +
                          " entries, the embedding " + std::to_string(vocab_size) + " rows");
  return {};
}

Result<GgufVocabulary> read_vocabulary(const GgufMetadata& metadata, const std::string& place) {
  GgufVocabulary vocabulary;
  vocabulary.place = place;
  vocabulary.model = text_of(metadata, "model", "");
  vocabulary.pre = text_of(metadata, "pre", "default");
  if (const auto done = read_parts(vocabulary, metadata); !done)
    return done.error();
  const size_t tokens = vocabulary.tokens.size();
  vocabulary.begin_id = id_of(metadata, "bos_token_id", tokens);
  vocabulary.end_id = id_of(metadata, "eos_token_id", tokens);
  vocabulary.unknown_id = id_of(metadata, "unknown_token_id", tokens);
  const auto unknown =
      std::find(vocabulary.types.begin(), vocabulary.types.end(), GgufTokenType::kUnknown);
  if (!vocabulary.unknown_id && unknown != vocabulary.types.end())
    vocabulary.unknown_id = static_cast<size_t>(unknown - vocabulary.types.begin());
  vocabulary.padding_id = id_of(metadata, "padding_token_id", tokens);
  vocabulary.add_begin = flag_of(metadata, "add_bos_token");
  vocabulary.add_end = flag_of(metadata, "add_eos_token");
  vocabulary.add_space_prefix = flag_of(metadata, "add_space_prefix");
  vocabulary.remove_extra_whitespaces = flag_of(metadata, "remove_extra_whitespaces");
  return vocabulary;
}

}  // namespace nelumbo
