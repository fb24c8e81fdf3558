// SPDX-License-Identifier: Apache-2.0
//
//   P(yes) = sum of p(t) over t in Y / sum of p(t) over t in Y and N
//
// p is the softmax over the vocabulary at the first token of the reply; Y are the ways to write
// "yes" that are one token (with and without a blank in front, capital or not), N those of "no".
// The trap: a way that takes two tokens has no probability at the first, and is left out. Where the
// vocabulary is so small that no way is one token, their first tokens stand for them, less those
// that both have.
#include "reward/policy_judge.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "base/format.h"
#include "base/hash.h"
#include "kernels/team.h"
#include "model/chat_format.h"
#include "model/engine_weights.h"
#include "model/generation_config.h"
#include "model/hf_config.h"
#include "model/network.h"
#include "model/scoring.h"
#include "model/weight_files.h"
#include "reward/judge_prompt.h"

namespace nelumbo {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A token, and what it stands for in [0, 1].
struct Word {
  int32_t token = 0;
  double value = 0;
};

/// How a word may be written.
enum class Ways { kOneToken, kFirstToken };

void add_word(const Tokenizer& tokenizer, const std::string& text, double value, Ways ways,
              std::vector<Word>* words) {
  const std::vector<int32_t> tokens = tokenizer.encode(text, Tokenizer::Control::kPlain);
  if (tokens.empty() || (ways == Ways::kOneToken && tokens.size() != 1) ||
      std::ranges::any_of(*words, [&](const Word& word) {
        return word.token == tokens.front() && word.value == value;
      }))
    return;
  words->push_back({tokens.front(), value});
}

bool tells(const std::vector<Word>& words) {
  const auto has = [&](double value) {
    return std::ranges::any_of(words, [&](const Word& word) { return word.value == value; });
  };
  return has(0) && has(1);
}

std::vector<Word> yes_and_no(const Tokenizer& tokenizer, Ways ways) {
  std::vector<Word> words;
  for (const char* text : {"yes", "Yes", "YES", " yes", " Yes"})
    add_word(tokenizer, text, 1, ways, &words);
  for (const char* text : {"no", "No", "NO", " no", " No"})
    add_word(tokenizer, text, 0, ways, &words);
  const std::vector<Word> all = words;
  std::erase_if(words, [&](const Word& one) {
    return std::ranges::any_of(all, [&](const Word& other) {
      return one.token == other.token && one.value != other.value;
    });
  });
  return words;
}

std::vector<Word> digits(const Tokenizer& tokenizer) {
  std::vector<Word> words;
  for (int digit = 1; digit <= 9; ++digit)
    for (const char* blank : {"", " "})
      add_word(tokenizer, blank + std::to_string(digit), (digit - 1) / 8.0, Ways::kOneToken,
               &words);
  return words;
}

/// The mean of the values, weighed by the probabilities of their tokens.
double mean_of(const std::vector<Word>& words, const std::vector<float>& logprobs) {
  const double most = *std::ranges::max_element(logprobs);
  double all = 0, sum = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    const double p = std::exp(static_cast<double>(logprobs[i]) - most);
    all += p;
    sum += p * words[i].value;
  }
  return sum / all;
}

}  // namespace

/// The model, in memory.
struct PolicyJudge::Opened {
  Network network;
  std::shared_ptr<const EngineWeights> weights;
  std::shared_ptr<const Tokenizer> tokenizer;
  std::unique_ptr<ChatFormat> format;
  std::unique_ptr<Team> team;
  std::vector<Word> answers, grades;

  static Result<std::unique_ptr<const Opened>> open(const std::string& directory, int threads);
};

Result<std::unique_ptr<const PolicyJudge::Opened>> PolicyJudge::Opened::open(
    const std::string& directory, int threads) {
  const auto config = read_hf_config(directory + "/config.json");
  if (!config)
    return config.error();
  auto tokenizer = Tokenizer::read(directory + "/tokenizer.json");
  if (!tokenizer)
    return tokenizer.error();
  if (tokenizer.value().size() > config.value().decoder.vocab_size)
    return Error{Errc::kBadData, directory + "/tokenizer.json: has more tokens than the network"};
  auto chat = read_chat_directory(directory);
  if (!chat)
    return chat.error();
  auto ends = read_end_tokens(directory);
  if (!ends)
    return ends.error();
  const auto files = WeightFiles::open(directory);
  if (!files)
    return files.error();
  auto out = std::make_unique<Opened>();
  out->network = make_network(config.value());
  out->team = std::make_unique<Team>(threads);
  auto weights = EngineWeights::read(out->network, files.value(), *out->team);
  if (!weights)
    return Error{weights.error().code, directory + ": " + weights.error().message};
  out->weights = std::move(weights).value();
  out->tokenizer = std::make_shared<const Tokenizer>(std::move(tokenizer).value());
  out->format = std::make_unique<ChatFormat>(std::move(chat).value(), out->tokenizer,
                                             std::move(ends).value());
  out->answers = yes_and_no(*out->tokenizer, Ways::kOneToken);
  if (!tells(out->answers))
    out->answers = yes_and_no(*out->tokenizer, Ways::kFirstToken);
  out->grades = digits(*out->tokenizer);
  if (!tells(out->answers))
    return Error{Errc::kBadData, directory +
                                     ": its tokenizer has no token for yes, or none for "
                                     "no; use another model as judge"};
  return std::unique_ptr<const Opened>(std::move(out));
}

