// SPDX-License-Identifier: Apache-2.0
#include "apps/preference_rows.h"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "apps/chat_reader.h"
#include "apps/gallery.h"
#include "apps/materials.h"
#include "apps/model_sight.h"
#include "apps/training_hash.h"
#include "base/complaints.h"
#include "base/hash.h"
#include "corpus/preference_data.h"

namespace nelumbo {
namespace {

using Examples = std::vector<PreferenceExample>;

Result<Examples> read_examples(const std::string& key, const std::string& path,
                               const std::string& config_path) {
  Result<Examples> read = read_preference_file(resolve_path(path, config_path));
  if (!read)
    return Error{read.error().code, key + ": " + read.error().message};
  return read;
}

struct Parts {
  Examples train, validation;
};

std::string asked_by(const PreferenceExample& example) {
  return example.chosen.messages.dump() + nlohmann::json(example.chosen.images).dump();
}

/// Which rows are held out: every n-th, so that about `hold_out` are. What is asked there is asked
/// nowhere else.
Result<Parts> parted(Parts parts, const PreferenceDataConfig& config) {
  if (config.validation.empty()) {
    Examples all = std::move(parts.train);
    const int64_t n = std::ssize(all);
    if (n <= config.hold_out)
      return Error{Errc::kInvalidConfig,
                   "preferences.hold_out: must be below the " + std::to_string(n) +
                       " rows of preferences.train, or nothing is left to train on"};
    parts = {};
    for (int64_t i = 0; i < n; ++i)
      ((i + 1) * config.hold_out / n > i * config.hold_out / n ? parts.validation : parts.train)
          .push_back(std::move(all[static_cast<size_t>(i)]));
  }
  std::set<std::string> asked;
  for (const PreferenceExample& example : parts.validation)
    asked.insert(asked_by(example));
  std::erase_if(parts.train, [&](const PreferenceExample& example) {
    return asked.contains(asked_by(example));
  });
  if (parts.train.empty())
    return Error{Errc::kBadData,
                 "preferences.train: every prompt of it validates, too; nothing is left"};
  if (config.train_limit > 0 && std::ssize(parts.train) > config.train_limit)
    parts.train.resize(static_cast<size_t>(config.train_limit));
  return parts;
}

Result<Parts> read_parts(const PreferenceDataConfig& config, const std::string& config_path) {
  Complaints complaints;
  Parts parts;
  Result<Examples> train = read_examples("preferences.train", config.train, config_path);
  if (complaints.accept(train))
    parts.train = std::move(train).value();
  if (!config.validation.empty()) {
    Result<Examples> held_out =
        read_examples("preferences.validation", config.validation, config_path);
    if (complaints.accept(held_out))
      parts.validation = std::move(held_out).value();
  }
  if (!complaints.empty())
    return complaints.error();
  return parted(std::move(parts), config);
}

/// Turns examples into rows.
class RowMaker {
 public:
  RowMaker(const RunConfig& config, const ChatModel& model, const ChatFormat& format)
      : config_(config),
        model_(model),
        reader_(model, format),
        gallery_(model.directory, model.network.config) {}

  Result<PreferenceRow> row(PreferenceExample example) {
    for (ChatExample* side : {&example.chosen, &example.rejected})
      side->messages = with_system(side->messages, config_.chat.system);
    const Result<ShownImages> shown = gallery_.see(example.chosen.images);
    if (!shown)
      return shown.error();
    Result<TrainingGroup> pair = reader_.pair(example.chosen, example.rejected, shown.value());
    if (!pair)
      return pair.error();
    if (auto fits = check_length(model_, longest_in(pair.value())); !fits)
      return fits.error();
    for (TrainingItem& item : pair.value().items)
      item.task = config_.chat.task;
    return PreferenceRow{example.chosen.id, std::move(pair).value(), example.margin};
  }

 private:
  const RunConfig& config_;
  const ChatModel& model_;
  ChatReader reader_;
  Gallery gallery_;
};

/// Up to what ends the answers, and scored there.
TrainingGroup scored_at_end(TrainingGroup pair) {
  for (TrainingItem& item : pair.items) {
    const auto end = std::find(item.trained.rbegin(), item.trained.rend(), 1);
    const int64_t last[] = {std::ssize(item.tokens) - 1 - (end - item.trained.rbegin())};
    item.tokens.resize(static_cast<size_t>(last[0]) + 1);
    item = scored_at(std::move(item), last);
  }
  return pair;
}

}  // namespace

Result<PreferenceRows> load_preferences(const RunConfig& config, const std::string& config_path,
                                        const ChatModel& model, const ChatFormat& format) {
  PreferenceRows rows;
  if (!config.has_any_stage({"dpo", "reward_model"}))
    return rows;
  Result<Parts> parts = read_parts(config.preferences, config_path);
  if (!parts)
    return parts.error();
  RowMaker maker(config, model, format);
  Complaints complaints;
  for (const auto& [examples, out] : {std::pair{&parts.value().train, &rows.train},
                                      std::pair{&parts.value().validation, &rows.validation}})
    for (PreferenceExample& example : *examples) {
      const std::string id = example.chosen.id;
      Result<PreferenceRow> row = maker.row(std::move(example));
      if (!row && row.error().code == Errc::kInvalidConfig)  // no room for this and more
        return Error{Errc::kInvalidConfig, id + ": " + row.error().message};
      if (row)
        out->push_back(std::move(row).value());
      else
        complaints.add({Errc::kBadData, id + ": " + row.error().message});
    }
  if (!complaints.empty())
    return complaints.error();
  return rows;
}

PreferencePairs pairs_of_stage(StageKind stage, const PreferenceRows& rows) {
  PreferencePairs pairs;
  for (const std::vector<PreferenceRow>* some : {&rows.train, &rows.validation})
    for (const PreferenceRow& row : *some) {
      pairs.all.groups.push_back(stage == StageKind::kDpo ? row.pair : scored_at_end(row.pair));
      pairs.all.offsets.push_back(stage == StageKind::kDpo ? 0 : row.margin);
    }
  pairs.train = std::ssize(rows.train);
  return pairs;
}

std::string preferences_hash(const PreferenceRows& rows) {
  Hasher hasher;
  for (const std::vector<PreferenceRow>* some : {&rows.train, &rows.validation})
    for (const PreferenceRow& row : *some) {
      hasher.update(row.id);
      hasher.update(std::as_bytes(std::span(&row.margin, 1)));
      add(row.pair, &hasher);
    }
  return hasher.hex();
}

}  // namespace nelumbo
