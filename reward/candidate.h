// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rollout/trajectory.h"

namespace nelumbo {

/// Tags around an answer, as the policy writes them.
constexpr std::string_view kAnswerOpen = "<answer>";
constexpr std::string_view kAnswerClose = "</answer>";
/// What a tool call begins with.
constexpr std::string_view kToolOpen = "<tool>";

/// Where answers begin, each with its tag, also one as "< Answer>", whose answer is not read. What
/// only speaks of the tag is none: "I will put it in <answer> tags", and "I use the format
/// <answer>...</answer>" where an answer follows.
std::vector<size_t> answer_places(std::string_view text);
/// What is said behind the first answer: from the first letter or digit on that belongs to no tag
/// which ends a turn ("<end_of_utterance>", "<|im_end|>", "</s>"). Empty: nothing.
std::string_view said_behind_answer(std::string_view text);

/// The boxes that an answer names, in pixels of the original picture: four grid tokens each, one
/// behind the other or with blanks, commas or semicolons between. None when anything else stands
/// there.
std::optional<std::vector<Box>> boxes_in(std::string_view answer, const Prompt& prompt);

/// The answer that names `box` (pixels of the original) in what the policy is shown.
/// REQUIRES: some part of it is shown.
std::string box_answer(const Box& box, const Prompt& prompt);

/// What a trajectory that no model wrote has in the place of tokens.
constexpr int32_t kNoToken = -1;

/// A trajectory that says `text`, as if the policy had: fills text, thoughts, answer, answered and
/// answer_box. Its tokens are kNoToken, one for a "<...>" and one for each four bytes of other
/// text, so that lengths stay plausible; who says nothing has drawn one, too.
Trajectory candidate(const Prompt& prompt, const std::string& text);

/// candidate() with `answer` between the tags.
Trajectory answer_candidate(const Prompt& prompt, const std::string& answer);

/// Appends a successful tool call on `box` (pixels of the original) with eight tokens of its own.
void add_call(Trajectory& trajectory, const std::string& name, const Box& box);

}  // namespace nelumbo
