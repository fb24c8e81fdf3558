// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_materials.h"

#include <algorithm>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "apps/chat_reader.h"
#include "apps/materials.h"
#include "apps/training_hash.h"
#include "base/complaints.h"
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

/// The rows of the files, by what they are for.
struct Parts {
  std::vector<ChatExample> train, validation, test;
};

/// Holds every n-th row out, so that about `count` are.
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

/// What is asked of `kept` must not stand in `other`.
void drop_repeats(const std::vector<ChatExample>& kept, std::vector<ChatExample>* other) {
  std::set<std::string> asked;
  for (const ChatExample& example : kept)
    asked.insert(asked_by(example));
  std::erase_if(*other,
                [&](const ChatExample& example) { return asked.contains(asked_by(example)); });
}

/// Takes the rows whose demonstration is longer than `most` tokens out.
void drop_long(const Tokenizer& tokenizer, int64_t most, std::vector<ChatExample>* examples) {
  std::erase_if(*examples, [&](const ChatExample& example) {
    return example.demonstration &&
           std::ssize(tokenizer.encode(*example.demonstration, Tokenizer::Control::kPlain)) > most;
  });
}

/// The rows of the files that are named.
Result<Parts> read_files(const ChatConfig& chat, const std::string& config_path) {
  Complaints complaints;
  Parts files;
  for (const auto& [key, path, rows] :
       {std::tuple{"chat.train", &chat.train, &files.train},
        std::tuple{"chat.validation", &chat.validation, &files.validation},
        std::tuple{"chat.test", &chat.test, &files.test}}) {
    if (path->empty())
      continue;
    Result<std::vector<ChatExample>> read = read_examples(key, *path, config_path);
    if (complaints.accept(read))
      *rows = std::move(read).value();
  }
  if (!complaints.empty())
    return complaints.error();
  return files;
}

/// Leaves out the rows that are too long; some must stay.
Result<void> shorten(const std::string& key, const ChatConfig& chat, const Tokenizer& tokenizer,
                     std::vector<ChatExample>* examples) {
  if (chat.longest > 0)
    drop_long(tokenizer, chat.longest, examples);
  if (examples->empty())
    return Error{Errc::kInvalidConfig, "chat.longest: no row of " + key + " is so short"};
  return {};
}

/// What is trained on, what is asked in validation, and what in the test.
Result<Parts> parts_of(Parts files, const ChatConfig& chat, const Tokenizer& tokenizer) {
  if (auto left = shorten("chat.train", chat, tokenizer, &files.train); !left)
    return left.error();
  Parts parts;
  if (chat.validation.empty()) {
    if (std::ssize(files.train) <= chat.hold_out)
      return Error{Errc::kInvalidConfig, "chat.hold_out: must be below the " +
                                             std::to_string(files.train.size()) +
                                             " rows of chat.train, or nothing is left to train on"};
    parts = split(std::move(files.train), chat.hold_out);
    parts.test = std::move(files.test);
  } else {
    if (auto left = shorten("chat.validation", chat, tokenizer, &files.validation); !left)
      return left.error();
    parts = std::move(files);
  }
  if (!chat.test.empty())
    if (auto left = shorten("chat.test", chat, tokenizer, &parts.test); !left)
      return left.error();
  drop_repeats(parts.test, &parts.validation);
  drop_repeats(parts.test, &parts.train);
  drop_repeats(parts.validation, &parts.train);
  if (parts.validation.empty())
    return Error{Errc::kBadData,
                 "chat.validation: every row of it is in chat.test, too; nothing is left"};
  if (parts.train.empty())
    return Error{Errc::kBadData,
                 "chat.train: every row of it is in chat.validation or chat.test, "
                 "too; nothing is left"};
  if (chat.train_limit > 0 && std::ssize(parts.train) > chat.train_limit)
    parts.train.resize(static_cast<size_t>(chat.train_limit));
  return parts;
}

Result<void> make_rows(Parts files, const std::string& config_path, ChatMaterials& out) {
  const Result<ChatFormat> format = chat_format_of(out.model);
  if (!format)
    return format.error();
  Result<PreferenceRows> pairs =
      load_preferences(out.config, config_path, out.model, format.value());
  if (!pairs)
    return pairs.error();
  out.preferences = std::move(pairs).value();
  if (out.config.chat.train.empty())
    return {};
  Result<Parts> parts = parts_of(std::move(files), out.config.chat, *out.model.tokenizer);
  if (!parts)
    return parts.error();
  Complaints complaints;
  for (const auto& [examples, rows] : {std::pair{&parts.value().train, &out.train},
                                       std::pair{&parts.value().validation, &out.validation},
                                       std::pair{&parts.value().test, &out.test}}) {
    Result<std::vector<ChatRow>> made =
        chat_rows(out.config, out.model, format.value(), std::move(*examples));
    if (complaints.accept(made))
      *rows = std::move(made).value();
  }
  if (!complaints.empty())
    return complaints.error();
  return {};
}

