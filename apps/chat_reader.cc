// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_reader.h"

#include <algorithm>
#include <utility>

#include "apps/model_sight.h"

namespace nelumbo {
namespace {

/// What comes before the assistant's first message.
int64_t pictures_before_answers(const nlohmann::ordered_json& messages) {
  int64_t pictures = 0;
  for (const auto& message : messages) {
    if (message["role"] == "assistant")
      break;
    if (message.contains("content") && message["content"].is_array())
      pictures += std::ranges::count_if(message["content"],
                                        [](const auto& part) { return part["type"] == "image"; });
  }
  return pictures;
}

}  // namespace

Result<std::vector<int32_t>> ChatReader::asked(const ChatExample& example,
                                               const ShownImages& images) const {
  Result<std::vector<int32_t>> tokens = format_.prompt(example.messages, example.tools, images);
  if (!tokens)
    return tokens;
  const ModelConfig& config = model_.network.config;
  if (auto fits = check_placeholders(tokens.value(), pixels_of(images), config, "its prompt");
      !fits)
    return fits.error();
  return tokens;
}

Result<TrainingGroup> ChatReader::shown(const ChatExample& example,
                                        const ShownImages& images) const {
  const Result<ChatTokens> all = format_.conversation(example.shown(), example.tools, images);
  if (!all)
    return all.error();
  const std::vector<int32_t>& tokens = all.value().tokens;
  const std::vector<uint8_t>& answered = all.value().answered;
  const auto first = std::ranges::find(answered, 1) - answered.begin();
  if (first == std::ssize(tokens))
    return Error{Errc::kBadData, "the chat template leaves out what the assistant says"};
  if (first == 0)
    return Error{Errc::kBadData, "nothing stands before its answer"};
  TrainingGroup group;
  TrainingItem item;
  item.tokens.assign(tokens.begin() + first, tokens.end());
  item.trained.assign(answered.begin() + first, answered.end());
  group.prefix.assign(tokens.begin(), tokens.begin() + first);
  const int64_t before = pictures_before_answers(example.messages);
  for (int64_t i = 0; i < std::ssize(images.images); ++i) {
    const auto& pixels = images.images[static_cast<size_t>(i)].pixels;
    auto& to = i < before ? group.pixels : item.pixels;
    to.insert(to.end(), pixels.begin(), pixels.end());
  }
  const ModelConfig& config = model_.network.config;
  if (auto fits = check_placeholders(group.prefix, group.pixels, config, "its prompt"); !fits)
    return fits.error();
  if (auto fits = check_placeholders(item.tokens, item.pixels, config, "its answers"); !fits)
    return fits.error();
  group.items = {std::move(item)};
  return group;
}

int64_t longest_in(const TrainingGroup& group) {
  int64_t longest = 0;
  for (const TrainingItem& item : group.items)
    longest = std::max(longest, std::ssize(item.tokens));
  return longest + std::ssize(group.prefix);
}

}  // namespace nelumbo
