// SPDX-License-Identifier: Apache-2.0
#include "reward/endpoint_judge.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/log.h"
#include "base/replace_all.h"
#include "base/rng.h"
#include "base/terminal_text.h"
#include "base/text.h"
#include "reward/judge_prompt.h"

namespace nelumbo {

namespace {

using nlohmann::json;

constexpr double kLongestBackoff = 30;
constexpr double kLongestWait =
    0.05;  // seconds until the clock, others' calls and cancel() are seen

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool may_pass(const HttpResult& result) {
  if (result.end == HttpResult::End::kTimeout || result.end == HttpResult::End::kFailed)
    return true;
  return result.end == HttpResult::End::kAnswered &&
         (result.status == 408 || result.status == 429 || result.status >= 500);
}

std::string trouble_of(const HttpResult& result) {
  if (result.end != HttpResult::End::kAnswered)
    return result.why;
  const std::string hint = result.status == 401 || result.status == 403
                               ? ", it wants another key"
                               : (result.status >= 300 && result.status < 400
                                      ? ", and redirects are not followed; mend 'url'"
                                      : "");
  return "the server says " + std::to_string(result.status) + hint;
}

/// What a server says without the key that it was sent, should it say that back.
std::string without_key(std::string text, const std::optional<std::string>& key) {
  if (key && !key->empty())
    replace_all(&text, *key, "***");
  return text;
}

std::string in_seconds(double seconds) {
  const std::string text = std::to_string(seconds);
  return text.substr(0, text.find('.') + 2) + " s";
}

/// A count of a usage, where it says one.
int64_t count_in(const json& usage, const char* key) {
  const auto at = usage.find(key);
  const bool sound = at != usage.end() && at->is_number_unsigned() && *at <= uint64_t{1} << 40;
  return sound ? at->get<int64_t>() : 0;
}

/// What the model said, and the usage beside it.
Result<std::string> content_of(const std::string& body, json* usage) {
  const json answer = json::parse(body, nullptr, false);
  const auto wrong = [&](const std::string& why) {
    return Error{Errc::kUnavailable,
                 "the server's answer " + why + ": '" + shortened(valid_utf8(body)) + "'"};
  };
  if (answer.is_discarded() || !answer.is_object())
    return wrong("is not a JSON object");
  if (const auto at = answer.find("usage"); at != answer.end() && at->is_object())
    *usage = *at;
  const auto choices = answer.find("choices");
  if (choices == answer.end() || !choices->is_array() || choices->size() != 1 ||
      !choices->front().is_object())
    return wrong("must have one choice");
  const auto message = choices->front().find("message");
  if (message == choices->front().end() || !message->is_object() || !message->contains("content") ||
      !(*message)["content"].is_string())
    return wrong("must have the text of a message");
  return (*message)["content"].get<std::string>();
}

}  // namespace

/// One ask(): its questions on their way.
class EndpointBatch {
 public:
  EndpointBatch(const EndpointJudge& judge, std::span<const JudgeQuestion> questions,
                double seconds)
      : judge_(judge),
        questions_(questions),
        seconds_(seconds),
        deadline_(now_seconds() + seconds),
        tries_(questions.size()),
        replies_(questions.size()) {
    for (size_t i = 0; i < questions.size(); ++i)
      waiting_.push_back(i);
  }

  ~EndpointBatch() {
    for (const Try& one : tries_)
      if (one.running)
        leave(one);
  }
  EndpointBatch(const EndpointBatch&) = delete;
  EndpointBatch& operator=(const EndpointBatch&) = delete;

  std::vector<JudgeReply> run() {
    while (open_ > 0 || !waiting_.empty()) {
      if (judge_.cancelled_ || now_seconds() >= deadline_) {
        give_up();
        break;
      }
      const double next = start_ready();
      for (const HttpResult& result : calls_.wait(std::clamp(next, 0.001, kLongestWait)))
        ended(result);
    }
    return std::move(replies_);
  }

 private:
  /// Where one question stands.
  struct Try {
    int64_t attempt = 0;
    double not_before = 0;
    bool running = false;
    CircuitBreaker::Pass pass = CircuitBreaker::Pass::kNo;
    std::string nonce;
    std::string trouble;  ///< of the latest try
    bool late = false;    ///< that try was not answered in time
  };

