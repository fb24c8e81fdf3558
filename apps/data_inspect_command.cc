// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "apps/chat_model.h"
#include "apps/chat_reader.h"
#include "apps/commands.h"
#include "apps/model_sight.h"
#include "base/complaints.h"
#include "base/text.h"
#include "corpus/chat_data.h"
#include "rollout/answer_form.h"

namespace nelumbo {
namespace {

using nlohmann::json;

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
  Complaints faults;
  json previewed = json::array();  ///< the first of the sound ones, as a model reads them
};

/// What a model makes of a row.
class RowReader {
 public:
  /// Without a model, nothing.
  static Result<RowReader> open(const std::optional<std::string>& name) {
    RowReader reader;
    if (!name)
      return reader;
    Result<ChatModel> model = chat_model_of(open_shape(*name));
    if (!model)
      return model.error();
    reader.model_ = std::move(model).value();
    Result<ChatFormat> format = chat_format_of(*reader.model_);
    if (!format)
      return format.error();
    reader.format_ = std::move(format).value();
    reader.sight_ =
        std::make_unique<ModelSight>(reader.model_->directory, reader.model_->network.config);
    return reader;
  }

  /// The prompt, and what is trained on; null without a model.
  Result<json> read(const ChatExample& example) const {
    if (!format_)
      return json();
    const Result<ShownImages> seen = sight_->see(example.images);
    if (!seen)
      return seen.error();
    const ChatReader reader(*model_, *format_);
    Result<std::vector<int32_t>> prompt = reader.asked(example, seen.value());
    if (!prompt)
      return prompt.error();
    json out = {{"id", example.id}, {"prompt", text(prompt.value())}};
    int64_t length = std::ssize(prompt.value());
    out["prompt_tokens"] = std::move(prompt).value();
    if (example.demonstration) {
      const Result<TrainingGroup> group = reader.shown(example, seen.value());
      if (!group)
        return group.error();
      length = longest_in(group.value());
      add_trained(group.value(), &out);
    }
    if (auto fits = check_length(*model_, length); !fits)
      return fits.error();
    return out;
  }

 private:
  void add_trained(const TrainingGroup& group, json* out) const {
    std::vector<int32_t> trained;
    for (const TrainingItem& item : group.items)
      for (size_t i = 0; i < item.tokens.size(); ++i)
        if (item.trained[i] != 0)
          trained.push_back(item.tokens[i]);
    (*out)["trained"] = text(trained);
    (*out)["trained_tokens"] = std::move(trained);
  }

  /// Of a run of image tokens, the first, and how many there are.
  std::string text(const std::vector<int32_t>& tokens) const {
    const std::optional<int32_t> image = model_->network.config.image_token_id;
    std::string out;
    for (auto at = tokens.begin(); at != tokens.end();) {
      const bool seen = image && *at == *image;
      const auto end = std::find_if(
          at, tokens.end(), [&](int32_t token) { return (image && token == *image) != seen; });
      const std::vector<int32_t> run(at, seen ? at + 1 : end);
      out += model_->tokenizer->decode(run, Tokenizer::Special::kKeep);
      if (seen)
        out += "(" + std::to_string(end - at) + " times)";
      at = end;
    }
    return valid_utf8(out);
  }

  std::optional<ChatModel> model_;
  std::optional<ChatFormat> format_;
  std::unique_ptr<ModelSight> sight_;  ///< a file may show more than memory holds
};

void count(const ChatExample& example, const InspectOptions& options, Findings* out) {
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
}

Result<Findings> findings_of(const InspectOptions& options, const RowReader& reader) {
  Findings out;
  const auto layout = for_each_chat_row(options.file, [&](const Result<ChatExample>& example) {
    if (!example) {
      out.faults.add(example.error());
      return Result<void>();
    }
    Result<json> row = reader.read(example.value());
    if (!row) {
      out.faults.add({Errc::kBadData, example.value().id + ": " + row.error().message});
      return Result<void>();
    }
    count(example.value(), options, &out);
    if (!row.value().is_null() && static_cast<int64_t>(out.previewed.size()) < options.rows)
      out.previewed.push_back(std::move(row).value());
    return Result<void>();
  });
  if (!layout)
    return layout.error();
  out.layout = layout.value();
  return out;
}

json to_json(const InspectOptions& options, const Findings& found) {
  json faults = json::array();
  for (const Error& fault : found.faults.first())
    faults.push_back(fault.message);
  return {{"file", options.file},
          {"layout", found.layout ? json(to_text(*found.layout)) : json()},
          {"rows", found.rows},
          {"messages", found.turns},
          {"demonstrations", found.shown},
          {"truths", found.stated},
          {"answers", found.answered},
          {"pictures", found.pictures},
          {"with_tools", found.tools},
          {"bad", found.faults.count()},
          {"faults", faults},
          {"preview", found.previewed}};
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
  const Result<RowReader> reader = RowReader::open(options.model);
  if (!reader)
    return reader.error();
  const Result<Findings> found = findings_of(options, reader.value());
  if (!found)
    return found.error();
  const json findings = to_json(options, found.value());
  if (session.json)
    session.out << findings.dump() << '\n';
  else
    print(session.out, findings);
  const Complaints& faults = found.value().faults;
  if (faults.count() > 1)
    return Error{Errc::kBadData, std::to_string(faults.count()) + " rows cannot be used\n" +
                                     faults.error().message};
  if (!faults.empty())
    return faults.error();
  if (found.value().rows == 0)
    return Error{Errc::kBadData, options.file + ": has no rows"};
  return {};
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
                      "Also put every row into this model's chat template and tokens, and show the "
                      "first.");
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
