// SPDX-License-Identifier: Apache-2.0
#include "corpus/exam_questions.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "corpus/option_order.h"
#include "corpus/question_text.h"

namespace nelumbo {
namespace {

/// "yes, no or maybe"
std::string enumerated(const std::vector<std::string>& options) {
  return joined({options.begin(), options.end() - 1}, ", ") + " or " + options.back();
}

}  // namespace

TextQuestion exam_question(const ExamItem& item) {
  TextQuestion question;
  question.id = item.source + "/" + item.id;
  question.task = item.source;
  if (item.source == "pubmedqa") {
    const std::string& word = item.options[static_cast<size_t>(item.answer)];
    question.text = item.question + "\nAnswer " + enumerated(item.options) + ".";
    question.answer = " " + word;
    question.truth = {{"answer", word}, {"choices", item.options}};
    return question;
  }
  std::vector<std::string> letters;
  for (size_t i = 0; i < item.options.size(); ++i)
    letters.emplace_back(1, static_cast<char>('A' + i));
  question.text = item.question + "\n" + choices_text(item.options);
  question.answer = std::string(1, item.letter());
  question.truth = {{"answer", question.answer}, {"choices", letters}, {"options", item.options}};
  return question;
}

ExamItem shuffled_options(ExamItem item, uint64_t seed) {
  item.answer = move_options(&item.options, item.answer,
                             Random(seed, Purpose::kControl, xxh3_64(bytes_of(item.id))));
  item.id += "/shuffled";
  return item;
}

ExamSample exam_sample(std::span<const ExamItem> items, std::optional<Part> part, int64_t count,
                       int64_t longest) {
  ExamSample sample;
  std::vector<std::pair<std::string, const ExamItem*>> fitting;
  for (const ExamItem& item : items) {
    if (part && part_of(item.id) != *part)
      continue;
    if (std::ssize(exam_question(item).text) > longest)
      ++sample.too_long;
    else
      fitting.emplace_back(item.key(), &item);
  }
  std::stable_sort(fitting.begin(), fitting.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [key, item] : fitting)
    if (std::ssize(sample.items) < count)
      sample.items.push_back(*item);
  return sample;
}

}  // namespace nelumbo
