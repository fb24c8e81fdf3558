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

  /// Whether what normalisation makes of a part still begins where the input does.
  Pretokenizer::Start start(std::string_view part, bool is_first) const {
    const bool kept =
        is_first && (!parts.pretokenizer.minds_start() || parts.normalizer.keeps_start(part));
    return kept ? Pretokenizer::Start::kOfInput : Pretokenizer::Start::kInside;
  }

  /// Text between tokens, not yet normalised.
  void encode_part(std::string_view text, Pretokenizer::Start start,
                   std::vector<int32_t>& ids) const {
    const std::string normalized = parts.normalizer.apply(text);
    for (const AddedTokens::Part& part :
         parts.added.cut(normalized, AddedTokens::Stage::kNormalized)) {
      const bool is_first = part.text.data() == normalized.data();
      if (part.token)
        ids.push_back(*part.token);
      else
        encode_plain(part.text, is_first ? start : Pretokenizer::Start::kInside, ids);
    }
  }

  void encode_plain(std::string_view text, Pretokenizer::Start start,
                    std::vector<int32_t>& ids) const {
    const Words words = parts.pretokenizer.words(text, start);
    for (int64_t i = 0; i < words.size(); ++i)
      parts.model.encode(words[i], ids);
  }
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
  std::vector<int32_t> ids;
  if (control == Control::kPlain) {
    impl_->encode_plain(impl_->parts.normalizer.apply(text), impl_->start(text, true), ids);
    return ids;
  }
  for (const AddedTokens::Part& part :
       impl_->parts.added.cut(text, AddedTokens::Stage::kAsWritten)) {
    if (part.token)
      ids.push_back(*part.token);
    else
      impl_->encode_part(part.text, impl_->start(part.text, part.text.data() == text.data()), ids);
  }
  return ids;
}

std::vector<int32_t> Tokenizer::framed(std::vector<int32_t> ids) const {
  const TokenFrame& frame = impl_->parts.frame;
  ids.insert(ids.begin(), frame.before.begin(), frame.before.end());
  ids.insert(ids.end(), frame.after.begin(), frame.after.end());
  return ids;
}

std::string Tokenizer::decode(const std::vector<int32_t>& ids, Special special) const {
  const TokenizerParts& parts = impl_->parts;
  std::vector<std::string> spellings;
  std::string bytes;
  for (const int32_t id : ids) {
    if (!has(id) || (special == Special::kSkip && parts.special[id]))
      continue;
    if (parts.decoder.only_byte_level())
      bytes += parts.tokens[id].spelling;
    else
      spellings.push_back(parts.tokens[id].spelling);
  }
  return parts.decoder.only_byte_level() ? valid_utf8(bytes)
                                         : parts.decoder.decode(std::move(spellings));
}

std::optional<int32_t> Tokenizer::id(std::string_view token) const {
  const auto found = impl_->parts.by_piece.find(std::string(token));
  if (found == impl_->parts.by_piece.end())
    return std::nullopt;
  return found->second;
}

const std::string& Tokenizer::piece(int32_t id) const {
  NELUMBO_CHECK(id >= 0 && id < size()) << "token id " << id << " of " << size();
  return impl_->parts.tokens[id].piece;
}

bool Tokenizer::is_special(int32_t id) const {
  NELUMBO_CHECK(id >= 0 && id < size()) << "no token has the id " << id;
  return impl_->parts.special[static_cast<size_t>(id)];
}

int64_t Tokenizer::size() const {
  return std::ssize(impl_->parts.tokens);
}

bool Tokenizer::has(int32_t id) const {
  return id >= 0 && id < size() && impl_->parts.tokens[id].used;
}

std::string Tokenizer::kind() const {
  return std::string(impl_->parts.pretokenizer.byte_level() ? "byte-level " : "") +
         impl_->parts.model.kind();
}

std::vector<uint8_t> Tokenizer::lost_bytes() const {
  return impl_->parts.model.lost_bytes();
}

const std::string& Tokenizer::json() const {
  return impl_->json;
}

}  // namespace nelumbo
