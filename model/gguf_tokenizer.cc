// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_tokenizer.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/gguf_pretokenizer.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr const char* kSpace = "\u2581";  ///< SentencePiece's sign for a space

/// Steps that finding merges from scores may take: the squares of the tokens' lengths.
constexpr int64_t kMostSplitSteps = 1'000'000'000;

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

/// In quotes and fit for a terminal, whatever the file holds.
std::string in_quotes(const std::string& text) {
  return json(text).dump(-1, ' ', true, json::error_handler_t::replace);
}

/// The keys of the tokenizer, as C++ has them.
struct Vocabulary {
  std::string place;
  std::vector<std::string> tokens;
  std::vector<GgufTokenType> types;
  std::vector<double> scores;
  std::vector<std::string> merges;

  bool is(size_t id, GgufTokenType type) const { return types[id] == type; }
  bool has(GgufTokenType type) const {
    return std::find(types.begin(), types.end(), type) != types.end();
  }
};

std::string key_of(const char* name) {
  return std::string("tokenizer.ggml.") + name;
}

std::optional<bool> flag_of(const GgufMetadata& metadata, const char* name) {
  const GgufValue* value = find(metadata, key_of(name));
  return value == nullptr ? std::nullopt : value->as_flag();
}

std::string text_of(const GgufMetadata& metadata, const char* name) {
  const GgufValue* value = find(metadata, key_of(name));
  return value == nullptr ? std::string() : value->as_text().value_or("");
}

/// The id that a key names; none where it names no token.
std::optional<size_t> id_of(const GgufMetadata& metadata, const char* name, size_t tokens) {
  const GgufValue* value = find(metadata, key_of(name));
  const std::optional<int64_t> id = value == nullptr ? std::nullopt : value->as_natural();
  return id && static_cast<size_t>(*id) < tokens ? std::optional<size_t>(*id) : std::nullopt;
}

const GgufValue* array_of(const GgufMetadata& metadata, const char* name) {
  return find(metadata, key_of(name));
}

Result<std::vector<std::string>> texts_of(const GgufMetadata& metadata, const char* name,
                                          const std::string& place) {
  const GgufValue* value = array_of(metadata, name);
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
  const GgufValue* value = array_of(metadata, "token_type");
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

Result<Vocabulary> vocabulary_of(const GgufMetadata& metadata, const std::string& place) {
  Vocabulary vocabulary{place, {}, {}, {}, {}};
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
  if (const GgufValue* scores = array_of(metadata, "scores"))
    vocabulary.scores = scores->as_reals().value_or(std::vector<double>{});
  Result<std::vector<std::string>> merges = texts_of(metadata, "merges", place);
  if (!merges)
    return merges.error();
  vocabulary.merges = std::move(merges).value();
  return vocabulary;
}

/// Text -> id. Unused tokens only fill rows of the embedding and are left out.
Result<json> ids_of(const Vocabulary& vocabulary) {
  json ids = json::object();
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id)
    if (!vocabulary.is(id, GgufTokenType::kUnused) &&
        !ids.emplace(vocabulary.tokens[id], id).second)
      return bad(vocabulary.place, "token " + in_quotes(vocabulary.tokens[id]) +
                                       " stands twice, the second time as " + std::to_string(id));
  return ids;
}

json added_tokens_of(const Vocabulary& vocabulary) {
  json added = json::array();
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    const bool special =
        vocabulary.is(id, GgufTokenType::kControl) || vocabulary.is(id, GgufTokenType::kUnknown);
    if ((special || vocabulary.is(id, GgufTokenType::kUserDefined)) &&
        !vocabulary.tokens[id].empty())
      added.push_back({{"id", id},
                       {"content", vocabulary.tokens[id]},
                       {"single_word", false},
                       {"lstrip", false},
                       {"rstrip", false},
                       {"normalized", false},
                       {"special", special}});
  }
  return added;
}

