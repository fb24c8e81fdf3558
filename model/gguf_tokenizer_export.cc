// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/gguf_pretokenizer.h"
#include "model/gguf_tokenizer.h"
#include "model/gguf_vocabulary.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::json;

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

bool is(const json& object, const char* key, const json& value) {
  return object.is_object() && object.value(key, json()) == value;
}

/// The steps of a Sequence, or the one step there is.
json steps_of(const json& step, const char* list) {
  if (is(step, "type", "Sequence"))
    return step.value(list, json::array());
  return step.is_null() ? json::array() : json::array({step});
}

/// Tokens by id, as GGUF lists them.
class Table {
 public:
  Table(int64_t size, std::string place)
      : place_(std::move(place)), tokens_(size), types_(size, GgufTokenType::kUnused) {}

  Result<void> add(const std::string& token, const json& id, GgufTokenType type) {
    const bool fits = id.is_number_unsigned() && id < static_cast<uint64_t>(tokens_.size());
    if (!fits)
      return bad(place_, "token " + json(shortened(token)).dump() + " has id " + id.dump() +
                             ", the embedding " + std::to_string(tokens_.size()) + " rows");
    const auto at = id.get<size_t>();
    const auto known = ids_.find(token);
    if ((types_[at] != GgufTokenType::kUnused && tokens_[at] != token) ||
        (known != ids_.end() && known->second != at))
      return bad(place_, "token " + json(shortened(token)).dump() + " does not have id " +
                             std::to_string(at) + " for itself");
    tokens_[at] = token;
    types_[at] = type;
    ids_.emplace(token, at);
    return {};
  }

  void set_type(const std::string& token, GgufTokenType type) {
    if (const auto found = ids_.find(token); found != ids_.end())
      types_[found->second] = type;
  }

  std::optional<uint32_t> id(const std::string& token) const {
    const auto found = ids_.find(token);
    return found == ids_.end() ? std::nullopt : std::optional(static_cast<uint32_t>(found->second));
  }
  int64_t size() const { return std::ssize(tokens_); }
  const std::string& place() const { return place_; }

  /// A row that no token has gets a name of its own.
  std::vector<std::string> tokens() const {
    std::vector<std::string> named = tokens_;
    for (size_t i = 0; i < named.size(); ++i) {
      if (types_[i] != GgufTokenType::kUnused)
        continue;
      named[i] = "[PAD" + std::to_string(i) + "]";
      while (ids_.contains(named[i]))
        named[i] += '_';
    }
    return named;
  }
  std::vector<int32_t> types() const {
    std::vector<int32_t> numbers;
    for (const GgufTokenType type : types_)
      numbers.push_back(static_cast<int32_t>(type));
    return numbers;
  }

 private:
  std::string place_;
  std::vector<std::string> tokens_;
  std::vector<GgufTokenType> types_;
  std::unordered_map<std::string, size_t> ids_;
};

bool is_byte(const std::string& token) {
  return token.size() == 6 && token.starts_with("<0x") && token.back() == '>';
}

Result<void> add_vocabulary(Table& table, const json& model) {
  const json vocabulary = model.value("vocab", json());
  const bool bytes = is(model, "byte_fallback", true);
  const auto type_of = [bytes](const std::string& token) {
    return bytes && is_byte(token) ? GgufTokenType::kByte : GgufTokenType::kNormal;
  };
  if (vocabulary.is_object()) {
    for (const auto& [token, id] : vocabulary.items())
      if (auto done = table.add(token, id, type_of(token)); !done)
        return done;
    return {};
  }
  if (!vocabulary.is_array())
    return bad(table.place(), "model has no vocab");
  for (size_t id = 0; id < vocabulary.size(); ++id) {
    const json& piece = vocabulary[id];
    if (!piece.is_array() || piece.size() != 2 || !piece[0].is_string() || !piece[1].is_number())
      return bad(table.place(),
                 "model.vocab: entry " + std::to_string(id) + " must be a text and a number");
    if (auto done = table.add(piece[0], id, type_of(piece[0])); !done)
      return done;
  }
  return {};
}

Result<void> add_added_tokens(Table& table, const json& document) {
  for (const json& token : document.value("added_tokens", json::array())) {
    if (!token.is_object() || !token.contains("id") || !token.contains("content") ||
        !token["content"].is_string())
      return bad(table.place(), "an added token must have a content and an id");
    const GgufTokenType type =
        is(token, "special", true) ? GgufTokenType::kControl : GgufTokenType::kUserDefined;
    if (auto done = table.add(token["content"], token["id"], type); !done)
      return done;
  }
  return {};
}

