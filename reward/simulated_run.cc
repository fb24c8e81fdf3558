// SPDX-License-Identifier: Apache-2.0
#include "reward/simulated_run.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "base/rng.h"
#include "reward/candidate.h"

namespace nelumbo {
namespace {

constexpr int64_t kVocabulary = 200;
constexpr const char* kPlantedWord = "certainly";

/// Draws the answers of one group.
class GroupMaker {
 public:
  GroupMaker(const RunShape& shape, uint64_t seed, Plant plant, int64_t step, int64_t place)
      : shape_(shape),
        plant_(plant),
        progress_(static_cast<double>(step) / static_cast<double>(shape.steps)),
        random_(seed, Purpose::kControl, static_cast<uint64_t>(step),
                static_cast<uint32_t>(place)) {}

  ScoredGroup group(int64_t id) {
    auto prompt = std::make_shared<Prompt>();
    prompt->id = "simulated/" + std::to_string(id);
    prompt->task = prompt->reward = "simulated";
    prompt->text = "What is it?";
    auto group = std::make_shared<Group>();
    group->id = GroupId{static_cast<uint64_t>(id)};
    group->prompt = prompt;
    const double ease = 0.25 + 0.4 * progress_ + 0.15 * random_.normal();
    ScoredGroup scored;
    for (int64_t i = 0; i < shape_.samples; ++i) {
      const bool right = random_.uniform() < ease;
      const std::string words = answer_words();
      group->trajectories.push_back(
          candidate(*prompt, words + "<answer>" + (right ? "it" : "not") + "</answer>"));
      group->trajectories.back().sample = static_cast<int32_t>(i);
      scored.outcomes.push_back(outcome(right, words));
    }
    scored.group = std::move(group);
    return scored;
  }

 private:
  /// About e^3 words, of which few are frequent and most are rare.
  std::string answer_words() {
    const double growth = plant_ == Plant::kLengthHack ? progress_ : 0;
    const auto count = static_cast<int64_t>(std::exp(3 + growth + 0.4 * random_.normal()));
    std::string text = random_.uniform() < 0.3 ? std::string(kPlantedWord) + " " : "";
    for (int64_t i = 0; i < std::clamp<int64_t>(count, 3, 400); ++i) {
      const double u = random_.uniform();
      text += "w" + std::to_string(static_cast<int64_t>(u * u * kVocabulary)) + " ";
    }
    return text;
  }

  Outcome outcome(bool right, const std::string& words) {
    double clear = random_.uniform() < 0.7 ? 1 : 0;
    double complete = random_.uniform() < 0.5 ? 1 : 0;
    if (plant_ == Plant::kLengthHack)
      complete = std::min(1.0, static_cast<double>(words.size()) / 300);
    if (plant_ == Plant::kBias)
      clear = random_.uniform() < (words.starts_with(kPlantedWord) ? 0.95 : 0.5) ? 1 : 0;
    Outcome made;
    made.rule = right ? 1 : 0;
    made.rubric = 0.6 * clear + 0.4 * complete;
    made.has_rubric = true;
    made.total = 0.7 * made.rule + 0.3 * made.rubric;
    made.components = {{"exact", "rule", made.rule, 0.7, ""},
                       {"clear", "rubric", clear, 0.18, ""},
                       {"complete", "rubric", complete, 0.12, ""}};
    return made;
  }

  RunShape shape_;
  Plant plant_;
  double progress_;
  Random random_;
};

}  // namespace

void simulate_run(const RunShape& shape, uint64_t seed, Plant plant,
                  const std::function<void(int64_t step, const ScoredGroup& group)>& use) {
  for (int64_t step = 0; step < shape.steps; ++step)
    for (int64_t place = 0; place < shape.groups; ++place)
      use(step, GroupMaker(shape, seed, plant, step, place).group(step * shape.groups + place));
}

}  // namespace nelumbo
