// SPDX-License-Identifier: Apache-2.0
#include "corpus/exam_sets.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "corpus/decontamination.h"
#include "corpus/holdout.h"
#include "corpus/text_sources.h"

namespace nelumbo {
namespace {

void move_all(std::vector<ExamItem> items, std::vector<ExamItem>* to) {
  to->insert(to->end(), std::make_move_iterator(items.begin()),
             std::make_move_iterator(items.end()));
}

/// Splits a set that both trains and is scored.
void split(std::vector<ExamItem> items, ExamSets* sets) {
  for (ExamItem& item : items) {
    const bool trains = part_of(item.id) == Part::kTrain;
    (trains ? sets->training : sets->validation).push_back(std::move(item));
  }
}

Result<ExamSets> read_all(const std::string& root) {
  ExamSets sets;
  Result<std::vector<ExamItem>> pubmedqa = read_pubmedqa_items(root + "/pubmedqa/pqal_train.json");
  if (!pubmedqa)
    return pubmedqa.error();
  split(std::move(pubmedqa).value(), &sets);
  Result<std::vector<ExamItem>> medmcqa = read_exam_items(root + "/medmcqa/dev.jsonl");
  if (!medmcqa)
    return medmcqa.error();
  split(std::move(medmcqa).value(), &sets);
  for (const char* file : {"/medqa/dev.jsonl", "/mmlu_medical/dev.jsonl"}) {
    Result<std::vector<ExamItem>> items = read_exam_items(root + file);
    if (!items)
      return items.error();
    move_all(std::move(items).value(), &sets.validation);
  }
  return sets;
}

}  // namespace

Result<ExamSets> read_exam_sets(const std::string& root) {
  Result<ExamSets> read = read_all(root);
  if (!read)
    return read;
  ExamSets& sets = read.value();
  const int64_t repeated = drop_repeated(sets.validation) + drop_repeated(sets.training);
  const DecontaminationReport found = compare_items(sets.training, sets.validation);
  sets.report = {{"repeated", repeated},
                 {"sharing", found.sharing},
                 {"largest", found.largest.share},
                 {"flagged", std::ssize(found.found)},
                 {"dropped", found.dropped()}};
  drop_contaminated(sets.training, found);
  sets.report["training"] = std::ssize(sets.training);
  sets.report["validation"] = std::ssize(sets.validation);
  return read;
}

Result<std::vector<Document>> read_evaluation_texts(const std::string& root) {
  std::vector<Document> all;
  for (const char* file : {"/medqa/dev.jsonl", "/mmlu_medical/dev.jsonl", "/medmcqa/dev.jsonl",
                           "/pubmedqa/pqal_train.json", "/healthbench/calibration.jsonl"}) {
    Result<std::vector<Document>> texts = read_reference_texts(root + file);
    if (!texts)
      return texts.error();
    for (Document& text : texts.value()) {
      const bool split = text.source == "medmcqa" || text.source == "pubmedqa";
      if (!split || part_of(text.id) == Part::kDevelopment)
        all.push_back(std::move(text));
    }
  }
  return all;
}

}  // namespace nelumbo
