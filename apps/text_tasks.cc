// SPDX-License-Identifier: Apache-2.0
#include "apps/text_tasks.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/check.h"
#include "corpus/curated_files.h"
#include "corpus/exam_questions.h"
#include "corpus/exam_sets.h"
#include "corpus/instructions.h"
#include "corpus/multi_hop.h"
#include "corpus/multi_hop_questions.h"

namespace nelumbo {
namespace {

constexpr std::array<const char*, 4> kExams{"pubmedqa", "medqa", "medmcqa", "mmlu_medical"};
/// Bytes of the longest exam question that is asked: a whole vignette of MedQA.
constexpr int64_t kLongestQuestion = 1200;
constexpr int64_t kSampledMultihop = 150;
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

enum class Kind { kMultihop, kReading, kFact, kExam, kInstruction };
/// How often each kind is drawn; they add up to 1.
using Shares = std::vector<std::pair<double, Kind>>;

int64_t questions_of(const TextTasks& tasks, Kind kind) {
  switch (kind) {
    case Kind::kMultihop:
      return std::ssize(tasks.multihop);
    case Kind::kReading:
      return std::ssize(tasks.reading);
    case Kind::kFact:
      return std::ssize(tasks.facts);
    case Kind::kExam:
      return std::ssize(tasks.exams);
    case Kind::kInstruction:
      return std::ssize(tasks.instructions);
  }
  NELUMBO_CHECK(false) << "no kind of question";
}

/// A kind without questions is drawn as a multi-hop one.
Kind drawn_kind(const TextTasks& tasks, const Shares& shares, Random& random) {
  double place = random.uniform();
  for (const auto& [share, kind] : shares) {
    if (place < share)
      return questions_of(tasks, kind) > 0 ? kind : Kind::kMultihop;
    place -= share;
  }
  return Kind::kMultihop;
}

template <class T>
const T& one_of(const std::vector<T>& list, Random& random) {
  return list[static_cast<size_t>(random.below(std::ssize(list)))];
}

TextQuestion drawn_question(const TextTasks& tasks, Kind kind, Random& random) {
  switch (kind) {
    case Kind::kMultihop:
      return multi_hop_question(dealt_choices(one_of(tasks.multihop, random), random));
    case Kind::kFact:
      return multi_hop_question(dealt_choices(one_of(tasks.facts, random), random));
    case Kind::kReading: {
      const MultiHopItem item = dealt_choices(one_of(tasks.reading, random), random);
      return reading_question(item, one_of(tasks.reading, random), random);
    }
    case Kind::kExam:
      return one_of(tasks.exams, random);
    case Kind::kInstruction:
      return one_of(tasks.instructions, random);
  }
  NELUMBO_CHECK(false) << "no kind of question";
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

Result<std::vector<TextQuestion>> sample_questions(const std::vector<std::string>& names,
                                                   const std::string& root, int64_t most) {
  const auto named = [&](const std::string& task) {
    return std::ranges::find(names, task) != names.end();
  };
  std::vector<MultiHopItem> items;
  if (named("multihop")) {
    const Result<Relations> relations = read_relations(root);
    if (!relations)
      return relations.error();
    const KnowledgeGraph graph(relations.value());
    items = make_multi_hop(graph, weights_by_scarcity(graph),
                           {.count = most > 0 ? most : kSampledMultihop, .seed = kValidationSeed});
  }
  Result<ExamSets> exams = ExamSets();
  if (std::ranges::any_of(kExams, named))
    exams = read_exam_sets(root);
  if (!exams)
    return exams.error();
  std::vector<TextQuestion> all = text_validation(items, exams.value().validation,
                                                  most > 0 ? most : CurateConfig().exam_questions)
                                      .asked;
  std::map<std::string, int64_t> asked;
  std::erase_if(all, [&](const TextQuestion& question) {
    return !named(question.task) || (++asked[question.task] > most && most > 0);
  });
  return all;
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
    (item.hops.size() > 1 ? tasks.multihop : tasks.facts).push_back(item);
  tasks.reading = curated.reading;
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

std::vector<TextQuestion> step_questions(const TextTasks& tasks, const RunConfig& config,
                                         const std::string& stage, int64_t step) {
  const bool chains = stage == "midtrain";
  const Shares shares =
      chains ? Shares{{0.4, Kind::kMultihop}, {0.4, Kind::kReading}, {0.2, Kind::kFact}}
             : Shares{{0.5, Kind::kMultihop}, {0.25, Kind::kExam}, {0.25, Kind::kInstruction}};
  const int64_t count = chains ? config.midtrain.questions : config.sft.questions;
  const auto seed = static_cast<uint64_t>(config.run.seed);
  std::vector<TextQuestion> questions;
  questions.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    Random random(seed, Purpose::kPrompt, static_cast<uint64_t>(step * count + i),
                  kQuestionStream + (chains ? 0 : 1));
    questions.push_back(drawn_question(tasks, drawn_kind(tasks, shares, random), random));
  }
  return questions;
}

Prompt random_text_prompt(const TextTasks& tasks, const TaskConfig& weights,
                          const Dialogue& dialogue, const std::string& id, Random random) {
  NELUMBO_CHECK(weights.of_texts() > 0) << "no text task has a weight";
  const double all = weights.of_texts();
  const Shares shares{{weights.multihop / all, Kind::kMultihop},
                      {weights.exam / all, Kind::kExam},
                      {weights.instruction / all, Kind::kInstruction}};
  const TextQuestion question = drawn_question(tasks, drawn_kind(tasks, shares, random), random);
  Prompt prompt = text_prompt(question, dialogue, tasks.answer_tokens);
  prompt.id = id + "/" + question.id;
  return prompt;
}

}  // namespace nelumbo