/// The pairs of `tokenizer.ggml.merges`; a side is never empty, so that the space between the two
/// is the first behind byte 0.
Result<json> pairs_of(const Vocabulary& vocabulary) {
  json pairs = json::array();
  for (size_t i = 0; i < vocabulary.merges.size(); ++i) {
    const std::string& merge = vocabulary.merges[i];
    const size_t space = merge.find(' ', 1);
    if (space == std::string::npos || space + 1 == merge.size())
      return bad(vocabulary.place, key_of("merges") + ": entry " + std::to_string(i) + ", " +
                                       in_quotes(merge) + ", must be two tokens");
    pairs.push_back({merge.substr(0, space), merge.substr(space + 1)});
  }
  return pairs;
}

/// The begin and end tokens that are put around a text.
json post_processor_of(const Vocabulary& vocabulary, std::optional<size_t> begin,
                       std::optional<size_t> end) {
  json special = json::object();
  const auto around = [&](const char* sequence, int type) {
    json steps = json::array();
    const auto add = [&](std::optional<size_t> id) {
      if (!id)
        return;
      const std::string& token = vocabulary.tokens[*id];
      steps.push_back({{"SpecialToken", {{"id", token}, {"type_id", type}}}});
      special[token] = {{"id", token}, {"ids", {*id}}, {"tokens", {token}}};
    };
    add(begin);
    steps.push_back({{"Sequence", {{"id", sequence}, {"type_id", type}}}});
    add(end);
    return steps;
  };
  json single = around("A", 0);
  json pair = single;
  for (json& step : around("B", 1))
    pair.push_back(std::move(step));
  if (!begin && !end)
    return nullptr;
  return {{"type", "TemplateProcessing"},
          {"single", std::move(single)},
          {"pair", std::move(pair)},
          {"special_tokens", std::move(special)}};
}

json replace(const char* kind, const char* pattern, const char* content) {
  return {{"type", "Replace"}, {"pattern", {{kind, pattern}}}, {"content", content}};
}

/// From SentencePiece's pieces to text; `space` is what was put in front of the text.
json piece_decoder(bool space) {
  json steps{replace("String", kSpace, " "), {{"type", "ByteFallback"}}, {{"type", "Fuse"}}};
  if (space)
    steps.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
  return {{"type", "Sequence"}, {"decoders", std::move(steps)}};
}

/// A tokenizer.json without post-processor and model.
json document_of(const Vocabulary& vocabulary) {
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"normalizer", nullptr},
          {"pre_tokenizer", nullptr},
          {"post_processor", nullptr},
          {"added_tokens", added_tokens_of(vocabulary)}};
}

json bpe_json(json ids, json pairs) {
  return {{"type", "BPE"},
          {"dropout", nullptr},
          {"unk_token", nullptr},
          {"continuing_subword_prefix", nullptr},
          {"end_of_word_suffix", nullptr},
          {"fuse_unk", false},
          {"byte_fallback", false},
          {"ignore_merges", false},
          {"vocab", std::move(ids)},
          {"merges", std::move(pairs)}};
}

Result<json> byte_level_document(const Vocabulary& vocabulary,
                                 const GgufPretokenizer& pretokenizer) {
  Result<json> ids = ids_of(vocabulary);
  if (!ids)
    return ids.error();
  Result<json> pairs = pairs_of(vocabulary);
  if (!pairs)
    return pairs.error();
  json document = document_of(vocabulary);
  if (pretokenizer.composes)
    document["normalizer"] = {{"type", "NFC"}};
  document["pre_tokenizer"] = pretokenizer_json(pretokenizer);
  document["decoder"] = {{"type", "ByteLevel"},
                         {"add_prefix_space", true},
                         {"trim_offsets", true},
                         {"use_regex", true}};
  document["model"] = bpe_json(std::move(ids).value(), std::move(pairs).value());
  document["model"]["ignore_merges"] = pretokenizer.ignore_merges;
  return document;
}

/// A merge that scores allow: where the token can be cut into two others.
struct Cut {
  double score;
  size_t left, right;
};

