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

#include "model/gguf_pretokenizer.h"
#include "model/gguf_vocabulary.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr const char* kSpace = "\u2581";  ///< SentencePiece's sign for a space

/// Steps that finding merges from scores may take: the squares of the tokens' lengths.
constexpr int64_t kMostSplitSteps = 1'000'000'000;
/// Bytes of all merges found so: a few million for the largest vocabularies.
constexpr int64_t kMostPairBytes = 32'000'000;

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

/// In quotes and fit for a terminal, whatever the file holds.
std::string in_quotes(const std::string& text) {
  return json(text).dump(-1, ' ', true, json::error_handler_t::replace);
}

/// Text -> id. Unused tokens only fill rows of the embedding and are left out.
Result<json> ids_of(const GgufVocabulary& vocabulary) {
  json ids = json::object();
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id)
    if (!vocabulary.is(id, GgufTokenType::kUnused) &&
        !ids.emplace(vocabulary.tokens[id], id).second)
      return bad(vocabulary.place, "token " + in_quotes(vocabulary.tokens[id]) +
                                       " stands twice, the second time as " + std::to_string(id));
  return ids;
}

json added_tokens_of(const GgufVocabulary& vocabulary) {
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
Result<json> pairs_of(const GgufVocabulary& vocabulary) {
  json pairs = json::array();
  for (size_t i = 0; i < vocabulary.merges.size(); ++i) {
    const std::string& merge = vocabulary.merges[i];
    const size_t space = merge.find(' ', 1);
    if (space == std::string::npos || space + 1 == merge.size())
      return bad(vocabulary.place, "tokenizer.ggml.merges: entry " + std::to_string(i) + ", " +
                                       in_quotes(merge) + ", must be two tokens");
    pairs.push_back({merge.substr(0, space), merge.substr(space + 1)});
  }
  return pairs;
}

/// The begin and end tokens that are put around a text.
json post_processor_of(const GgufVocabulary& vocabulary, std::optional<size_t> begin,
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
json document_of(const GgufVocabulary& vocabulary) {
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

Result<json> byte_level_document(const GgufVocabulary& vocabulary,
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
Result<json> pairs_from_scores(const GgufVocabulary& vocabulary) {
  std::unordered_map<std::string_view, size_t> ids;
  int64_t steps = 0;
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id) {
    ids.emplace(vocabulary.tokens[id], id);
    steps += std::ssize(vocabulary.tokens[id]) * std::ssize(vocabulary.tokens[id]);
    if (steps > kMostSplitSteps)
      return bad(vocabulary.place, "its tokens are too long to find the merges between them");
  }
  std::vector<Cut> cuts;
  int64_t bytes = 0;
  for (size_t id = 0; id < vocabulary.tokens.size() && bytes <= kMostPairBytes; ++id) {
    const std::string_view token = vocabulary.tokens[id];
    if (!vocabulary.is(id, GgufTokenType::kNormal))
      continue;
    for (size_t at = 1; at < token.size(); ++at) {
      const auto left = ids.find(token.substr(0, at));
      const auto right = left == ids.end() ? left : ids.find(token.substr(at));
      if (right == ids.end())
        continue;
      cuts.push_back({vocabulary.scores[id], left->second, right->second});
      bytes += std::ssize(token);
    }
  }
  if (bytes > kMostPairBytes)
    return bad(vocabulary.place, "its tokens are made of each other in too many ways");
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

Result<json> piece_document(const GgufVocabulary& vocabulary) {
  Result<json> ids = ids_of(vocabulary);
  if (!ids)
    return ids.error();
  if (vocabulary.merges.empty() && vocabulary.scores.empty())
    return bad(vocabulary.place, "has neither tokenizer.ggml.scores nor merges");
  Result<json> pairs =
      vocabulary.merges.empty() ? pairs_from_scores(vocabulary) : pairs_of(vocabulary);
  if (!pairs)
    return pairs.error();
  const bool space = vocabulary.add_space_prefix.value_or(true);
  json document = document_of(vocabulary);
  document["normalizer"] = piece_normalizer(space);
  document["decoder"] = piece_decoder(space);
  document["model"] = bpe_json(std::move(ids).value(), std::move(pairs).value());
  document["model"]["fuse_unk"] = true;
  document["model"]["byte_fallback"] = vocabulary.has(GgufTokenType::kByte);
  if (vocabulary.unknown_id)
    document["model"]["unk_token"] = vocabulary.tokens[*vocabulary.unknown_id];
  return document;
}

/// Added tokens behind the pieces are no pieces: they would be found in any text by their score.
size_t pieces_of_unigram(const GgufVocabulary& vocabulary) {
  size_t count = vocabulary.tokens.size();
  while (count > 0 && !vocabulary.is(count - 1, GgufTokenType::kNormal) &&
         !vocabulary.is(count - 1, GgufTokenType::kByte) && vocabulary.unknown_id != count - 1)
    --count;
  return count;
}

Result<json> unigram_document(const GgufVocabulary& vocabulary) {
  if (vocabulary.scores.empty())
    return bad(vocabulary.place, "has no tokenizer.ggml.scores");
  json pieces = json::array();
  for (size_t id = 0; id < pieces_of_unigram(vocabulary); ++id)
    pieces.push_back({vocabulary.tokens[id], vocabulary.scores[id]});
  const bool space = vocabulary.add_space_prefix.value_or(true);
  json document = document_of(vocabulary);
  if (vocabulary.remove_extra_whitespaces.value_or(false))
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
  if (vocabulary.unknown_id)
    document["model"]["unk_id"] = *vocabulary.unknown_id;
  return document;
}

/// tokenizer_config.json: which tokens have a role, and the chat template.
json config_of(const GgufVocabulary& vocabulary, bool begins, bool ends) {
  json config{{"tokenizer_class", "PreTrainedTokenizerFast"},
              {"clean_up_tokenization_spaces", false},
              {"add_bos_token", begins},
              {"add_eos_token", ends}};
  const std::initializer_list<std::pair<const char*, std::optional<size_t>>> roles = {
      {"bos_token", vocabulary.begin_id},
      {"eos_token", vocabulary.end_id},
      {"unk_token", vocabulary.unknown_id},
      {"pad_token", vocabulary.padding_id}};
  for (const auto& [role, id] : roles)
    if (id)
      config[role] = vocabulary.tokens[*id];
  if (vocabulary.chat_template)
    config["chat_template"] = *vocabulary.chat_template;
  return config;
}

/// Says what kind of tokenizer is not followed.
Result<void> check_family(const GgufMetadata& metadata, const std::string& place) {
  const auto text = [&metadata](const char* key) {
    const GgufValue* value = find(metadata, key);
    return value == nullptr ? std::string() : value->as_text().value_or("");
  };
  const std::string model = text("tokenizer.ggml.model");
  const std::string pre = text("tokenizer.ggml.pre");
  if (model != "gpt2" && model != "llama" && model != "t5")
    return bad(place, "tokenizer.ggml.model must be gpt2, llama or t5, not " + in_quotes(model));
  if (model == "gpt2" && !pre.empty() && gguf_pretokenizer(pre) == nullptr)
    return bad(place, "tokenizer.ggml.pre " + in_quotes(pre) +
                          " is not supported; supported: " + gguf_pretokenizer_names());
  const GgufValue* map = find(metadata, "tokenizer.ggml.precompiled_charsmap");
  if (map != nullptr && map->count > 0)
    return bad(place, "tokenizer.ggml.precompiled_charsmap is not supported");
  return {};
}

}  // namespace

Result<TokenizerDocuments> tokenizer_documents(const GgufMetadata& metadata,
                                               const std::string& place) {
  if (const auto known = check_family(metadata, place); !known)
    return known.error();
  const Result<GgufVocabulary> read = read_vocabulary(metadata, place);
  if (!read)
    return read.error();
  const GgufVocabulary& vocabulary = read.value();
  const bool byte_level = vocabulary.model == "gpt2";
  const GgufPretokenizer* pretokenizer =
      gguf_pretokenizer(vocabulary.pre.empty() ? "default" : vocabulary.pre);
  Result<json> document = byte_level ? byte_level_document(vocabulary, *pretokenizer)
                          : vocabulary.model == "llama" ? piece_document(vocabulary)
                                                        : unigram_document(vocabulary);
  if (!document)
    return document.error();
  const bool begins = vocabulary.add_begin.value_or(byte_level ? pretokenizer->begins
                                                               : vocabulary.model == "llama");
  const bool ends = vocabulary.add_end.value_or(vocabulary.model == "t5");
  document.value()["post_processor"] =
      post_processor_of(vocabulary, begins ? vocabulary.begin_id : std::nullopt,
                        ends ? vocabulary.end_id : std::nullopt);
  return TokenizerDocuments{document.value().dump(),
                            config_of(vocabulary, begins, ends).dump(2) + "\n"};
}

}  // namespace nelumbo
