// SPDX-License-Identifier: Apache-2.0
#include "apps/materials.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/complaints.h"
#include "base/format.h"
#include "corpus/smear_prompts.h"
#include "corpus/smear_words.h"
#include "reward/fixtures.h"
#include "reward/judge_trial.h"
#include "reward/reloading_spec.h"
#include "rollout/policy_engine.h"
#include "rollout/tool_environment.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kTrainingPromptsChecked = 12;  // enough to meet every task

Result<void> read_data(const std::string& config_path, Materials& out) {
  const DataConfig& data = out.config.data;
  const std::string root = resolve_path(data.root, config_path);
  Result<Bccd> read =
      read_bccd(root, {.train = data.train_limit, .val = data.val_limit}, *out.team);
  if (!read)
    return read.error();
  out.data = std::move(read).value();
  if (out.data.train.empty())
    return Error{Errc::kBadData, root + "/bccd/train.txt: no training picture; name at least one"};
  if (out.data.val.empty())
    return Error{Errc::kBadData, root + "/bccd/val.txt: no validation picture; name at least one"};
  return {};
}

Result<void> build_policy(ModelConfig shape, Tokenizer tokenizer, Materials& out) {
  Result<Dialogue> dialogue = Dialogue::create(std::move(tokenizer), shape.image_tokens());
  if (!dialogue)
    return dialogue.error();
  out.dialogue = std::make_shared<const Dialogue>(std::move(dialogue).value());
  shape.decoder.vocab_size = out.dialogue->tokenizer().size();
  shape.image_token_id = out.dialogue->image();
  out.network = make_network(shape);
  out.network.products = products_of(out.config.engine);
  out.environment = std::make_shared<const ToolEnvironment>(out.dialogue, shape.vision.image_size);
  return {};
}

std::vector<std::shared_ptr<const Prompt>> shared(std::vector<Prompt> prompts) {
  std::vector<std::shared_ptr<const Prompt>> all;
  all.reserve(prompts.size());
  for (Prompt& prompt : prompts)
    all.push_back(std::make_shared<const Prompt>(std::move(prompt)));
  return all;
}

Result<void> read_texts(const std::string& config_path, Reuse reuse, Materials& out) {
  if (!out.config.has_stage("curate"))
    return {};
  Result<CuratedRun> curated =
      obtain_curated(out.config, resolve_path(out.config.data.root, config_path), reuse);
  if (!curated)
    return curated.error();
  out.curated = std::move(curated).value();
  return {};
}

/// The prompts of evaluation, and with texts what the stages train on.
Result<void> make_prompts(const std::string& config_path, Materials& out) {
  std::vector<Prompt> prompts =
      validation_prompts(out.data.val, *out.dialogue, out.config.model.vision.image_size);
  out.blank = shared(blank_image_prompts(prompts));
  if (out.curated) {
    Result<TextTasks> tasks =
        make_text_tasks(*out.curated->data, resolve_path(out.config.data.root, config_path),
                        out.config, *out.dialogue);
    if (!tasks)
      return tasks.error();
    out.texts = std::move(tasks).value();
    const auto prompt_of = [&](const TextQuestion& question) {
      return text_prompt(question, *out.dialogue, out.texts.answer_tokens);
    };
    for (const TextQuestion& question : out.texts.validation.asked)
      prompts.push_back(prompt_of(question));
    for (const TextQuestion& question : out.texts.validation.shuffled)
      out.shuffled.push_back(std::make_shared<const Prompt>(prompt_of(question)));
  }
  out.validation = shared(std::move(prompts));
  return {};
}

/// The largest request that the stages of the run can make must fit into an engine.
Result<void> check_room(const Materials& materials) {
  const RunConfig& config = materials.config;
  const int64_t observation = materials.environment->longest_observation();
  RequestSize most;
  const auto ask = [&](int64_t samples) {
    for (const auto& prompt : materials.validation) {
      const RequestSize size = request_size({.id = {},
                                             .prompt = prompt,
                                             .samples = static_cast<int32_t>(samples),
                                             .seed = 0,
                                             .sampling = config.sampling},
                                            observation);
      most.positions = std::max(most.positions, size.positions);
      most.key_blocks = std::max(most.key_blocks, size.key_blocks);
    }
  };
  if (config.has_stage("rl"))
    ask(config.rl.group_size);
  if (config.has_stage("evaluate"))
    ask(config.evaluate.samples);
  return require_room(most, materials.network, config.engine);
}

/// Judges must have time to answer, and be worth asking.
Result<void> check_judges(const RewardSpec& reward, const RunConfig& config) {
  if (!reward.asks_judges())
    return {};
  const double limit = reward.limit_seconds(), deadline = config.placement.reward_deadline;
  if (limit >= deadline)
    return Error{Errc::kInvalidConfig,
                 formatted("placement.reward_deadline: is %g s, and the specification gives judges "
                           "%g s for a group (on.limit_seconds); raise it above that",
                           deadline, limit)};
  return admit_judges(reward.examine_judges());
}

