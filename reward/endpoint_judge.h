// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.h"
#include "reward/http_calls.h"
#include "reward/judge.h"
#include "reward/judge_pacing.h"

namespace nelumbo {

/// How an endpoint is asked.
struct EndpointKeys {
  std::string url;
  std::string model;
  std::optional<std::string> key;
  std::vector<std::string> allow;
  double timeout_seconds = 30;
  int64_t retries = 4;
  double backoff_seconds = 0.5;
  int64_t concurrency = 8;
  int64_t breaker_failures = 10;
  double breaker_seconds = 1;
  int64_t max_tokens = 64;
  bool json_mode = false;
  double prompt_price = 0, completion_price = 0;

  template <class V>
  void fields(V& v) {
    v(url, "url", "Where its API begins, like http://127.0.0.1:8000/v1.", NotEmpty{});
    v(model, "model", "The model that is named in each request.", NotEmpty{});
    v(key, "key", "Its API key, as ${env:NAME}.", NotEmpty{});
    v(allow, "allow", "Hosts beside this machine that answers may be sent to.", NotEmpty{});
    v(timeout_seconds, "timeout_seconds", "Time for one call.", Between{0.01, 3600});
    v(retries, "retries", "How often a call is made again after 408, 429, 5xx or no answer.",
      Between{0, 20});
    v(backoff_seconds, "backoff_seconds", "Wait before the first retry; doubled for each further.",
      Between{0.001, 60});
    v(concurrency, "concurrency", "Calls at a time.", Between{1, 256});
    v(breaker_failures, "breaker_failures",
      "After so many failed calls in a row the judge is left alone.", Between{1, 1000});
    v(breaker_seconds, "breaker_seconds", "For so long, doubled each time up to 32 times.",
      Between{0.001, 600});
    v(max_tokens, "max_tokens", "Of one reply.", Between{1, 32768});
    v(json_mode, "json_mode", "Asks the server to let the model write JSON alone.");
    v(prompt_price, "prompt_price", "For a million tokens.", Between{0, 100000});
    v(completion_price, "completion_price", "For a million tokens.", Between{0, 100000});
  }
};

/// A judge behind an OpenAI-compatible API, asked by chat completions, one question a call. What is
/// not exactly the reply that was asked for is a failure. While the circuit breaker is open,
/// questions wait, until it closes or their time is over; tries against an open breaker do not
/// count as retries.
class EndpointJudge final : public Judge {
 public:
  /// `key` is the key itself; `answer_bytes` as in judge_prompt().
  EndpointJudge(EndpointKeys keys, HttpPlace place, std::optional<std::string> key,
                int64_t answer_bytes);

  std::vector<JudgeReply> ask(std::span<const JudgeQuestion> questions,
                              double seconds) const override;
  /// Connects and sends nothing, again and again until somebody is there.
  Result<void> reach(double seconds) const override;
  JudgeCounts counts() const override;
  void cancel() const override { cancelled_ = true; }

 private:
  friend class EndpointBatch;

  EndpointKeys keys_;
  HttpPlace place_;
  std::optional<std::string> key_;
  int64_t answer_bytes_;
  mutable CircuitBreaker breaker_;
  mutable std::atomic<int64_t> in_flight_ = 0;
  mutable std::atomic<bool> cancelled_ = false;
  mutable std::mutex mutex_;
  mutable JudgeCounts counts_;
};

}  // namespace nelumbo
