// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "apps/chat_model.h"
#include "apps/commands.h"
#include "base/text.h"
#include "corpus/chat_data.h"
#include "rollout/answer_form.h"

namespace nelumbo {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr size_t kMostFaults = 20;  // that are shown

struct InspectOptions {
  std::string file;
  std::optional<std::string> model;
  std::string answer = "text";
  int64_t rows = 1;
};

/// What was found in a file.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct Findings {
  std::optional<ChatLayout> layout;
  int64_t rows = 0, turns = 0, shown = 0, stated = 0, answered = 0, pictures = 0, tools = 0;
  int64_t bad = 0;
  std::vector<std::string> faults;     ///< the first of them
  std::vector<ChatExample> previewed;  ///< the first of the sound ones
};

void count(ChatExample example, const InspectOptions& options, Findings* out) {
  ++out->rows;
  out->turns += std::ssize(example.messages);
  out->shown += example.demonstration ? 1 : 0;
  out->stated += example.truth ? 1 : 0;
  out->answered +=
      example.truth || (example.demonstration &&
                        read_answer(answer_form(options.answer), *example.demonstration))
          ? 1
          : 0;
  out->pictures += std::ssize(example.images);
  out->tools += example.tools.is_null() ? 0 : 1;
  if (std::ssize(out->previewed) < options.rows)
    out->previewed.push_back(std::move(example));
}

Result<Findings> findings_of(const InspectOptions& options) {
  Findings out;
  const auto layout = for_each_chat_row(options.file, [&](Result<ChatExample> example) {
    if (example) {
      count(std::move(example).value(), options, &out);
    } else if (++out.bad; out.faults.size() < kMostFaults) {
      out.faults.push_back(example.error().message);
    }
    return Result<void>();
  });
  if (!layout)
    return layout.error();
  out.layout = layout.value();
  return out;
}

/// A row as the model reads it.
Result<json> preview(const ChatExample& example, const ChatModel& model, const ChatFormat& format) {
  json out = {{"id", example.id}};
  Result<std::vector<int32_t>> prompt = format.prompt(example.messages, example.tools);
  if (!prompt)
    return Error{prompt.error().code, example.id + ": " + prompt.error().message};
  out["prompt"] = valid_utf8(model.tokenizer->decode(prompt.value(), Tokenizer::Special::kKeep));
  out["prompt_tokens"] = prompt.value();
  if (!example.demonstration)
    return out;
  ordered_json messages = example.messages;
  messages.push_back({{"role", "assistant"}, {"content", *example.demonstration}});
  const Result<ChatTokens> all = format.conversation(messages, example.tools);
  if (!all)
    return Error{all.error().code, example.id + ": " + all.error().message};
  std::vector<int32_t> trained;
  for (size_t i = 0; i < all.value().tokens.size(); ++i)
    if (all.value().answered[i] != 0)
      trained.push_back(all.value().tokens[i]);
  out["trained"] = valid_utf8(model.tokenizer->decode(trained, Tokenizer::Special::kKeep));
  out["trained_tokens"] = trained;
  return out;
}

Result<json> previews(const InspectOptions& options, const Findings& found) {
  json out = json::array();
  if (!options.model)
    return out;
  const Result<ChatModel> model = open_chat_model(*options.model);
  if (!model)
    return model.error();
  const Result<ChatFormat> format = chat_format_of(model.value());
  if (!format)
    return format.error();
  for (const ChatExample& example : found.previewed) {
    Result<json> one = preview(example, model.value(), format.value());
    if (!one)
      return one.error();
    out.push_back(std::move(one).value());
  }
  return out;
}

json to_json(const InspectOptions& options, const Findings& found, const json& previewed) {
  return {{"file", options.file},
          {"layout", found.layout ? json(to_text(*found.layout)) : json()},
          {"rows", found.rows},
          {"messages", found.turns},
          {"demonstrations", found.shown},
          {"truths", found.stated},
          {"answers", found.answered},
          {"pictures", found.pictures},
          {"with_tools", found.tools},
          {"bad", found.bad},
          {"faults", found.faults},
          {"preview", previewed}};
}

void print(std::ostream& out, const json& findings) {
  const json& layout = findings["layout"];
  out << findings["file"].get<std::string>() << ": "
      << (layout.is_null() ? "no layout that is known"
                           : "laid out as '" + layout.get<std::string>() + "'")
      << ", " << findings["rows"] << " conversations of " << findings["messages"]
      << " messages before the answer\n"
      << "with a demonstration " << findings["demonstrations"] << ", with a stated truth "
      << findings["truths"] << ", with an answer to hold the policy's against "
      << findings["answers"] << ", pictures " << findings["pictures"] << ", with tools "
      << findings["with_tools"] << '\n';
  for (const json& row : findings["preview"]) {
    out << "\n--- " << row["id"].get<std::string>() << ", asked in " << row["prompt_tokens"].size()
        << " tokens\n"
        << row["prompt"].get<std::string>() << '\n';
    if (row.contains("trained"))
      out << "--- trained on, " << row["trained_tokens"].size() << " tokens\n"
          << row["trained"].get<std::string>() << '\n';
  }
}

Result<void> inspect(Session& session, const InspectOptions& options) {
  const Result<Findings> found = findings_of(options);
  if (!found)
    return found.error();
  const Result<json> previewed = previews(options, found.value());
  if (!previewed)
    return previewed.error();
  const json findings = to_json(options, found.value(), previewed.value());
  if (session.json)
    session.out << findings.dump() << '\n';
  else
    print(session.out, findings);
  if (found.value().bad == 0 && found.value().rows > 0)
    return {};
  if (found.value().bad == 0)
    return Error{Errc::kBadData, options.file + ": has no rows"};
  std::string all = std::to_string(found.value().bad) + " rows cannot be used";
  for (const std::string& fault : found.value().faults)
    all += "\n" + fault;
  return Error{Errc::kBadData, all};
}

}  // namespace

void add_data_commands(CLI::App& app, Session& session) {
  CLI::App* data = app.add_subcommand("data", "Looks at conversations to train on.");
  data->require_subcommand(1);
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command = data->add_subcommand(
      "inspect", "Says which layout a file has, what fails, and how a model reads it.");
  command->add_option("FILE", options->file, "Conversations, JSON Lines.")->required();
  command->add_option("--model", options->model,
                      "Also show the first rows in this model's chat template and tokens.");
  command->add_option("--rows", options->rows, "How many rows to show.")
      ->check(CLI::Range(int64_t{0}, int64_t{1000}));
  command->add_option("--answer", options->answer, "Where answers stand, as chat.answer.")
      ->check(CLI::IsMember(answer_forms()));
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer(
      "Example:\n"
      "  nelumbo data inspect data/gsm8k/train.jsonl --model models/smollm2 --answer last_number");
  command->callback([&session, options] {
    session.action = [&session, options] { return inspect(session, *options); };
  });
}

}  // namespace nelumbo
