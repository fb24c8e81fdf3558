// SPDX-License-Identifier: Apache-2.0
#include "model/tokenizer_parts.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "model/byte_level.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::json;

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

/// A token of `vocab`, by its text there.
using Vocabulary = std::unordered_map<std::string, int32_t>;

std::string as_json(const std::string& text) {
  return json(text).dump();
}

std::string type_of(const json& step) {
  return step.is_object() && step.contains("type") && step["type"].is_string()
             ? step["type"].get<std::string>()
             : step.dump().substr(0, 60);
}

Result<int32_t> id_of(const json& value, const std::string& place) {
  if (value.is_number_unsigned() && value.get<uint64_t>() <= uint64_t{INT32_MAX})
    return value.get<int32_t>();
  return bad(place, "an id must be a whole number from 0 to " + std::to_string(INT32_MAX));
}

Result<bool> flag_of(const json& token, const char* name, const std::string& place) {
  if (!token.contains(name))
    return false;
  if (!token[name].is_boolean())
    return bad(place, std::string(name) + " must be true or false");
  return token[name].get<bool>();
}

Result<AddedToken> added_token(const json& fields, const std::string& place) {
  if (!fields.is_object() || !fields.contains("content") || !fields["content"].is_string() ||
      fields["content"].get_ref<const std::string&>().empty() || !fields.contains("id"))
    return bad(place, "must have a content and an id");
  AddedToken token;
  token.content = fields["content"];
  const Result<int32_t> id = id_of(fields["id"], place + " " + as_json(token.content));
  if (!id)
    return id.error();
  token.id = id.value();
  const std::initializer_list<std::pair<const char*, bool*>> flags = {
      {"special", &token.special},
      {"lstrip", &token.lstrip},
      {"rstrip", &token.rstrip},
      {"single_word", &token.single_word},
      {"normalized", &token.normalized}};
  for (const auto& [name, value] : flags) {
    const Result<bool> flag = flag_of(fields, name, place + " " + as_json(token.content));
    if (!flag)
      return flag.error();
    *value = flag.value();
  }
  return token;
}

Result<std::vector<AddedToken>> added_tokens(const json& document, const std::string& place) {
  const json list = document.value("added_tokens", json::array());
  if (!list.is_array())
    return bad(place, "added_tokens must be a list");
  std::vector<AddedToken> tokens;
  std::set<std::string> contents;
  for (const json& fields : list) {
    Result<AddedToken> token = added_token(fields, place + ": added token");
    if (!token)
      return token.error();
    if (!contents.insert(token.value().content).second)
      return bad(place, "added token " + as_json(token.value().content) + " is given twice");
    tokens.push_back(std::move(token).value());
  }
  return tokens;
}

/// Refuses, by name, settings that would change ids or text and that this tokenizer does not have.
Result<void> check_steps(const json& document, const std::string& place) {
  const auto step = [&](const char* name) { return document.value(name, json()); };
  const json normalizer = step("normalizer");
  const bool empty_sequence =
      type_of(normalizer) == "Sequence" && normalizer.value("normalizers", json(0)).empty();
  if (!normalizer.is_null() && !empty_sequence)
    return bad(place, "normalizer " + type_of(normalizer) + " is not supported; only none is");

  json decoder = step("decoder");
  if (type_of(decoder) == "Sequence" && decoder.value("decoders", json()).is_array() &&
      decoder["decoders"].size() == 1)
    decoder = json(decoder["decoders"][0]);
  if (type_of(decoder) != "ByteLevel")
    return bad(place, "decoder " + type_of(decoder) + " is not supported; ByteLevel is");

  json processors = json::array({step("post_processor")});
  if (type_of(processors[0]) == "Sequence")
    processors = json(processors[0].value("processors", json::array()));
  for (const json& processor : processors)
    if (!processor.is_null() && type_of(processor) != "ByteLevel" &&
        type_of(processor) != "TemplateProcessing")
      return bad(place, "post_processor " + type_of(processor) +
                            " is not supported; ByteLevel and TemplateProcessing are");
  return {};
}

