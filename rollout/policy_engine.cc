// SPDX-License-Identifier: Apache-2.0
#include "rollout/policy_engine.h"

#include <algorithm>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"
#include "model/engine_ops.h"
#include "model/forward.h"
#include "rollout/key_blocks.h"
#include "rollout/prefix_cache.h"
#include "rollout/prompt_scores.h"
#include "rollout/sampling.h"
#include "rollout/sequence.h"
#include "rollout/token_draw.h"

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

class PolicyEngine : public ServingEngine {
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
        cache_(blocks_, config.prefix_blocks),
        pictures_(row_layout(network.config)),
        weights_(std::move(weights)) {}

  void load(std::shared_ptr<const WeightSet> weights, PolicyVersion version) override;
  Result<void> submit(GroupRequest request) override;
  std::vector<Group> step() override;
  bool idle() const override { return waiting_.empty() && active_.empty(); }
  EngineWork work() const override { return work_; }
  const std::vector<TokenNews>& news() const override { return news_; }
  void end(GroupId id, int32_t sample) override;
  void cancel(GroupId id) override;
  Occupancy occupancy() const override;

 private:
  void admit();
  void encode_pictures();
  void add_row(const Input& input, int64_t position, KeyBlocks::Table& table, RowPlaces& places);
  void begin_prompt(ActiveGroup& group);
  void plan_prompt(ActiveGroup& group, int64_t& budget);
  void plan_sequence(ActiveGroup& group, Sequence& sequence);
  void fork(ActiveGroup& group, int64_t row);
  void forward();
  void draw(EngineOps::Tensor hidden);
  void append_drawn(const Draw& draw, DrawnToken drawn);
  void end_turn(ActiveGroup& group, Sequence& sequence);
  void keep_answer(const ActiveGroup& group, const Sequence& sequence);
  void finish(ActiveGroup& group, Sequence& sequence);
  std::vector<Group> collect();

  const Network& network_;
  EngineConfig config_;
  std::shared_ptr<const Environment> environment_;
  EngineOps ops_;
  int64_t longest_observation_;
  KeyBlocks blocks_;
  PrefixCache cache_;
  PictureBook pictures_;
  std::shared_ptr<const EngineWeights> weights_;
  PolicyVersion version_{};
  std::deque<GroupRequest> waiting_;
  std::deque<ActiveGroup> active_;
  int64_t reserved_ = 0;
  EngineWork work_;
  std::vector<Row> rows_;        ///< of this step
  std::vector<int32_t> places_;  ///< [rows, axes] their rotary positions
  std::vector<Draw> draws_;      ///< of this step
  PromptScores scores_;          ///< of this step
  std::vector<TokenNews> news_;  ///< of the last step
};

