// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "reward/term.h"

namespace nelumbo {

/// What an external program is asked about an answer, one line of JSON with an `id` added:
///
///     {"id": "1b-7", "prompt_id": "val/x/count/0", "task": "count", "prompt": "How many ..?",
///      "answer": "3", "answered": true, "text": "<answer>3</answer>", "truth": {"answer": "3"}}
///
/// `answer` stands between the answer tags, `answered` says whether there were any, `text` is all
/// that was said. Bytes that are no UTF-8 are U+FFFD.
nlohmann::json external_request(const Scene& scene);

/// The verdict that a line of an external program is: {"id": "1b-7", "value": 0.5, "evidence":
/// ".."}, an object with the request's id, a value from 0 to 1 and, where it likes, text for
/// people, of which a thousand bytes are kept. Anything else, another key or one twice, is an error
/// that says what.
Result<Verdict> external_verdict(const std::string& line, const std::string& id);

}  // namespace nelumbo
