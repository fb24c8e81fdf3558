// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "reward/judge.h"

namespace nelumbo {

/// A judge that is asked each thing once: replies are kept by (judge, hash of the question, hash of
/// the answer), the latest `entries` of them, and a question that stands twice in a batch is sent
/// once. Failures are not kept.
class CachedJudge final : public Judge {
 public:
  /// `identity` names the judge with all that its replies depend on.
  CachedJudge(std::unique_ptr<const Judge> judge, std::string identity, int64_t entries)
      : judge_(std::move(judge)), identity_(std::move(identity)), entries_(entries) {}

  std::vector<JudgeReply> ask(std::span<const JudgeQuestion> questions,
                              double seconds) const override;
  Result<void> reach(double seconds) const override { return judge_->reach(seconds); }
  JudgeCounts counts() const override;
  void cancel() const override { judge_->cancel(); }

 private:
  using Kept = std::list<std::pair<std::string, JudgeReply>>;

  std::string key_of(const JudgeQuestion& question) const;
  void keep(const std::string& key, const JudgeReply& reply) const;

  std::unique_ptr<const Judge> judge_;
  std::string identity_;
  int64_t entries_;
  mutable std::mutex mutex_;
  mutable Kept kept_;  ///< latest first
  mutable std::unordered_map<std::string, Kept::iterator> places_;
  mutable int64_t questions_ = 0, hits_ = 0;
};

}  // namespace nelumbo