/// The `model`, once it is certain to be plain byte-level BPE.
Result<json> bpe_model(const json& document, const std::string& place) {
  if (!document.is_object() || !document.contains("model") || !document["model"].is_object())
    return bad(place, "has no model");
  const json& model = document["model"];
  if (type_of(model) != "BPE")
    return bad(place, "model " + type_of(model) + " is not supported; BPE is");
  for (const char* option : {"continuing_subword_prefix", "end_of_word_suffix", "dropout"}) {
    const json value = model.value(option, json());
    if (!value.is_null() && value != "" && value != 0)
      return bad(place, "model." + std::string(option) + " is not supported");
  }
  if (model.value("byte_fallback", json(false)) != false)
    return bad(place, "model.byte_fallback is not supported");
  if (!model.value("ignore_merges", json(false)).is_boolean())
    return bad(place, "model.ignore_merges must be true or false");
  if (!model.contains("vocab") || !model["vocab"].is_object() || !model.contains("merges") ||
      !model["merges"].is_array())
    return bad(place, "model must have a vocab and merges");
  return model;
}

Result<Vocabulary> vocabulary_of(const json& model, const std::string& place) {
  Vocabulary vocabulary;
  for (const auto& [token, value] : model["vocab"].items()) {
    const Result<int32_t> id = id_of(value, place + ": token " + as_json(token));
    if (!id)
      return id.error();
    vocabulary.emplace(token, id.value());
  }
  return vocabulary;
}

/// Fills what is looked up by id.
class IdTable {
 public:
  IdTable(TokenizerParts& parts, std::string place) : parts_(parts), place_(std::move(place)) {}

  Result<void> reserve(const Vocabulary& vocabulary, const std::vector<AddedToken>& added) {
    int64_t end = 0;
    for (const auto& [token, id] : vocabulary)
      end = std::max<int64_t>(end, id + int64_t{1});
    for (const AddedToken& token : added)
      end = std::max<int64_t>(end, token.id + int64_t{1});
    const int64_t most = 4 * (std::ssize(vocabulary) + std::ssize(added)) + 1024;
    if (end > most)
      return bad(place_, "its " + std::to_string(vocabulary.size() + added.size()) +
                             " tokens have ids up to " + std::to_string(end - 1));
    parts_.pieces.resize(end);
    parts_.decoded.resize(end);
    parts_.special.resize(end);
    owner_.resize(end, nullptr);
    return {};
  }

  /// `text` is how the file spells the token, `piece` what it stands for.
  Result<void> add(int32_t id, const std::string& text, std::string piece) {
    if (owner_[id] != nullptr && *owner_[id] != text)
      return bad(place_, "tokens " + as_json(*owner_[id]) + " and " + as_json(text) +
                             " have one id, " + std::to_string(id));
    owner_[id] = &text;
    parts_.decoded[id] = from_byte_level(text).value_or(text);
    parts_.by_piece.insert_or_assign(piece, id);
    parts_.pieces[id] = std::move(piece);
    return {};
  }

 private:
  TokenizerParts& parts_;
  std::string place_;
  std::vector<const std::string*> owner_;
};

Result<void> fill_ids(TokenizerParts& parts, const Vocabulary& vocabulary,
                      const std::string& place) {
  IdTable table(parts, place);
  const std::vector<AddedToken>& added = parts.added.tokens();
  if (const auto done = table.reserve(vocabulary, added); !done)
    return done.error();
  for (const auto& [token, id] : vocabulary)
    if (const auto done = table.add(id, token, from_byte_level(token).value_or(token)); !done)
      return done.error();
  for (const AddedToken& token : added) {
    const auto known = vocabulary.find(token.content);
    if (known != vocabulary.end() && known->second != token.id)
      return bad(place, "added token " + as_json(token.content) + " has id " +
                            std::to_string(token.id) + " and in the vocabulary " +
                            std::to_string(known->second));
    if (const auto done = table.add(token.id, token.content, token.content); !done)
      return done.error();
    parts.special[token.id] = token.special;
  }
  return {};
}

