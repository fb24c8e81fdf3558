// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reward/judge_panel.h"

namespace nelumbo {

/// Says what a function says.
class FunctionJudge final : public Judge {
 public:
  using Mind = std::function<JudgeReply(const JudgeQuestion&)>;

  explicit FunctionJudge(Mind mind) : mind_(std::move(mind)) {}
  std::vector<JudgeReply> ask(std::span<const JudgeQuestion> questions,
                              double /*seconds*/) const override {
    std::vector<JudgeReply> replies;
    for (const JudgeQuestion& one : questions)
      replies.push_back(mind_(one));
    return replies;
  }

 private:
  Mind mind_;
};

inline NamedJudge named(const std::string& name, FunctionJudge::Mind mind) {
  return {name, "s.yaml", std::make_shared<FunctionJudge>(std::move(mind)), {}};
}

/// Met where the criterion's last word stands in the answer.
inline JudgeReply by_last_word(const JudgeQuestion& question) {
  const std::string word = question.criterion.substr(question.criterion.rfind(' ') + 1);
  return JudgeReply::answer(question.answer.find(word) != std::string::npos ? 1 : 0, "looked");
}

}  // namespace nelumbo
