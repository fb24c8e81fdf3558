// SPDX-License-Identifier: Apache-2.0
#include "model/tokenizer.h"

#include <utility>

#include "base/check.h"
#include "base/file.h"
#include "base/text.h"
#include "model/tokenizer_parts.h"

namespace nelumbo {

struct Tokenizer::Impl {
  TokenizerParts parts;
  std::string json;
};

Result<Tokenizer> Tokenizer::read(const std::string& path) {
  const Result<std::string> text = read_file(path, kLongestTokenizer);
  if (!text)
    return text.error();
  return parse(text.value(), path);
}

Result<Tokenizer> Tokenizer::parse(std::string_view json, const std::string& place) {
  Result<TokenizerParts> parts = parse_tokenizer(json, place);
  if (!parts)
    return parts.error();
  Tokenizer tokenizer;
  tokenizer.impl_ = std::make_shared<const Impl>(Impl{std::move(parts).value(), std::string(json)});
  return tokenizer;
}

std::vector<int32_t> Tokenizer::encode(std::string_view text, Control control) const {
  std::string repaired;
  if (invalid_utf8_at(text)) {
    repaired = valid_utf8(text);
    text = repaired;
  }
  const TokenizerParts& parts = impl_->parts;
  std::vector<int32_t> ids;
  const auto encode_plain = [&](std::string_view plain) {
    for (const std::string& word : parts.pretokenizer.words(plain))
      parts.bpe.encode(word, ids);
  };
  if (control == Control::kPlain) {
    encode_plain(text);
    return ids;
  }
  for (const AddedTokens::Part& part : parts.added.cut(text))
    if (part.token)
      ids.push_back(*part.token);
    else
      encode_plain(part.text);
  return ids;
}

std::string Tokenizer::decode(const std::vector<int32_t>& ids, Special special) const {
  const TokenizerParts& parts = impl_->parts;
  std::string bytes;
  for (const int32_t id : ids)
    if (id >= 0 && id < size() && (special == Special::kKeep || !parts.special[id]))
      bytes += parts.decoded[id];
  return invalid_utf8_at(bytes) ? valid_utf8(bytes) : bytes;
}

std::optional<int32_t> Tokenizer::id(std::string_view token) const {
  const auto found = impl_->parts.by_piece.find(std::string(token));
  if (found == impl_->parts.by_piece.end())
    return std::nullopt;
  return found->second;
}

const std::string& Tokenizer::piece(int32_t id) const {
  NELUMBO_CHECK(id >= 0 && id < size()) << "token id " << id << " of " << size();
  return impl_->parts.pieces[id];
}

int64_t Tokenizer::size() const {
  return std::ssize(impl_->parts.pieces);
}

const std::string& Tokenizer::json() const {
  return impl_->json;
}

}  // namespace nelumbo