Error at(const ChatRow& row, const Error& error) {
  return {error.code, row.id + ": " + error.message};
}

/// Every prompt must have what the specification names, and room in an engine.
Result<void> check_prompts(const ChatMaterials& materials) {
  const RunConfig& config = materials.config;
  const int64_t samples = std::max({config.has_stage("rl") ? config.rl.group_size : 1,
                                    config.has_stage("filter") ? config.filter.samples : 1,
                                    config.has_stage("evaluate") ? config.evaluate.samples : 1});
  for (const std::vector<ChatRow>* rows : materials.all_rows())
    for (const ChatRow& row : *rows) {
      if (!row.prompt)
        continue;
      if (auto fits = materials.reward->check_prompt(*row.prompt); !fits)
        return Error{Errc::kBadData, row.id + ": " + fits.error().message};
      if (auto fits = check_length(materials.model, std::ssize(row.prompt->tokens) + 1); !fits)
        return at(row, fits.error());
      const RequestSize size = request_size({.id = {},
                                             .prompt = row.prompt,
                                             .samples = static_cast<int32_t>(samples),
                                             .seed = 0,
                                             .sampling = config.sampling},
                                            0);
      if (auto fits = require_room(size, materials.model.network, config.engine); !fits)
        return at(row, fits.error());
    }
  return {};
}

/// A conversation that is longer than the model's positions cannot be trained on.
Result<void> check_lengths(const ChatMaterials& materials) {
  for (const std::vector<ChatRow>* rows : materials.all_rows())
    for (const ChatRow& row : *rows) {
      if (auto fits = check_length(materials.model, longest_in(row.shown)); !fits)
        return at(row, fits.error());
    }
  return {};
}

std::string hash_of(const ChatMaterials& materials) {
  Hasher hasher;
  hasher.update(weights_hash(*materials.model.weights));
  hasher.update(materials.model.tokenizer->json());
  add(materials.model.ends, &hasher);
  hasher.update(preferences_hash(materials.preferences));
  for (const std::vector<ChatRow>* rows : materials.all_rows())
    for (const ChatRow& row : *rows) {
      hasher.update(row.id);
      add(row.shown, &hasher);
      if (row.prompt) {
        add(row.prompt->tokens, &hasher);
        add(row.prompt->pixels, &hasher);
        hasher.update(row.prompt->truth.dump());
      }
    }
  return hasher.hex();
}

/// The specification; none where no stage scores answers.
Result<std::shared_ptr<const RewardSpec>> read_spec(const RunConfig& config,
                                                    const std::string& config_path) {
  if (!config.has_any_stage({"filter", "rl", "evaluate"}))
    return std::shared_ptr<const RewardSpec>();
  return read_reward(config, config_path);
}

/// The model, and what stands beside its weights.
Result<void> open_from(const std::string& config_path, ChatMaterials& out) {
  Result<ChatModel> model = chat_model_of(open_model(
      resolve_path(out.config.model.from, config_path), {}, stored_type(out.config.model.dtype)));
  if (!model)
    return Error{model.error().code, "model.from: " + model.error().message};
  out.model = std::move(model).value();
  out.model.network.products = products_of(out.config.engine);
  Result<ModelSource> documents = open_model_documents(out.model.directory);
  if (!documents)
    return Error{documents.error().code, "model.from: " + documents.error().message};
  out.documents = std::move(documents).value();
  return {};
}

}  // namespace

Result<std::shared_ptr<const ChatMaterials>> load_chat_materials(const RunConfig& config,
                                                                 const std::string& config_path) {
  auto out = std::make_shared<ChatMaterials>();
  out->config = config;
  Complaints complaints;
  Result<std::shared_ptr<const RewardSpec>> reward = read_spec(config, config_path);
  complaints.accept(reward);
  Result<Parts> files = read_files(config.chat, config_path);
  complaints.accept(files);
  complaints.accept(open_from(config_path, *out));
  if (!complaints.empty())
    return complaints.error();
  out->reward = std::move(reward).value();
  out->team = std::make_shared<Team>(static_cast<int>(config.placement.cores));
  out->learner_team =
      config.rl.max_staleness == 0 ? out->team : std::make_shared<Team>(out->team->threads());
  out->environment = std::make_shared<const ChatEnvironment>(out->model.tokenizer, out->model.ends,
                                                             answer_form(config.chat.answer));
  if (auto made = make_rows(std::move(files).value(), config_path, *out); !made)
    return made.error();
  if (auto fits = check_prompts(*out); !fits)
    return fits.error();
  if (auto fits = check_lengths(*out); !fits)
    return fits.error();
  out->data_hash = hash_of(*out);
  return std::shared_ptr<const ChatMaterials>(std::move(out));
}

}  // namespace nelumbo