/// SentencePiece merges the neighbours whose union has the best score; as a list of merges: all
/// cuts of all tokens into two tokens, best score first, then by the ids of the sides.
Result<json> pairs_from_scores(const Vocabulary& vocabulary) {
  std::unordered_map<std::string_view, size_t> ids;
  int64_t steps = 0;
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    ids.emplace(vocabulary.tokens[id], id);
    steps += std::ssize(vocabulary.tokens[id]) * std::ssize(vocabulary.tokens[id]);
    if (steps > kMostSplitSteps)
      return bad(vocabulary.place, "its tokens are too long to find the merges between them");
  }
  std::vector<Cut> cuts;
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    const std::string_view token = vocabulary.tokens[id];
    if (!vocabulary.is(id, GgufTokenType::kNormal))
      continue;
    for (size_t at = 1; at < token.size(); ++at) {
      const auto left = ids.find(token.substr(0, at));
      const auto right = left == ids.end() ? left : ids.find(token.substr(at));
      if (right != ids.end())
        cuts.push_back({vocabulary.scores[id], left->second, right->second});
    }
  }
  std::sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) {
    return a.score != b.score ? a.score > b.score
                              : std::pair(a.left, a.right) < std::pair(b.left, b.right);
  });
  json pairs = json::array();
  for (const Cut& cut : cuts)
    pairs.push_back({vocabulary.tokens[cut.left], vocabulary.tokens[cut.right]});
  return pairs;
}

json piece_normalizer(bool space) {
  json steps = json::array();
  if (space)
    steps.push_back({{"type", "Prepend"}, {"prepend", kSpace}});
  steps.push_back(replace("String", " ", kSpace));
  return {{"type", "Sequence"}, {"normalizers", std::move(steps)}};
}

Result<json> piece_document(const GgufMetadata& metadata, const Vocabulary& vocabulary) {
  Result<json> ids = ids_of(vocabulary);
  if (!ids)
    return ids.error();
  if (vocabulary.merges.empty() && vocabulary.scores.size() != vocabulary.tokens.size())
    return bad(vocabulary.place, "has neither " + key_of("scores") + " nor merges");
  Result<json> pairs =
      vocabulary.merges.empty() ? pairs_from_scores(vocabulary) : pairs_of(vocabulary);
  if (!pairs)
    return pairs.error();
  const bool space = flag_of(metadata, "add_space_prefix").value_or(true);
  json document = document_of(vocabulary);
  document["normalizer"] = piece_normalizer(space);
  document["decoder"] = piece_decoder(space);
  document["model"] = bpe_json(std::move(ids).value(), std::move(pairs).value());
  document["model"]["fuse_unk"] = true;
  document["model"]["byte_fallback"] = vocabulary.has(GgufTokenType::kByte);
  if (const auto unknown = id_of(metadata, "unknown_token_id", vocabulary.tokens.size()))
    document["model"]["unk_token"] = vocabulary.tokens[*unknown];
  return document;
}

Result<json> unigram_document(const GgufMetadata& metadata, const Vocabulary& vocabulary) {
  if (vocabulary.scores.size() != vocabulary.tokens.size())
    return bad(vocabulary.place, "has no " + key_of("scores"));
  const GgufValue* map = array_of(metadata, "precompiled_charsmap");
  if (map != nullptr && map->count > 0)
    return bad(vocabulary.place, key_of("precompiled_charsmap") + " is not supported");
  json pieces = json::array();
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id)
    pieces.push_back({vocabulary.tokens[id], vocabulary.scores[id]});
  const bool space = flag_of(metadata, "add_space_prefix").value_or(true);
  json document = document_of(vocabulary);
  if (flag_of(metadata, "remove_extra_whitespaces").value_or(false))
    document["normalizer"] = replace("Regex", " {2,}", " ");
  document["pre_tokenizer"] = {{"type", "Metaspace"},
                               {"replacement", kSpace},
                               {"prepend_scheme", space ? "always" : "never"},
                               {"split", true}};
  document["decoder"] = piece_decoder(space);
  document["model"] = {{"type", "Unigram"},
                       {"unk_id", nullptr},
                       {"vocab", std::move(pieces)},
                       {"byte_fallback", vocabulary.has(GgufTokenType::kByte)}};
  if (const auto unknown = id_of(metadata, "unknown_token_id", vocabulary.tokens.size()))
    document["model"]["unk_id"] = *unknown;
  return document;
}

