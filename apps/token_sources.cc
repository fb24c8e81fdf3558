// SPDX-License-Identifier: Apache-2.0
#include "apps/token_sources.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "base/check.h"
#include "base/rng.h"
#include "base/text.h"
#include "corpus/grid.h"
#include "corpus/smear_items.h"
#include "corpus/smear_words.h"

namespace nelumbo {
namespace {

/// The longest stretch of a document that is read at once.
constexpr int64_t kWindow = 192;
constexpr uint32_t kWindowStream = 0x57696E;

const TokenStageConfig& stage_config(const RunConfig& config, StageKind stage) {
  if (stage == StageKind::kPretrain)
    return config.pretrain;
  if (stage == StageKind::kMidtrain)
    return config.midtrain;
  NELUMBO_CHECK(stage == StageKind::kSft) << stage_name(stage) << " trains on no tokens";
  return config.sft;
}

ItemPlan plan_of(const RunConfig& config, StageKind stage) {
  if (stage == StageKind::kPretrain)
    return ItemPlan::pretrain();
  return stage == StageKind::kMidtrain ? ItemPlan::midtrain(config.midtrain.items)
                                       : ItemPlan::sft(config.sft.items);
}

/// A group of one item behind a prefix that it shares with no other.
TrainingGroup alone(std::vector<int32_t> prefix, TrainingItem item, double weight) {
  item.weight = static_cast<float>(weight);
  TrainingGroup group;
  group.prefix = std::move(prefix);
  group.items.push_back(std::move(item));
  return group;
}

/// A document, or a random stretch of it where it is longer than the window.
TrainingGroup text_group(const Materials& materials, int64_t index, double weight) {
  const std::vector<int32_t>& all =
      materials.texts.documents[static_cast<size_t>(materials.texts.deck->at(index))];
  Random random(static_cast<uint64_t>(materials.config.run.seed), Purpose::kData,
                static_cast<uint64_t>(index), kWindowStream);
  const int64_t spare = std::ssize(all) - kWindow;
  const int64_t first = spare > 0 ? random.below(spare + 1) : 0;
  TrainingItem item;
  item.task = "text";
  item.tokens.assign(all.begin() + first, all.begin() + std::min(std::ssize(all), first + kWindow));
  item.trained.assign(item.tokens.size(), 1);
  return alone({materials.dialogue->end_of_text()}, std::move(item), weight);
}

TrainingGroup question_group(const Materials& materials, const TextQuestion& question,
                             double weight) {
  return alone(materials.dialogue->text_prefix(), text_item(question, *materials.dialogue), weight);
}

void add_texts(const Materials& materials, StageKind stage, int64_t step,
               std::vector<TrainingGroup>* groups) {
  const TokenStageConfig& config = stage_config(materials.config, stage);
  for (int64_t i = 0; i < config.texts; ++i)
    groups->push_back(text_group(materials, step * config.texts + i, config.text_weight));
  if (config.questions == 0)
    return;
  for (const TextQuestion& question :
       step_questions(materials.texts, materials.config, stage_name(stage), step))
    groups->push_back(question_group(materials, question, config.text_weight));
}

/// The targets of an item, in order.
std::vector<int32_t> targets_of(const TrainingItem& item) {
  std::vector<int32_t> targets;
  for (size_t i = 0; i < item.tokens.size(); ++i)
    if (item.trained[i] != 0)
      targets.push_back(item.tokens[i]);
  return targets;
}

/// Counts how often regions and white regions are named right.
struct CaptionCount {
  int64_t regions = 0, right = 0;
  int64_t white = 0, found = 0;
};

void count_caption(const std::vector<int32_t>& targets, const std::vector<int32_t>& predicted,
                   const std::vector<int32_t>& class_ids, CaptionCount& count) {
  const int32_t white = class_ids[static_cast<size_t>(SmearClass::kWhite)];
  for (size_t i = 0; i < targets.size(); ++i) {
    if (std::find(class_ids.begin(), class_ids.end(), targets[i]) == class_ids.end())
      continue;
    const bool right = predicted[i] == targets[i];
    ++count.regions;
    count.right += right;
    count.white += targets[i] == white;
    count.found += targets[i] == white && right;
  }
}

/// The box that the tokens at the places of the target's last grid tokens spell: what stands before
/// them is thought, not answer.
std::optional<Box> spelled_box(const std::vector<int32_t>& targets,
                               const std::vector<int32_t>& tokens, const Dialogue& dialogue) {
  std::vector<std::string> levels;
  for (size_t i = 0; i < targets.size(); ++i)
    if (dialogue.tokenizer().piece(targets[i]).rfind("<g", 0) == 0)
      levels.push_back(dialogue.tokenizer().piece(tokens[i]));
  levels.erase(levels.begin(), levels.end() - std::min<std::ptrdiff_t>(4, std::ssize(levels)));
  const std::optional<GridBox> grid = read_grid(joined(levels, ""));
  if (!grid)
    return std::nullopt;
  return box_from_grid(*grid);
}

double forced_iou(const std::vector<int32_t>& targets, const std::vector<int32_t>& predicted,
                  const Dialogue& dialogue) {
  const std::optional<Box> truth = spelled_box(targets, targets, dialogue);
  const std::optional<Box> answer = spelled_box(targets, predicted, dialogue);
  return truth && answer ? iou(*truth, *answer) : 0;
}

double share(double part, double all) {
  return all > 0 ? part / all : 0;
}

/// "loss/locate" becomes "eval/locate/loss".
void rename(const Metrics& metrics, const std::string& from, const std::string& to, Metrics& out) {
  for (const auto& [name, value] : metrics)
    if (name.rfind(from + "/", 0) == 0)
      out["eval/" + name.substr(from.size() + 1) + "/" + to] = value;
}

}  // namespace

std::vector<int64_t> dealt_range(uint64_t seed, StageKind stage, int64_t first, int64_t count,
                                 int64_t n) {
  NELUMBO_CHECK(n > 0 && first >= 0) << "no place " << first << " of " << n;
  std::vector<int64_t> deck(static_cast<size_t>(n)), places;
  for (int64_t index = first; index < first + count; ++index) {
    if (index == first || index % n == 0) {
      std::iota(deck.begin(), deck.end(), int64_t{0});
      Random random(seed, Purpose::kData, static_cast<uint64_t>(index / n),
                    static_cast<uint32_t>(stage));
      for (int64_t i = n - 1; i > 0; --i)
        std::swap(deck[static_cast<size_t>(i)], deck[static_cast<size_t>(random.below(i + 1))]);
    }
    places.push_back(deck[static_cast<size_t>(index % n)]);
  }
  return places;
}

int64_t dealt(uint64_t seed, StageKind stage, int64_t index, int64_t n) {
  return dealt_range(seed, stage, index, 1, n).front();
}

std::vector<TrainingGroup> token_batch(const Materials& materials, StageKind stage, int64_t step) {
  const auto seed = static_cast<uint64_t>(materials.config.run.seed);
  const TokenStageConfig& config = stage_config(materials.config, stage);
  const ItemPlan plan = plan_of(materials.config, stage);
  const std::vector<Smear>& smears = materials.data.train;
  std::vector<TrainingGroup> groups;
  groups.reserve(config.images);
  for (int64_t i = 0; i < config.images; ++i) {
    const int64_t index = step * config.images + i;
    const Smear& smear = smears[dealt(seed, stage, index, std::ssize(smears))];
    groups.push_back(training_group(smear, plan, *materials.dialogue,
                                    materials.network.config.vision.image_size,
                                    Random(seed, Purpose::kAugment, static_cast<uint64_t>(index),
                                           static_cast<uint32_t>(stage))));
  }
  add_texts(materials, stage, step, &groups);
  return groups;
}

std::vector<TrainingGroup> token_validation(const Materials& materials, StageKind stage) {
  const ItemPlan plan = plan_of(materials.config, stage);
  std::vector<TrainingGroup> groups;
  groups.reserve(materials.data.val.size());
  for (const Smear& smear : materials.data.val)
    groups.push_back(validation_group(smear, plan, *materials.dialogue,
                                      materials.network.config.vision.image_size));
  if (stage_config(materials.config, stage).questions > 0)
    for (const TextQuestion& question : materials.texts.validation.asked)
      if (question.task == "multihop")
        groups.push_back(question_group(materials, question, 1));
  return groups;
}

Judgement judge_tokens(const std::vector<TrainingGroup>& groups, const Dialogue& dialogue,
                       const Metrics& metrics, const Predictions& predictions) {
  std::vector<int32_t> class_ids;
  for (const char* word : kClassWords)
    class_ids.push_back(dialogue.tokenizer().id(word).value_or(-1));
  CaptionCount count;
  double overlap = 0, located = 0;
  for (size_t g = 0; g < groups.size(); ++g)
    for (size_t i = 0; i < groups[g].items.size(); ++i) {
      const TrainingItem& item = groups[g].items[i];
      const std::vector<int32_t> targets = targets_of(item);
      const std::vector<int32_t>& predicted = predictions[g][i];
      NELUMBO_CHECK(predicted.size() == targets.size())
          << predicted.size() << " predictions for " << targets.size() << " targets";
      if (item.task == "caption")
        count_caption(targets, predicted, class_ids, count);
      if (item.task != "locate")
        continue;
      overlap += forced_iou(targets, predicted, dialogue);
      ++located;
    }
  Judgement judgement;
  const double recall = share(static_cast<double>(count.found), static_cast<double>(count.white));
  judgement.metrics["eval/caption/accuracy"] =
      share(static_cast<double>(count.right), static_cast<double>(count.regions));
  judgement.metrics["eval/caption/white_recall"] = recall;
  if (located > 0)
    judgement.metrics["eval/locate/forced_iou"] = overlap / located;
  rename(metrics, "loss", "loss", judgement.metrics);
  rename(metrics, "accuracy", "token_accuracy", judgement.metrics);
  judgement.value = recall;
  return judgement;
}

}  // namespace nelumbo
