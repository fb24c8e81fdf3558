// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_rows.h"

#include <utility>

#include "apps/chat_reader.h"
#include "apps/gallery.h"
#include "apps/model_sight.h"
#include "base/complaints.h"
#include "rollout/answer_form.h"

namespace nelumbo {
namespace {

/// Turns examples into rows.
class RowMaker {
 public:
  RowMaker(const RunConfig& config, const ChatModel& model, const ChatFormat& format)
      : config_(config), reader_(model, format), gallery_(model.directory, model.network.config) {}

  Result<ChatRow> row(const ChatExample& example) {
    ChatRow row{.id = example.id, .prompt = nullptr, .shown = {}};
    const Result<ShownImages> shown = gallery_.see(example.images);
    if (!shown)
      return shown.error();
    if (asks())
      if (auto made = make_prompt(example, shown.value(), &row); !made)
        return made.error();
    if (config_.has_stage("sft"))
      if (auto made = show(example, shown.value(), &row); !made)
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

  Result<void> make_prompt(const ChatExample& example, const ShownImages& shown,
                           ChatRow* row) const {
    Result<std::string> truth = truth_of(example);
    if (!truth)
      return truth.error();
    Result<std::vector<int32_t>> tokens = reader_.asked(example, shown);
    if (!tokens)
      return tokens.error();
    auto prompt = std::make_shared<Prompt>();
    prompt->pixels = pixels_of(shown);
    prompt->id = example.id;
    prompt->task = config_.chat.task;
    prompt->reward = config_.chat.task;
    prompt->text = example.question();
    prompt->tokens = std::move(tokens).value();
    prompt->truth = {{"answer", std::move(truth).value()}};
    for (const std::string& name : config_.chat.truth) {
      if (!example.others.contains(name))
        return Error{Errc::kBadData, "has no member '" + name + "', which chat.truth names"};
      prompt->truth[name] = example.others[name];
    }
    row->prompt = std::move(prompt);
    return {};
  }

  Result<void> show(const ChatExample& example, const ShownImages& shown, ChatRow* row) const {
    if (!example.demonstration)
      return Error{Errc::kBadData, "has no demonstration, which the stage sft trains on"};
    Result<TrainingGroup> group = reader_.shown(example, shown);
    if (!group)
      return group.error();
    row->shown = std::move(group).value();
    for (TrainingItem& item : row->shown.items)
      item.task = config_.chat.task;
    return {};
  }

  const RunConfig& config_;
  ChatReader reader_;
  Gallery gallery_;
};

}  // namespace

Result<std::vector<ChatRow>> chat_rows(const RunConfig& config, const ChatModel& model,
                                       const ChatFormat& format,
                                       std::vector<ChatExample> examples) {
  RowMaker maker(config, model, format);
  std::vector<ChatRow> rows;
  Complaints complaints;
  for (ChatExample& example : examples) {
    example.messages = with_system(example.messages, config.chat.system);
    Result<ChatRow> row = maker.row(example);
    if (!row && row.error().code == Errc::kInvalidConfig)  // no room for this and more
      return Error{Errc::kInvalidConfig, example.id + ": " + row.error().message};
    if (row)
      rows.push_back(std::move(row).value());
    else
      complaints.add({Errc::kBadData, example.id + ": " + row.error().message});
  }
  if (!complaints.empty())
    return complaints.error();
  return rows;
}

}  // namespace nelumbo
