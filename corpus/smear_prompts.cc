// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_prompts.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/rng.h"
#include "corpus/smear_chains.h"
#include "corpus/smear_questions.h"
#include "corpus/smear_view.h"

namespace nelumbo {
namespace {

constexpr std::array<Cell::Kind, 3> kKinds{Cell::Kind::kWhite, Cell::Kind::kRed,
                                           Cell::Kind::kPlatelet};
/// Random smears and views that are tried for one question.
constexpr int kTries = 64;
/// How often a window with 0, 1, 2 and 3 or more platelets is wanted.
constexpr std::array<double, kMostCounted + 1> kCountShares{0.45, 0.3, 0.17, 0.08};
/// Validation: a smear with platelets is asked about an empty window as well this often, and a
/// smear without this often at all, so that "0" is about half of the answers.
constexpr double kEmptyValidationShare = 0.35, kBareValidationShare = 0.7;
constexpr uint64_t kValidationSeed = 0x5eed;
constexpr uint8_t kMidGrey = 128;
/// Of a chain and its answer: a sound one has at most 72.
constexpr int64_t kMostThinkingTokens = 96;
constexpr double kThinkingWholeShare = 0.5;
/// In place of the index in a step, which is never so high.
constexpr uint32_t kThinkingStream = 0xFFFFFFFF;

enum class Task { kLocate, kType, kCount, kReport };

/// A question with the view that it is about.
struct Asked {
  const Smear* smear = nullptr;
  Frame frame;
  SmearQuestion question;
};

Task draw_task(const TaskConfig& tasks, Random& random) {
  const double counted = tasks.locate + tasks.type + tasks.count, all = counted + tasks.report;
  NELUMBO_CHECK(all > 0) << "no task has a weight";
  const double drawn = random.uniform() * all;
  if (drawn < tasks.locate)
    return Task::kLocate;
  if (drawn < tasks.locate + tasks.type)
    return Task::kType;
  return drawn < counted ? Task::kCount : Task::kReport;
}

/// Where the smears and views of one prompt are drawn from.
struct Views {
  std::span<const Smear> smears;
  double whole_share;
  Random& random;

