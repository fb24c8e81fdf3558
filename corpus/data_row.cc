// SPDX-License-Identifier: Apache-2.0
#include "corpus/data_row.h"

#include <algorithm>
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

Result<TextQuestion> read_form(const json& row, const Place& place) {
  if (row.contains("label") &&
      text_of(row, "question").find("Answer Choices:") != std::string::npos)
    return exam_row(row, place);
  if (row.contains("QUESTION") && row.contains("final_decision"))
    return pubmedqa_row(row, place);
  return other_row(row);
}

Result<std::vector<TextQuestion>> read_records(const std::string& path, const std::string& task) {
  const Result<std::vector<ExamItem>> items = read_pubmedqa_items(path);
  if (!items)
    return items.error();
  std::vector<TextQuestion> questions;
  for (const ExamItem& item : items.value()) {
    questions.push_back(exam_question(item));
    questions.back().task = task;
  }
  return questions;
}

}  // namespace

Result<TextQuestion> question_of_row(const json& row, const std::string& task, const Place& place) {
  Result<TextQuestion> question = read_form(row, place);
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
