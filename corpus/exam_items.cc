// SPDX-License-Identifier: Apache-2.0
#include "corpus/exam_items.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "base/text.h"
#include "corpus/jsonl.h"
#include "corpus/pubmedqa.h"
#include "corpus/unicode.h"

namespace nelumbo {
namespace {

constexpr std::string_view kChoices = "Answer Choices:";

Error bad(const Place& place, const std::string& what) {
  return {Errc::kBadData, place.text() + ": " + what};
}

/// "(A) one (B) two": each next letter is looked for behind the one before, so that a letter that
/// an option mentions out of turn stays part of it.
std::vector<std::string> options_of(std::string_view text) {
  std::vector<std::string> options;
  size_t at = text.find("(A)");
  for (char next = 'B'; at != std::string_view::npos; ++next) {
    const size_t end = text.find(std::string(" (") + next + ")", at);
    const size_t stop = end == std::string_view::npos ? text.size() : end;
    options.emplace_back(trimmed(text.substr(at + 3, stop - at - 3)));
    at = end == std::string_view::npos ? end : end + 1;
  }
  return options;
}

std::string key_words(std::string_view text) {
  std::string joined;
  for (const std::string& word : words_of(text))
    joined += word + " ";
  return joined;
}

Result<void> read_choices(ExamItem& item, const std::string& text) {
  const size_t at = text.rfind(kChoices);
  if (at == std::string::npos)
    return bad(item.place, "'question' has no 'Answer Choices:'; write the options behind it");
  item.question = trimmed(std::string_view(text).substr(0, at));
  item.options = options_of(std::string_view(text).substr(at + kChoices.size()));
  if (item.question.empty())
    return bad(item.place, "nothing stands before 'Answer Choices:'; write the question there");
  if (item.options.size() < 2)
    return bad(item.place, "fewer than two options; write them as (A) ... (B) ...");
  return {};
}

Result<void> read_label(ExamItem& item, const nlohmann::json& object) {
  const auto label = object.find("label");
  if (label == object.end() || !label->is_array() || label->size() != 1 ||
      !label->front().is_string() || label->front().get_ref<const std::string&>().size() != 1)
    return bad(item.place, "'label' is not one letter; write [\"A\"]");
  item.answer = label->front().get_ref<const std::string&>().front() - 'A';
  if (item.answer < 0 || item.answer >= std::ssize(item.options))
    return bad(item.place, "'label' names no option; use a letter that 'question' has");
  return {};
}

}  // namespace

std::string ExamItem::text() const {
  std::string all = question;
  for (const std::string& option : options)
    all += "\n" + option;
  return all;
}

std::string ExamItem::key() const {
  std::vector<std::string> sorted;
  for (const std::string& option : options)
    sorted.push_back(key_words(option));
  std::sort(sorted.begin(), sorted.end());
  std::string all = key_words(question);
  for (const std::string& option : sorted)
    all += "\n" + option;
  return xxh3_128_hex(bytes_of(all));
}

Result<ExamItem> parse_exam_item(const nlohmann::json& object, const std::string& source,
                                 const Place& place) {
  ExamItem item{.id = "line-" + std::to_string(place.line), .source = source, .place = place};
  if (object.contains("id")) {
    Result<std::string> id = text_member(object, "id", place.text());
    if (!id)
      return id.error();
    item.id = std::move(id).value();
  }
  const Result<std::string> text = text_member(object, "question", place.text());
  if (!text)
    return text.error();
  if (Result<void> read = read_choices(item, text.value()); !read)
    return read.error();
  if (Result<void> read = read_label(item, object); !read)
    return read.error();
  if (const auto found = object.find("label_rationale");
      found != object.end() && !found->is_null()) {
    Result<std::string> rationale = text_member(object, "label_rationale", place.text());
    if (!rationale)
      return rationale.error();
    item.rationale = std::move(rationale).value();
  }
  return item;
}

Result<std::vector<ExamItem>> read_exam_items(const std::string& path) {
  const std::string source = std::filesystem::path(path).parent_path().filename().string();
  std::vector<ExamItem> items;
  std::unordered_map<std::string, int64_t> lines;
  const auto use = [&](const nlohmann::json& object, const Place& place) -> Result<void> {
    Result<ExamItem> item = parse_exam_item(object, source, place);
    if (!item)
      return item.error();
    const auto [first, is_new] = lines.emplace(item.value().id, place.line);
    if (!is_new)
      return bad(place, "id '" + first->first + "' stands also in line " +
                            std::to_string(first->second) + "; give each item its own");
    items.push_back(std::move(item).value());
    return {};
  };
  if (Result<void> read = for_each_object(path, use); !read)
    return read.error();
  if (items.empty())
    return Error{Errc::kBadData, path + ":1: holds no item; write one JSON object a line"};
  return items;
}

Result<std::vector<ExamItem>> read_pubmedqa_items(const std::string& path) {
  Result<std::vector<PubmedqaRecord>> records = read_pubmedqa(path);
  if (!records)
    return records.error();
  const std::vector<std::string> options{"yes", "no", "maybe"};
  std::vector<ExamItem> items;
  for (PubmedqaRecord& record : records.value()) {
    const auto found = std::find(options.begin(), options.end(), record.decision);
    if (found == options.end())
      return bad(record.place, "'final_decision' is not yes, no or maybe; correct it");
    items.push_back({.id = std::move(record.id),
                     .question = std::move(record.question),
                     .options = options,
                     .answer = found - options.begin(),
                     .rationale = std::move(record.long_answer),
                     .source = "pubmedqa",
                     .place = std::move(record.place)});
  }
  return items;
}

int64_t drop_repeated(std::vector<ExamItem>& items) {
  std::set<std::string> seen;
  return std::erase_if(items,
                       [&](const ExamItem& item) { return !seen.insert(item.key()).second; });
}

}  // namespace nelumbo
