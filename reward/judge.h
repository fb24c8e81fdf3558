// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// What a judge is to say.
enum class JudgeForm {
  kMet,    ///< whether one criterion is met
  kScale,  ///< how well all criteria are met together, as one grade
};

/// One question to a judge, about one answer.
struct JudgeQuestion {
  std::string judge;      ///< who is asked
  std::string asked;      ///< what was answered: a question, or a conversation
  std::string criterion;  ///< of kScale all of them, one a line
  std::string answer;
  JudgeForm form = JudgeForm::kMet;
};

/// What became of one question. Only kAnswer has a value: a judge that fails never says 0.
struct JudgeReply {
  enum class Kind { kAnswer, kInfraError, kTimeout };
  Kind kind = Kind::kInfraError;
  double value = 0;            ///< kMet: 0 or 1; kScale: from 0, the lowest grade, to 1
  std::string note;            ///< for people: what decided it, or why there is no answer
  bool is_other_form = false;  ///< of kInfraError: something was answered, not what was asked for

  static JudgeReply answer(double value, std::string note) {
    return {Kind::kAnswer, value, std::move(note)};
  }
  static JudgeReply failure(std::string why) { return {Kind::kInfraError, 0, std::move(why)}; }
  static JudgeReply other_form(std::string why) {
    return {Kind::kInfraError, 0, std::move(why), true};
  }
  static JudgeReply timeout(std::string why) { return {Kind::kTimeout, 0, std::move(why)}; }
  bool ok() const { return kind == Kind::kAnswer; }
};

/// What asking has taken so far.
struct JudgeCounts {
  int64_t questions = 0;
  int64_t calls = 0;  ///< requests sent, retries among them
  int64_t retries = 0;
  int64_t cache_hits = 0;  ///< questions that were not sent, since the answer was known
  int64_t failures = 0;    ///< questions that ended as kInfraError
  int64_t timeouts = 0;    ///< questions that ended as kTimeout
  int64_t openings = 0;    ///< how often the circuit breaker opened
  int64_t prompt_tokens = 0, completion_tokens = 0;  ///< as the judge says
  double cost = 0;                                   ///< of these, by the prices of its keys
  double call_seconds = 0;                           ///< of all calls together

  /// What was added since `before`.
  JudgeCounts since(const JudgeCounts& before) const;
  /// "calls", "retries", ..., "latency" (mean seconds of a call).
  std::map<std::string, double> named() const;
};

/// Answers yes/no questions, many at once. Any thread may ask.
class Judge {
 public:
  virtual ~Judge() = default;

  /// Reply i for question i, within about `seconds`; what is not answered by then is a failure or a
  /// timeout that says who waited for what.
  virtual std::vector<JudgeReply> ask(std::span<const JudgeQuestion> questions,
                                      double seconds) const = 0;
  /// Whether somebody is there to be asked: an error that says why not, within about `seconds`.
  virtual Result<void> reach(double /*seconds*/) const { return {}; }
  virtual JudgeCounts counts() const { return {}; }
  /// Has everyone who waits for an answer wait no longer, now and from now on.
  virtual void cancel() const {}
};

}  // namespace nelumbo
