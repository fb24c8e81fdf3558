// SPDX-License-Identifier: Apache-2.0
#include "corpus/data_row.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "corpus/exam_items.h"
#include "corpus/exam_questions.h"
#include "corpus/jsonl.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// Where `row` has a text under `key`, that text; else empty.
std::string text_of(const json& row, const char* key) {
  const auto at = row.find(key);
  return at != row.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::string id_of(const json& row, const Place& place) {
  const std::string id = text_of(row, "id");
  return id.empty() ? place.text() : id;
}

Result<TextQuestion> exam_row(const json& row, const Place& place) {
  const Result<ExamItem> item = parse_exam_item(row, "", place);
  if (!item)
    return item.error();
  return exam_question(item.value());
}

Result<TextQuestion> pubmedqa_row(const json& row, const Place& place) {
  const std::vector<std::string> options{"yes", "no", "maybe"};
  const auto found = std::ranges::find(options, text_of(row, "final_decision"));
  if (found == options.end())
    return Error{Errc::kBadData,
                 place.text() + ": 'final_decision' is not yes, no or maybe; correct it"};
  return exam_question({.question = text_of(row, "QUESTION"),
                        .options = options,
                        .answer = found - options.begin(),
                        .source = "pubmedqa"});
}

/// The forms of rows.
enum class RowForm { kExam, kPubmedqa, kOther };

RowForm form_of(const json& row) {
  if (row.contains("label") &&
      text_of(row, "question").find("Answer Choices:") != std::string::npos)
    return RowForm::kExam;
  return row.contains("QUESTION") && row.contains("final_decision") ? RowForm::kPubmedqa
                                                                    : RowForm::kOther;
}

/// Which form rows for a specification of this name have; any where it says nothing.
std::optional<RowForm> form_for(const std::string& task) {
  static const std::map<std::string, RowForm> kForms{
      {"medqa", RowForm::kExam},        {"medmcqa", RowForm::kExam},
      {"mmlu_medical", RowForm::kExam}, {"pubmedqa", RowForm::kPubmedqa},
      {"gsm8k", RowForm::kOther},       {"healthbench", RowForm::kOther},
      {"multihop", RowForm::kOther},    {"instruction", RowForm::kOther},
      {"locate", RowForm::kOther},      {"type", RowForm::kOther},
      {"count", RowForm::kOther},       {"report", RowForm::kOther}};
  const auto known = kForms.find(task);
  return known == kForms.end() ? std::nullopt : std::optional(known->second);
}

/// Rows that state the truth fields themselves are of the form kOther, and fit every specification.
Result<void> check_form(RowForm form, const std::string& task, const std::string& place) {
  const auto wanted = form_for(task);
  if (!wanted || form == RowForm::kOther || form == *wanted)
    return {};
  const std::string of = form == RowForm::kExam ? "'label', as rows of medqa, medmcqa and "
                                                  "mmlu_medical have"
                                                : "'final_decision', as rows of pubmedqa have";
  const std::string lacks = *wanted == RowForm::kExam ? " and lacks 'label'"
                            : *wanted == RowForm::kPubmedqa
                                ? " and lacks 'QUESTION' and 'final_decision'"
                                : "";
  return Error{Errc::kBadData, place + ": has the field " + of + lacks + "; the spec '" + task +
                                   "' scores other data: name the spec of this data set"};
}

/// What stands on the last line behind "#### ", as GSM8K ends its solutions; else all of it.
std::string final_answer(const std::string& solution) {
  constexpr std::string_view kMark = "#### ";
  const size_t line = solution.rfind('\n') + 1;  // npos + 1 is 0
  const std::string_view last = std::string_view(solution).substr(line);
  return last.starts_with(kMark) ? std::string(trimmed(last.substr(kMark.size()))) : solution;
}

TextQuestion other_row(const json& row) {
  TextQuestion question;
  question.text = text_of(row, "question");
  question.answer = final_answer(text_of(row, "answer"));
  question.truth = json::object();
  if (!question.answer.empty())
    question.truth["answer"] = question.answer;
  return question;
}

/// What is asked is read as text; a number in its place would be a question that nobody reads.
Result<void> check_question(const json& row, const Place& place) {
  for (const char* key : {"question", "QUESTION"})
    if (const auto at = row.find(key); at != row.end() && !at->is_string())
      return Error{Errc::kBadData,
                   place.text() + ": '" + key + "' is no text; put it in quotes, or leave it out"};
  return {};
}

Result<TextQuestion> read_form(const json& row, const std::string& task, const Place& place) {
  const RowForm form = form_of(row);
  if (const auto fits = check_form(form, task, place.text()); !fits)
    return fits.error();
  return form == RowForm::kExam       ? exam_row(row, place)
         : form == RowForm::kPubmedqa ? pubmedqa_row(row, place)
                                      : other_row(row);
}

Result<std::vector<TextQuestion>> read_records(const std::string& path, const std::string& task) {
  const Result<std::vector<ExamItem>> items = read_pubmedqa_items(path);
  if (!items)
    return items.error();
  if (const auto fits = check_form(RowForm::kPubmedqa, task, path); !fits)
    return fits.error();
  std::vector<TextQuestion> questions;
  for (const ExamItem& item : items.value()) {
    questions.push_back(exam_question(item));
    questions.back().task = task;
  }
  return questions;
}

}  // namespace

Result<TextQuestion> question_of_row(const json& row, const std::string& task, const Place& place) {
  if (const auto is_text = check_question(row, place); !is_text)
    return is_text.error();
  Result<TextQuestion> question = read_form(row, task, place);
  if (!question)
    return question;
  json truth = row;
  truth.update(question.value().truth);
  question.value().truth = std::move(truth);
  question.value().id = id_of(row, place);
  question.value().task = task;
  return question;
}

Result<std::vector<TextQuestion>> read_row_questions(const std::string& path,
                                                     const std::string& task) {
  if (path.ends_with(".json"))
    return read_records(path, task);
  std::vector<TextQuestion> questions;
  const auto use = [&](const json& row, const Place& place) -> Result<void> {
    Result<TextQuestion> question = question_of_row(row, task, place);
    if (!question)
      return question.error();
    questions.push_back(std::move(question).value());
    return {};
  };
  if (const Result<void> read = for_each_object(path, use); !read)
    return read.error();
  if (questions.empty())
    return Error{Errc::kBadData, path + ":1: holds no row; write one JSON object a line"};
  return questions;
}

}  // namespace nelumbo
