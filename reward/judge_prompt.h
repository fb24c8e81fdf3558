// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "reward/judge.h"

namespace nelumbo {

/// Grades of JudgeForm::kScale run from 1 to this.
constexpr int64_t kHighestGrade = 10;

/// How a judge has to reply.
enum class ReplyForm {
  kJson,  ///< {"nonce": "..", "met": true}, or {"nonce": "..", "grade": 7}
  kWord,  ///< yes or no, or one digit: the first token is looked at
};

/// What is said to a judge.
struct JudgePrompt {
  std::string system;
  std::string user;
};

/// The question in words. The answer, and what was asked, stand between marks that carry `nonce`,
/// which the answer cannot know; bytes beyond `answer_bytes` are cut off, at a code point, and the
/// judge is told so.
JudgePrompt judge_prompt(const JudgeQuestion& question, const std::string& nonce, ReplyForm form,
                         int64_t answer_bytes);

/// Reads {"nonce": NONCE, "met": true or false}, or with a grade, and nothing else: not prose, not
/// another key, not a number where a truth value belongs, not another nonce. The value is as in
/// JudgeReply.
Result<double> read_judgement(std::string_view content, JudgeForm form, const std::string& nonce);

/// Bits from the system, for what must not be foreseen or be alike in two processes. No result may
/// depend on them.
uint64_t unforeseen_bits();

/// 16 hex digits that nobody can foresee.
std::string new_nonce();

/// The first bytes of a text, whole code points; all of it where it is shorter.
std::string_view first_bytes(std::string_view text, int64_t most);

}  // namespace nelumbo
