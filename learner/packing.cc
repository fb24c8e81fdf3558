// SPDX-License-Identifier: Apache-2.0
#include "learner/packing.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/check.h"
#include "model/picture_cursor.h"
#include "model/row_places.h"

namespace nelumbo {
namespace {

/// Items of one group that share a computed prefix, and the rows that they take with it.
struct Part {
  size_t group = 0;
  std::vector<size_t> items;
  int64_t rows = 0;
};

/// Rows of an item that a target depends on: all before the last target. Nothing without a target.
std::optional<int64_t> rows_of(const TrainingItem& item) {
  for (int64_t t = std::ssize(item.trained) - 1; t >= 0; --t)
    if (item.trained[t] != 0)
      return t;
  return std::nullopt;
}

/// Appends the parts of one group: one, unless it exceeds the micro-batch and may be split.
void split(const TrainingGroup& group, size_t index, const PackOptions& options,
           std::vector<Part>& parts) {
  const int64_t prefix = std::ssize(group.prefix);
  std::optional<Part> part;
  for (size_t i = 0; i < group.items.size(); ++i) {
    const std::optional<int64_t> rows = rows_of(group.items[i]);
    if (!rows)
      continue;
    if (part && !options.whole_groups && part->rows + *rows > options.max_tokens) {
      parts.push_back(std::move(*part));
      part.reset();
    }
    if (!part)
      part = Part{.group = index, .items = {}, .rows = prefix};
    part->items.push_back(i);
    part->rows += *rows;
  }
  if (part)
    parts.push_back(std::move(*part));
}

/// First fit in order: which parts each micro-batch holds.
std::vector<std::vector<Part>> first_fit(std::vector<Part> parts, int64_t max_tokens) {
  std::vector<std::vector<Part>> bins;
  std::vector<int64_t> used;
  for (Part& part : parts) {
    const auto fits =
        std::ranges::find_if(used, [&](int64_t rows) { return rows + part.rows <= max_tokens; });
    const size_t bin = static_cast<size_t>(fits - used.begin());
    if (bin == bins.size()) {
      bins.emplace_back();
      used.push_back(0);
    }
    used[bin] += part.rows;
    bins[bin].push_back(std::move(part));
  }
  return bins;
}

/// Numbers the tasks of a step in order of appearance.
std::vector<std::string> tasks_of(std::span<const TrainingGroup> groups) {
  std::vector<std::string> tasks;
  for (const TrainingGroup& group : groups)
    for (const TrainingItem& item : group.items)
      if (std::ranges::find(tasks, item.task) == tasks.end())
        tasks.push_back(item.task);
  return tasks;
}

/// Writes one micro-batch.
class Builder {
 public:
  Builder(std::span<const TrainingGroup> groups, const PackOptions& options,
          const std::vector<std::vector<double>>& weights, const std::vector<std::string>& tasks)
      : groups_(groups), options_(options), weights_(weights) {
    batch_.tasks = tasks;
  }

  void add(const Part& part) {
    const TrainingGroup& group = groups_[part.group];
    const int64_t parent = std::ssize(batch_.segments);
    RowPlaces places(options_.layout.axes);
    add_rows({group.prefix, {}, group.pixels}, std::ssize(group.prefix), std::nullopt, places);
    for (const size_t i : part.items)
      add_item(part.group, i, parent, places);
  }

  PackedBatch take() { return std::move(batch_); }

 private:
  /// Tokens with the pictures among them; which of them are targets, or none.
  struct Words {
    std::span<const int32_t> tokens;
    std::span<const uint8_t> trained;
    std::span<const Pixels> pixels;
  };

  /// Appends the first `length` tokens as a segment, placeholders linked to picture features;
  /// returns its first row. A segment without rows is none. Placeholders are counted over all
  /// tokens.
  int64_t add_rows(const Words& words, int64_t length, std::optional<int64_t> parent,
                   RowPlaces& places) {
    const int64_t begin = std::ssize(batch_.tokens);
    PictureCursor cursor(words.pixels, options_.layout);
    int64_t seen = 0;
    for (int64_t t = 0; t < std::ssize(words.tokens); ++t) {
      std::optional<PictureToken> picture;
      if (words.tokens[t] == options_.image_token_id &&
          (words.trained.empty() || words.trained[t] == 0)) {
        picture = cursor.next();
        ++seen;
      }
      if (t < length)
        add_row(words, t, picture, places);
    }
    const int64_t expected = placeholders_of(words.pixels, options_.layout);
    NELUMBO_CHECK(seen == expected) << seen << " image placeholders for " << words.pixels.size()
                                    << " pictures of " << expected << " tokens in all";
    if (length > 0)
      batch_.segments.push_back({.begin = begin, .length = length, .parent = parent});
    return begin;
  }

