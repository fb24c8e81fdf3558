// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reward/candidate.h"
#include "reward/reward.h"

namespace nelumbo {

inline Prompt prompt_of(const std::string& task, int number, nlohmann::json truth) {
  Prompt prompt;
  prompt.id = "val/" + task + "/" + std::to_string(number);
  prompt.task = prompt.reward = task;
  prompt.view = {0, 0, 480, 480};
  prompt.truth = std::move(truth);
  return prompt;
}

/// A group in which the answers were given and earned these totals.
inline ScoredGroup answered(const Prompt& prompt, const std::vector<std::string>& answers,
                            const std::vector<double>& totals = {}) {
  auto group = std::make_shared<Group>();
  group->prompt = std::make_shared<const Prompt>(prompt);
  for (const std::string& answer : answers)
    group->trajectories.push_back(answer_candidate(prompt, answer));
  ScoredGroup scored{group, std::vector<Outcome>(answers.size())};
  for (size_t i = 0; i < totals.size(); ++i)
    scored.outcomes[i].total = totals[i];
  return scored;
}

inline Prompt type_prompt(int number, const std::string& answer) {
  return prompt_of("type", number, {{"answer", answer}, {"choices", {"red", "white", "platelet"}}});
}

inline Prompt exam_prompt(int number, const std::string& letter,
                          const std::vector<std::string>& options) {
  std::vector<std::string> letters;
  for (size_t i = 0; i < options.size(); ++i)
    letters.emplace_back(1, static_cast<char>('A' + i));
  return prompt_of("medqa", number,
                   {{"answer", letter}, {"choices", letters}, {"options", options}});
}

/// `white` in pixels of the picture, which is shown whole.
inline Prompt report_prompt(int number, const std::vector<std::array<double, 4>>& white,
                            int64_t platelets) {
  return prompt_of("report", number, {{"white", white}, {"platelets", platelets}});
}

}  // namespace nelumbo
