// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_rows.h"

#include <algorithm>
#include <utility>

#include "apps/gallery.h"
#include "apps/model_sight.h"
#include "base/complaints.h"
#include "rollout/answer_form.h"

namespace nelumbo {
namespace {

/// What comes before the assistant's first message.
int64_t pictures_before_answers(const nlohmann::ordered_json& messages) {
  int64_t pictures = 0;
  for (const auto& message : messages) {
    if (message["role"] == "assistant")
      break;
    if (message.contains("content") && message["content"].is_array())
      pictures += std::ranges::count_if(message["content"],
                                        [](const auto& part) { return part["type"] == "image"; });
  }
  return pictures;
}

/// Turns examples into rows.
class RowMaker {
 public:
  RowMaker(const RunConfig& config, const ChatModel& model, const ChatFormat& format)
      : config_(config),
        model_(model),
        format_(format),
        gallery_(model.directory, model.network.config, Gallery::Keep::kPixels) {}

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
    Result<std::vector<int32_t>> tokens = format_.prompt(example.messages, example.tools, shown);
    if (!tokens)
      return tokens.error();
    auto prompt = std::make_shared<Prompt>();
    prompt->pixels = pixels_of(shown);
    if (auto fits =
            check_placeholders(tokens.value(), prompt->pixels, model_.network.config, "its prompt");
        !fits)
      return fits;
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
  Result<void> show(const ChatExample& example, const ShownImages& shown, ChatRow* row) const {
    if (!example.demonstration)
      return Error{Errc::kBadData, "has no demonstration, which the stage sft trains on"};
    const Result<ChatTokens> all = format_.conversation(example.shown(), example.tools, shown);
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
    const int64_t before = pictures_before_answers(example.messages);
    for (int64_t i = 0; i < std::ssize(shown.images); ++i) {
      const auto& pixels = shown.images[static_cast<size_t>(i)].pixels;
      auto& to = i < before ? row->shown.pixels : item.pixels;
      to.insert(to.end(), pixels.begin(), pixels.end());
    }
    const ModelConfig& model = model_.network.config;
    if (auto fits = check_placeholders(row->shown.prefix, row->shown.pixels, model, "its prompt");
        !fits)
      return fits;
    if (auto fits = check_placeholders(item.tokens, item.pixels, model, "its answers"); !fits)
      return fits;
    row->shown.items = {std::move(item)};
    return {};
  }

  const RunConfig& config_;
  const ChatModel& model_;
  const ChatFormat& format_;
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
