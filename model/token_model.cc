// SPDX-License-Identifier: Apache-2.0
#include "model/token_model.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "model/byte_level.h"
#include "model/step_fields.h"
#include "model/token_decoder.h"
#include "model/utf8.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr size_t kLongestPiece = 1024;
constexpr size_t kMostPieceBytes = 8'388'608;

/// What reading a model needs to know of the rest of the file.
struct Source {
  const json& model;
  const Vocabulary& vocabulary;
  const std::vector<bool>& special;
  const std::string& place;
};

/// The tokens "<0x00>" to "<0xFF>"; negative where there is none that text may become.
std::array<int32_t, 256> byte_tokens(const Source& source) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::array<int32_t, 256> ids{};
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text =
        std::string("<0x") + kDigits[byte / 16] + kDigits[byte % 16] + std::string(">");
    const auto id = source.vocabulary.id(text);
    ids[byte] = id && !source.special[*id] ? *id : -1;
  }
  return ids;
}

/// Some models lack bytes that their training never saw (SmolLM2: control characters).
Result<Alphabet> byte_alphabet(const Source& source) {
  const Result<bool> fuses = flag_field(source.model, "fuse_unk", false, source.place);
  if (!fuses)
    return fuses.error();
  Alphabet alphabet;
  alphabet.bytes.fill(-1);
  alphabet.fuse_unknown = fuses.value();
  const json unknown = source.model.value("unk_token", json());
  if (unknown.is_string())
    alphabet.unknown = source.vocabulary.id(unknown.get_ref<const std::string&>());
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = to_byte_level(std::string(1, static_cast<char>(byte)));
    const auto id = source.vocabulary.id(text);
    if (!id)
      continue;
    if (source.special[*id])
      return bad_data(source.place, "the byte token \"" + text + "\" must not be a special token");
    alphabet.bytes[byte] = *id;
  }
  if (std::ranges::all_of(alphabet.bytes, [](int32_t id) { return id < 0; }))
    return bad_data(source.place, "has no token of one byte");
  return alphabet;
}

Result<Alphabet> character_alphabet(const Source& source) {
  const Result<bool> fallback = flag_field(source.model, "byte_fallback", false, source.place);
  if (!fallback)
    return fallback.error();
  const Result<bool> fuses = flag_field(source.model, "fuse_unk", false, source.place);
  if (!fuses)
    return fuses.error();
  Alphabet alphabet;
  alphabet.bytes.fill(-1);
  if (fallback.value())
    alphabet.bytes = byte_tokens(source);
  for (const Vocabulary::Token& token : source.vocabulary.tokens)
    if (!token.text.empty() && character_size(token.text, 0) == std::ssize(token.text) &&
        !source.special[token.id])
      alphabet.characters.emplace(code_point(token.text, 0), token.id);
  if (alphabet.characters.empty())
    return bad_data(source.place, "has no token of one character");
  alphabet.fuse_unknown = fuses.value();
  const json unknown = source.model.value("unk_token", json());
  if (unknown.is_null())
    return alphabet;
  if (unknown.is_string())
    alphabet.unknown = source.vocabulary.id(unknown.get_ref<const std::string&>());
  if (!alphabet.unknown)
    return bad_data(source.place,
                    "model.unk_token " + excerpt(unknown) + " is not in the vocabulary");
  return alphabet;
}

using Sides = std::pair<std::string_view, std::string_view>;

/// The two sides of a merge: a list of two, or "left right".
std::optional<Sides> sides_of(const json& merge) {
  const auto text = [](const json& value) -> std::string_view {
    return value.get_ref<const std::string&>();
  };
  if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string())
    return Sides(text(merge[0]), text(merge[1]));
  if (!merge.is_string())
    return std::nullopt;
  const std::string_view both = text(merge);
  const size_t space = both.find(' ');
  if (space == std::string_view::npos || both.find(' ', space + 1) != std::string_view::npos)
    return std::nullopt;
  return Sides(both.substr(0, space), both.substr(space + 1));
}

Result<MergeTable::Merge> merge_of(const Vocabulary& vocabulary, const json& merge,
                                   const std::string& place) {
  const auto sides = sides_of(merge);
  if (!sides || sides->first.empty() || sides->second.empty())
    return bad_data(place, "must be two tokens, not " + excerpt(merge));
  const std::string both = std::string(sides->first) + std::string(sides->second);
  std::array<int32_t, 3> ids{};
  const std::array<std::string_view, 3> tokens{sides->first, sides->second, both};
  for (int k = 0; k < 3; ++k) {
    const auto id = vocabulary.id(tokens[k]);
    if (!id)
      return bad_data(
          place, "token " + excerpt(json(std::string(tokens[k]))) + " is not in the vocabulary");
    ids[k] = *id;
  }
  return MergeTable::Merge{ids[0], ids[1], ids[2]};
}