/// "left right" for each merge. A space inside a side could not be told from the one between.
Result<std::vector<std::string>> merges_of(const json& model, const std::string& place) {
  std::vector<std::string> merges;
  for (const json& merge : model.value("merges", json::array())) {
    const bool pair =
        merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string();
    const std::string text = pair ? merge[0].get<std::string>() + " " + merge[1].get<std::string>()
                             : merge.is_string() ? merge.get<std::string>()
                                                 : std::string();
    if (std::count(text.begin(), text.end(), ' ') != 1 || text.front() == ' ' || text.back() == ' ')
      return bad(place, "merge " + shortened(merge.dump()) +
                            " must be two tokens without a space in them");
    merges.push_back(text);
  }
  return merges;
}

/// Scores that put tokens in the order of the merges that make them, as SentencePiece has it.
std::vector<float> scores_of(const Table& table, const std::vector<std::string>& merges) {
  std::vector<float> scores(table.size(), -static_cast<float>(merges.size()) - 1);
  for (size_t rank = merges.size(); rank-- > 0;) {
    std::string token = merges[rank];
    token.erase(token.find(' '), 1);
    if (const auto id = table.id(token))
      scores[*id] = -static_cast<float>(rank);
  }
  return scores;
}

std::vector<float> unigram_scores(const Table& table, const json& vocabulary) {
  std::vector<float> scores(table.size(), 0);
  for (size_t id = 0; id < vocabulary.size(); ++id)
    scores[id] = vocabulary[id][1].get<float>();
  return scores;
}

/// Whether the steps put a space in front of a text.
bool prepends_space(const json& document) {
  for (const json& step : steps_of(document.value("normalizer", json()), "normalizers"))
    if (is(step, "type", "Prepend"))
      return true;
  for (const json& step : steps_of(document.value("pre_tokenizer", json()), "pretokenizers"))
    if (is(step, "type", "Metaspace"))
      return !is(step, "prepend_scheme", "never");
  return false;
}

Result<void> only_steps(const json& steps, std::initializer_list<const char*> types,
                        const std::string& place) {
  for (const json& step : steps)
    if (std::none_of(types.begin(), types.end(),
                     [&step](const char* type) { return is(step, "type", type); }))
      return bad(place, "step " + step.dump().substr(0, 60) + " has no place in GGUF");
  return {};
}

/// What a tokenizer.json is, in GGUF's words.
enum class Family { kByteLevel, kPieces, kUnigram };

Result<Family> family_of(const json& document, const std::string& place) {
  const json model = document.is_object() ? document.value("model", json()) : json();
  if (is(model, "type", "Unigram"))
    return Family::kUnigram;
  if (!is(model, "type", "BPE"))
    return bad(place, "its model must be BPE or Unigram");
  return is(model, "byte_fallback", true) ? Family::kPieces : Family::kByteLevel;
}

Result<void> check_piece_steps(const json& document, const std::string& place) {
  if (auto done = only_steps(steps_of(document.value("normalizer", json()), "normalizers"),
                             {"Prepend", "Replace"}, place);
      !done)
    return done;
  return only_steps(steps_of(document.value("pre_tokenizer", json()), "pretokenizers"),
                    {"Metaspace"}, place);
}

Result<GgufMetadata> byte_level_metadata(const Table& table, const json& document) {
  const Result<const GgufPretokenizer*> pre = gguf_pretokenizer_of(document, table.place());
  if (!pre)
    return pre.error();
  const Result<std::vector<std::string>> merges = merges_of(document["model"], table.place());
  if (!merges)
    return merges.error();
  return GgufMetadata{{"tokenizer.ggml.model", GgufValue::text("gpt2")},
                      {"tokenizer.ggml.pre", GgufValue::text(std::string(pre.value()->name))},
                      {"tokenizer.ggml.tokens", GgufValue::texts(table.tokens())},
                      {"tokenizer.ggml.token_type", GgufValue::integers(table.types())},
                      {"tokenizer.ggml.merges", GgufValue::texts(merges.value())}};
}

Result<GgufMetadata> piece_metadata(const Table& table, const json& document, Family family) {
  const json& model = document["model"];
  if (const auto sound = check_piece_steps(document, table.place()); !sound)
    return sound.error();
  const Result<std::vector<std::string>> merges = merges_of(model, table.place());
  if (!merges)
    return merges.error();
  const bool unigram = family == Family::kUnigram;
  GgufMetadata metadata{
      {"tokenizer.ggml.model", GgufValue::text(unigram ? "t5" : "llama")},
      {"tokenizer.ggml.pre", GgufValue::text("default")},
      {"tokenizer.ggml.tokens", GgufValue::texts(table.tokens())},
      {"tokenizer.ggml.scores", GgufValue::reals(unigram ? unigram_scores(table, model["vocab"])
                                                         : scores_of(table, merges.value()))},
      {"tokenizer.ggml.token_type", GgufValue::integers(table.types())},
      {"tokenizer.ggml.add_space_prefix", GgufValue::flag(prepends_space(document))}};
  if (!unigram)
    metadata.emplace_back("tokenizer.ggml.merges", GgufValue::texts(merges.value()));
  return metadata;
}

