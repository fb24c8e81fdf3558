// SPDX-License-Identifier: Apache-2.0
//
// Byte-pair encoding is trained on a table of words and their counts (Sennrich et al., 2016):
//     while the vocabulary is too small: join the most frequent pair of neighbours everywhere.
// A heap holds pairs by count. Counts of pairs around a join only fall or belong to a new token, so
// an entry may be too high but never too low: it is checked when it comes up, and put back lower.
// The trap: all ties must be broken by something that does not depend on hashing. Here it is ids.

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <queue>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/text.h"
#include "model/added_tokens.h"
#include "model/byte_level.h"
#include "model/pretokenizer.h"
#include "model/tokenizer.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;
using Pair = std::pair<int32_t, int32_t>;

/// A pair that stands in one place only is no regularity worth a token.
constexpr int64_t kLeastCount = 2;

const char* const kByteLevelStep =
    R"({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true})";

struct Word {
  std::vector<int32_t> tokens;
  int64_t count = 0;
};

/// A pair with what its count was when it was put in the heap; the most frequent comes first, then
/// the smaller pair.
struct Candidate {
  int64_t count;
  Pair pair;

  bool operator<(const Candidate& other) const {
    return count != other.count ? count < other.count : pair > other.pair;
  }
};

class Trainer {
 public:
  /// `tokens` are the texts of all tokens so far: `whole` tokens that are never joined, then the
  /// bytes, in their alphabet.
  Trainer(std::vector<Word> words, std::vector<std::string> tokens, int32_t whole)
      : words_(std::move(words)), tokens_(std::move(tokens)), whole_(whole) {
    for (int32_t id = 0; id < std::ssize(tokens_); ++id)
      ids_.emplace(tokens_[id], id);
    for (int64_t i = 0; i < std::ssize(words_); ++i)
      for (size_t k = 0; k + 1 < words_[i].tokens.size(); ++k)
        add({words_[i].tokens[k], words_[i].tokens[k + 1]}, i);
    for (const auto& [pair, count] : counts_)
      candidates_.push({count, pair});
  }

  void grow_to(int64_t size) {
    while (std::ssize(tokens_) < size && !candidates_.empty()) {
      const Candidate best = candidates_.top();
      candidates_.pop();
      const int64_t count = counts_[best.pair];
      if (count != best.count) {
        if (count >= kLeastCount)
          candidates_.push({count, best.pair});
      } else if (count < kLeastCount) {
        return;
      } else {
        join(best.pair);
      }
    }
  }

  const std::vector<std::string>& tokens() const { return tokens_; }
  const std::vector<Pair>& merges() const { return merges_; }

 private:
  void add(Pair pair, int64_t word) {
    counts_[pair] += words_[word].count;
    places_[pair].insert(word);
  }

  void join(Pair pair) {
    const std::string text = tokens_[pair.first] + tokens_[pair.second];
    const auto [known, is_new] = ids_.emplace(text, static_cast<int32_t>(tokens_.size()));
    if (known->second < whole_)
      return;  // a whole token is spelt like this pair in the alphabet of bytes
    if (is_new)
      tokens_.push_back(text);
    merges_.push_back(pair);
    std::set<Pair> touched;
    for (const int64_t word : std::exchange(places_[pair], {}))
      join_in(word, pair, known->second, touched);
    for (const Pair& other : touched)
      if (other != pair && counts_[other] >= kLeastCount)
        candidates_.push({counts_[other], other});
  }

  /// Rewrites one word and its part of the counts; `touched` collects the pairs that grew.
  void join_in(int64_t index, Pair pair, int32_t joined, std::set<Pair>& touched) {
    std::vector<int32_t>& tokens = words_[index].tokens;
    for (size_t k = 0; k + 1 < tokens.size(); ++k)
      counts_[{tokens[k], tokens[k + 1]}] -= words_[index].count;
    std::vector<int32_t> shorter;
    for (size_t k = 0; k < tokens.size(); ++k)
      if (k + 1 < tokens.size() && Pair(tokens[k], tokens[k + 1]) == pair) {
        shorter.push_back(joined);
        ++k;
      } else {
        shorter.push_back(tokens[k]);
      }
    tokens = std::move(shorter);
    for (size_t k = 0; k + 1 < tokens.size(); ++k) {
      const Pair neighbours(tokens[k], tokens[k + 1]);
      add(neighbours, index);
      if (neighbours.first == joined || neighbours.second == joined)
        touched.insert(neighbours);
    }
  }

  std::vector<Word> words_;
  std::vector<std::string> tokens_;
  int32_t whole_;
  std::map<std::string, int32_t> ids_;
  std::vector<Pair> merges_;
  std::map<Pair, int64_t> counts_;
  std::map<Pair, std::set<int64_t>> places_;
  std::priority_queue<Candidate> candidates_;
};

Error invalid(const std::string& what) {
  return {Errc::kInvalidConfig, "tokenizer: " + what};
}