  /// Begins as many calls as may run now, and returns the seconds until the next one may.
  double start_ready() {
    const double now = now_seconds();
    double next = kLongestWait;
    for (size_t left = waiting_.size(); left > 0; --left) {
      const size_t i = waiting_.front();
      waiting_.pop_front();
      if (tries_[i].not_before <= now && begin(i, now))
        continue;
      if (tries_[i].not_before > now)
        next = std::min(next, tries_[i].not_before - now);
      waiting_.push_back(i);
    }
    return next;
  }

  bool begin(size_t i, double now) {
    if (judge_.in_flight_.fetch_add(1) >= judge_.keys_.concurrency) {
      --judge_.in_flight_;
      return false;
    }
    Try& one = tries_[i];
    one.pass = judge_.breaker_.admit(now);
    if (one.pass == CircuitBreaker::Pass::kNo) {
      --judge_.in_flight_;
      return false;
    }
    one.nonce = new_nonce();
    one.running = true;
    ++open_;
    count([&](JudgeCounts& counts) {
      ++counts.calls;
      counts.retries += one.attempt > 0 ? 1 : 0;
    });
    calls_.start(i, call_of(i));
    return true;
  }

  HttpCall call_of(size_t i) const {
    const EndpointKeys& keys = judge_.keys_;
    const JudgePrompt prompt =
        judge_prompt(questions_[i], tries_[i].nonce, ReplyForm::kJson, judge_.answer_bytes_);
    json body = {{"model", keys.model},
                 {"temperature", 0},
                 {"max_tokens", keys.max_tokens},
                 {"messages",
                  {{{"role", "system"}, {"content", prompt.system}},
                   {{"role", "user"}, {"content", prompt.user}}}}};
    if (keys.json_mode)
      body["response_format"] = {{"type", "json_object"}};
    HttpCall call;
    call.url = judge_.place_.url + "/chat/completions";
    call.key = judge_.key_;
    call.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    // At the batch's deadline run() ends them all; no call ends by itself just before.
    call.seconds = std::min(keys.timeout_seconds, deadline_ - now_seconds() + 1);
    return call;
  }

  void ended(const HttpResult& result) {
    Try& one = tries_[result.id];
    one.running = false;
    --open_;
    --judge_.in_flight_;
    count([&](JudgeCounts& counts) { counts.call_seconds += result.seconds; });
    if (!may_pass(result)) {
      if (judge_.breaker_.succeeded())
        log_info("the judge at " + judge_.place_.url + " answers again");
      JudgeReply reply = read(result, one);
      // Who answers in another form is there, and may do better with another nonce.
      one.trouble = reply.note;
      one.late = false;
      if (reply.is_other_form && ++one.attempt <= judge_.keys_.retries)
        waiting_.push_back(result.id);
      else
        replies_[result.id] = counted(std::move(reply));
      return;
    }
    one.trouble = trouble_of(result);
    if (judge_.breaker_.failed(now_seconds(), one.pass))
      log_warn("the judge at " + judge_.place_.url + " is left alone for a while, and questions " +
               "wait: " + one.trouble);
    one.late = result.end == HttpResult::End::kTimeout;
    // A probe of a judge that is known to be down is not the question's own try.
    if (one.pass != CircuitBreaker::Pass::kProbe && ++one.attempt > judge_.keys_.retries) {
      replies_[result.id] = no_answer(one, " (tried " + std::to_string(one.attempt) + " times)");
      return;
    }
    one.not_before = now_seconds() + backoff_seconds(std::max<int64_t>(one.attempt, 1),
                                                     judge_.keys_.backoff_seconds, kLongestBackoff,
                                                     jitter_.uniform(), result.retry_after);
    waiting_.push_back(result.id);
  }

  JudgeReply read(const HttpResult& result, const Try& one) {
    if (result.end == HttpResult::End::kTooLong)
      return other_form(trouble_of(result));
    if (result.end != HttpResult::End::kAnswered || result.status != 200)
      return failure(trouble_of(result));
    json usage = json::object();
    const Result<std::string> content = content_of(without_key(result.body, judge_.key_), &usage);
    const int64_t prompt = count_in(usage, "prompt_tokens");
    const int64_t completion = count_in(usage, "completion_tokens");
    count([&](JudgeCounts& counts) {
      counts.prompt_tokens += prompt;
      counts.completion_tokens += completion;
      counts.cost += (static_cast<double>(prompt) * judge_.keys_.prompt_price +
                      static_cast<double>(completion) * judge_.keys_.completion_price) /
                     1e6;
    });
    if (!content)
      return other_form(content.error().message);
    const JudgeForm form = questions_[result.id].form;
    const Result<double> value = read_judgement(content.value(), form, one.nonce);
    if (!value)
      return other_form(value.error().message);
    const std::string note =
        form == JudgeForm::kMet ? (value.value() > 0 ? "met" : "not met") : "graded";
    return JudgeReply::answer(value.value(), note);
  }

