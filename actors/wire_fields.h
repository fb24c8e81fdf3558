// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "actors/crew.h"

// What actors/wire.h writes and reads: each struct lists its fields once, for both directions, in
// an order that is part of the protocol (actors/membership.h: kNodeProtocol). Only that file
// includes this one.

namespace nelumbo {

template <class W>
void list(W& w, Box& x) {
  w(x.x0, x.y0, x.x1, x.y1);
}
template <class W>
void list(W& w, Orientation& x) {
  w(x.mirrored, x.quarters);
}
template <class W>
void list(W& w, Picture& x) {
  w(x.height, x.width, x.values);
}
template <class W>
void list(W& w, Image& x) {
  w(x.width, x.height, x.rgb);
}
template <class W>
void list(W& w, Prompt& x) {
  w(x.id, x.task, x.reward, x.text, x.tokens, x.image, x.view, x.orientation, x.pixels, x.truth,
    x.max_new_tokens);
}
template <class W>
void list(W& w, GroupRequest& x) {
  w(x.id, x.prompt, x.samples, x.seed, x.sampling);
}
template <class W>
void list(W& w, ToolCall& x) {
  w(x.name, x.image, x.box, x.original_box, x.degrees, x.label, x.error, x.first_token,
    x.last_token);
}
template <class W>
void list(W& w, ThoughtStep& x) {
  w(x.text, x.first_token, x.last_token);
}
template <class W>
void list(W& w, WeightSwap& x) {
  w(x.token, x.version);
}
template <class W>
void list(W& w, Trajectory& x) {
  w(x.group, x.sample, x.version, x.swaps, x.tokens, x.sampled, x.logprobs, x.entropies, x.pixels,
    x.calls, x.thoughts, x.text, x.answer, x.answered, x.answer_box, x.finish);
}
template <class W>
void list(W& w, Group& x) {
  w(x.id, x.trajectories, x.inverse_temperature, x.exact);
}
template <class W>
void list(W& w, Component& x) {
  w(x.name, x.layer, x.value, x.weight, x.evidence, x.nanoseconds);
}
template <class W>
void list(W& w, StepFactor& x) {
  w(x.first_token, x.last_token, x.factor, x.reason);
}
template <class W>
void list(W& w, Outcome& x) {
  w(x.kind, x.total, x.rule, x.rubric, x.has_rubric, x.credit, x.process, x.shaping, x.gate,
    x.components, x.steps, x.reason);
}
template <class W>
void list(W& w, NamedTensor& x) {
  w(x.name, x.shape, x.values);
}
template <class W>
void list(W& w, TrainingItem& x) {
  w(x.task, x.tokens, x.trained, x.pixels, x.weight, x.advantages, x.old_logprobs);
}
template <class W>
void list(W& w, TrainingGroup& x) {
  w(x.prefix, x.pixels, x.items);
}
template <class W>
void list(W& w, StepPlace& x) {
  w(x.step, x.steps);
}
template <class W>
void list(W& w, TokenJob& x) {
  w(x.groups, x.config, x.place);
}
template <class W>
void list(W& w, PolicyJob& x) {
  w(x.groups, x.config, x.place);
}
template <class W>
void list(W& w, PreferenceBatch& x) {
  w(x.groups, x.offsets, x.labels);
}
template <class W>
void list(W& w, PreferenceJob& x) {
  w(x.kind, x.batch, x.config, x.place);
}
template <class W>
void list(W& w, TokenValidation& x) {
  w(x.metrics, x.predictions);
}
/// A learner needs the prompt; who only answers does not send it back.
template <class W>
void list(W& w, ScoredGroup& x) {
  Group group = x.group ? *x.group : Group();
  w(group, group.prompt, x.outcomes, x.spec_hash);
  if constexpr (W::kReads)
    x.group = std::make_shared<const Group>(std::move(group));
}

}  // namespace nelumbo
