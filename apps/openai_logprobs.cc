// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_logprobs.h"

#include <algorithm>
#include <string>

#include "apps/answer_text.h"
#include "base/text.h"

namespace nelumbo {
namespace {

using Json = nlohmann::ordered_json;

int64_t characters(const std::string& bytes) {
  return std::ranges::count_if(bytes, [](char c) { return (c & 0xC0) != 0x80; });
}

Json likeliest_by_name(const Tokenizer& tokenizer, const ShownToken& token) {
  if (!token.logprob)
    return nullptr;
  Json out = Json::object();
  for (const RankedToken& ranked : token.likeliest)
    out[token_name(tokenizer, ranked.token)] = ranked.logprob;
  out[token_name(tokenizer, token.token)] = *token.logprob;
  return out;
}

Json chat_token(const Tokenizer& tokenizer, int32_t token, float logprob) {
  const std::string bytes = token_bytes(tokenizer, token);
  return {{"token", valid_utf8(bytes)},
          {"logprob", logprob},
          {"bytes", std::vector<uint8_t>(bytes.begin(), bytes.end())}};
}

}  // namespace

std::string token_name(const Tokenizer& tokenizer, int32_t token) {
  std::string bytes = token_bytes(tokenizer, token);
  if (!invalid_utf8_at(bytes))
    return bytes;
  constexpr const char* kDigits = "0123456789abcdef";
  std::string out = "bytes:";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

Json completion_logprobs(const Tokenizer& tokenizer, std::span<const ShownToken> tokens,
                         int64_t* offset) {
  Json names = Json::array(), logprobs = Json::array(), likeliest = Json::array(),
       offsets = Json::array();
  for (const ShownToken& token : tokens) {
    names.push_back(token_name(tokenizer, token.token));
    logprobs.push_back(token.logprob ? Json(*token.logprob) : Json());
    likeliest.push_back(likeliest_by_name(tokenizer, token));
    offsets.push_back(*offset);
    *offset += characters(token_bytes(tokenizer, token.token));
  }
  return {{"tokens", names},
          {"token_logprobs", logprobs},
          {"top_logprobs", likeliest},
          {"text_offset", offsets}};
}

Json chat_logprobs(const Tokenizer& tokenizer, std::span<const ShownToken> tokens) {
  Json content = Json::array();
  for (const ShownToken& token : tokens) {
    Json one = chat_token(tokenizer, token.token, token.logprob.value_or(0));
    one["top_logprobs"] = Json::array();
    for (const RankedToken& ranked : token.likeliest)
      one["top_logprobs"].push_back(chat_token(tokenizer, ranked.token, ranked.logprob));
    content.push_back(std::move(one));
  }
  return {{"content", content}, {"refusal", nullptr}};
}

}  // namespace nelumbo