void PolicyEngine::load(std::shared_ptr<const WeightSet> weights, PolicyVersion version) {
  NELUMBO_CHECK(idle()) << "weights change between requests only";
  cache_.shrink(0);
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

/// A group comes in when a sequence may decode and all have room, for which kept blocks give way.
void PolicyEngine::admit() {
  int64_t sequences = 0;
  for (const ActiveGroup& group : active_)
    sequences += group.left;
  while (!waiting_.empty() && sequences < config_.max_batch) {
    const int64_t needed = request_size(waiting_.front(), longest_observation_).key_blocks;
    if (reserved_ + needed > config_.key_blocks)
      return;
    ActiveGroup& group = active_.emplace_back(std::move(waiting_.front()), pictures_);
    waiting_.pop_front();
    group.reserved = needed;
    group.left = group.request.samples;
    group.prompt = group.inputs(group.request.prompt->tokens, group.request.prompt->pixels,
                                network_.config.image_token_id);
    reserved_ += needed;
    cache_.shrink(config_.key_blocks - reserved_);
    sequences += group.left;
  }
}

/// Those that the rows of this step show.
void PolicyEngine::encode_pictures() {
  std::vector<EncodedPicture*> shown;
  for (const Row& row : rows_)
    if (row.input.picture != nullptr)
      shown.push_back(row.input.picture);
  encode(shown, network_, *weights_, ops_);
}

void PolicyEngine::add_row(const Input& input, int64_t position, KeyBlocks::Table& table,
                           RowPlaces& places) {
  rows_.push_back({input, position, &table});
  add_place(input, places, &places_);
}

/// Takes over the keys that earlier prompts left, but for the last row, from which answers are
/// drawn, and for prompts whose every row is scored.
void PolicyEngine::begin_prompt(ActiveGroup& group) {
  const auto& wishes = group.request.wishes;
  if (group.length > 0 || (wishes && wishes->score_prompt))
    return;
  group.table = cache_.find(std::span(group.prompt).first(group.prompt.size() - 1));
  const int64_t known = std::ssize(group.table.ids) * kKeyBlock;
  std::vector<int32_t> places;
  for (; group.length < known; ++group.length)
    add_place(group.prompt[static_cast<size_t>(group.length)], group.places, &places);
  work_.reused_rows += known;
}

void PolicyEngine::plan_prompt(ActiveGroup& group, int64_t& budget) {
  if (budget > 0)
    begin_prompt(group);
  const int64_t left = std::ssize(group.prompt) - group.length;
  const int64_t count = std::min(left, budget);
  if (count == 0)
    return;
  blocks_.grow(group.table, group.length + count);
  const auto& wishes = group.request.wishes;
  const std::vector<int32_t>& tokens = group.request.prompt->tokens;
  for (int64_t i = 0; i < count; ++i, ++group.length) {
    const auto at = static_cast<size_t>(group.length);
    add_row(group.prompt[at], group.length, group.table, group.places);
    if (wishes && wishes->score_prompt && at + 1 < tokens.size())
      scores_.add({group.request.id, tokens[at + 1], wishes->likeliest, std::ssize(rows_) - 1});
  }
  cache_.keep(std::span(group.prompt).first(static_cast<size_t>(group.length)), group.table);
  budget -= count;
  work_.prompt_rows += count;
  if (count == left)
    fork(group, std::ssize(rows_) - 1);
}

/// All samples draw their first token from the prompt's last row. Their tables are made after the
/// forward pass, when the keys of the shared blocks are there to be copied.
void PolicyEngine::fork(ActiveGroup& group, int64_t row) {
  group.begin_sequences(version_);
  for (Sequence& sequence : group.sequences) {
    sequence.state = environment_->start(*group.request.prompt);
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
  news_.clear();
  admit();
  if (active_.empty())
    return {};
  rows_.clear();
  places_.clear();
  draws_.clear();
  scores_.clear();
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
  if (!rows_.empty())
    forward();
  return collect();
}

void PolicyEngine::forward() {
  encode_pictures();
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
  scores_.keep(hidden);
  if (!draws_.empty())
    draw(hidden);
  scores_.score(ops_, network_, &news_);
}

void PolicyEngine::draw(EngineOps::Tensor hidden) {
  std::vector<int64_t> rows;
  for (const Draw& one : draws_)
    rows.push_back(one.row);
  const EngineOps::Tensor logits =
      ops_.logits(final_hidden(ops_, network_, gathered(ops_, hidden, rows)));
  std::vector<DrawAsk> asks;
  for (const Draw& one : draws_) {
    const GroupRequest& request = one.group->request;
    const Trajectory& t = one.sequence->trajectory;
    asks.push_back({&request.sampling, request.wishes ? &*request.wishes : nullptr,
                    draw_number(request.seed, request.prompt->id, t.sample, std::ssize(t.tokens))});
  }
  std::vector<DrawnToken> drawn = draw_tokens(ops_.team(), logits.data, logits.cols, asks);
  for (size_t i = 0; i < draws_.size(); ++i)
    append_drawn(draws_[i], std::move(drawn[i]));
}

void PolicyEngine::append_drawn(const Draw& draw, DrawnToken drawn) {
  Sequence& sequence = *draw.sequence;
  Trajectory& t = sequence.trajectory;
  append_token(drawn.token, drawn.logprob, drawn.entropy, &t);
  if (draw.group->request.wishes)
    news_.push_back({t.group, t.sample, drawn.token, drawn.logprob, std::move(drawn.likeliest)});
  sequence.pending.push_back({.token = drawn.token});
  ++sequence.drawn;
  if (environment_->ends_turn(drawn.token)) {
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
  append_observed(observation.tokens, &t);
}

/// A chat's next prompt begins with this one and its answer.
void PolicyEngine::keep_answer(const ActiveGroup& group, const Sequence& sequence) {
  std::vector<Input> inputs = group.prompt;
  for (const int32_t token : sequence.trajectory.tokens)
    inputs.push_back({.token = token});
  cache_.keep(std::span(inputs).first(static_cast<size_t>(sequence.length)), sequence.table);
}

void PolicyEngine::finish(ActiveGroup& group, Sequence& sequence) {
  environment_->finish(*group.request.prompt, std::move(sequence.state), &sequence.trajectory);
  if (group.request.wishes && sequence.trajectory.pixels.empty())
    keep_answer(group, sequence);
  sequence.done = true;
  --group.left;
  blocks_.release(sequence.table);
}

void PolicyEngine::end(GroupId id, int32_t sample) {
  for (ActiveGroup& group : active_) {
    if (group.request.id != id)
      continue;
    Sequence& sequence = group.sequences.at(static_cast<size_t>(sample));
    if (sequence.done)
      return;
    sequence.trajectory.finish = Finish::kLength;
    finish(group, sequence);
  }
}

void PolicyEngine::cancel(GroupId id) {
  std::erase_if(waiting_, [&](const GroupRequest& request) { return request.id == id; });
  for (ActiveGroup& group : active_) {
    if (group.request.id != id)
      continue;
    for (Sequence& sequence : group.sequences)
      blocks_.release(sequence.table);
    blocks_.release(group.table);
    reserved_ -= group.reserved;
  }
  std::erase_if(active_, [&](const ActiveGroup& group) { return group.request.id == id; });
}

Occupancy PolicyEngine::occupancy() const {
  Occupancy out{.waiting = std::ssize(waiting_),
                .key_blocks_in_use = blocks_.in_use() - cache_.unused(),
                .key_blocks = blocks_.limit()};
  for (const ActiveGroup& group : active_)
    out.running += group.left;
  return out;
}

std::vector<Group> PolicyEngine::collect() {
  std::vector<Group> finished;
  for (ActiveGroup& group : active_) {
    if (group.left > 0)
      continue;
    finished.push_back(group.answered(network_.products == EngineProducts::kAsStored));
    blocks_.release(group.table);
    reserved_ -= group.reserved;
  }
  std::erase_if(active_, [](const ActiveGroup& group) { return group.left == 0; });
  return finished;
}

}  // namespace

std::unique_ptr<ServingEngine> make_policy_engine(const Network& network,
                                                  const EngineConfig& config,
                                                  std::shared_ptr<const Environment> environment,
                                                  Team& team,
                                                  std::shared_ptr<const EngineWeights> weights) {
  return std::make_unique<PolicyEngine>(network, config, std::move(environment), team,
                                        std::move(weights));
}

}  // namespace nelumbo
