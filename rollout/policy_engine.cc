// SPDX-License-Identifier: Apache-2.0
#include "rollout/policy_engine.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"
#include "model/engine_ops.h"
#include "model/forward.h"
#include "rollout/group_queue.h"
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
        groups_(network, config, environment_->longest_observation()),
        weights_(std::move(weights)) {}

  void load(std::shared_ptr<const WeightSet> weights, PolicyVersion version) override;
  Result<void> submit(GroupRequest request) override { return groups_.submit(std::move(request)); }
  std::vector<Group> step() override;
  bool idle() const override { return groups_.idle(); }
  bool waits() const override { return groups_.waits(version_); }
  EngineWork work() const override;
  const std::vector<TokenNews>& news() const override { return news_; }
  void end(GroupId id, int32_t sample) override;
  void cancel(GroupId id) override { groups_.cancel(id); }
  Occupancy occupancy() const override { return groups_.occupancy(); }

 private:
  void encode_pictures();
  void add_row(const Input& input, int64_t position, KeyBlocks::Table& table, RowPlaces& places);
  void begin_prompt(ActiveGroup& group);
  void plan_prompt(ActiveGroup& group, int64_t& budget);
  void plan_sequence(ActiveGroup& group, Sequence& sequence, int64_t due, int64_t& budget);
  void fork(ActiveGroup& group, int64_t row);
  void forward();
  void draw(const EngineOps::Tensor& hidden);
  void append_drawn(const Draw& draw, DrawnToken drawn);
  void end_turn(ActiveGroup& group, Sequence& sequence);
  void keep_answer(const ActiveGroup& group, const Sequence& sequence);
  void finish(ActiveGroup& group, Sequence& sequence);

  const Network& network_;
  EngineConfig config_;
  std::shared_ptr<const Environment> environment_;
  EngineOps ops_;
  GroupQueue groups_;
  std::shared_ptr<const EngineWeights> weights_;
  PolicyVersion version_{};
  EngineWork work_;
  std::vector<Row> rows_;        ///< of this step
  std::vector<int32_t> places_;  ///< [rows, axes] their rotary positions
  std::vector<Draw> draws_;      ///< of this step
  PromptScores scores_;          ///< of this step
  std::vector<TokenNews> news_;  ///< of the last step
};

void PolicyEngine::load(std::shared_ptr<const WeightSet> weights, PolicyVersion version) {
  groups_.swap(version);
  weights_.reset();  // so that two versions are never in memory
  weights_ = std::make_shared<const EngineWeights>(network_, weights, ops_.team());
  version_ = version;
}

EngineWork PolicyEngine::work() const {
  EngineWork work = work_;
  work.put_back = groups_.put_back();
  return work;
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
  group.table = groups_.cache().find(std::span(group.prompt).first(group.prompt.size() - 1));
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
  if (count == 0 || !groups_.grow_prompt(group, group.length + count))
    return;
  const auto& wishes = group.request.wishes;
  const std::vector<int32_t>& tokens = group.request.prompt->tokens;
  for (int64_t i = 0; i < count; ++i, ++group.length) {
    const auto at = static_cast<size_t>(group.length);
    add_row(group.prompt[at], group.length, group.table, group.places);
    if (wishes && wishes->score_prompt && at + 1 < tokens.size() && group.length >= group.scored) {
      scores_.add({group.request.id, tokens[at + 1], wishes->likeliest, std::ssize(rows_) - 1});
      group.scored = group.length + 1;
    }
  }
  groups_.cache().keep(std::span(group.prompt).first(static_cast<size_t>(group.length)),
                       group.table);
  budget -= count;
  work_.prompt_rows += count;
  if (count == left)
    fork(group, std::ssize(rows_) - 1);
}