Result<std::vector<AddedToken>> whole_tokens(const TokenizerTraining& options) {
  std::vector<AddedToken> tokens;
  std::set<std::string> seen;
  for (const auto* list : {&options.special_tokens, &options.added_tokens})
    for (const std::string& content : *list) {
      if (content.empty() || invalid_utf8_at(content))
        return invalid("a token must be UTF-8 text, not empty");
      const auto bytes = from_byte_level(content);
      if (bytes && bytes->size() == 1)
        return invalid("'" + content + "' is a byte's token already");
      if (!seen.insert(content).second)
        return invalid("token '" + content + "' is given twice");
      AddedToken token;
      token.id = static_cast<int32_t>(tokens.size());
      token.content = content;
      token.special = list == &options.special_tokens;
      tokens.push_back(std::move(token));
    }
  const int64_t least = std::ssize(tokens) + 256;
  if (options.vocab_size < least || options.vocab_size > INT32_MAX)
    return invalid("vocab_size must be at least " + std::to_string(least) +
                   " for the bytes and the tokens given, not " +
                   std::to_string(options.vocab_size));
  return tokens;
}

Pretokenizer byte_level_words() {
  Result<Pretokenizer> made =
      Pretokenizer::parse(nlohmann::json::parse(kByteLevelStep), "pre_tokenizer");
  NELUMBO_CHECK(made.ok()) << made.error().message;
  return std::move(made).value();
}

/// The words of all texts, those of `added` left out, as bytes; the token of byte b is first + b.
std::vector<Word> count_words(const std::vector<std::string>& texts, const AddedTokens& added,
                              int32_t first) {
  const Pretokenizer pretokenizer = byte_level_words();
  std::map<std::string, int64_t> counts;
  for (const std::string& text : texts) {
    const std::string sound = valid_utf8(text);
    for (const AddedTokens::Part& part : added.cut(sound, AddedTokens::Stage::kAsWritten)) {
      if (part.token)
        continue;
      const Words words = pretokenizer.words(part.text, Pretokenizer::Start::kInside);
      for (int64_t i = 0; i < words.size(); ++i)
        ++counts[std::string(words[i])];
    }
  }
  std::vector<Word> words;
  for (const auto& [text, count] : counts) {
    Word word{{}, count};
    for (const char byte : text)
      word.tokens.push_back(first + static_cast<uint8_t>(byte));
    words.push_back(std::move(word));
  }
  return words;
}

std::string document_of(const Trainer& trainer, const std::vector<AddedToken>& added) {
  const ordered_json byte_level = ordered_json::parse(kByteLevelStep);
  ordered_json list = ordered_json::array();
  for (const AddedToken& token : added)
    list.push_back({{"id", token.id},
                    {"content", token.content},
                    {"single_word", false},
                    {"lstrip", false},
                    {"rstrip", false},
                    {"normalized", false},
                    {"special", token.special}});
  ordered_json vocabulary = ordered_json::object();
  auto& entries = vocabulary.get_ref<ordered_json::object_t&>();
  for (int32_t id = 0; id < std::ssize(trainer.tokens()); ++id)
    entries.emplace_back(trainer.tokens()[id], id);  // an assignment would search all others
  ordered_json merges = ordered_json::array();
  for (const auto& [left, right] : trainer.merges())
    merges.push_back(trainer.tokens()[left] + " " + trainer.tokens()[right]);
  const ordered_json document = {{"version", "1.0"},
                                 {"truncation", nullptr},
                                 {"padding", nullptr},
                                 {"added_tokens", list},
                                 {"normalizer", nullptr},
                                 {"pre_tokenizer", byte_level},
                                 {"post_processor", nullptr},
                                 {"decoder", byte_level},
                                 {"model",
                                  {{"type", "BPE"},
                                   {"dropout", nullptr},
                                   {"unk_token", nullptr},
                                   {"continuing_subword_prefix", nullptr},
                                   {"end_of_word_suffix", nullptr},
                                   {"fuse_unk", false},
                                   {"byte_fallback", false},
                                   {"ignore_merges", false},
                                   {"vocab", vocabulary},
                                   {"merges", merges}}}};
  return document.dump(2) + "\n";
}

}  // namespace

Result<Tokenizer> train_tokenizer(const std::vector<std::string>& texts,
                                  const TokenizerTraining& options) {
  const Result<std::vector<AddedToken>> whole = whole_tokens(options);
  if (!whole)
    return whole.error();
  const AddedTokens added(whole.value());
  std::vector<std::string> tokens;
  for (const AddedToken& token : added.tokens())
    tokens.push_back(token.content);
  const auto first = static_cast<int32_t>(tokens.size());
  for (int byte = 0; byte < 256; ++byte)
    tokens.push_back(to_byte_level(std::string(1, static_cast<char>(byte))));

  Trainer trainer(count_words(texts, added, first), std::move(tokens), first);
  trainer.grow_to(options.vocab_size);
  return Tokenizer::parse(document_of(trainer, added.tokens()), "trained tokenizer");
}

}  // namespace nelumbo
