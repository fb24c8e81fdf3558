// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/check.h"
#include "configs/run_config.h"
#include "tests/support/chat_model_folder.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {

/// A run on a tiny open model and ten sums, two of which are held out.
class ChatRunTest : public testing::Test {
 protected:
  ChatRunTest() {
    put_chat_model(model_.path());
    std::ofstream rows(data_ / "rows.jsonl");
    for (int i = 1; i <= 10; ++i)
      rows << R"({"question": ")" << i << R"( + 1?", "answer": "It is )" << i + 1 << "\"}\n";
    std::ofstream(data_ / "reward.yaml")
        << "specs:\n  chat:\n    layers:\n      rule:\n        terms:\n"
           "          - {kind: number, truth: answer}\n    on: {turns: zero}\n";
  }

  std::string yaml() const {
    return "model: {from: " + model_.path() + "}\nchat: {train: " + (data_ / "rows.jsonl") +
           ", hold_out: 2, answer: last_number}\nreward: {spec: " + (data_ / "reward.yaml") +
           "}\npipeline: [filter, rl, evaluate]\nsampling: {max_new_tokens: 4}\n"
           "sft: {questions: 2, steps: 2}\nrl: {steps: 2, prompts: 2, group_size: 2}\n"
           "evaluate: {samples: 1, bootstrap: 10}\nengine: {key_blocks: 256, max_batch: 16}\n";
  }

  RunConfig config_of(const std::vector<std::string>& overrides = {}) const {
    auto config = parse_run_config(yaml(), "c.yaml", overrides);
    NELUMBO_CHECK(config.ok()) << config.error().message;
    return std::move(config).value();
  }

  TemporaryFolder model_, data_;
};

}  // namespace nelumbo
