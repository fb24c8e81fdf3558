// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "corpus/coordinates.h"
#include "rollout/trajectory.h"

namespace nelumbo {

/// Reads what stands between the tool tags, in grid form or as one JSON object:
///
///     zoom 0<g3><g7><g12><g12>          {"tool":"zoom","image":0,"box":[40,250,330,540]}
///     rotate 1 90                       {"tool":"rotate","image":1,"degrees":90}
///     locate 1 platelet<g9><g9><g4><g4> {"tool":"locate","image":1,"box":[..],"label":"platelet"}
///
/// Boxes come back in units, cut to 0..1000. What cannot be read sets `error` (a text of
/// corpus/dialogue.h) and nothing that was misread; never fails otherwise, whatever the text.
ToolCall parse_tool_call(std::string_view text);

/// Carries out a call on the pictures shown so far (0 the view): fills `original_box`, or `error`
/// when there is no such picture. Returns the frame that is shown next, if the tool shows one. A
/// call that has an error does nothing. `width` and `height` are the original's.
std::optional<Frame> run_tool(const std::vector<Frame>& shown, int64_t width, int64_t height,
                              ToolCall* call);

/// Reads an answer that is a box: four grid tokens, or a JSON array of corners in units. Cut to
/// 0..1000; nothing when it is no box or an empty one.
std::optional<Box> parse_box(std::string_view text);

}  // namespace nelumbo
