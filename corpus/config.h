// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.h"
#include "base/fields.h"

namespace nelumbo {

/// Where the data lies and how much of it a run may use.
struct DataConfig {
  std::string root = "data";
  int64_t train_limit = 0;
  int64_t val_limit = 0;

  template <class V>
  void fields(V& v) {
    v(root, "root", "Folder with the data sets (data/ of the repository has them).", NotEmpty{});
    v(train_limit, "train_limit", "Use only so many training pictures; 0 is all.", NonNegative{});
    v(val_limit, "val_limit", "Use only so many validation pictures; 0 is all.", NonNegative{});
  }
};

/// What the prompts of the stage rl are about.
struct TaskConfig {
  double locate = 8;
  double type = 7;
  double count = 2;
  double report = 0;
  double multihop = 0;
  double exam = 0;
  double instruction = 0;
  double whole_share = 0.5;

  double of_pictures() const { return locate + type + count + report; }
  double of_texts() const { return multihop + exam + instruction; }

  template <class V>
  void fields(V& v) {
    v(locate, "locate", "How often a white cell is to be located, in any unit.", NonNegative{});
    v(type, "type", "How often the type of a boxed cell is asked.", NonNegative{});
    v(count, "count", "How often platelets are to be counted; these answers are the longest.",
      NonNegative{});
    v(report, "report", "How often white cells and platelets are to be reported.", NonNegative{});
    v(multihop, "multihop", "How often a multi-hop question is asked.", NonNegative{});
    v(exam, "exam", "How often an exam question is asked, which keeps how they are answered.",
      NonNegative{});
    v(instruction, "instruction", "How often an instruction is to be followed.", NonNegative{});
    v(whole_share, "whole_share",
      "Share of the prompts that show the whole picture, as validation does; the others show a "
      "random part. Both are flipped at random.",
      Between{0, 1});
  }

  Result<void> validate() const {
    if (of_pictures() > 0)
      return {};
    return Error{Errc::kInvalidConfig, "locate: no task has a weight; give one a number > 0"};
  }
};

/// The conversations that a run on an open model is about.
struct ChatConfig {
  std::string task = "chat";
  std::string train;
  std::string validation;
  std::string test;
  int64_t hold_out = 256;
  int64_t train_limit = 0;
  int64_t longest = 0;
  std::string system;
  std::string answer = "text";
  std::vector<std::string> truth = {};

  template <class V>
  void fields(V& v) {
    v(task, "task", "Name of the task in metrics, and of its specification in reward.spec.",
      NotEmpty{});
    v(train, "train",
      "Conversations to train on: JSON Lines in any layout that 'nelumbo data inspect' knows.");
    v(validation, "validation", "Conversations to validate on; empty: held out of 'train'.");
    v(test, "test",
      "Conversations that 'evaluate' asks, and nothing else uses; empty: those of validation, by "
      "which the weights are chosen, too.");
    v(hold_out, "hold_out",
      "Without 'validation': so many rows, evenly spread over 'train', validate and never train.",
      Positive{});
    v(train_limit, "train_limit", "Use only so many rows to train on; 0 is all.", NonNegative{});
    v(longest, "longest",
      "Leave out rows whose demonstration takes more tokens than this; 0 keeps all. Short "
      "solutions "
      "are those of easy problems.",
      NonNegative{});
    v(system, "system", "System message of conversations that have none of their own.");
    v(answer, "answer",
      "Where in what the assistant says its answer stands: all of it, the last number, between "
      "answer tags, or in \\boxed{}.",
      OneOf{"text", "last_number", "tags", "boxed"});
    v(truth, "truth",
      "Further members of each row that the reward specification may name, beside 'answer': a "
      "member 'path' with the lines of a solution, say.");
  }
};

/// The pairs of answers that dpo and reward_model learn from, where the policy is an open model.
struct PreferenceDataConfig {
  std::string train;
  std::string validation;
  int64_t hold_out = 64;
  int64_t train_limit = 0;