  const Smear& smear() const {
    return smears[static_cast<size_t>(random.below(std::ssize(smears)))];
  }
  Frame frame(const Smear& smear) const {
    return random.uniform() < whole_share ? flipped_frame(smear, random)
                                          : random_frame(smear, random);
  }
};

/// Tries `ask(smear, frame)` on random views until one can be asked.
template <class Ask>
std::optional<Asked> ask_some(const Views& views, const Ask& ask) {
  for (int tries = 0; tries < kTries; ++tries) {
    const Smear& smear = views.smear();
    const Frame frame = views.frame(smear);
    if (std::optional<SmearQuestion> question = ask(smear, frame))
      return Asked{&smear, frame, std::move(*question)};
  }
  return std::nullopt;
}

std::optional<Asked> ask_some_type(const Views& views) {
  const auto first = static_cast<size_t>(views.random.below(std::ssize(kKinds)));
  for (size_t i = 0; i < kKinds.size(); ++i) {
    const Cell::Kind kind = kKinds[(first + i) % kKinds.size()];
    std::optional<Asked> asked = ask_some(views, [&](const Smear& smear, const Frame& frame) {
      return ask_type(smear, frame, kind, views.random);
    });
    if (asked)
      return asked;
  }
  return std::nullopt;
}

int draw_count(Random& random) {
  double rest = random.uniform();
  int count = 0;
  while (count < kMostCounted && rest >= kCountShares[static_cast<size_t>(count)])
    rest -= kCountShares[static_cast<size_t>(count++)];
  return count;
}

Asked ask_some_count(const Views& views) {
  for (int wanted = draw_count(views.random); wanted >= 0; --wanted) {
    std::optional<Asked> asked = ask_some(
        views, [&](const Smear& smear, const Frame& frame) -> std::optional<SmearQuestion> {
          if (platelets_of(smear) < wanted)
            return std::nullopt;
          return ask_count(smear, frame, wanted, views.random);
        });
    if (asked)
      return std::move(*asked);
  }
  const Smear& smear = views.smear();
  const Frame frame = views.frame(smear);
  return {&smear, frame, ask_any_count(smear, frame, 0, views.random)};
}

Asked ask_report_of_some(const Views& views) {
  const Smear& smear = views.smear();
  const Frame frame = views.frame(smear);
  return {&smear, frame, ask_report(smear, frame)};
}

Asked ask_one(const Views& views, Task task) {
  if (task == Task::kReport)
    return ask_report_of_some(views);
  std::optional<Asked> asked;
  if (task == Task::kLocate)
    asked = ask_some(
        views, [](const Smear& smear, const Frame& frame) { return ask_locate(smear, frame); });
  if (!asked && task != Task::kCount)
    asked = ask_some_type(views);
  return asked ? std::move(*asked) : ask_some_count(views);
}

Prompt prompt_of(const Asked& asked, const Dialogue& dialogue, Pixels pixels, std::string id) {
  Prompt prompt;
  prompt.id = std::move(id);
  prompt.task = asked.question.task;
  prompt.reward = asked.question.task;
  prompt.text = asked.question.text;
  prompt.tokens = dialogue.prompt(prompt.text);
  prompt.image = asked.smear->image;
  prompt.view = asked.frame.region;
  prompt.orientation = asked.frame.orientation;
  prompt.pixels = {std::move(pixels)};
  prompt.truth = asked.question.truth;
  return prompt;
}

/// What a smear is asked in validation.
std::vector<SmearQuestion> validation_questions(const Smear& smear, const Frame& frame,
                                                Random& random) {
  std::vector<SmearQuestion> questions;
  if (std::optional<SmearQuestion> locate = ask_locate(smear, frame))
    questions.push_back(std::move(*locate));
  for (const Cell::Kind kind : kKinds)
    if (std::optional<SmearQuestion> type = ask_type(smear, frame, kind, random))
      questions.push_back(std::move(*type));
  const int most = platelets_of(smear);
  if (most > 0)
    questions.push_back(
        ask_any_count(smear, frame, 1 + static_cast<int>(random.below(most)), random));
  if (random.uniform() < (most > 0 ? kEmptyValidationShare : kBareValidationShare))
    questions.push_back(ask_any_count(smear, frame, 0, random));
  questions.push_back(ask_report(smear, frame));
  return questions;
}

std::shared_ptr<const Image> grey_like(const Image& image) {
  Image grey{image.width, image.height, {}};
  grey.rgb.assign(image.rgb.size(), kMidGrey);
  return std::make_shared<const Image>(std::move(grey));
}

}  // namespace

Prompt training_prompt(std::span<const Smear> smears, const TaskConfig& tasks,
                       const Dialogue& dialogue, int64_t image_size, PromptKey key) {
  NELUMBO_CHECK(!smears.empty()) << "no smears to ask about";
  Random random(key.seed, Purpose::kPrompt, static_cast<uint64_t>(key.step),
                static_cast<uint32_t>(key.index));
  const Asked asked = ask_one({smears, tasks.whole_share, random}, draw_task(tasks, random));
  return prompt_of(asked, dialogue, view_pixels(*asked.smear->image, asked.frame, image_size),
                   "train/" + std::to_string(key.step) + "/" + std::to_string(key.index) + "/" +
                       asked.smear->name + "/" + asked.question.task);
}

std::vector<Prompt> validation_prompts(std::span<const Smear> smears, const Dialogue& dialogue,
                                       int64_t image_size) {
  std::vector<Prompt> prompts;
  uint64_t number = 0;
  for (const Smear& smear : smears) {
    Random random(kValidationSeed, Purpose::kPrompt, number++);
    const Frame frame = whole_frame(smear);
    const Pixels pixels = view_pixels(*smear.image, frame, image_size);
    std::map<std::string, int> asked;
    for (SmearQuestion& question : validation_questions(smear, frame, random)) {
      const std::string id =
          "val/" + smear.name + "/" + question.task + "/" + std::to_string(asked[question.task]++);
      prompts.push_back(prompt_of({&smear, frame, std::move(question)}, dialogue, pixels, id));
    }
  }
  return prompts;
}

std::vector<ThinkingPrompt> thinking_prompts(std::span<const Smear> smears, int64_t count,
                                             const Dialogue& dialogue, int64_t image_size,
                                             uint64_t seed) {
  NELUMBO_CHECK(!smears.empty()) << "no smears to ask about";
  constexpr std::array kTurns{Task::kLocate, Task::kType, Task::kCount};
  std::vector<ThinkingPrompt> prompts;
  for (int64_t n = 0; n < count; ++n) {
    Random random(seed, Purpose::kPrompt, static_cast<uint64_t>(n), kThinkingStream);
    Asked asked = ask_one({smears, kThinkingWholeShare, random},
                          kTurns[static_cast<size_t>(n) % kTurns.size()]);
    ChainEvidence evidence = smear_evidence(asked.question, asked.frame);
    asked.question.text = thinking_question(asked.question.text);
    Prompt prompt = prompt_of(
        asked, dialogue, view_pixels(*asked.smear->image, asked.frame, image_size),
        "think/" + std::to_string(n) + "/" + asked.smear->name + "/" + asked.question.task);
    prompt.max_new_tokens = kMostThinkingTokens;
    prompts.push_back({std::move(prompt), std::move(evidence)});
  }
  return prompts;
}

std::vector<Prompt> blank_image_prompts(std::span<const Prompt> prompts) {
  std::map<std::pair<int64_t, int64_t>, std::shared_ptr<const Image>> greys;
  std::vector<Prompt> blank(prompts.begin(), prompts.end());
  for (Prompt& prompt : blank) {
    prompt.id += "/blank";
    std::shared_ptr<const Image>& grey = greys[{prompt.image->width, prompt.image->height}];
    if (!grey)
      grey = grey_like(*prompt.image);
    prompt.image = grey;
    for (Pixels& pixels : prompt.pixels)
      pixels = std::make_shared<const Picture>(
          Picture{pixels->height, pixels->width,
                  std::vector<float>(pixels->values.size(), kMidGrey / 127.5F - 1)});
  }
  return blank;
}

}  // namespace nelumbo
