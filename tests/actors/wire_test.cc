// SPDX-License-Identifier: Apache-2.0
#include "actors/wire.h"

#include <bit>
#include <cmath>
#include <fstream>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::shared_ptr<const Prompt> prompt() {
  Prompt prompt;
  prompt.id = "val/BloodImage_00007/locate/0";
  prompt.task = "locate";
  prompt.tokens = {1, -2, 300000};
  prompt.image = std::make_shared<const Image>(Image{1, 2, {1, 2, 3, 4, 5, 6}});
  prompt.view = {0.5, 0, 1, 2};
  prompt.orientation = {true, 3};
  prompt.pixels = {std::make_shared<const Picture>(Picture{1, 1, {0.1F, -0.0F, 3e-39F}})};
  prompt.truth = {{"boxes", {{1, 2.5, 0.1, 4}}}, {"name", "\u00e9"}};
  prompt.max_new_tokens = 7;
  return std::make_shared<const Prompt>(std::move(prompt));
}

void expect_equal(const Prompt& a, const Prompt& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.task, b.task);
  EXPECT_EQ(a.tokens, b.tokens);
  EXPECT_EQ(a.image->rgb, b.image->rgb);
  EXPECT_EQ(a.view.x0, b.view.x0);
  EXPECT_EQ(a.orientation, b.orientation);
  EXPECT_EQ(*a.pixels[0], *b.pixels[0]);
  EXPECT_EQ(a.truth, b.truth);
  EXPECT_EQ(a.max_new_tokens, b.max_new_tokens);
}

Group group() {
  Group group;
  group.id = GroupId{0xffffffffffffffff};
  group.inverse_temperature = 1 / 0.7F;
  Trajectory t;
  t.version = PolicyVersion{9};
  t.swaps = {{2, PolicyVersion{10}}};
  t.tokens = {5, 6};
  t.sampled = {1, 0};
  t.logprobs = {-0.1F, 0};
  t.calls = {{.name = "zoom",
              .box = Box{1, 2, 3, 4},
              .original_box = std::nullopt,
              .label = "",
              .error = "too small"}};
  t.thoughts = {{"a | b", 0, 1}};
  t.answer_box = Box{0, 0, 9, 9};
  t.finish = Finish::kTurns;
  group.trajectories = {t, Trajectory()};
  return group;
}

template <class T>
T there_and_back(const T& value) {
  auto back = from_wire<T>(to_wire(value));
  EXPECT_TRUE(back.ok());
  return std::move(back).value();
}

TEST(Wire, PreferencesArriveWhole) {
  PreferenceJob job{.kind = PreferenceKind::kStepJudge, .batch = {}, .config = {}, .place = {3, 9}};
  TrainingItem item;
  item.tokens = {1, 2};
  item.trained = {0, 1};
  job.batch.groups = {{{7}, {}, {item}}};
  job.batch.offsets = {0.25};
  job.batch.labels = {{1, 0}};
  job.config.beta = 0.3;
  job.config.optimizer.lr = 1e-7;
  const PreferenceJob back = there_and_back(job);
  EXPECT_EQ(back.kind, job.kind);
  EXPECT_EQ(back.batch.groups[0].items[0].trained, item.trained);
  EXPECT_EQ(back.batch.offsets, job.batch.offsets);
  EXPECT_EQ(back.batch.labels, job.batch.labels);
  EXPECT_EQ(back.config.beta, 0.3);
  EXPECT_EQ(back.config.optimizer.lr, 1e-7);
  EXPECT_EQ(back.place.step, 3);
  const PreferenceScores scores = {{0.1, -2}, {}};
  EXPECT_EQ(there_and_back(scores), scores);
}

TEST(Wire, ARequestArrivesWithItsPrompt) {
  GroupRequest request{.id = GroupId{3},
                       .prompt = prompt(),
                       .samples = 8,
                       .seed = 1ULL << 63,
                       .sampling = {.temperature = 0.7, .tools = false}};
  const GroupRequest back = there_and_back(request);
  EXPECT_EQ(back.id, request.id);
  EXPECT_EQ(back.seed, request.seed);
  EXPECT_EQ(back.samples, 8);
  EXPECT_EQ(back.sampling.temperature, 0.7);
  EXPECT_FALSE(back.sampling.tools);
  expect_equal(*back.prompt, *request.prompt);
}

TEST(Wire, AGroupArrivesWithoutItsPrompt) {
  Group sent = group();
  sent.prompt = prompt();
  const Group back = there_and_back(sent);
  EXPECT_EQ(back.prompt, nullptr);
  EXPECT_EQ(back.trajectories[0].swaps, sent.trajectories[0].swaps);
  EXPECT_EQ(back.id, sent.id);
  EXPECT_EQ(back.inverse_temperature, sent.inverse_temperature);
  ASSERT_EQ(back.trajectories.size(), 2U);
  const Trajectory& t = back.trajectories[0];
  EXPECT_EQ(t.tokens, sent.trajectories[0].tokens);
  EXPECT_EQ(t.logprobs, sent.trajectories[0].logprobs);
  EXPECT_EQ(t.calls[0].error, "too small");
  EXPECT_EQ(t.calls[0].box->y1, 4);
  EXPECT_FALSE(t.calls[0].original_box.has_value());
  EXPECT_EQ(t.thoughts[0].text, "a | b");
  EXPECT_EQ(t.finish, Finish::kTurns);
}

