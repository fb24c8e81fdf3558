// SPDX-License-Identifier: Apache-2.0
#include "model/vocabulary.h"

#include <initializer_list>
#include <unordered_set>
#include <utility>

#include <nlohmann/json.hpp>

#include "model/step_fields.h"

namespace nelumbo {
namespace {

using nlohmann::json;

Result<AddedToken> added_token(const json& fields, const std::string& place) {
  if (!fields.is_object() || !fields.contains("content") || !fields["content"].is_string() ||
      fields["content"].get_ref<const std::string&>().empty() || !fields.contains("id"))
    return bad_data(place, "must have a content and an id");
  AddedToken token;
  token.content = fields["content"];
  const std::string here = place + " " + excerpt(fields["content"]);
  const Result<int32_t> id = token_id(fields["id"], here);
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
    const Result<bool> flag = flag_field(fields, name, false, here);
    if (!flag)
      return flag.error();
    *value = flag.value();
  }
  return token;
}

Result<Vocabulary> of_ids(const json& vocab, const std::string& place) {
  Vocabulary vocabulary;
  vocabulary.tokens.reserve(vocab.size());
  for (const auto& [text, value] : vocab.get_ref<const json::object_t&>()) {
    const Result<int32_t> id = token_id(value, place);
    if (!id)
      return token_id(value, place + ": token " + excerpt(json(text))).error();
    vocabulary.tokens.push_back({text, id.value()});
  }
  return vocabulary;
}

Result<Vocabulary> of_scores(const json& vocab, const std::string& place) {
  Vocabulary vocabulary;
  vocabulary.tokens.reserve(vocab.size());
  for (const json& piece : vocab) {
    if (!piece.is_array() || piece.size() != 2 || !piece[0].is_string() || !piece[1].is_number())
      return bad_data(place, "piece " + std::to_string(vocabulary.tokens.size()) +
                                 " must be a text and a score, not " + excerpt(piece));
    vocabulary.tokens.push_back(
        {piece[0].get_ref<const std::string&>(), static_cast<int32_t>(vocabulary.tokens.size())});
  }
  return vocabulary;
}

}  // namespace

std::optional<int32_t> Vocabulary::id(std::string_view text) const {
  const auto found = by_text.find(text);
  return found == by_text.end() ? std::nullopt : std::optional(found->second);
}

Result<Vocabulary> read_vocabulary(const json& model, const std::string& place) {
  const json* vocab = model.contains("vocab") ? &model["vocab"] : nullptr;
  if (vocab == nullptr || !(vocab->is_object() || vocab->is_array()))
    return bad_data(place, "model must have a vocab");
  Result<Vocabulary> read = vocab->is_object() ? of_ids(*vocab, place) : of_scores(*vocab, place);
  if (!read)
    return read;
  Vocabulary& vocabulary = read.value();
  vocabulary.by_text.reserve(vocabulary.tokens.size());
  for (const Vocabulary::Token& token : vocabulary.tokens)
    vocabulary.by_text.insert_or_assign(token.text, token.id);
  return read;
}

Result<std::vector<AddedToken>> read_added_tokens(const json& document, const std::string& place) {
  std::vector<AddedToken> tokens;
  const json* list = document.contains("added_tokens") ? &document["added_tokens"] : nullptr;
  if (list == nullptr || list->is_null())
    return tokens;
  if (!list->is_array())
    return bad_data(place, "added_tokens must be a list");
  int64_t bytes = 0;
  std::unordered_set<std::string_view> contents;
  for (const json& fields : *list) {
    Result<AddedToken> token = added_token(fields, place + ": added token");
    if (!token)
      return token.error();
    const auto& content = fields["content"].get_ref<const std::string&>();
    if (!contents.insert(content).second)
      return bad_data(place, "added token " + excerpt(fields["content"]) + " is given twice");
    bytes += std::ssize(content);
    if (std::ssize(contents) > kMostAddedTokens || bytes > kMostAddedBytes)
      return bad_data(place, "added_tokens may be " + std::to_string(kMostAddedTokens) +
                                 " tokens of " + std::to_string(kMostAddedBytes) + " bytes in all");
    tokens.push_back(std::move(token).value());
  }
  return tokens;
}

}  // namespace nelumbo
