// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_materials.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <utility>

#include "apps/chat_reader.h"
#include "apps/materials.h"
#include "base/hash.h"
#include "rollout/answer_form.h"
#include "rollout/chat_environment.h"
#include "rollout/policy_engine.h"

namespace nelumbo {
namespace {

Result<std::vector<ChatExample>> read_examples(const std::string& key, const std::string& path,
                                               const std::string& config_path) {
  Result<ChatFile> file = read_chat_file(resolve_path(path, config_path));
  if (!file)
    return Error{file.error().code, key + ": " + file.error().message};
  return std::move(file.value().examples);
}

/// The rows of a file without those that are held out: every n-th, so that about `count` are.
struct Parts {
  std::vector<ChatExample> train, validation;
};

Parts split(std::vector<ChatExample> all, int64_t count) {
  const int64_t n = std::ssize(all);
  Parts parts;
  for (int64_t i = 0; i < n; ++i) {
    const bool held_out = (i + 1) * count / n > i * count / n;
    (held_out ? parts.validation : parts.train).push_back(std::move(all[static_cast<size_t>(i)]));
  }
  return parts;
}

/// What an example asks, pictures included.
std::string asked_by(const ChatExample& example) {
  return example.messages.dump() + nlohmann::json(example.images).dump();
}

/// What is asked in validation must not be trained on.
void drop_repeats(const std::vector<ChatExample>& validation, std::vector<ChatExample>* train) {
  std::set<std::string> asked;
  for (const ChatExample& example : validation)
    asked.insert(asked_by(example));
  std::erase_if(*train,
                [&](const ChatExample& example) { return asked.contains(asked_by(example)); });
}

/// Takes the rows whose demonstration is longer than `most` tokens out.
void drop_long(const Tokenizer& tokenizer, int64_t most, std::vector<ChatExample>* examples) {
  std::erase_if(*examples, [&](const ChatExample& example) {
    return example.demonstration &&
           std::ssize(tokenizer.encode(*example.demonstration, Tokenizer::Control::kPlain)) > most;
  });
}

/// The rows of a file that are short enough.
Result<std::vector<ChatExample>> read_short(const std::string& key, const std::string& path,
                                            const std::string& config_path, const ChatConfig& chat,
                                            const Tokenizer& tokenizer) {
  Result<std::vector<ChatExample>> examples = read_examples(key, path, config_path);
  if (examples && chat.longest > 0)
    drop_long(tokenizer, chat.longest, &examples.value());
  if (examples && examples.value().empty())
    return Error{Errc::kInvalidConfig, "chat.longest: no row of " + key + " is so short"};
  return examples;
}

Result<Parts> read_parts(const ChatConfig& chat, const std::string& config_path,
                         const Tokenizer& tokenizer) {
  Result<std::vector<ChatExample>> train =
      read_short("chat.train", chat.train, config_path, chat, tokenizer);
  if (!train)
    return train.error();
  Parts parts;
  if (chat.validation.empty()) {
    if (std::ssize(train.value()) <= chat.hold_out)
      return Error{Errc::kInvalidConfig, "chat.hold_out: must be below the " +
                                             std::to_string(train.value().size()) +
                                             " rows of chat.train, or nothing is left to train on"};
    parts = split(std::move(train).value(), chat.hold_out);
  } else {
    Result<std::vector<ChatExample>> validation =
        read_short("chat.validation", chat.validation, config_path, chat, tokenizer);
    if (!validation)
      return validation.error();
    parts = {std::move(train).value(), std::move(validation).value()};
  }
  drop_repeats(parts.validation, &parts.train);
  if (parts.train.empty())
    return Error{Errc::kBadData,
                 "chat.train: every row of it is in chat.validation, too; nothing is left"};
  if (chat.train_limit > 0 && std::ssize(parts.train) > chat.train_limit)
    parts.train.resize(static_cast<size_t>(chat.train_limit));
  return parts;
}

Result<void> read_rows(const std::string& config_path, ChatMaterials& out) {
  const Result<ChatFormat> format = chat_format_of(out.model);
  if (!format)
    return format.error();
  Result<Parts> parts = read_parts(out.config.chat, config_path, *out.model.tokenizer);
  if (!parts)
    return parts.error();
  std::vector<ChatExample>& all = parts.value().train;
  const auto train = std::ssize(all);
  std::ranges::move(parts.value().validation, std::back_inserter(all));
  Result<std::vector<ChatRow>> rows =
      chat_rows(out.config, out.model, format.value(), std::move(all));
  if (!rows)
    return rows.error();
  const auto begin = std::move_iterator(rows.value().begin());
  out.train.assign(begin, begin + train);
  out.validation.assign(begin + train, std::move_iterator(rows.value().end()));
  return {};
}

Result<void> check_length(const std::string& id, int64_t tokens, int64_t positions) {
  if (tokens <= positions)
    return {};
  return Error{Errc::kBadData, id + ": takes " + std::to_string(tokens) +
                                   " tokens, and the model has positions for " +
                                   std::to_string(positions) + "; shorten it or leave it out"};
}

/// Every prompt must have what the specification names, and room in an engine.
Result<void> check_prompts(const ChatMaterials& materials) {
  const RunConfig& config = materials.config;
  const int64_t positions = materials.model.network.config.decoder.max_positions;
  const int64_t samples = std::max({config.has_stage("rl") ? config.rl.group_size : 1,
                                    config.has_stage("filter") ? config.filter.samples : 1,
                                    config.has_stage("evaluate") ? config.evaluate.samples : 1});
  for (const std::vector<ChatRow>* rows : {&materials.train, &materials.validation})
    for (const ChatRow& row : *rows) {
      if (!row.prompt)
        continue;
      if (auto fits = materials.reward->check_prompt(*row.prompt); !fits)
        return Error{Errc::kBadData, row.id + ": " + fits.error().message};
      if (auto fits = check_length(row.id, std::ssize(row.prompt->tokens) + 1, positions); !fits)
        return fits;
      const RequestSize size = request_size({.id = {},
                                             .prompt = row.prompt,
                                             .samples = static_cast<int32_t>(samples),
                                             .seed = 0,
                                             .sampling = config.sampling},
                                            0);
      if (auto fits = require_room(size, materials.model.network, config.engine); !fits)
        return Error{fits.error().code, row.id + ": " + fits.error().message};
    }
  return {};
}

/// A conversation that is longer than the model's positions cannot be trained on.
Result<void> check_lengths(const ChatMaterials& materials) {
  const int64_t most = materials.model.network.config.decoder.max_positions;
  for (const std::vector<ChatRow>* rows : {&materials.train, &materials.validation})
    for (const ChatRow& row : *rows) {
      if (auto fits = check_length(row.id, longest_in(row.shown), most); !fits)
        return fits;
    }
  return {};
}

void add(std::span<const int32_t> tokens, Hasher* hasher) {
  const int64_t count = std::ssize(tokens);
  hasher->update(std::as_bytes(std::span(&count, 1)));
  hasher->update(std::as_bytes(tokens));
}

void add(std::span<const Pixels> pictures, Hasher* hasher) {
  for (const Pixels& picture : pictures)
    hasher->update(std::as_bytes(std::span(picture->values)));
}

std::string hash_of(const ChatMaterials& materials) {
  Hasher hasher;
  hasher.update(weights_hash(*materials.model.weights));
  hasher.update(materials.model.tokenizer->json());
  add(materials.model.ends, &hasher);
  for (const std::vector<ChatRow>* rows : {&materials.train, &materials.validation})
    for (const ChatRow& row : *rows) {
      hasher.update(row.id);
      add(row.shown.prefix, &hasher);
      add(row.shown.pixels, &hasher);
      for (const TrainingItem& item : row.shown.items) {
        add(item.tokens, &hasher);
        add(item.pixels, &hasher);
      }
      if (row.prompt) {
        add(row.prompt->tokens, &hasher);
        add(row.prompt->pixels, &hasher);
        hasher.update(row.prompt->truth.dump());
      }
    }
  return hasher.hex();
}

}  // namespace

Result<std::shared_ptr<const ChatMaterials>> load_chat_materials(const RunConfig& config,
                                                                 const std::string& config_path) {
  auto out = std::make_shared<ChatMaterials>();
  out->config = config;
  Result<std::shared_ptr<const RewardSpec>> reward = read_reward(config, config_path);
  if (!reward)
    return reward.error();
  out->reward = std::move(reward).value();
  Result<ChatModel> model = chat_model_of(open_model(resolve_path(config.model.from, config_path),
                                                     {}, stored_type(config.model.dtype)));
  if (!model)
    return Error{model.error().code, "model.from: " + model.error().message};
  out->model = std::move(model).value();
  Result<ModelSource> documents = open_model_documents(out->model.directory);
  if (!documents)
    return Error{documents.error().code, "model.from: " + documents.error().message};
  out->documents = std::move(documents).value();
  out->team = std::make_shared<Team>(static_cast<int>(config.placement.cores));
  out->environment = std::make_shared<const ChatEnvironment>(out->model.tokenizer, out->model.ends,
                                                             answer_form(config.chat.answer));
  if (auto read = read_rows(config_path, *out); !read)
    return read.error();
  if (auto fits = check_prompts(*out); !fits)
    return fits.error();
  if (auto fits = check_lengths(*out); !fits)
    return fits.error();
  out->data_hash = hash_of(*out);
  return std::shared_ptr<const ChatMaterials>(std::move(out));
}

}  // namespace nelumbo