  void add_row(const Words& words, int64_t t, const std::optional<PictureToken>& picture,
               RowPlaces& places) {
    if (picture) {
      batch_.image_rows.push_back(std::ssize(batch_.tokens));
      batch_.image_sources.push_back(first_feature(words.pixels[picture->picture]) +
                                     picture->index);
      places.add_picture_row(picture->grid, picture->index, &batch_.positions);
    } else {
      places.add_token(&batch_.positions);
    }
    batch_.tokens.push_back(words.tokens[t]);
  }

  /// Where the features of a picture begin among those of all.
  int64_t first_feature(const Pixels& picture) {
    const auto [at, fresh] = pictures_.try_emplace(picture.get(), features_);
    if (fresh) {
      batch_.pixels.push_back(picture);
      features_ += options_.layout.grid(*picture).tokens();
    }
    return at->second;
  }

  void add_item(size_t group, size_t index, int64_t parent, RowPlaces places) {
    const TrainingItem& item = groups_[group].items[index];
    const Segment prefix = batch_.segments[parent];
    const int64_t prefix_end = prefix.begin + prefix.length;
    const int64_t length = *rows_of(item);
    const int64_t begin =
        add_rows({item.tokens, item.trained, item.pixels}, length, parent, places);
    for (int64_t t = 0; t <= length; ++t) {
      if (item.trained[t] == 0)
        continue;
      batch_.rows.push_back(t == 0 ? prefix_end - 1 : begin + t - 1);
      add_target(item, group, index, t);
    }
  }

  void add_target(const TrainingItem& item, size_t group, size_t index, int64_t t) {
    batch_.targets.push_back(item.tokens[t]);
    batch_.weights.push_back(static_cast<float>(weights_[group][index]));
    if (!item.advantages.empty()) {
      batch_.advantages.push_back(item.advantages[t]);
      batch_.old_logprobs.push_back(item.old_logprobs[t]);
    }
    batch_.group.push_back(static_cast<int32_t>(group));
    batch_.item.push_back(static_cast<int32_t>(index));
    const auto task = std::ranges::find(batch_.tasks, item.task);
    batch_.task.push_back(static_cast<int32_t>(task - batch_.tasks.begin()));
  }

  std::span<const TrainingGroup> groups_;
  const PackOptions& options_;
  const std::vector<std::vector<double>>& weights_;
  std::unordered_map<const void*, int64_t> pictures_;  ///< the first feature row of each
  int64_t features_ = 0;
  PackedBatch batch_;
};

void check_items(std::span<const TrainingGroup> groups) {
  std::optional<bool> policy;
  for (const TrainingGroup& group : groups) {
    NELUMBO_CHECK(!group.prefix.empty()) << "a group without a prefix has no row for first tokens";
    for (const TrainingItem& item : group.items) {
      const size_t size = item.tokens.size();
      NELUMBO_CHECK(item.trained.size() == size) << "mask and tokens differ in length";
      if (size == 0)
        continue;
      if (!policy)
        policy = !item.advantages.empty();
      const size_t expected = *policy ? size : 0;
      NELUMBO_CHECK(item.advantages.size() == expected && item.old_logprobs.size() == expected)
          << "policy items need an advantage and a log-prob for each token, others none";
    }
  }
}

}  // namespace

std::vector<PackedBatch> pack(std::span<const TrainingGroup> groups, const PackOptions& options) {
  NELUMBO_CHECK(options.max_tokens >= 1) << "a micro-batch without room";
  check_items(groups);
  const std::vector<std::vector<double>> weights =
      item_weights(groups, options.aggregation, options.loss_length);
  const std::vector<std::string> tasks = tasks_of(groups);
  std::vector<Part> parts;
  for (size_t g = 0; g < groups.size(); ++g)
    split(groups[g], g, options, parts);

  std::vector<PackedBatch> batches;
  for (const std::vector<Part>& bin : first_fit(std::move(parts), options.max_tokens)) {
    Builder builder(groups, options, weights, tasks);
    for (const Part& part : bin)
      builder.add(part);
    batches.push_back(builder.take());
  }
  return batches;
}

}  // namespace nelumbo
