// SPDX-License-Identifier: Apache-2.0
//
// The keys are those of github.com/ggml-org/llama.cpp, gguf-py/gguf/constants.py, and the list of
// github.com/ollama/ollama; the names are among those of llama.cpp, src/llama-vocab.cpp.
#include "model/gguf_ends.h"

#include <algorithm>
#include <optional>

#include "model/gguf_vocabulary.h"

namespace nelumbo {
namespace {

constexpr const char* kList = "tokenizer.ggml.eos_token_ids";
constexpr const char* kText = "tokenizer.ggml.eos_token_id";
constexpr const char* kTurn = "tokenizer.ggml.eot_token_id";
constexpr const char* kMessage = "tokenizer.ggml.eom_token_id";
constexpr const char* kTurnNames[] = {"<|im_end|>", "<|eot_id|>", "<|eom_id|>"};

/// Ids in the order in which they are named, and the first one that is none.
class Ends {
 public:
  Ends(int64_t vocab_size, std::string place) : vocab_size_(vocab_size), place_(std::move(place)) {}

  void add(const std::string& key, std::optional<int64_t> id) {
    const bool sound = id && *id >= 0 && *id < vocab_size_;
    if (!sound && !error_)
      error_ = Error{Errc::kBadData, place_ + ": " + key + " must be a token id below " +
                                         std::to_string(vocab_size_) +
                                         (id ? ", not " + std::to_string(*id) : std::string())};
    if (sound && std::ranges::find(ids_, *id) == ids_.end())
      ids_.push_back(static_cast<int32_t>(*id));
  }

  bool none() const { return ids_.empty() && !error_; }
  Result<std::vector<int32_t>> take() {
    return error_ ? Result<std::vector<int32_t>>(*error_) : std::move(ids_);
  }

 private:
  int64_t vocab_size_;
  std::string place_;
  std::vector<int32_t> ids_;
  std::optional<Error> error_;
};

void add_list(const GgufMetadata& metadata, Ends* ends) {
  const GgufValue* list = find(metadata, kList);
  if (list == nullptr)
    return;
  const std::optional<std::vector<int64_t>> ids = list->as_integers();
  if (!ids)
    return ends->add(kList, std::nullopt);
  for (const int64_t id : *ids)
    ends->add(kList, id);
}

void add_named(const GgufMetadata& metadata, Ends* ends) {
  const GgufValue* tokens = find(metadata, "tokenizer.ggml.tokens");
  const GgufValue* types = find(metadata, "tokenizer.ggml.token_type");
  const auto texts = tokens == nullptr ? std::nullopt : tokens->as_texts();
  const auto numbers = types == nullptr ? std::nullopt : types->as_integers();
  if (!texts || !numbers || texts->size() != numbers->size())
    return;
  for (size_t id = 0; id < texts->size(); ++id)
    if ((*numbers)[id] == static_cast<int64_t>(GgufTokenType::kControl) &&
        std::ranges::find(kTurnNames, (*texts)[id]) != std::end(kTurnNames))
      ends->add((*texts)[id], static_cast<int64_t>(id));
}

}  // namespace

Result<std::vector<int32_t>> read_gguf_ends(const GgufMetadata& metadata, int64_t vocab_size,
                                            const std::string& place) {
  Ends ends(vocab_size, place);
  add_list(metadata, &ends);
  if (!ends.none())
    return ends.take();
  for (const char* key : {kText, kTurn, kMessage})
    if (const GgufValue* value = find(metadata, key))
      ends.add(key, value->as_natural());
  add_named(metadata, &ends);
  return ends.take();
}

Result<void> add_gguf_ends(const std::vector<int32_t>& ends, int64_t vocab_size,
                           const std::string& place, GgufMetadata* metadata) {
  Ends sound(vocab_size, place);
  for (const int32_t end : ends)
    sound.add("eos_token_id", end);
  const Result<std::vector<int32_t>> ids = sound.take();
  if (!ids)
    return ids.error();
  if (ids.value().empty())
    return {};
  std::vector<const char*> keys = {kMessage, kTurn};
  const GgufValue* text = find(*metadata, kText);
  const std::optional<int64_t> said = text == nullptr ? std::nullopt : text->as_natural();
  if (text == nullptr)
    keys.push_back(kText);
  for (const int32_t id : ids.value()) {
    if (id == said || keys.empty())
      continue;
    metadata->emplace_back(keys.back(), GgufValue::natural(static_cast<uint32_t>(id)));
    keys.pop_back();
  }
  metadata->emplace_back(kList, GgufValue::integers(ids.value()));
  return {};
}

}  // namespace nelumbo
