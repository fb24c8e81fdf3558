// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "reward/candidate.h"
#include "reward/rules.h"
#include "reward/term.h"

namespace nelumbo {

/// A prompt about a 480 x 480 picture, of which 20 pixels are one level of the grid.
inline Prompt prompt_with(nlohmann::json truth) {
  Prompt prompt;
  prompt.id = "val/picture/count/0";
  prompt.task = prompt.reward = "count";
  prompt.text = "How many platelets?";
  prompt.view = {0, 0, 480, 480};
  prompt.truth = std::move(truth);
  return prompt;
}

inline SpecNode node_of(const std::string& yaml) {
  auto node = SpecNode::parse(yaml, "s.yaml");
  return node ? std::move(node).value() : SpecNode::parse("broken yaml", "s.yaml").value();
}

/// The rule term of a line of YAML, judged on an answer.
inline Verdict judged(const std::string& yaml, const Prompt& prompt, const Trajectory& trajectory) {
  TermHeader header;
  const auto term = read_rule_term(node_of(yaml), header);
  if (!term)
    return {-100, term.error().message};
  const auto verdict = term.value()->judge({prompt, trajectory});
  return verdict ? verdict.value() : Verdict{-200, verdict.error().message};
}

inline double value_of(const std::string& yaml, const Prompt& prompt, const std::string& answer) {
  return judged(yaml, prompt, answer_candidate(prompt, answer)).value;
}

}  // namespace nelumbo