  static JudgeReply failure(const std::string& why) {
    return JudgeReply::failure(terminal_text(why));
  }
  static JudgeReply other_form(const std::string& why) {
    return JudgeReply::other_form(terminal_text(why));
  }

  JudgeReply counted(JudgeReply reply) {
    count([&](JudgeCounts& counts) { counts.failures += reply.ok() ? 0 : 1; });
    return reply;
  }
  JudgeReply failed(const std::string& why) { return counted(failure(why)); }

  JudgeReply no_answer(const Try& one, const std::string& more) {
    if (!one.late)
      return failed(one.trouble + more);
    count([](JudgeCounts& counts) { ++counts.timeouts; });
    return JudgeReply::timeout(one.trouble + more);
  }

  /// Everything that is not answered now never will be.
  void give_up() {
    const bool down = judge_.breaker_.open();
    for (size_t i = 0; i < tries_.size(); ++i) {
      Try& one = tries_[i];
      const bool is_waiting = std::ranges::find(waiting_, i) != waiting_.end();
      if (!one.running && !is_waiting)
        continue;
      if (one.running)
        leave(one);
      one.running = false;
      if (judge_.cancelled_)
        replies_[i] = failed("the run ends");
      else if (down)
        replies_[i] = failed("is down, and did not come back within " + in_seconds(seconds_) +
                             (one.trouble.empty() ? "" : ": " + one.trouble));
      else
        replies_[i] = late(one);
    }
  }

  JudgeReply late(const Try& one) {
    count([](JudgeCounts& counts) { ++counts.timeouts; });
    return JudgeReply::timeout("no answer within " + in_seconds(seconds_) +
                               (one.trouble.empty() ? "" : ": " + one.trouble));
  }

  void leave(const Try& one) const {
    --judge_.in_flight_;
    judge_.breaker_.abandoned(one.pass);
  }

  template <class Change>
  void count(const Change& change) const {
    const std::lock_guard lock(judge_.mutex_);
    change(judge_.counts_);
  }

  const EndpointJudge& judge_;
  std::span<const JudgeQuestion> questions_;
  double seconds_, deadline_;
  std::vector<Try> tries_;
  std::vector<JudgeReply> replies_;
  std::deque<size_t> waiting_;
  int64_t open_ = 0;
  Random jitter_{unforeseen_bits(), Purpose::kControl};  ///< of waits alone
  HttpCalls calls_;
};

EndpointJudge::EndpointJudge(EndpointKeys keys, HttpPlace place, std::optional<std::string> key,
                             int64_t answer_bytes)
    : keys_(std::move(keys)),
      place_(std::move(place)),
      key_(std::move(key)),
      answer_bytes_(answer_bytes),
      breaker_(keys_.breaker_failures, keys_.breaker_seconds) {}

std::vector<JudgeReply> EndpointJudge::ask(std::span<const JudgeQuestion> questions,
                                           double seconds) const {
  return EndpointBatch(*this, questions, seconds).run();
}

Result<void> EndpointJudge::reach(double seconds) const {
  constexpr double kPause = 0.2;
  const double deadline = now_seconds() + seconds;
  HttpCalls calls;
  std::string why;
  while (!cancelled_ && now_seconds() < deadline) {
    HttpCall call;
    call.url = place_.url;
    call.connects_only = true;
    call.seconds = std::max(kLongestWait, deadline - now_seconds());
    calls.start(0, call);
    while (calls.running() > 0 && !cancelled_)
      for (const HttpResult& result : calls.wait(kLongestWait)) {
        if (result.end == HttpResult::End::kAnswered)
          return {};
        why = result.why;
      }
    std::this_thread::sleep_for(std::chrono::duration<double>(kPause));
  }
  return Error{Errc::kUnavailable, "nobody answers at " + place_.url + " for " +
                                       in_seconds(seconds) + (why.empty() ? "" : ": " + why)};
}

JudgeCounts EndpointJudge::counts() const {
  const std::lock_guard lock(mutex_);
  JudgeCounts counts = counts_;
  counts.openings = breaker_.openings();
  return counts;
}

}  // namespace nelumbo
