// SPDX-License-Identifier: Apache-2.0
#include "reward/cached_judge.h"

#include <map>

#include "base/hash.h"

namespace nelumbo {

std::string CachedJudge::key_of(const JudgeQuestion& question) const {
  constexpr std::string_view kBetween("\0", 1);
  Hasher asked;
  for (const std::string_view part :
       {std::string_view(identity_), std::string_view(question.asked),
        std::string_view(question.criterion),
        std::string_view(question.form == JudgeForm::kMet ? "met" : "scale")}) {
    asked.update(std::to_string(part.size()));
    asked.update(kBetween);
    asked.update(part);
  }
  return asked.hex() + xxh3_128_hex(bytes_of(question.answer));
}

void CachedJudge::keep(const std::string& key, const JudgeReply& reply) const {
  if (places_.contains(key) || entries_ == 0)
    return;
  kept_.emplace_front(key, reply);
  places_[key] = kept_.begin();
  if (std::ssize(kept_) <= entries_)
    return;
  places_.erase(kept_.back().first);
  kept_.pop_back();
}

std::vector<JudgeReply> CachedJudge::ask(std::span<const JudgeQuestion> questions,
                                         double seconds) const {
  std::vector<JudgeReply> replies(questions.size());
  std::vector<JudgeQuestion> unknown;
  std::map<std::string, std::vector<size_t>> asking;  // by key: who wants to know
  std::vector<std::string> order;
  {
    const std::lock_guard lock(mutex_);
    questions_ += std::ssize(questions);
    for (size_t i = 0; i < questions.size(); ++i) {
      const std::string key = key_of(questions[i]);
      if (const auto at = places_.find(key); at != places_.end()) {
        kept_.splice(kept_.begin(), kept_, at->second);
        replies[i] = at->second->second;
        ++hits_;
        continue;
      }
      std::vector<size_t>& wanted = asking[key];
      if (wanted.empty()) {
        unknown.push_back(questions[i]);
        order.push_back(key);
      } else {
        ++hits_;
      }
      wanted.push_back(i);
    }
  }
  if (unknown.empty())
    return replies;
  const std::vector<JudgeReply> fresh = judge_->ask(unknown, seconds);
  const std::lock_guard lock(mutex_);
  for (size_t i = 0; i < order.size(); ++i) {
    for (const size_t wanted : asking[order[i]])
      replies[wanted] = fresh[i];
    if (fresh[i].ok())
      keep(order[i], fresh[i]);
  }
  return replies;
}

JudgeCounts CachedJudge::counts() const {
  JudgeCounts counts = judge_->counts();
  const std::lock_guard lock(mutex_);
  counts.questions = questions_;
  counts.cache_hits = hits_;
  return counts;
}

}  // namespace nelumbo
