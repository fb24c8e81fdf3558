// SPDX-License-Identifier: Apache-2.0
#include "model/token_decoder.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/byte_level.h"
#include "model/metaspace.h"
#include "model/regex.h"
#include "model/step_fields.h"

namespace nelumbo {
namespace {

using nlohmann::json;
using Tokens = std::vector<std::string>;

constexpr int64_t kMostStripped = 1'000'000;
const char* const kSupported =
    "ByteLevel, Metaspace, ByteFallback, Fuse, Replace, Strip and Sequence";

std::string all_of(const Tokens& tokens) {
  std::string text;
  for (const std::string& token : tokens)
    text += token;
  return text;
}

Tokens fused(const Tokens& tokens) {
  return {all_of(tokens)};
}

Tokens from_alphabet(const Tokens& tokens) {
  std::string bytes;
  for (const std::string& token : tokens)
    bytes += byte_level_bytes(token);
  return {valid_utf8(bytes)};
}

/// Runs of "<0x0A>" become the text they spell, or U+FFFD for each where they spell none.
Tokens from_bytes(Tokens tokens) {
  Tokens made;
  std::string bytes;
  const auto flush = [&] {
    if (!bytes.empty() && !invalid_utf8_at(bytes))
      made.push_back(bytes);
    else
      made.insert(made.end(), bytes.size(), "\uFFFD");
    bytes.clear();
  };
  for (std::string& token : tokens) {
    const int byte = byte_of_token(token);
    if (byte >= 0) {
      bytes += static_cast<char>(byte);
      continue;
    }
    flush();
    made.push_back(std::move(token));
  }
  flush();
  return made;
}

/// The token without up to `start` marks in front and `stop` behind.
std::string stripped(std::string_view token, const std::string& mark, int64_t start, int64_t stop) {
  for (; start > 0 && token.starts_with(mark); --start)
    token.remove_prefix(mark.size());
  for (; stop > 0 && token.ends_with(mark); --stop)
    token.remove_suffix(mark.size());
  return std::string(token);
}

}  // namespace

std::string byte_level_bytes(const std::string& token) {
  return from_byte_level(token).value_or(token);
}

int byte_of_token(const std::string& token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token.back() != '>')
    return -1;
  int byte = 0;
  const char* end = token.data() + 5;
  const auto [read, error] = std::from_chars(token.data() + 3, end, byte, 16);
  return error == std::errc() && read == end && token[3] != '-' ? byte : -1;
}

Result<TokenDecoder> TokenDecoder::parse(const json& part, const std::string& place) {
  const auto steps = steps_in_order(part, "decoders", place);
  if (!steps)
    return steps.error();
  TokenDecoder decoder;
  for (const json* step : steps.value())
    if (const auto done = decoder.add(*step, place); !done)
      return done.error();
  decoder.only_byte_level_ =
      steps.value().size() == 1 && step_type(*steps.value().front()) == "ByteLevel";
  if (part.is_null())
    decoder.steps_.emplace_back([](const Tokens& tokens) { return Tokens{joined(tokens, " ")}; });
  return decoder;
}

Result<void> TokenDecoder::add(const json& step, const std::string& place) {
  const std::string type = step_type(step);
  if (type == "ByteLevel")
    steps_.emplace_back(from_alphabet);
  else if (type == "ByteFallback")
    steps_.emplace_back(from_bytes);
  else if (type == "Fuse")
    steps_.emplace_back(fused);
  else if (type == "Metaspace")
    return add_metaspace(step, place);
  else if (type == "Replace")
    return add_replace(step, place);
  else if (type == "Strip")
    return add_strip(step, place);
  else
    return unsupported_step(place, step, kSupported);
  return {};
}

Result<void> TokenDecoder::add_metaspace(const json& step, const std::string& place) {
  const Result<Metaspace> metaspace = Metaspace::parse(step, place);
  if (!metaspace)
    return metaspace.error();
  steps_.emplace_back([metaspace = metaspace.value()](Tokens tokens) {
    for (size_t i = 0; i < tokens.size(); ++i)
      tokens[i] = metaspace.unspelt(tokens[i], i == 0);
    return tokens;
  });
  return {};
}

Result<void> TokenDecoder::add_replace(const json& step, const std::string& place) {
  const Result<Replacement> read = replacement_of(step, place, &growth_);
  if (!read)
    return read.error();
  steps_.emplace_back([replacement = read.value()](Tokens tokens) {
    Patience patience;
    for (std::string& token : tokens)
      token = replacement.pattern->replaced(token, replacement.content, patience);
    return tokens;
  });
  return {};
}

Result<void> TokenDecoder::add_strip(const json& step, const std::string& place) {
  const Result<std::string> mark = character_field(step, "content", place);
  if (!mark)
    return mark.error();
  const Result<int64_t> start = count_field(step, "start", kMostStripped, place);
  if (!start)
    return start.error();
  const Result<int64_t> stop = count_field(step, "stop", kMostStripped, place);
  if (!stop)
    return stop.error();
  steps_.emplace_back(
      [mark = mark.value(), start = start.value(), stop = stop.value()](Tokens tokens) {
        for (std::string& token : tokens)
          token = stripped(token, mark, start, stop);
        return tokens;
      });
  return {};
}

std::string TokenDecoder::decode(Tokens tokens) const {
  for (const Step& step : steps_)
    tokens = step(std::move(tokens));
  return valid_utf8(all_of(tokens));
}

}  // namespace nelumbo