Result<Bpe> alphabet_of(const Vocabulary& vocabulary, const std::vector<AddedToken>& added,
                        const std::string& place) {
  std::array<int32_t, 256> ids{};
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = to_byte_level(std::string(1, static_cast<char>(byte)));
    const auto found = vocabulary.find(text);
    if (found == vocabulary.end())
      return bad(place, "has no token for byte " + std::to_string(byte) + ", " + as_json(text));
    ids[byte] = found->second;
    for (const AddedToken& token : added)
      if (token.special && token.id == ids[byte])
        return bad(place, "the byte token " + as_json(text) + " must not be a special token");
  }
  return Bpe(ids);
}

/// The two sides of a merge: a list of two, or "left right".
std::optional<std::pair<std::string, std::string>> sides_of(const json& merge) {
  if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string())
    return std::pair(merge[0].get<std::string>(), merge[1].get<std::string>());
  if (!merge.is_string())
    return std::nullopt;
  const std::string text = merge;
  const size_t space = text.find(' ');
  if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos)
    return std::nullopt;
  return std::pair(text.substr(0, space), text.substr(space + 1));
}

/// A merge into a special token is left out: text never becomes a control token.
Result<void> add_merges(TokenizerParts& parts, const Vocabulary& vocabulary, const json& merges,
                        const std::string& place) {
  for (size_t i = 0; i < merges.size(); ++i) {
    const std::string here = place + ": merge " + std::to_string(i);
    const auto sides = sides_of(merges[i]);
    if (!sides || sides->first.empty() || sides->second.empty())
      return bad(here, "must be two tokens, not " + merges[i].dump().substr(0, 80));
    std::array<int32_t, 3> ids{};
    const std::array<std::string, 3> tokens{sides->first, sides->second,
                                            sides->first + sides->second};
    for (int k = 0; k < 3; ++k) {
      const auto found = vocabulary.find(tokens[k]);
      if (found == vocabulary.end())
        return bad(here, "token " + as_json(tokens[k]) + " is not in the vocabulary");
      ids[k] = found->second;
    }
    if (!parts.special[ids[2]] && !parts.bpe.add_merge(ids[0], ids[1], ids[2]))
      return bad(here, "the pair " + merges[i].dump() + " has a merge already");
  }
  return {};
}

}  // namespace

Result<TokenizerParts> parse_tokenizer(std::string_view text, const std::string& place) {
  const Result<json> document = parse_json(text, place);
  if (!document)
    return document.error();
  const Result<json> model = bpe_model(document.value(), place);
  if (!model)
    return model.error();
  if (const auto sound = check_steps(document.value(), place); !sound)
    return sound.error();
  Result<Pretokenizer> pretokenizer = Pretokenizer::parse(
      document.value().value("pre_tokenizer", json()), place + ": pre_tokenizer");
  if (!pretokenizer)
    return pretokenizer.error();
  Result<std::vector<AddedToken>> added = added_tokens(document.value(), place);
  if (!added)
    return added.error();
  const Result<Vocabulary> vocabulary = vocabulary_of(model.value(), place);
  if (!vocabulary)
    return vocabulary.error();
  const Result<Bpe> bpe = alphabet_of(vocabulary.value(), added.value(), place);
  if (!bpe)
    return bpe.error();

  TokenizerParts parts{AddedTokens(std::move(added).value()),
                       std::move(pretokenizer).value(),
                       bpe.value(),
                       {},
                       {},
                       {},
                       {}};
  if (const auto done = fill_ids(parts, vocabulary.value(), place); !done)
    return done.error();
  if (const auto done = add_merges(parts, vocabulary.value(), model.value()["merges"], place);
      !done)
    return done.error();
  if (model.value().value("ignore_merges", false))
    for (const auto& [token, id] : vocabulary.value())
      if (const auto bytes = from_byte_level(token); bytes && !parts.special[id])
        parts.bpe.add_whole_word(*bytes, id);
  return parts;
}

}  // namespace nelumbo