/// tokenizer_config.json: which tokens have a role, and the chat template.
Result<json> config_of(const GgufMetadata& metadata, const Vocabulary& vocabulary) {
  json config{{"tokenizer_class", "PreTrainedTokenizerFast"},
              {"clean_up_tokenization_spaces", false}};
  const std::initializer_list<std::pair<const char*, const char*>> roles = {
      {"bos_token", "bos_token_id"},
      {"eos_token", "eos_token_id"},
      {"unk_token", "unknown_token_id"},
      {"pad_token", "padding_token_id"}};
  for (const auto& [role, key] : roles)
    if (const auto id = id_of(metadata, key, vocabulary.tokens.size()))
      config[role] = vocabulary.tokens[*id];
  const GgufValue* chat = find(metadata, "tokenizer.chat_template");
  if (chat == nullptr)
    return config;
  const std::optional<std::string> text = chat->as_text();
  if (!text || invalid_utf8_at(*text))
    return bad(vocabulary.place, "tokenizer.chat_template must be a UTF-8 text");
  config["chat_template"] = *text;
  return config;
}

}  // namespace

Result<void> check_tokenizer_metadata(const GgufMetadata& metadata, int64_t vocab_size,
                                      const std::string& place) {
  const GgufValue* tokens = array_of(metadata, "tokens");
  for (const char* name : {"tokens", "token_type", "scores"}) {
    const GgufValue* value = array_of(metadata, name);
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

Result<TokenizerDocuments> tokenizer_documents(const GgufMetadata& metadata,
                                               const std::string& place) {
  const std::string model = text_of(metadata, "model");
  const GgufPretokenizer* pretokenizer = nullptr;
  if (model == "gpt2") {
    const std::string pre = text_of(metadata, "pre");
    pretokenizer = gguf_pretokenizer(pre.empty() ? "default" : pre);
    if (pretokenizer == nullptr)
      return bad(place, key_of("pre") + " " + in_quotes(pre) +
                            " is not supported; supported: " + gguf_pretokenizer_names());
  } else if (model != "llama" && model != "t5") {
    return bad(place, key_of("model") + " must be gpt2, llama or t5, not " + in_quotes(model));
  }
  const Result<Vocabulary> vocabulary = vocabulary_of(metadata, place);
  if (!vocabulary)
    return vocabulary.error();
  Result<json> document = pretokenizer != nullptr
                              ? byte_level_document(vocabulary.value(), *pretokenizer)
                          : model == "llama" ? piece_document(metadata, vocabulary.value())
                                             : unigram_document(metadata, vocabulary.value());
  if (!document)
    return document.error();
  const size_t tokens = vocabulary.value().tokens.size();
  const bool begins =
      flag_of(metadata, "add_bos_token")
          .value_or(pretokenizer == nullptr ? model == "llama" : pretokenizer->begins);
  const bool ends = flag_of(metadata, "add_eos_token").value_or(model == "t5");
  document.value()["post_processor"] = post_processor_of(
      vocabulary.value(), begins ? id_of(metadata, "bos_token_id", tokens) : std::nullopt,
      ends ? id_of(metadata, "eos_token_id", tokens) : std::nullopt);
  Result<json> config = config_of(metadata, vocabulary.value());
  if (!config)
    return config.error();
  config.value()["add_bos_token"] = begins;
  config.value()["add_eos_token"] = ends;
  return TokenizerDocuments{document.value().dump(), config.value().dump(2) + "\n"};
}

}  // namespace nelumbo