/// A task that has a weight but no picture would silently give way to another.
Result<void> check_tasks(const Materials& materials) {
  const auto& train = materials.data.train;
  const auto any = [&](const auto& wanted) {
    return std::any_of(train.begin(), train.end(), [&](const Smear& smear) {
      return std::any_of(smear.cells.begin(), smear.cells.end(), wanted);
    });
  };
  const TaskConfig& tasks = materials.config.tasks;
  if (tasks.locate > 0 && !any([](const Cell& cell) { return cell.kind == Cell::Kind::kWhite; }))
    return Error{Errc::kBadData,
                 "data: no training picture has a white cell to locate; restore the annotations or "
                 "set tasks.locate to 0"};
  if (tasks.type > 0 && !any([](const Cell&) { return true; }))
    return Error{Errc::kBadData,
                 "data: no training picture has a cell to ask the type of; restore the annotations "
                 "or set tasks.type to 0"};
  return {};
}

/// The truths of prompts have what the specification names, and an engine has room for them.
Result<void> check_prompts(const Materials& materials) {
  Complaints complaints;
  for (const auto& prompt : materials.validation)
    complaints.accept(materials.reward->check_prompt(*prompt));
  const int64_t size = materials.network.config.vision.image_size;
  for (int64_t i = 0; i < kTrainingPromptsChecked; ++i) {
    const PromptKey key{static_cast<uint64_t>(materials.config.run.seed), 0, i};
    const Prompt prompt = training_prompt(materials.data.train, materials.config.tasks,
                                          *materials.dialogue, size, key);
    complaints.accept(materials.reward->check_prompt(prompt));
  }
  complaints.accept(check_room(materials));
  if (!complaints.empty())
    return complaints.error();
  return {};
}

Result<std::shared_ptr<const Materials>> load(const RunConfig& config,
                                              const std::string& config_path, Reuse reuse) {
  auto out = std::make_shared<Materials>();
  out->config = config;
  out->team = std::make_shared<Team>(static_cast<int>(config.placement.cores));
  out->learner_team =
      config.rl.max_staleness == 0 ? out->team : std::make_shared<Team>(out->team->threads());
  Complaints complaints;
  Result<std::shared_ptr<const RewardSpec>> reward = read_reward(config, config_path);
  complaints.accept(reward);
  complaints.accept(read_data(config_path, *out));
  if (!complaints.empty())
    return complaints.error();
  out->reward = std::move(reward).value();
  if (Result<void> read = read_texts(config_path, reuse, *out); !read)  // takes long
    return read.error();
  Result<Tokenizer> tokenizer = out->curated ? Result<Tokenizer>(out->curated->data->tokenizer)
                                             : new_tokenizer(config.tokenizer);
  if (!tokenizer)
    return tokenizer.error();
  if (Result<void> built = build_policy(config.model, std::move(tokenizer).value(), *out); !built)
    return built.error();
  if (Result<void> made = make_prompts(config_path, *out); !made)
    return made.error();
  if (config.has_stage("rl"))
    if (Result<void> found = check_tasks(*out); !found)
      return found.error();
  if (Result<void> fits = check_prompts(*out); !fits)
    return fits.error();
  return std::shared_ptr<const Materials>(std::move(out));
}

}  // namespace

std::string resolve_path(const std::string& path, const std::string& config_path) {
  std::error_code none;
  if (fs::path(path).is_absolute() || fs::exists(path, none))
    return path;
  const fs::path beside =
      fs::absolute(config_path, none).lexically_normal().parent_path().parent_path() / path;
  return fs::exists(beside, none) ? beside.string() : path;
}

Result<std::shared_ptr<const RewardSpec>> read_reward(const RunConfig& config,
                                                      const std::string& config_path) {
  const std::string path = resolve_path(config.reward.spec, config_path);
  Result<std::shared_ptr<const RewardSpec>> reward = RewardSpec::read(path);
  if (!reward && reward.error().code == Errc::kEnvironment)
    return Error{Errc::kInvalidConfig, "reward.spec: " + reward.error().message +
                                           "; looked for it in the working directory and beside "
                                           "the folder of the configuration"};
  if (!reward)
    return reward.error();
  if (Result<void> passed = run_fixtures(*reward.value()); !passed)
    return passed.error();
  if (Result<void> fit = check_judges(*reward.value(), config); !fit)
    return fit.error();
  if (config.reward.reload)
    reward = std::shared_ptr<const RewardSpec>(
        std::make_shared<ReloadingSpec>(path, std::move(reward).value()));
  return reward;
}

Result<Tokenizer> new_tokenizer(const TokenizerConfig& config) {
  std::vector<std::string> texts = tokenizer_texts();
  const std::vector<std::string> frame = dialogue_texts();
  texts.insert(texts.end(), frame.begin(), frame.end());
  return train_tokenizer(texts, {.vocab_size = config.vocab_size,
                                 .special_tokens = special_tokens(),
                                 .added_tokens = added_tokens()});
}

Result<std::shared_ptr<const Materials>> load_materials(const RunConfig& config,
                                                        const std::string& config_path,
                                                        Reuse reuse) {
  return load(config, config_path, reuse);
}

}  // namespace nelumbo
