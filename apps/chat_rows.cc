// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_rows.h"

#include <algorithm>
#include <utility>

#include "rollout/answer_form.h"

namespace nelumbo {
namespace {

/// Turns examples into rows.
class RowMaker {
 public:
  RowMaker(const RunConfig& config, const ChatFormat& format) : config_(config), format_(format) {}

  Result<ChatRow> row(const ChatExample& example) const {
    if (!example.images.empty())
      return Error{Errc::kBadData, "shows pictures, which runs on open models cannot train on yet"};
    ChatRow row{.id = example.id, .prompt = nullptr, .shown = {}};
    if (asks())
      if (auto made = make_prompt(example, &row); !made)
        return made.error();
    if (config_.has_stage("sft"))
      if (auto made = show(example, &row); !made)
        return made.error();
    return row;
  }

 private:
  bool asks() const {
    return config_.has_stage("filter") || config_.has_stage("rl") || config_.has_stage("evaluate");
  }

  /// The right answer: as the row states it, or as the demonstration ends.
  Result<std::string> truth_of(const ChatExample& example) const {
    if (example.truth)
      return *example.truth;
    if (!example.demonstration)
      return Error{Errc::kBadData, "has no answer to hold the policy's against"};
    const auto answer = read_answer(answer_form(config_.chat.answer), *example.demonstration);
    if (!answer)
      return Error{Errc::kBadData, "its demonstration has no answer in the form of chat.answer, '" +
                                       config_.chat.answer + "'"};
    return *answer;
  }

  Result<void> make_prompt(const ChatExample& example, ChatRow* row) const {
    Result<std::string> truth = truth_of(example);
    if (!truth)
      return truth.error();
    Result<std::vector<int32_t>> tokens = format_.prompt(example.messages, example.tools);
    if (!tokens)
      return tokens.error();
    auto prompt = std::make_shared<Prompt>();
    prompt->id = example.id;
    prompt->task = config_.chat.task;
    prompt->reward = config_.chat.task;
    prompt->text = example.question();
    prompt->tokens = std::move(tokens).value();
    prompt->truth = {{"answer", std::move(truth).value()}};
    row->prompt = std::move(prompt);
    return {};
  }

  /// The conversation with its demonstration: trained where the assistant speaks.
  Result<void> show(const ChatExample& example, ChatRow* row) const {
    if (!example.demonstration)
      return Error{Errc::kBadData, "has no demonstration, which the stage sft trains on"};
    const Result<ChatTokens> all = format_.conversation(example.shown(), example.tools);
    if (!all)
      return all.error();
    const std::vector<int32_t>& tokens = all.value().tokens;
    const std::vector<uint8_t>& answered = all.value().answered;
    const auto first = std::ranges::find(answered, 1) - answered.begin();
    if (first == 0 || first == std::ssize(tokens))
      return Error{Errc::kBadData, "nothing stands before its answer, or nothing is answered"};
    TrainingItem item;
    item.task = config_.chat.task;
    item.tokens.assign(tokens.begin() + first, tokens.end());
    item.trained.assign(answered.begin() + first, answered.end());
    row->shown.prefix.assign(tokens.begin(), tokens.begin() + first);
    row->shown.items = {std::move(item)};
    return {};
  }

  const RunConfig& config_;
  const ChatFormat& format_;
};

}  // namespace

Result<std::vector<ChatRow>> chat_rows(const RunConfig& config, const ChatFormat& format,
                                       std::vector<ChatExample> examples) {
  const RowMaker maker(config, format);
  std::vector<ChatRow> rows;
  for (ChatExample& example : examples) {
    example.messages = with_system(example.messages, config.chat.system);
    Result<ChatRow> row = maker.row(example);
    if (!row)
      return Error{Errc::kBadData, example.id + ": " + row.error().message};
    rows.push_back(std::move(row).value());
  }
  return rows;
}

}  // namespace nelumbo
