// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_items.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/check.h"
#include "corpus/smear_chains.h"
#include "corpus/smear_view.h"

namespace nelumbo {
namespace {

/// Half of the smears have no platelet, so those that have one are asked about it twice as often.
constexpr std::array<Cell::Kind, 4> kTypeRound{Cell::Kind::kPlatelet, Cell::Kind::kWhite,
                                               Cell::Kind::kPlatelet, Cell::Kind::kRed};
/// Views that are drawn until one shows a white cell, when a locate is planned.
constexpr int kViewTries = 8;
constexpr double kDirectShare = 0.15, kRotateShare = 0.15;
/// A smear without platelets is asked for a count this often, else for a type, so that "0" is about
/// half of the answers.
constexpr double kBareCountShare = 0.3;
constexpr double kEmptyWindowShare = 0.15, kMostWantedShare = 0.6;
constexpr uint64_t kValidationSeed = 0x5eed;

class ItemBuilder {
 public:
  ItemBuilder(std::string task, const std::vector<int32_t>& question) {
    item_.task = std::move(task);
    read(question);
  }
  void read(const std::vector<int32_t>& tokens) { append(tokens, 0); }
  void read(const std::vector<int32_t>& tokens, Pixels pixels) {
    append(tokens, 0);
    item_.pixels.push_back(std::move(pixels));
  }
  void learn(const std::vector<int32_t>& tokens) { append(tokens, 1); }
  TrainingItem take() { return std::move(item_); }

 private:
  void append(const std::vector<int32_t>& tokens, uint8_t trained) {
    item_.tokens.insert(item_.tokens.end(), tokens.begin(), tokens.end());
    item_.trained.insert(item_.trained.end(), tokens.size(), trained);
  }