  template <class V>
  void fields(V& v) {
    v(train, "train",
      "Pairs to train on: JSON Lines with 'prompt', 'chosen' and 'rejected', or whole "
      "conversations under the last two (docs/chat.md).");
    v(validation, "validation", "Pairs to validate on; empty: held out of 'train'.");
    v(hold_out, "hold_out",
      "Without 'validation': so many rows, evenly spread over 'train', validate and never train.",
      Positive{});
    v(train_limit, "train_limit", "Use only so many rows to train on; 0 is all.", NonNegative{});
  }
};

/// How the tokenizer is trained.
struct TokenizerConfig {
  int64_t vocab_size = 512;

  template <class V>
  void fields(V& v) {
    v(vocab_size, "vocab_size", "Bytes, merges and added tokens together.", Between{300, 100000});
  }
};

/// How much more often texts about rare entities are drawn.
struct EntitySamplingConfig {
  double exponent = 0.5;
  double least = 0.25;
  double most = 4;

  template <class V>
  void fields(V& v) {
    v(exponent, "exponent",
      "An entity that is named n times as often as the mean weighs n to the power of minus this; "
      "0 draws all texts alike.",
      Between{0, 1});
    v(least, "least", "No text weighs less.", Positive{});
    v(most, "most", "No text weighs more.", Positive{});
  }

  Result<void> validate() const {
    if (least <= most)
      return {};
    return Error{Errc::kInvalidConfig, "least: must not be above most"};
  }
};

/// How much each kind of text counts in the mix, whatever its size: a document is drawn as often as
/// its kind's share and its entities say.
struct TextShares {
  double knowledge = 4;
  double definitions = 1;
  double abstracts = 1;
  double rationales = 1;
  double problems = 0.5;

  template <class V>
  void fields(V& v) {
    v(knowledge, "knowledge", "Facts of the knowledge graph.", Positive{});
    v(definitions, "definitions", "Definitions of the Disease Ontology.", Positive{});
    v(abstracts, "abstracts", "Abstracts of PubMedQA.", Positive{});
    v(rationales, "rationales", "Rationales of MedMCQA.", Positive{});
    v(problems, "problems", "Word problems of GSM8K, against forgetting.", Positive{});
  }
};

/// What the stage curate makes of the texts and vocabularies.
struct CurateConfig {
  int64_t entities = 300;
  int64_t questions = 1500;
  int64_t reading = 2000;
  int64_t most_hops = 4;
  bool forks = true;
  int64_t validation_questions = 150;
  int64_t exam_questions = 60;
  TextShares shares;
  EntitySamplingConfig sampling;

  template <class V>
  void fields(V& v) {
    v(entities, "entities", "Entities of the part of the knowledge graph that is asked about.",
      Between{20, 100000});
    v(questions, "questions", "Multi-hop questions made, as far as the graph has them.",
      Between{10, 1000000});
    v(reading, "reading",
      "Questions over the whole graph that midtrain asks with the facts beside them: reading is "
      "learned before recalling.",
      Between{0, 1000000});
    v(most_hops, "most_hops", "Longest path of a question.", Between{2, 7});
    v(forks, "forks",
      "Whether a question may hide a step with several continuations, of which only what follows "
      "tells the right one: answering takes search. If not, it names each such step.");
    v(validation_questions, "validation_questions", "Of those, how many are kept for evaluation.",
      Between{1, 100000});
    v(exam_questions, "exam_questions", "Questions of each exam that evaluation asks.",
      Between{1, 100000});
    v(shares, "shares", "How much each kind of text counts.");
    v(sampling, "sampling", "How much more often texts about rare entities are drawn.");
  }

  Result<void> validate() const {
    if (validation_questions < questions)
      return {};
    return Error{Errc::kInvalidConfig,
                 "validation_questions: must be below questions, or nothing is left to train on"};
  }
};

}  // namespace nelumbo