PolicyJudge::PolicyJudge(PolicyJudgeKeys keys, std::string directory, int64_t answer_bytes)
    : keys_(std::move(keys)), directory_(std::move(directory)), answer_bytes_(answer_bytes) {}

PolicyJudge::~PolicyJudge() = default;

/// REQUIRES: `computing_` is held.
Result<const PolicyJudge::Opened*> PolicyJudge::opened() const {
  if (unreadable_)
    return *unreadable_;
  if (!opened_) {
    auto read = Opened::open(directory_, static_cast<int>(keys_.threads));
    if (!read) {
      unreadable_ = read.error();
      return *unreadable_;
    }
    opened_ = std::move(read).value();
  }
  return opened_.get();
}

Result<double> PolicyJudge::weigh(const JudgeQuestion& question) const {
  const std::lock_guard lock(computing_);
  const auto model = opened();
  if (!model)
    return model.error();
  const Opened& judge = *model.value();
  const bool met = question.form == JudgeForm::kMet;
  if (!met && !tells(judge.grades))
    return Error{Errc::kBadData,
                 directory_ + ": its tokenizer has no tokens for the digits 1 and 9"};
  // A mark that is the hash of all of it cannot stand inside of it.
  const std::string mark =
      xxh3_128_hex(bytes_of(question.asked + question.criterion + question.answer)).substr(0, 16);
  const JudgePrompt prompt = judge_prompt(question, mark, ReplyForm::kWord, answer_bytes_);
  auto tokens = judge.format->prompt(
      nlohmann::ordered_json::array(
          {{{"role", "user"}, {"content", prompt.system + "\n\n" + prompt.user}}}),
      nullptr);
  if (!tokens)
    return tokens.error();
  const int64_t room = judge.network.config.decoder.max_positions;
  if (std::ssize(tokens.value()) >= room)
    return Error{Errc::kBadData, "the question takes " + std::to_string(tokens.value().size()) +
                                     " tokens, and the judge has positions for " +
                                     std::to_string(room) + "; lower 'answer_bytes'"};
  const std::vector<Word>& words = met ? judge.answers : judge.grades;
  std::vector<int32_t> candidates;
  for (const Word& word : words)
    candidates.push_back(word.token);
  const double mean = mean_of(
      words, next_logprobs(judge.network, *judge.weights, *judge.team, tokens.value(), candidates));
  {
    const std::lock_guard counting(counting_);
    counts_.prompt_tokens += std::ssize(tokens.value());
  }
  if (!std::isfinite(mean))
    return Error{Errc::kBadData, directory_ + ": a probability is not finite"};
  return mean;
}

JudgeReply PolicyJudge::answer(const JudgeQuestion& question) const {
  const Result<double> mean = weigh(question);
  if (!mean)
    return JudgeReply::failure(mean.error().message);
  if (question.form == JudgeForm::kScale)
    return JudgeReply::answer(mean.value(), "graded");
  const bool met = mean.value() >= keys_.threshold;
  return JudgeReply::answer(met ? 1 : 0,
                            formatted("%s, p(yes) %.3f", met ? "met" : "not met", mean.value()));
}

std::vector<JudgeReply> PolicyJudge::ask(std::span<const JudgeQuestion> questions,
                                         double seconds) const {
  const auto start = Clock::now();
  std::vector<JudgeReply> replies;
  for (const JudgeQuestion& question : questions) {
    if (cancelled_) {
      replies.push_back(JudgeReply::failure("the run ends"));
    } else if (seconds_since(start) >= seconds) {
      replies.push_back(JudgeReply::timeout("no answer within " + formatted("%.1f s", seconds)));
    } else {
      const auto begun = Clock::now();
      replies.push_back(answer(question));
      const std::lock_guard lock(counting_);
      ++counts_.calls;
      counts_.call_seconds += seconds_since(begun);
    }
    const std::lock_guard lock(counting_);
    counts_.failures += replies.back().kind == JudgeReply::Kind::kInfraError ? 1 : 0;
    counts_.timeouts += replies.back().kind == JudgeReply::Kind::kTimeout ? 1 : 0;
  }
  return replies;
}

JudgeCounts PolicyJudge::counts() const {
  const std::lock_guard lock(counting_);
  return counts_;
}

}  // namespace nelumbo