  TrainingItem item_;
};

Pixels pixels_of(const Smear& smear, const Showing& shown) {
  return view_pixels(*smear.image, shown.frame, shown.size, shown.brightness);
}

/// The box of the topmost platelet of a question in a shown picture.
GridBox first_platelet(const SmearQuestion& question, const Frame& frame) {
  std::vector<Box> boxes;
  for (const Box& platelet : question.platelets)
    boxes.push_back(from_original(frame, platelet));
  return grid_from_box(*std::min_element(boxes.begin(), boxes.end(),
                                         [](const Box& a, const Box& b) { return a.y0 < b.y0; }));
}

/// Type questions go round the kinds and skip those that the view does not show.
std::optional<SmearQuestion> next_type(const Smear& smear, const Frame& frame, size_t* turn,
                                       Random& random) {
  for (size_t tries = 0; tries < kTypeRound.size(); ++tries) {
    const Cell::Kind kind = kTypeRound[(*turn)++ % kTypeRound.size()];
    if (std::optional<SmearQuestion> question = ask_type(smear, frame, kind, random))
      return question;
  }
  return std::nullopt;
}

/// A count question; windows with platelets, and with many, are asked about more than they come up.
SmearQuestion next_count(const Smear& smear, const Frame& frame, Random& random) {
  const int most = platelets_of(smear);
  if (most == 0 || random.uniform() < kEmptyWindowShare)
    return ask_any_count(smear, frame, 0, random);
  return ask_any_count(smear, frame, random.uniform() < kMostWantedShare ? most : 1, random);
}

CountDemonstration demonstration(Random& random) {
  if (random.uniform() < kDirectShare)
    return CountDemonstration::kDirect;
  return random.uniform() < kRotateShare ? CountDemonstration::kRotate : CountDemonstration::kZoom;
}

/// Whether a count gives way to a type.
bool is_bare(const Smear& smear, Random& random) {
  return platelets_of(smear) == 0 && random.uniform() >= kBareCountShare;
}

/// The questions behind `plan.thoughts`.
std::vector<SmearQuestion> thought_questions(const Smear& smear, const Frame& frame, int64_t count,
                                             Random& random) {
  std::vector<SmearQuestion> questions;
  if (std::optional<SmearQuestion> locate = ask_locate(smear, frame); locate && count > 0)
    questions.push_back(std::move(*locate));
  auto turn = static_cast<size_t>(random.below(std::ssize(kTypeRound)));
  for (bool counts = false; std::ssize(questions) < count; counts = !counts) {
    std::optional<SmearQuestion> type;
    if (!counts || is_bare(smear, random))
      type = next_type(smear, frame, &turn, random);
    questions.push_back(type ? std::move(*type) : next_count(smear, frame, random));
  }
  return questions;
}

TrainingGroup group_of(const Smear& smear, const ItemPlan& plan, const Dialogue& dialogue,
                       const Showing& shown, Random& random) {
  TrainingGroup group;
  group.prefix = dialogue.prefix();
  group.pixels = {pixels_of(smear, shown)};
  for (int64_t i = 0; i < plan.captions; ++i)
    group.items.push_back(caption_item(smear, shown.frame, dialogue));
  int64_t types = plan.types, counts = plan.counts;
  const std::optional<SmearQuestion> locate = ask_locate(smear, shown.frame);
  for (int64_t i = 0; i < plan.locates; ++i) {
    if (locate)
      group.items.push_back(answer_item(*locate, dialogue));
    else
      ++types;
  }
  for (int64_t i = 0; i < plan.reports; ++i)
    group.items.push_back(answer_item(ask_report(smear, shown.frame), dialogue));
  for (int64_t i = 0; i < plan.counts; ++i)
    if (is_bare(smear, random)) {
      --counts;
      ++types;
    }
  auto turn = static_cast<size_t>(random.below(std::ssize(kTypeRound)));
  for (; types > 0; --types) {
    const std::optional<SmearQuestion> question = next_type(smear, shown.frame, &turn, random);
    if (!question)
      break;
    group.items.push_back(answer_item(*question, dialogue));
  }
  for (counts += types; counts > 0; --counts)
    group.items.push_back(count_item(next_count(smear, shown.frame, random), smear, shown, dialogue,
                                     demonstration(random)));
  for (const SmearQuestion& question : thought_questions(smear, shown.frame, plan.thoughts, random))
    group.items.push_back(thinking_item(question, shown.frame, dialogue));
  return group;
}

}  // namespace

ItemPlan ItemPlan::sft(int64_t items) {
  NELUMBO_CHECK(items >= 1) << items << " items";
  const int64_t locates = items >= 2 ? 1 : 0, reports = items >= 4 ? 1 : 0;
  const int64_t rest = items - 1 - locates - reports;
  return {.locates = locates, .types = rest - rest / 3, .counts = rest / 3, .reports = reports};
}

ItemPlan ItemPlan::midtrain(int64_t items) {
  NELUMBO_CHECK(items >= 1) << items << " items";
  return {.thoughts = items - 1};
}

TrainingItem caption_item(const Smear& smear, const Frame& frame, const Dialogue& dialogue) {
  std::string caption;
  for (const SmearClass what : caption_of(smear, frame))
    caption += class_word(what);
  ItemBuilder item("caption", dialogue.question(caption_question()));
  item.learn(dialogue.answer_turn(caption));
  return item.take();
}

TrainingItem answer_item(const SmearQuestion& question, const Dialogue& dialogue) {
  ItemBuilder item(question.task, dialogue.question(question.text));
  item.learn(dialogue.answer_turn(question.answer));
  return item.take();
}

TrainingItem thinking_item(const SmearQuestion& question, const Frame& frame,
                           const Dialogue& dialogue) {
  ItemBuilder item(question.task, dialogue.question(thinking_question(question.text)));
  item.learn(dialogue.thinking_turn(smear_chain(question, frame), question.answer));
  return item.take();
}

TrainingItem count_item(const SmearQuestion& question, const Smear& smear, const Showing& shown,
                        const Dialogue& dialogue, CountDemonstration how) {
  NELUMBO_CHECK(question.region) << "'" << question.text << "' has no region";
  if (how == CountDemonstration::kDirect)
    return answer_item(question, dialogue);
  ItemBuilder item(question.task, dialogue.question(question.text));
  item.learn(dialogue.tool_turn(zoom_call(0, *question.region)));
  const std::optional<Frame> zoom =
      zoomed(shown.frame, box_from_grid(*question.region), smear.image->width, smear.image->height);
  NELUMBO_CHECK(zoom) << "the region of '" << question.text << "' is outside the picture";
  Showing observed{*zoom, shown.size, shown.brightness};
  item.read(dialogue.picture_observation(), pixels_of(smear, observed));
  int64_t last_image = 1;
  if (how == CountDemonstration::kRotate) {
    item.learn(dialogue.tool_turn(rotate_call(last_image, 90)));
    observed.frame = rotated(observed.frame, 90);
    item.read(dialogue.picture_observation(), pixels_of(smear, observed));
    ++last_image;
  }
  if (!question.platelets.empty()) {
    const GridBox first = first_platelet(question, observed.frame);
    item.learn(dialogue.tool_turn(locate_call(last_image, SmearClass::kPlatelet, first)));
    item.read(dialogue.text_observation(reply::kOk));
  }
  item.learn(dialogue.answer_turn(question.answer));
  return item.take();
}

TrainingGroup training_group(const Smear& smear, const ItemPlan& plan, const Dialogue& dialogue,
                             int64_t image_size, Random random) {
  Showing shown{random_frame(smear, random), image_size, random_brightness(random)};
  if (plan.locates + plan.thoughts > 0)
    for (int tries = 1; tries < kViewTries && !ask_locate(smear, shown.frame); ++tries)
      shown.frame = random_frame(smear, random);
  return group_of(smear, plan, dialogue, shown, random);
}

TrainingGroup validation_group(const Smear& smear, const ItemPlan& plan, const Dialogue& dialogue,
                               int64_t image_size) {
  Random random(kValidationSeed, Purpose::kControl);
  return group_of(smear, plan, dialogue, {whole_frame(smear), image_size, 1}, random);
}

}  // namespace nelumbo
