// SPDX-License-Identifier: Apache-2.0
#include "rollout/tool_environment.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "corpus/smear_view.h"
#include "rollout/tools.h"

namespace nelumbo {
namespace {

/// One tagged part of a turn: tokens [first, last) with the tags, and the text between them.
struct Tagged {
  int32_t tag = 0;
  int64_t first = 0, last = 0;
  bool closed = false;
  std::string text;
};

/// The first tool call or answer in tokens [first, end).
std::optional<Tagged> first_tagged(const Dialogue& dialogue, const std::vector<int32_t>& tokens,
                                   int64_t first) {
  const auto open = std::find_if(tokens.begin() + first, tokens.end(), [&](int32_t token) {
    return token == dialogue.tool() || token == dialogue.answer();
  });
  if (open == tokens.end())
    return std::nullopt;
  const int32_t closing = *open == dialogue.tool() ? dialogue.tool_end() : dialogue.answer_end();
  const auto close = std::find(open, tokens.end(), closing);
  Tagged tagged;
  tagged.tag = *open;
  tagged.first = open - tokens.begin();
  tagged.closed = close != tokens.end();
  tagged.last = close - tokens.begin() + (tagged.closed ? 1 : 0);
  if (tagged.closed)
    tagged.text = dialogue.text(std::vector<int32_t>(open + 1, close));
  return tagged;
}

/// The lines between the recall tags behind `first`; the token that holds the end of a line belongs
/// to that line.
std::vector<ThoughtStep> thoughts_of(const Dialogue& dialogue, const std::vector<int32_t>& tokens,
                                     int64_t first) {
  const auto open = std::find(tokens.begin() + first, tokens.end(), dialogue.recall());
  const auto close = std::find(open, tokens.end(), dialogue.recall_end());
  std::vector<ThoughtStep> steps;
  if (open == close)
    return steps;
  for (auto begin = open + 1; begin != close;) {
    const auto ends_line = [&](int32_t token) {
      return dialogue.text({token}).find('\n') != std::string::npos;
    };
    auto end = std::find_if(begin, close, ends_line);
    end += end == close ? 0 : 1;
    const std::string text = dialogue.text({begin, end});
    const std::string_view line = trimmed(text);
    if (!line.empty())
      steps.push_back({std::string(line), begin - tokens.begin(), end - tokens.begin()});
    begin = end;
  }
  return steps;
}

}  // namespace

ToolEnvironment::ToolEnvironment(std::shared_ptr<const Dialogue> dialogue, int64_t image_size)
    : dialogue_(std::move(dialogue)), image_size_(image_size) {
  NELUMBO_CHECK(dialogue_ != nullptr) << "an environment needs a dialogue";
}

Environment::State ToolEnvironment::start(const Prompt& prompt) const {
  State state;
  state.shown = {Frame{prompt.view, prompt.orientation}};
  return state;
}

std::variant<Observation, Finish> ToolEnvironment::after_turn(const Prompt& prompt,
                                                              const Trajectory& trajectory,
                                                              const Sampling& sampling,
                                                              State* state) const {
  NELUMBO_CHECK(state->turn_first <= std::ssize(trajectory.tokens)) << "the trajectory shrank";
  ++state->turns;
  const std::optional<Tagged> tagged =
      first_tagged(*dialogue_, trajectory.tokens, state->turn_first);
  if (!tagged || tagged->tag != dialogue_->tool())
    return Finish::kStop;
  ToolCall call = parse_tool_call(tagged->text);
  call.first_token = tagged->first;
  call.last_token = tagged->last;
  if (state->turns >= most_turns(prompt, sampling)) {
    call.error = reply::kTooMany;
    state->calls.push_back(std::move(call));
    return Finish::kTurns;
  }
  Observation observation = carry_out(prompt, sampling, std::move(call), state);
  state->turn_first = std::ssize(trajectory.tokens) + std::ssize(observation.tokens);
  return observation;
}

Observation ToolEnvironment::carry_out(const Prompt& prompt, const Sampling& sampling,
                                       ToolCall call, State* state) const {
  if (!sampling.tools)
    call.error = reply::kToolsOff;
  else if (std::ssize(state->calls) >= kMostCalls)
    call.error = reply::kTooMany;
  const std::optional<Frame> shown =
      run_tool(state->shown, prompt.image->width, prompt.image->height, &call);
  Observation observation;
  if (shown) {
    observation.tokens = dialogue_->picture_observation();
    observation.pixels = {view_pixels(*prompt.image, *shown, image_size_)};
    state->shown.push_back(*shown);
  } else {
    observation.tokens = dialogue_->text_observation(call.error ? *call.error : reply::kOk);
  }
  state->calls.push_back(std::move(call));
  return observation;
}

void ToolEnvironment::finish(const Prompt& prompt, State state, Trajectory* trajectory) const {
  trajectory->text = dialogue_->text(trajectory->tokens);
  trajectory->calls = std::move(state.calls);
  trajectory->thoughts.clear();
  trajectory->answer.clear();
  trajectory->answered = false;
  trajectory->answer_box.reset();
  if (state.turn_first > std::ssize(trajectory->tokens))
    return;  // cut within an observation
  trajectory->thoughts = thoughts_of(*dialogue_, trajectory->tokens, state.turn_first);
  const std::optional<Tagged> tagged =
      first_tagged(*dialogue_, trajectory->tokens, state.turn_first);
  if (!tagged || tagged->tag != dialogue_->answer() || !tagged->closed)
    return;
  trajectory->answered = true;
  trajectory->answer = trimmed(tagged->text);
  if (const std::optional<Box> units = parse_box(trajectory->answer))
    trajectory->answer_box = to_original({prompt.view, prompt.orientation}, *units);
}

int64_t ToolEnvironment::longest_observation() const {
  int64_t longest = std::ssize(dialogue_->picture_observation());
  for (const char* text : {reply::kOk, reply::kUnreadable, reply::kUnknownTool, reply::kNoImage,
                           reply::kBadBox, reply::kBadDegrees, reply::kTooMany, reply::kToolsOff})
    longest = std::max<int64_t>(longest, std::ssize(dialogue_->text_observation(text)));
  return longest;
}

}  // namespace nelumbo
