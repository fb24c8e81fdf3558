// SPDX-License-Identifier: Apache-2.0
#include "rollout/policy_engine.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"
#include "model/engine_ops.h"
#include "model/forward.h"
#include "rollout/key_blocks.h"
#include "rollout/sampling.h"
#include "rollout/sequence.h"

namespace nelumbo {
namespace {

/// One row of a forward pass.
struct Row {
  Input input;
  int64_t position = 0;
  KeyBlocks::Table* table = nullptr;
};

/// A sequence that draws a token from the hidden state of a row.
struct Draw {
  ActiveGroup* group = nullptr;
  Sequence* sequence = nullptr;
  int64_t row = 0;
};

class PolicyEngine : public Engine {
 public:
  PolicyEngine(const Network& network, const EngineConfig& config,
               std::shared_ptr<const Environment> environment, Team& team,
               std::shared_ptr<const EngineWeights> weights)
      : network_(network),
        config_(config),
        environment_(std::move(environment)),
        ops_(network, team),
        longest_observation_(environment_->longest_observation()),
        blocks_(block_floats(network.config.decoder), config.key_blocks),
        weights_(std::move(weights)) {}

  void load(std::shared_ptr<const WeightSet> weights, PolicyVersion version) override;
  Result<void> submit(GroupRequest request) override;
  std::vector<Group> step() override;
  bool idle() const override { return waiting_.empty() && active_.empty(); }
  EngineWork work() const override { return work_; }

 private:
  void admit();
  void encode_pictures();
  void add_row(const Input& input, int64_t position, KeyBlocks::Table& table, RowPlaces& places);
  void plan_prompt(ActiveGroup& group, int64_t& budget);
  void plan_sequence(ActiveGroup& group, Sequence& sequence);
  void fork(ActiveGroup& group, int64_t row);
  void forward();
  void draw_tokens(EngineOps::Tensor logits);
  void append_drawn(const Draw& draw, int32_t token, float logprob, float entropy);
  void end_turn(ActiveGroup& group, Sequence& sequence);
  void finish(ActiveGroup& group, Sequence& sequence);
  std::vector<Group> collect();

