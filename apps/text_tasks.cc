// SPDX-License-Identifier: Apache-2.0
#include "apps/text_tasks.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "corpus/curated_files.h"
#include "corpus/exam_questions.h"
#include "corpus/exam_sets.h"
#include "corpus/instructions.h"
#include "corpus/multi_hop_questions.h"

namespace nelumbo {
namespace {

constexpr std::array<const char*, 4> kExams{"pubmedqa", "medqa", "medmcqa", "mmlu_medical"};
/// Bytes of the longest exam question that is asked: a whole vignette of MedQA.
constexpr int64_t kLongestQuestion = 1200;
constexpr int64_t kInstructions = 4000, kValidationInstructions = 80;
constexpr uint64_t kValidationSeed = 0x5eed;
/// What an answer may take beyond the longest that was demonstrated.
constexpr int64_t kSpareTokens = 16;
constexpr uint32_t kQuestionStream = 0x517565;

void add_exams(const std::vector<ExamItem>& items, int64_t count, TextValidation* out) {
  for (const char* exam : kExams) {
    std::vector<ExamItem> own;
    for (const ExamItem& item : items)
      if (item.source == exam)
        own.push_back(item);
    for (const ExamItem& item : exam_sample(own, std::nullopt, count, kLongestQuestion).items) {
      out->asked.push_back(exam_question(item));
      if (item.source != "pubmedqa")  // whose options are words without an order
        out->shuffled.push_back(exam_question(shuffled_options(item, kValidationSeed)));
    }
  }
}

}  // namespace

TextValidation text_validation(const std::vector<MultiHopItem>& multihop,
                               const std::vector<ExamItem>& exams, int64_t exam_questions) {
  TextValidation out;
  for (const MultiHopItem& item : multihop) {
    out.asked.push_back(multi_hop_question(item));
    out.shuffled.push_back(multi_hop_question(shuffled_choices(item, kValidationSeed)));
  }
  add_exams(exams, exam_questions, &out);
  for (TextQuestion& question :
       instructions(Part::kDevelopment, kValidationInstructions, kValidationSeed))
    out.asked.push_back(std::move(question));
  return out;
}

int64_t most_answer_tokens(const Curated& curated, const TextValidation& validation,
                           const Dialogue& dialogue) {
  int64_t longest = 0;
  const auto count = [&](const TextQuestion& question) {
    const TrainingItem item = text_item(question, dialogue);
    longest = std::max<int64_t>(longest, std::ranges::count(item.trained, 1));
  };
  for (const MultiHopItem& item : curated.training)
    count(multi_hop_question(item));
  for (const TextQuestion& question : validation.asked)
    count(question);
  return longest + kSpareTokens;
}

Result<TextTasks> make_text_tasks(const Curated& curated, const std::string& root,
                                  const RunConfig& config, const Dialogue& dialogue) {
  TextTasks tasks;
  const Result<ExamSets> exams = read_exam_sets(root);
  if (!exams)
    return exams.error();
  tasks.validation =
      text_validation(curated.validation, exams.value().validation, config.curate.exam_questions);
  const std::vector<int64_t> rarest = rarest_named(curated.validation, curated.documents);
  for (size_t i = 0; i < rarest.size(); ++i)
    tasks.validation.asked[i].truth["named"] = rarest[i];
  for (const ExamItem& item : exams.value().training)
    if (std::ssize(item.text()) <= kLongestQuestion)
      tasks.exams.push_back(exam_question(item));
  const auto seed = static_cast<uint64_t>(config.run.seed);
  for (const MultiHopItem& item : curated.training)
    (item.hops.size() > 1 ? tasks.multihop : tasks.facts).push_back(multi_hop_question(item));
  for (size_t i = 0; i < curated.reading.size(); ++i)
    tasks.reading.push_back(reading_question(
        curated.reading[i], curated.reading[(i + 1) % curated.reading.size()], seed));
  tasks.instructions = instructions(Part::kTrain, kInstructions, seed);
  tasks.answer_tokens = most_answer_tokens(curated, tasks.validation, dialogue);
  for (const Document& document : curated.documents)
    tasks.documents.push_back(dialogue.document(document.text));
  tasks.deck = std::make_shared<const TextDeck>(
      EntitySampler(curated.entities, curated.nodes, config.curate.sampling, seed,
                    share_factors(curated.documents, config.curate.shares)),
      std::ssize(curated.documents));
  return tasks;
}

std::vector<const TextQuestion*> step_questions(const TextTasks& tasks, const RunConfig& config,
                                                const std::string& stage, int64_t step) {
  using Shares = std::vector<std::pair<double, const std::vector<TextQuestion>*>>;
  const bool chains = stage == "midtrain";
  const Shares shares =
      chains ? Shares{{0.4, &tasks.multihop}, {0.4, &tasks.reading}, {0.2, &tasks.facts}}
             : Shares{{0.5, &tasks.multihop}, {0.25, &tasks.exams}, {0.25, &tasks.instructions}};
  const int64_t count = chains ? config.midtrain.questions : config.sft.questions;
  const auto seed = static_cast<uint64_t>(config.run.seed);
  std::vector<const TextQuestion*> questions;
  for (int64_t i = 0; i < count; ++i) {
    Random random(seed, Purpose::kPrompt, static_cast<uint64_t>(step * count + i),
                  kQuestionStream + (chains ? 0 : 1));
    double kind = random.uniform();
    const std::vector<TextQuestion>* from = &tasks.multihop;  // where a kind has no question
    for (const auto& [share, list] : shares) {
      if (kind < share && !list->empty())
        from = list;
      if (kind < share)
        break;
      kind -= share;
    }
    questions.push_back(&(*from)[static_cast<size_t>(random.below(std::ssize(*from)))]);
  }
  return questions;
}

Prompt random_text_prompt(const TextTasks& tasks, const TaskConfig& weights,
                          const Dialogue& dialogue, const std::string& id, Random random) {
  NELUMBO_CHECK(weights.of_texts() > 0) << "no text task has a weight";
  const double kind = random.uniform() * weights.of_texts();
  const std::vector<TextQuestion>& from = kind < weights.multihop ? tasks.multihop
                                          : kind < weights.multihop + weights.exam
                                              ? tasks.exams
                                              : tasks.instructions;
  const TextQuestion& question = from[static_cast<size_t>(random.below(std::ssize(from)))];
  Prompt prompt = text_prompt(question, dialogue, tasks.answer_tokens);
  prompt.id = id + "/" + question.id;
  return prompt;
}

}  // namespace nelumbo
