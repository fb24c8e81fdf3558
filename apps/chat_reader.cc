// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_reader.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "apps/model_sight.h"
#include "model/row_places.h"

namespace nelumbo {
namespace {

/// How many tokens all parts of a conversation begin with, none of them answered. Runs of the
/// placeholders of a picture are not cut.
int64_t common_prompt(const std::vector<ChatTokens>& parts, std::optional<int32_t> image_token) {
  const std::vector<int32_t>& tokens = parts.front().tokens;
  int64_t common = std::ssize(tokens);
  for (const ChatTokens& part : parts) {
    common = std::min(common, std::ranges::find(part.answered, 1) - part.answered.begin());
    const auto differ = std::mismatch(tokens.begin(), tokens.begin() + common, part.tokens.begin());
    common = differ.first - tokens.begin();
  }
  const auto is_placeholder = [&](int64_t at) {
    return image_token && tokens[static_cast<size_t>(at)] == *image_token;
  };
  if (parts.size() > 1)
    while (common > 0 && is_placeholder(common - 1))
      --common;
  return common;
}

/// How many of the pictures have their placeholders in tokens.
int64_t pictures_in(const std::vector<int32_t>& tokens, const std::vector<Pixels>& pixels,
                    const ModelConfig& config) {
  const RowLayout layout = row_layout(config);
  int64_t left = config.image_token_id ? std::ranges::count(tokens, *config.image_token_id) : 0;
  int64_t pictures = 0;
  for (; pictures < std::ssize(pixels) && left > 0; ++pictures)
    left -= layout.grid(*pixels[static_cast<size_t>(pictures)]).tokens();
  return pictures;
}

/// What the network sees of the first images is so many pictures.
int64_t pictures_of_first(int64_t count, const ShownImages& shown) {
  int64_t pictures = 0;
  for (const SeenImage& image : std::span(shown.images).first(static_cast<size_t>(count)))
    pictures += std::ssize(image.pixels);
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
  const Result<std::vector<ChatTokens>> parts =
      format_.conversation(example.shown(), example.tools, images);
  if (!parts)
    return parts.error();
  for (const ChatTokens& part : parts.value())
    if (std::ranges::find(part.answered, 1) == part.answered.end())
      return Error{Errc::kBadData, "the chat template leaves out what the assistant says"};
  return group_of(parts.value(), images);
}

/// The parts as items behind what they have in common.
Result<TrainingGroup> ChatReader::group_of(const std::vector<ChatTokens>& parts,
                                           const ShownImages& images) const {
  const ModelConfig& config = model_.network.config;
  const int64_t common = common_prompt(parts, config.image_token_id);
  if (common == 0)
    return Error{Errc::kBadData, "nothing stands before its answer"};
  const std::vector<int32_t>& tokens = parts.front().tokens;
  TrainingGroup group;
  group.prefix.assign(tokens.begin(), tokens.begin() + common);
  const std::vector<Pixels> pixels = pixels_of(images);
  const int64_t before = pictures_in(group.prefix, pixels, config);
  group.pixels.assign(pixels.begin(), pixels.begin() + before);
  if (auto fits = check_placeholders(group.prefix, group.pixels, config, "its prompt"); !fits)
    return fits.error();
  for (const ChatTokens& part : parts) {
    TrainingItem item;
    item.tokens.assign(part.tokens.begin() + common, part.tokens.end());
    item.trained.assign(part.answered.begin() + common, part.answered.end());
    const int64_t end = pictures_of_first(part.images, images);
    item.pixels.assign(pixels.begin() + std::min(before, end), pixels.begin() + end);
    if (auto fits = check_placeholders(item.tokens, item.pixels, config, "its answers"); !fits)
      return fits.error();
    group.items.push_back(std::move(item));
  }
  return group;
}

/// The conversation up to its end as the template writes it then, answered where the last answer is
/// alone.
Result<ChatTokens> ChatReader::last_part(const ChatExample& example,
                                         const ShownImages& images) const {
  Result<std::vector<ChatTokens>> parts =
      format_.conversation(example.shown(), example.tools, images);
  if (!parts)
    return parts.error();
  ChatTokens last = std::move(parts.value().back());
  const auto end = std::find(last.answered.rbegin(), last.answered.rend(), 1);
  const auto begin = std::find(end, last.answered.rend(), 0);
  if (end == last.answered.rend())
    return Error{Errc::kBadData, "the chat template leaves out what the assistant says"};
  std::fill(begin, last.answered.rend(), 0);
  return last;
}

Result<TrainingGroup> ChatReader::pair(const ChatExample& chosen, const ChatExample& rejected,
                                       const ShownImages& images) const {
  std::vector<ChatTokens> both;
  for (const ChatExample* example : {&chosen, &rejected}) {
    Result<ChatTokens> part = last_part(*example, images);
    if (!part)
      return part.error();
    both.push_back(std::move(part).value());
  }
  return group_of(both, images);
}

int64_t longest_in(const TrainingGroup& group) {
  int64_t longest = 0;
  for (const TrainingItem& item : group.items)
    longest = std::max(longest, std::ssize(item.tokens));
  return longest + std::ssize(group.prefix);
}

}  // namespace nelumbo