  const Network& network_;
  EngineConfig config_;
  std::shared_ptr<const Environment> environment_;
  EngineOps ops_;
  int64_t longest_observation_;
  KeyBlocks blocks_;
  std::shared_ptr<const EngineWeights> weights_;
  PolicyVersion version_{};
  std::deque<GroupRequest> waiting_;
  std::deque<ActiveGroup> active_;
  int64_t reserved_ = 0;
  EngineWork work_;
  std::vector<Row> rows_;        ///< of this step
  std::vector<int32_t> places_;  ///< [rows, axes] their rotary positions
  std::vector<Draw> draws_;      ///< of this step
};

void PolicyEngine::load(std::shared_ptr<const WeightSet> weights, PolicyVersion version) {
  NELUMBO_CHECK(idle()) << "weights change between requests only";
  weights_.reset();  // so that two versions are never in memory
  weights_ = std::make_shared<const EngineWeights>(network_, weights, ops_.team());
  version_ = version;
}

Result<void> PolicyEngine::submit(GroupRequest request) {
  const RequestSize size = request_size(request, longest_observation_);
  if (auto served = require_room(size, network_, config_); !served)
    return Error{served.error().code,
                 "prompt " + request.prompt->id + ": " + served.error().message};
  waiting_.push_back(std::move(request));
  return {};
}

/// A group comes in when one of its sequences may decode and all of them have room for their keys.
void PolicyEngine::admit() {
  int64_t sequences = 0;
  for (const ActiveGroup& group : active_)
    sequences += group.left;
  while (!waiting_.empty() && sequences < config_.max_batch) {
    const GroupRequest& next = waiting_.front();
    const int64_t needed = request_size(next, longest_observation_).key_blocks;
    if (reserved_ + needed > config_.key_blocks)
      return;
    ActiveGroup& group =
        active_.emplace_back(std::move(waiting_.front()), row_layout(network_.config));
    waiting_.pop_front();
    group.reserved = needed;
    group.left = group.request.samples;
    group.prompt = group.inputs(group.request.prompt->tokens, group.request.prompt->pixels,
                                network_.config.image_token_id);
    reserved_ += needed;
    sequences += group.left;
  }
}

void PolicyEngine::encode_pictures() {
  std::vector<EncodedPicture*> fresh;
  for (ActiveGroup& group : active_)
    for (; group.encoded < group.pictures.size(); ++group.encoded)
      fresh.push_back(&group.pictures[group.encoded]);
  std::vector<Pixels> pixels;
  pixels.reserve(fresh.size());
  for (const EncodedPicture* picture : fresh)
    pixels.push_back(picture->pixels);
  for (size_t begin = 0; begin < fresh.size();) {
    const auto left = std::span<const Pixels>(pixels).subspan(begin);
    const size_t count = pictures_of_pass(network_.config.vision, left);
    ops_.reset();
    ops_.begin(*weights_, nullptr);
    const EngineOps::Tensor features = image_features(ops_, network_, left.first(count));
    const float* from = features.data;
    for (EncodedPicture* picture : std::span(fresh).subspan(begin, count)) {
      const int64_t each = picture->grid.tokens() * features.cols;
      picture->features.assign(from, from + each);
      from += each;
    }
    begin += count;
  }
}

void PolicyEngine::add_row(const Input& input, int64_t position, KeyBlocks::Table& table,
                           RowPlaces& places) {
  rows_.push_back({input, position, &table});
  if (input.picture)
    places.add_picture_row(input.picture->grid, input.feature, &places_);
  else
    places.add_token(&places_);
}

void PolicyEngine::plan_prompt(ActiveGroup& group, int64_t& budget) {
  const int64_t left = std::ssize(group.prompt) - group.length;
  const int64_t count = std::min(left, budget);
  if (count == 0)
    return;
  blocks_.grow(group.table, group.length + count);
  for (int64_t i = 0; i < count; ++i, ++group.length)
    add_row(group.prompt[static_cast<size_t>(group.length)], group.length, group.table,
            group.places);
  budget -= count;
  work_.prompt_rows += count;
  if (count == left)
    fork(group, std::ssize(rows_) - 1);
}

/// All samples draw their first token from the prompt's last row. Their tables are made after the
/// forward pass, when the keys of the shared blocks are there to be copied.
void PolicyEngine::fork(ActiveGroup& group, int64_t row) {
  group.sequences.resize(static_cast<size_t>(group.request.samples));
  for (int32_t i = 0; i < group.request.samples; ++i) {
    Sequence& sequence = group.sequences[static_cast<size_t>(i)];
    sequence.trajectory.group = group.request.id;
    sequence.trajectory.sample = i;
    sequence.trajectory.version = version_;
    sequence.state = environment_->start(*group.request.prompt);
    sequence.length = group.length;
    sequence.places = group.places;
    draws_.push_back({&group, &sequence, row});
  }
}

void PolicyEngine::plan_sequence(ActiveGroup& group, Sequence& sequence) {
  if (sequence.table.ids.empty())
    sequence.table = blocks_.fork(group.table, group.length);
  blocks_.grow(sequence.table, sequence.length + std::ssize(sequence.pending));
  for (const Input& input : sequence.pending)
    add_row(input, sequence.length++, sequence.table, sequence.places);
  work_.answer_rows += std::ssize(sequence.pending);
  sequence.pending.clear();
  draws_.push_back({&group, &sequence, std::ssize(rows_) - 1});
}

std::vector<Group> PolicyEngine::step() {
  NELUMBO_CHECK(weights_ != nullptr) << "the engine has no weights yet";
  admit();
  if (active_.empty())
    return {};
  encode_pictures();
  rows_.clear();
  places_.clear();
  draws_.clear();
  int64_t budget = config_.prefill_tokens, slots = config_.max_batch;
  for (ActiveGroup& group : active_) {  // in the order they came, so that none loses its slot
    if (group.sequences.empty()) {
      plan_prompt(group, budget);
      continue;
    }
    for (Sequence& sequence : group.sequences)
      if (!sequence.done && slots-- > 0)
        plan_sequence(group, sequence);
  }
  forward();
  return collect();
}

void PolicyEngine::forward() {
  PagedRows paged;
  ops_.reset();
  const EngineOps::Tensor x = ops_.make(std::ssize(rows_), network_.config.decoder.hidden_size);
  for (size_t i = 0; i < rows_.size(); ++i) {
    const Input& input = rows_[i].input;
    float* to = x.data + static_cast<int64_t>(i) * x.cols;
    if (input.picture)
      std::copy_n(input.picture->features.data() + input.feature * x.cols, x.cols, to);
    else
      weights_->row(network_.token_embedding, input.token, to);
    paged.positions.push_back(static_cast<int32_t>(rows_[i].position));
    paged.blocks.emplace_back(rows_[i].table->memory);
  }
  paged.places = places_;
  ops_.begin(*weights_, &paged);
  const EngineOps::Tensor hidden = decoder_hidden(ops_, network_, x);
  if (draws_.empty())
    return;
  const EngineOps::Tensor drawn = ops_.make(std::ssize(draws_), x.cols);
  for (size_t i = 0; i < draws_.size(); ++i)
    std::memcpy(drawn.data + static_cast<int64_t>(i) * x.cols, hidden.data + draws_[i].row * x.cols,
                sizeof(float) * static_cast<size_t>(x.cols));
  draw_tokens(ops_.logits(final_hidden(ops_, network_, drawn)));
}

void PolicyEngine::draw_tokens(EngineOps::Tensor logits) {
  const auto count = draws_.size();
  std::vector<double> u;
  for (const Draw& draw : draws_) {
    const GroupRequest& request = draw.group->request;
    const Trajectory& t = draw.sequence->trajectory;
    u.push_back(draw_number(request.seed, request.prompt->id, t.sample, std::ssize(t.tokens)));
  }
  std::vector<int32_t> tokens(count);
  std::vector<float> logprobs(count);
  std::vector<float> entropies(count);
  for (size_t begin = 0, end = 0; begin < count; begin = end) {  // runs of one temperature
    const Sampling& sampling = draws_[begin].group->request.sampling;
    while (end < count && draws_[end].group->request.sampling.temperature == sampling.temperature)
      ++end;
    log_softmax_sample(ops_.team(), logits.data + static_cast<int64_t>(begin) * logits.cols,
                       sampling.temperature == 0 ? nullptr : u.data() + begin,
                       static_cast<int64_t>(end - begin), logits.cols,
                       sampling.inverse_temperature(), tokens.data() + begin,
                       logprobs.data() + begin, entropies.data() + begin);
  }
  for (size_t i = 0; i < count; ++i)
    append_drawn(draws_[i], tokens[i], logprobs[i], entropies[i]);
}

void PolicyEngine::append_drawn(const Draw& draw, int32_t token, float logprob, float entropy) {
  Sequence& sequence = *draw.sequence;
  Trajectory& t = sequence.trajectory;
  t.tokens.push_back(token);
  t.sampled.push_back(1);
  t.logprobs.push_back(logprob);
  t.entropies.push_back(entropy);
  sequence.pending.push_back({.token = token});
  ++sequence.drawn;
  if (environment_->ends_turn(token)) {
    end_turn(*draw.group, sequence);
  } else if (sequence.drawn >=
             most_new_tokens(*draw.group->request.prompt, draw.group->request.sampling)) {
    t.finish = Finish::kLength;
    finish(*draw.group, sequence);
  }
}

void PolicyEngine::end_turn(ActiveGroup& group, Sequence& sequence) {
  Trajectory& t = sequence.trajectory;
  const GroupRequest& request = group.request;
  auto next = environment_->after_turn(*request.prompt, t, request.sampling, &sequence.state);
  if (const auto* why = std::get_if<Finish>(&next)) {
    t.finish = *why;
    return finish(group, sequence);
  }
  if (sequence.drawn >= most_new_tokens(*request.prompt, request.sampling)) {
    t.finish = Finish::kLength;
    return finish(group, sequence);
  }
  Observation& observation = std::get<Observation>(next);
  for (Pixels& pixels : observation.pixels) {
    pixels = group.picture(pixels).pixels;
    t.pixels.push_back(pixels);
  }
  const std::vector<Input> inputs =
      group.inputs(observation.tokens, observation.pixels, network_.config.image_token_id);
  sequence.pending.insert(sequence.pending.end(), inputs.begin(), inputs.end());
  const auto added = observation.tokens.size();
  t.tokens.insert(t.tokens.end(), observation.tokens.begin(), observation.tokens.end());
  t.sampled.insert(t.sampled.end(), added, 0);
  t.logprobs.insert(t.logprobs.end(), added, 0);
  t.entropies.insert(t.entropies.end(), added, 0);
}

void PolicyEngine::finish(ActiveGroup& group, Sequence& sequence) {
  environment_->finish(*group.request.prompt, std::move(sequence.state), &sequence.trajectory);
  sequence.done = true;
  --group.left;
  blocks_.release(sequence.table);
}

std::vector<Group> PolicyEngine::collect() {
  std::vector<Group> finished;
  for (ActiveGroup& group : active_) {
    if (group.left > 0)
      continue;
    Group& out = finished.emplace_back();
    out.id = group.request.id;
    out.prompt = group.request.prompt;
    out.inverse_temperature = group.request.sampling.inverse_temperature();
    for (Sequence& sequence : group.sequences)
      out.trajectories.push_back(std::move(sequence.trajectory));
    blocks_.release(group.table);
    reserved_ -= group.reserved;
  }
  std::erase_if(active_, [](const ActiveGroup& group) { return group.left == 0; });
  return finished;
}

}  // namespace

RequestSize request_size(const GroupRequest& request, int64_t longest_observation) {
  const int64_t observations =
      (most_turns(*request.prompt, request.sampling) - 1) * longest_observation;
  const int64_t prompt = std::ssize(request.prompt->tokens);
  RequestSize size;
  size.positions = prompt + most_new_tokens(*request.prompt, request.sampling) + observations;
  const int64_t shared = prompt / kKeyBlock;
  size.key_blocks = shared + 1 + request.samples * (size.positions / kKeyBlock + 1 - shared);
  return size;
}

Result<void> require_room(const RequestSize& size, const Network& network,
                          const EngineConfig& config) {
  const int64_t positions = network.config.decoder.max_positions;
  if (size.positions > positions)
    return Error{Errc::kInvalidConfig, "sampling.max_new_tokens: an answer may take " +
                                           std::to_string(size.positions) +
                                           " positions with its prompt and observations, but "
                                           "model.decoder.max_positions is " +
                                           std::to_string(positions) +
                                           "; lower sampling.max_new_tokens or sampling.max_turns"};
  if (size.key_blocks > config.key_blocks)
    return Error{Errc::kInvalidConfig,
                 "engine.key_blocks: the answers to one prompt may take " +
                     std::to_string(size.key_blocks) + " blocks, there are " +
                     std::to_string(config.key_blocks) +
                     "; raise it, or lower rl.group_size, evaluate.samples or "
                     "sampling.max_new_tokens"};
  return {};
}

std::unique_ptr<Engine> make_policy_engine(const Network& network, const EngineConfig& config,
                                           std::shared_ptr<const Environment> environment,
                                           Team& team,
                                           std::shared_ptr<const EngineWeights> weights) {
  return std::make_unique<PolicyEngine>(network, config, std::move(environment), team,
                                        std::move(weights));
}

}  // namespace nelumbo