TEST(Wire, AJobArrivesWithPromptsOutcomesAndConfiguration) {
  PolicyJob job;
  Group scored = group();
  scored.prompt = prompt();
  Outcome outcome;
  outcome.kind = Outcome::Kind::kTimeout;
  outcome.total = 0.1;
  outcome.components = {{"iou", "rule", 0.5, 1, "box"}};
  outcome.steps = {{0, 4, 0.5, "loop"}};
  job.groups = {{std::make_shared<const Group>(scored), {outcome}}};
  job.config.prompts = 17;
  job.config.training.freeze = {"vision"};
  job.config.training.adapter.rank = 3;
  job.place = {4, 5};
  const PolicyJob back = there_and_back(job);
  expect_equal(*back.groups[0].group->prompt, *scored.prompt);
  EXPECT_EQ(back.groups[0].outcomes[0].kind, Outcome::Kind::kTimeout);
  EXPECT_EQ(back.groups[0].outcomes[0].components[0].evidence, "box");
  EXPECT_EQ(back.groups[0].outcomes[0].steps[0].factor, 0.5);
  EXPECT_EQ(back.config.prompts, 17);
  EXPECT_EQ(back.config.training.freeze, std::vector<std::string>{"vision"});
  EXPECT_EQ(back.config.training.adapter.rank, 3);
  EXPECT_EQ(back.config.optimizer.lr, job.config.optimizer.lr);
  EXPECT_EQ(back.place.steps, 5);
}

TEST(Wire, WeightsAndLessonsArriveBitForBit) {
  const WeightSet weights = {{"a", {2, 1}, {1e-45F, -0.0F}}, {"b", {0}, {}}};
  EXPECT_EQ(weights_hash(there_and_back(weights)), weights_hash(weights));
  TrainingGroup lesson;
  lesson.prefix = {1};
  lesson.items = {{.task = "locate",
                   .tokens = {2, 3},
                   .trained = {0, 1},
                   .pixels = {},
                   .weight = 0.25F,
                   .advantages = {},
                   .old_logprobs = {1}}};
  TokenJob job{{lesson}, {}, {1, 2}};
  job.config.optimizer.lr = 0.125;
  const TokenJob back = there_and_back(job);
  EXPECT_EQ(back.groups[0].items[0].trained, (std::vector<uint8_t>{0, 1}));
  EXPECT_EQ(back.groups[0].items[0].weight, 0.25F);
  EXPECT_EQ(back.config.optimizer.lr, 0.125);
  const TokenValidation found{{{"loss/locate", 0.1}}, {{{1, 2}, {}}}};
  const TokenValidation found_back = there_and_back(found);
  EXPECT_EQ(found_back.metrics, found.metrics);
  EXPECT_EQ(found_back.predictions, found.predictions);
}

TEST(Wire, EveryNumberArrivesBitForBit) {
  const Metrics numbers = {{"minus zero", -0.0},
                           {"none", std::nan("")},
                           {"small", 5e-324},
                           {"two to the 64", 0x1p64},
                           {"endless", -HUGE_VAL}};
  const Metrics back = there_and_back(numbers);
  ASSERT_EQ(back.size(), numbers.size());
  for (const auto& [name, number] : numbers)
    EXPECT_EQ(std::bit_cast<uint64_t>(back.at(name)), std::bit_cast<uint64_t>(number)) << name;
  Group answers = group();
  answers.inverse_temperature = -0.0F;
  EXPECT_TRUE(std::signbit(there_and_back(answers).inverse_temperature));
}

TEST(Wire, OtherBytesAreRefused) {
  const Bytes good = to_wire(group());
  EXPECT_EQ(from_wire<GroupRequest>(good).error().code, Errc::kBadData) << "of another type";
  EXPECT_FALSE(from_wire<Group>({}).ok());
  Bytes more = good;
  more.push_back(0);
  EXPECT_FALSE(from_wire<Group>(more).ok()) << "more than one value";
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(from_wire<Group>(std::span(good).first(size)).ok()) << size;
  const unsigned char huge[] = {0x93, 0x01, 0xdd, 0xff, 0xff, 0xff, 0xff, 0x01};
  EXPECT_FALSE(from_wire<Group>({reinterpret_cast<const char*>(huge), sizeof huge}).ok());
}

/// The most address space that this process has had, in KB.
int64_t peak_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmPeak:"))
      return std::stoll(line.substr(7));
  return 0;
}

TEST(Wire, NoRoomIsMadeForMoreElementsThanThereAreBytes) {
  const unsigned char eight_million[] = {0x91, 0xdd, 0x00, 0x80, 0x00, 0x04, 0x00, 0x00, 0x90};
  const int64_t before = peak_kb();
  EXPECT_FALSE(
      from_wire<Group>({reinterpret_cast<const char*>(eight_million), sizeof eight_million}).ok());
  EXPECT_LT(peak_kb() - before, 100 << 10);
}

TEST(Wire, DamagedBytesNeverDoMoreThanFail) {
  GroupRequest request{.id = GroupId{3}, .prompt = prompt(), .samples = 8, .sampling = {}};
  const Bytes good = to_wire(request);
  std::mt19937 random(1);
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    Bytes bad = good;
    for (int changes = 1 + static_cast<int>(random() % 3); changes > 0; --changes)
      bad[random() % bad.size()] = static_cast<char>(random());
    refused += from_wire<GroupRequest>(bad).ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace nelumbo