/// A merge into a special token is left out: text never becomes a control token.
Result<MergeTable> merges_of(const Source& source) {
  if (!source.model.contains("merges") || !source.model["merges"].is_array())
    return bad_data(source.place, "model must have merges");
  const json& list = source.model["merges"];
  const auto place_of = [&](size_t i) { return source.place + ": merge " + std::to_string(i); };
  std::vector<MergeTable::Merge> merges;
  std::vector<size_t> places;
  merges.reserve(list.size());
  for (size_t i = 0; i < list.size(); ++i) {
    const Result<MergeTable::Merge> merge = merge_of(source.vocabulary, list[i], source.place);
    if (!merge)  // a place for each would be most of the work
      return merge_of(source.vocabulary, list[i], place_of(i)).error();
    if (source.special[merge.value().merged])
      continue;
    merges.push_back(merge.value());
    places.push_back(i);
  }
  MergeTable table(merges);
  if (const auto repeated = table.repeated()) {
    const size_t i = places[*repeated];
    return bad_data(place_of(i), "the pair " + excerpt(list[i]) + " has a merge already");
  }
  return table;
}

Result<Bpe> bpe_of(const Source& source, bool byte_level) {
  for (const char* option : {"continuing_subword_prefix", "end_of_word_suffix", "dropout"}) {
    const json value = source.model.value(option, json());
    if (!value.is_null() && value != "" && value != 0)
      return bad_data(source.place, "model." + std::string(option) + " is not supported");
  }
  const Result<bool> whole =
      flag_field(source.model, "ignore_merges", false, source.place + ": model");
  if (!whole)
    return whole.error();
  Result<Alphabet> alphabet = byte_level ? byte_alphabet(source) : character_alphabet(source);
  if (!alphabet)
    return alphabet.error();
  Result<MergeTable> merges = merges_of(source);
  if (!merges)
    return merges.error();
  Bpe bpe(std::move(alphabet).value(), std::move(merges).value());
  if (!whole.value())
    return bpe;
  for (const Vocabulary::Token& token : source.vocabulary.tokens) {
    if (source.special[token.id])
      continue;
    if (!byte_level)
      bpe.add_whole_word(std::string(token.text), token.id);
    else if (auto bytes = from_byte_level(token.text))
      bpe.add_whole_word(std::move(*bytes), token.id);
  }
  return bpe;
}

Result<Unigram> unigram_of(const Source& source) {
  const std::string here = source.place + ": model";
  const Result<bool> fallback = flag_field(source.model, "byte_fallback", false, here);
  if (!fallback)
    return fallback.error();
  const int64_t count = std::ssize(source.vocabulary.tokens);
  if (count == 0)
    return bad_data(here, "vocab is empty");
  const Result<int64_t> unknown = count_field(source.model, "unk_id", count - 1, here);
  if (!unknown)
    return unknown.error();
  std::vector<UnigramPiece> pieces;
  size_t bytes = 0;
  for (const Vocabulary::Token& token : source.vocabulary.tokens) {
    bytes += token.text.size();
    if (token.text.size() > kLongestPiece || bytes > kMostPieceBytes)
      return bad_data(here, "pieces may have " + std::to_string(kLongestPiece) +
                                " bytes each and " + std::to_string(kMostPieceBytes) +
                                " in all: piece " + std::to_string(token.id));
    const double score = source.model["vocab"][token.id][1];
    pieces.push_back({std::string(token.text), score, !source.special[token.id]});
  }
  std::optional<std::array<int32_t, 256>> byte_ids;
  if (fallback.value())
    byte_ids = byte_tokens(source);
  return Unigram(pieces, static_cast<int32_t>(unknown.value()), byte_ids);
}

}  // namespace

Result<TokenModel> TokenModel::parse(const json& model, const Vocabulary& vocabulary,
                                     const std::vector<bool>& special, bool byte_level,
                                     const std::string& place) {
  const Source source{model, vocabulary, special, place};
  if (step_type(model) == "BPE") {
    Result<Bpe> bpe = bpe_of(source, byte_level);
    if (!bpe)
      return bpe.error();
    return TokenModel(std::move(bpe).value());
  }
  if (byte_level)
    return bad_data(place, "a ByteLevel pre_tokenizer before a Unigram is not supported");
  Result<Unigram> unigram = unigram_of(source);
  if (!unigram)
    return unigram.error();
  return TokenModel(std::move(unigram).value());
}

std::vector<uint8_t> TokenModel::lost_bytes() const {
  const Bpe* bpe = std::get_if<Bpe>(&model_);
  std::vector<uint8_t> lost;
  if (bpe == nullptr || !bpe->loses_bytes())
    return lost;
  for (int byte = 0; byte < 256; ++byte)
    if (!bpe->has_byte(static_cast<uint8_t>(byte)))
      lost.push_back(static_cast<uint8_t>(byte));
  return lost;
}

}  // namespace nelumbo
