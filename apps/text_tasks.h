// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "configs/run_config.h"
#include "corpus/curation.h"
#include "corpus/dialogue.h"
#include "corpus/exam_items.h"
#include "corpus/text_deck.h"
#include "corpus/text_question.h"

namespace nelumbo {

/// What evaluation asks without pictures, and the same with the choices in another order where
/// there are any.
struct TextValidation {
  std::vector<TextQuestion> asked, shuffled;
};

/// Multi-hop items, `exam_questions` of each exam among `exams`, and generated instructions.
TextValidation text_validation(const std::vector<MultiHopItem>& multihop,
                               const std::vector<ExamItem>& exams, int64_t exam_questions);

/// The questions of the tasks `names` as evaluation asks them, at most `most` of each (0: all). No
/// texts are read for it, so that the multi-hop ones go over the whole graph of `root`; nothing is
/// read that no name asks for. kBadData names file and line.
Result<std::vector<TextQuestion>> sample_questions(const std::vector<std::string>& names,
                                                   const std::string& root, int64_t most);

/// Tokens that one answer in words may take: as many as the longest chain of `curated` or right
/// answer of `validation`, and a few more.
int64_t most_answer_tokens(const Curated& curated, const TextValidation& validation,
                           const Dialogue& dialogue);

/// What a run reads and asks without pictures. Immutable; shared between threads.
struct TextTasks {
  std::vector<std::vector<int32_t>> documents;    ///< Dialogue::document() of each, may be long
  std::shared_ptr<const TextDeck> deck;           ///< the order in which they are read
  std::vector<MultiHopItem> multihop;             ///< to train on
  std::vector<MultiHopItem> facts, reading;       ///< to mid-train on: single facts; with notes
  std::vector<TextQuestion> exams, instructions;  ///< to train on
  TextValidation validation;
  int64_t answer_tokens = 0;  ///< most_answer_tokens()
};

/// Makes the questions of a run out of what was curated and the exams of `root`. kBadData names
/// file and line.
Result<TextTasks> make_text_tasks(const Curated& curated, const std::string& root,
                                  const RunConfig& config, const Dialogue& dialogue);

/// The questions of a step of midtrain (two in five multi-hop, as many with notes, the others about
/// single facts) or sft (half of them multi-hop, a quarter each exams and instructions), choices
/// and notes in an order of their own each time; a pure function of its arguments.
std::vector<TextQuestion> step_questions(const TextTasks& tasks, const RunConfig& config,
                                         const std::string& stage, int64_t step);

/// A prompt of the stage rl about a random question, of each kind as often as its weight says.
/// REQUIRES: weights.of_texts() > 0.
Prompt random_text_prompt(const TextTasks& tasks, const TaskConfig& weights,
                          const Dialogue& dialogue, const std::string& id, Random random);

}  // namespace nelumbo
