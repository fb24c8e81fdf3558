// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_rows.h"

#include <map>
#include <utility>

#include <unistd.h>

#include "apps/chat_reader.h"
#include "apps/model_sight.h"
#include "corpus/row_faults.h"
#include "rollout/answer_form.h"

namespace nelumbo {
namespace {

/// The pictures of all rows, each read once.
class Gallery {
 public:
  explicit Gallery(const ChatModel& model) : sight_(model.directory, model.network.config) {}

  Result<ShownImages> see(const std::vector<std::string>& pictures) {
    ShownImages shown;
    for (const std::string& picture : pictures) {
      auto at = seen_.find(picture);
      if (at == seen_.end()) {
        Result<ShownImages> fresh = sight_.see({picture});
        if (!fresh)
          return fresh.error();
        at = seen_.emplace(picture, std::move(fresh).value()).first;
        if (auto fits = count(at->second); !fits)
          return fits.error();
      }
      shown.mark = at->second.mark;
      shown.framed_mark = at->second.framed_mark;
      shown.images.push_back(at->second.images.front());
    }
    return shown;
  }

 private:
  Result<void> count(const ShownImages& fresh) {
    for (const Pixels& pixels : pixels_of(fresh))
      bytes_ += pixels->values.size() * sizeof(float);
    const auto memory = static_cast<size_t>(::sysconf(_SC_PHYS_PAGES)) *
                        static_cast<size_t>(::sysconf(_SC_PAGESIZE));
    if (bytes_ <= memory / 2)
      return {};
    return Error{Errc::kInvalidConfig,
                 "the pictures up to here take more than half of the machine's memory, " +
                     std::to_string(memory >> 20) + " MB; lower chat.train_limit, or shrink them"};
  }

  ModelSight sight_;
  std::map<std::string, ShownImages> seen_;  ///< by path or data URL
  size_t bytes_ = 0;
};

/// Turns examples into rows.
class RowMaker {
 public:
  RowMaker(const RunConfig& config, const ChatModel& model, const ChatFormat& format)
      : config_(config), reader_(model, format), gallery_(model) {}

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
  RowFaults faults;
  for (ChatExample& example : examples) {
    example.messages = with_system(example.messages, config.chat.system);
    Result<ChatRow> row = maker.row(example);
    if (row)
      rows.push_back(std::move(row).value());
    else if (row.error().code == Errc::kInvalidConfig)
      return Error{Errc::kInvalidConfig, example.id + ": " + row.error().message};
    else
      faults.add(example.id + ": " + row.error().message);
  }
  if (faults.count() > 0)
    return faults.error();
  return rows;
}

}  // namespace nelumbo
