// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/fields.h"
#include "reward/judge.h"

namespace nelumbo {

/// How a policy of our own is asked.
struct PolicyJudgeKeys {
  std::string model;
  double threshold = 0.5;
  int64_t threads = 2;

  template <class V>
  void fields(V& v) {
    v(model, "model", "A Hugging Face directory with a chat template, beside the specification.",
      NotEmpty{});
    v(threshold, "threshold", "A criterion is met from this probability of yes on.",
      Between{0.01, 0.99});
    v(threads, "threads", "Compute threads.", Between{1, 256});
  }
};

/// A policy of our own engine as judge. It writes nothing: the probability of *yes* against *no* as
/// the first token of its reply decides, and for a grade the mean of the digits 1 to 9. The same
/// question gives the same bits. The model is read when the first question comes; one that cannot
/// be read is the failure of each question. One question is worked on at a time.
class PolicyJudge final : public Judge {
 public:
  PolicyJudge(PolicyJudgeKeys keys, std::string directory, int64_t answer_bytes);
  ~PolicyJudge() override;

  std::vector<JudgeReply> ask(std::span<const JudgeQuestion> questions,
                              double seconds) const override;
  JudgeCounts counts() const override;
  void cancel() const override { cancelled_ = true; }

  /// The probability of yes, against no, or the mean grade in [0, 1].
  Result<double> weigh(const JudgeQuestion& question) const;

 private:
  struct Opened;
  Result<const Opened*> opened() const;
  JudgeReply answer(const JudgeQuestion& question) const;

  PolicyJudgeKeys keys_;
  std::string directory_;
  int64_t answer_bytes_;
  mutable std::mutex computing_, counting_;
  mutable std::unique_ptr<const Opened> opened_;
  mutable std::optional<Error> unreadable_;
  mutable JudgeCounts counts_;
  mutable std::atomic<bool> cancelled_ = false;
};

}  // namespace nelumbo