/// The text of a token in tokenizer_config.json, which may stand in an object.
std::optional<std::string> role_of(const json& config, const char* role) {
  json value = config.value(role, json());
  if (value.is_object())
    value = json(value.value("content", json()));
  return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
}

/// The tokens that the post-processor puts in front of a text and behind it.
std::array<std::optional<std::string>, 2> template_of(const json& document) {
  std::array<std::optional<std::string>, 2> around;
  for (const json& processor : steps_of(document.value("post_processor", json()), "processors")) {
    const json single =
        is(processor, "type", "TemplateProcessing") ? processor.value("single", json()) : json();
    bool behind = false;
    for (const json& step : single) {
      const json special = step.is_object() ? step.value("SpecialToken", json()) : json();
      if (special.is_object() && special.contains("id") && special["id"].is_string())
        around[behind ? 1 : 0] = special["id"].get<std::string>();
      behind = behind || (step.is_object() && step.contains("Sequence"));
    }
  }
  return around;
}

/// What the model takes for characters that it does not know.
std::optional<std::string> unknown_of(const json& model) {
  const json text = model.value("unk_token", json());
  const json id = model.value("unk_id", json());
  if (text.is_string())
    return text.get<std::string>();
  if (id.is_number_unsigned() && model["vocab"].is_array() && id < model["vocab"].size())
    return model["vocab"][id.get<size_t>()][0].get<std::string>();
  return std::nullopt;
}

void add_roles(GgufMetadata& metadata, const Table& table, const json& document,
               const json& config) {
  const auto around = template_of(document);
  const auto add = [&](const char* key, const std::optional<std::string>& token) {
    const auto id = token ? table.id(*token) : std::nullopt;
    if (id)
      metadata.emplace_back(std::string("tokenizer.ggml.") + key, GgufValue::natural(*id));
  };
  const auto begin = role_of(config, "bos_token");
  const auto end = role_of(config, "eos_token");
  add("bos_token_id", begin ? begin : around[0]);
  add("eos_token_id", end ? end : around[1]);
  const auto unknown = role_of(config, "unk_token");
  add("unknown_token_id", unknown ? unknown : unknown_of(document["model"]));
  add("padding_token_id", role_of(config, "pad_token"));
  const auto add_flag = [&](const char* key, bool otherwise) {
    const json said = config.value(key, json());
    metadata.emplace_back(std::string("tokenizer.ggml.") + key,
                          GgufValue::flag(said.is_boolean() ? said.get<bool>() : otherwise));
  };
  add_flag("add_bos_token", around[0].has_value());
  add_flag("add_eos_token", around[1].has_value());
}

/// The chat template, or of several the one called default.
std::optional<std::string> chat_template_of(const json& config) {
  const json chat = config.value("chat_template", json());
  if (chat.is_string())
    return chat.get<std::string>();
  if (chat.is_array())
    for (const json& named : chat)
      if (is(named, "name", "default") && named.value("template", json()).is_string())
        return named["template"].get<std::string>();
  return std::nullopt;
}

}  // namespace

Result<GgufMetadata> tokenizer_metadata(const TokenizerDocuments& documents, int64_t vocab_size,
                                        const std::string& place) {
  const std::string here = place + ": tokenizer.json";
  const Result<json> document = parse_json(documents.tokenizer, here);
  if (!document)
    return document.error();
  const Result<json> config =
      parse_json(documents.tokenizer_config, place + ": tokenizer_config.json");
  if (!config)
    return config.error();
  if (!config.value().is_object())
    return bad(place, "tokenizer_config.json must be an object");
  const Result<Family> family = family_of(document.value(), here);
  if (!family)
    return family.error();
  const json& model = document.value()["model"];
  Table table(vocab_size, here);
  if (const auto done = add_vocabulary(table, model); !done)
    return done.error();
  if (const auto done = add_added_tokens(table, document.value()); !done)
    return done.error();
  if (const auto unknown = unknown_of(model); unknown && family.value() != Family::kByteLevel)
    table.set_type(*unknown, GgufTokenType::kUnknown);
  Result<GgufMetadata> metadata = family.value() == Family::kByteLevel
                                      ? byte_level_metadata(table, document.value())
                                      : piece_metadata(table, document.value(), family.value());
  if (!metadata)
    return metadata.error();
  add_roles(metadata.value(), table, document.value(), config.value());
  if (const auto chat = chat_template_of(config.value()))
    metadata.value().emplace_back("tokenizer.chat_template", GgufValue::text(*chat));
  return metadata;
}

}  // namespace nelumbo
