// SPDX-License-Identifier: Apache-2.0
#include "apps/recipe_preferences.h"

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "corpus/corrupted_chain.h"
#include "corpus/multi_hop_questions.h"
#include "rollout/environment.h"

namespace nelumbo {
namespace {

constexpr uint32_t kPairStream = 0x50616972;
/// How often each question to train on is corrupted for prm: a judge that sees one corruption of
/// each learns those by heart, and no fact.
constexpr int kCorruptions = 8;

using Items = std::span<const MultiHopItem>;

class Maker {
 public:
  Maker(const Materials& materials, StageKind stage) : materials_(materials), stage_(stage) {}

  /// Adds a pair for each item that one can be made of; `others` may give wrong lines.
  void add(Items items, Items others) {
    for (const MultiHopItem& item : items) {
      Random random(static_cast<uint64_t>(materials_.config.run.seed), Purpose::kData,
                    static_cast<uint64_t>(pairs_.all.groups.size()),
                    kPairStream + static_cast<uint32_t>(stage_));
      const MultiHopItem dealt = dealt_choices(item, random);
      if (stage_ == StageKind::kPrm)
        add_steps(dealt, others, random);
      else
        add_answers(dealt, random);
    }
  }

  PreferencePairs take() { return std::move(pairs_); }
  int64_t count() const { return std::ssize(pairs_.all.groups); }

 private:
  TrainingGroup group_of(const MultiHopItem& item) const {
    TrainingGroup group;
    group.prefix = materials_.dialogue->text_prompt(multi_hop_question(item).text);
    return group;
  }

  TrainingItem item_of(const ReasoningChain& chain, const std::string& answer) const {
    TrainingItem item;
    item.task = "multihop";
    item.tokens = materials_.dialogue->thinking_turn(chain, " " + answer);
    item.trained.assign(item.tokens.size(), 1);
    return item;
  }

  void add_answers(const MultiHopItem& item, Random& random) {
    const std::optional<MultiHopItem> wrong = wrongly_answered(item, random);
    if (!wrong)
      return;
    TrainingGroup group = group_of(item);
    for (const MultiHopItem* side : {&item, &*wrong}) {
      TrainingItem one = item_of(chain_of(*side), side->answer());
      const int64_t last[] = {std::ssize(one.tokens) - 1};
      group.items.push_back(stage_ == StageKind::kDpo ? std::move(one)
                                                      : scored_at(std::move(one), last));
    }
    pairs_.all.groups.push_back(std::move(group));
    pairs_.all.offsets.push_back(0);
  }

  /// The last tokens of the recalled lines, as the environment finds them in an answer.
  std::vector<int64_t> ends_of_steps(const TrainingItem& item) const {
    Trajectory answer;
    answer.tokens = item.tokens;
    materials_.environment->finish({}, {}, &answer);
    std::vector<int64_t> ends;
    for (const ThoughtStep& step : answer.thoughts)
      ends.push_back(step.last_token - 1);
    return ends;
  }

  void add_steps(const MultiHopItem& item, Items others, Random& random) {
    const ReasoningChain gold = chain_of(item);
    const auto wrong = corrupted_chain(item, others, random);
    if (!wrong)
      return;
    TrainingGroup group = group_of(item);
    std::vector<float> labels(gold.recall.size(), 1.0F);
    labels.insert(labels.end(), wrong->sound.begin(), wrong->sound.end());
    for (const ReasoningChain* chain : {&gold, &wrong->chain}) {
      TrainingItem one = item_of(*chain, item.answer());
      const std::vector<int64_t> ends = ends_of_steps(one);
      if (ends.size() != chain->recall.size())
        return;  // an entity whose name holds a line's end
      group.items.push_back(scored_at(std::move(one), ends));
    }
    pairs_.all.groups.push_back(std::move(group));
    pairs_.all.labels.push_back(std::move(labels));
  }

  const Materials& materials_;
  StageKind stage_;
  PreferencePairs pairs_;
};

}  // namespace

Result<PreferencePairs> recipe_preferences(const Materials& materials, StageKind stage) {
  Maker maker(materials, stage);
  const bool steps = stage == StageKind::kPrm;
  // A question about a single fact has nothing but that to say, which a judge of steps must know.
  std::vector<MultiHopItem> train = materials.texts.multihop;
  if (steps)
    train.insert(train.end(), materials.texts.facts.begin(), materials.texts.facts.end());
  for (int i = 0; i < (steps ? kCorruptions : 1); ++i)
    maker.add(train, train);
  const int64_t count = maker.count();
  maker.add(materials.curated->data->validation, train);
  if (count == 0 || maker.count() == count)
    return Error{Errc::kBadData,
                 "curate.questions: no pair can be made of what is asked; raise it"};
  PreferencePairs pairs = maker.take();
  pairs.train = count;
  return pairs;
}

}  // namespace nelumbo
