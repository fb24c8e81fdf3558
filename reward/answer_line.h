// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "corpus/document.h"
#include "reward/reward.h"

namespace nelumbo {

/// A line of `reward score` as a group of one answer:
///
///     {"row": {"question": "..", "answer": "72"}, "answer": "72", "spec": "gsm8k"}
///
/// `row` holds the fields of the data set, which are the truth that terms name (of an exam,
/// PubMedQA and GSM8K as corpus/data_row.h reads them); `question` is what was asked, and `view`,
/// [x0, y0, x1, y1], the picture (640 x 480 without it). `answer` is what stands between the answer
/// tags; in its place may stand `text`, all that was said, tags included, `box`, an answer in
/// pixels of the picture, or `boxes`, a list of them. `calls`, [{"zoom": [x0, y0, x1, y1]}, ..],
/// are tool calls that went before. `spec` names the spec; it may be left out where there is one
/// only. `finish` is stop, length or turns, `id` the answer's name in messages.
///
/// kBadData "PLACE: what; fix": a key that is unknown, missing or of another type, a spec that is
/// not there, a row without a field that the spec needs.
Result<Group> group_of_line(const nlohmann::json& line, const RewardSpec& spec, const Place& place);

/// What comes out for it: {"outcome": "score", "spec", "spec_hash", "total", "rule", "rubric",
/// "process", "shaping", "gate": "pass" or the rule's name, "components": {"rule/number": {"value",
/// "weight", "evidence"}, ..}}, or {"outcome": "invalid", "infra_error" or "timeout", "spec",
/// "spec_hash", "reason"}. The hash is that of the specification, as traces have it. Text that is
/// no UTF-8 is mended.
nlohmann::json scored_line(const Prompt& prompt, const Outcome& outcome,
                           const std::string& spec_hash);

/// Puts "nanoseconds" into each of the line's components; two runs then no longer give the same
/// bytes.
void add_times(const Outcome& outcome, nlohmann::json* scored);

}  // namespace nelumbo