/// All samples draw their first token from the prompt's last row. Their tables are made after the
/// forward pass, when the keys of the shared blocks are there to be copied. Samples that were put
/// back have drawn it.
void PolicyEngine::fork(ActiveGroup& group, int64_t row) {
  if (!group.sequences.empty()) {
    for (Sequence& sequence : group.sequences)
      sequence.places = group.places;
    return;
  }
  group.begin_sequences(version_);
  for (Sequence& sequence : group.sequences) {
    sequence.state = environment_->start(*group.request.prompt);
    draws_.push_back({&group, &sequence, row});
  }
}

/// The token that was drawn last, or as much of an observation, and of what was put back, as is due
/// and the budget takes.
void PolicyEngine::plan_sequence(ActiveGroup& group, Sequence& sequence, int64_t due,
                                 int64_t& budget) {
  const int64_t left = std::ssize(sequence.inputs) - sequence.stored;
  const int64_t count = left == 1 ? 1 : std::min(due, budget);
  if (count == 0 || !groups_.grow(group, sequence, count))
    return;
  for (int64_t i = 0; i < count; ++i, ++sequence.stored)
    add_row(sequence.inputs[static_cast<size_t>(sequence.stored)], group.length + sequence.stored,
            sequence.table, sequence.places);
  budget -= left == 1 ? 0 : count;
  work_.answer_rows += count;
  if (count == left)
    draws_.push_back({&group, &sequence, std::ssize(rows_) - 1});
}

std::vector<Group> PolicyEngine::step() {
  NELUMBO_CHECK(weights_ != nullptr) << "the engine has no weights yet";
  news_.clear();
  groups_.admit();
  if (groups_.active().empty())
    return {};
  rows_.clear();
  places_.clear();
  draws_.clear();
  scores_.clear();
  int64_t budget = config_.prefill_tokens, slots = config_.max_batch;
  for (ActiveGroup& group : groups_.active()) {  // the oldest first, so that none loses its slot
    if (group.put_back)
      break;  // as all behind it
    if (group.waits(version_))
      continue;
    if (!group.prompt_stored()) {
      plan_prompt(group, budget);
      continue;
    }
    for (size_t i = 0; i < group.sequences.size(); ++i)
      if (const int64_t due = group.sequences[i].done ? 0 : group.rows_due(i, version_);
          due > 0 && slots-- > 0)
        plan_sequence(group, group.sequences[i], due, budget);
  }
  if (!rows_.empty())
    forward();
  return groups_.take_done();
}

void PolicyEngine::forward() {
  encode_pictures();
  PagedRows paged;
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
  if (!draws_.empty())
    draw(hidden);
  scores_.score(ops_, network_, hidden, &news_);
}

void PolicyEngine::draw(const EngineOps::Tensor& hidden) {
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
  sequence.inputs.push_back({.token = drawn.token});
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
  sequence.inputs.insert(sequence.inputs.end(), inputs.begin(), inputs.end());
  append_observed(observation.tokens, &t);
}

/// A chat's next prompt begins with this one and its answer.
void PolicyEngine::keep_answer(const ActiveGroup& group, const Sequence& sequence) {
  std::vector<Input> inputs = group.prompt;
  inputs.insert(inputs.end(), sequence.inputs.begin(), sequence.inputs.begin() + sequence.stored);
  groups_.cache().keep(inputs, sequence.table);
}

void PolicyEngine::finish(ActiveGroup& group, Sequence& sequence) {
  environment_->finish(*group.request.prompt, std::move(sequence.state), &sequence.trajectory);
  if (group.request.wishes && sequence.trajectory.pixels.empty())
    keep_answer(group, sequence);
  sequence.done = true;
  --group.left;
  groups_.release(sequence);
}

void PolicyEngine::end(GroupId id, int32_t sample) {
  for (ActiveGroup& group : groups_.active()) {
    if (group.request.id != id)
      continue;
    Sequence& sequence = group.sequences.at(static_cast<size_t>(sample));
    if (sequence.done)
      return;
    sequence.trajectory.finish = Finish::kLength;
    finish(group, sequence);
  }
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
