// SPDX-License-Identifier: Apache-2.0
#include "reward/endpoint_judge.h"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/judge_stub.h"

namespace nelumbo {
namespace {

using Kind = JudgeReply::Kind;

EndpointKeys keys_for(const JudgeStub& stub) {
  EndpointKeys keys;
  keys.url = stub.url();
  keys.model = "grader";
  keys.backoff_seconds = 0.002;
  keys.breaker_seconds = 0.005;
  keys.timeout_seconds = 2;
  return keys;
}

EndpointJudge judge_of(const EndpointKeys& keys, std::optional<std::string> key = {}) {
  return {keys, http_place(keys.url).value(), std::move(key), 1000};
}

std::vector<JudgeQuestion> questions(int64_t count) {
  std::vector<JudgeQuestion> all;
  for (int64_t i = 0; i < count; ++i)
    all.push_back({"grader", "What is it?", "Says red",
                   i % 3 == 0 ? "It is red, " + std::to_string(i) : "blue " + std::to_string(i),
                   JudgeForm::kMet});
  return all;
}

JudgeReply one(const EndpointJudge& judge, double seconds = 10) {
  return judge.ask(questions(1), seconds).front();
}

/// What one reply of this kind comes to.
JudgeReply reply_to(const JudgeStub::Mind& mind) {
  JudgeStub stub(mind);
  EndpointKeys keys = keys_for(stub);
  keys.retries = 0;
  return one(judge_of(keys));
}

TEST(EndpointJudge, AsksOneCriterionACallAndReadsTheVerdict) {
  JudgeStub stub([](const StubAsk& ask) {
    EXPECT_EQ(ask.body["model"], "grader");
    EXPECT_EQ(ask.body["temperature"], 0);
    EXPECT_EQ(ask.body["messages"].size(), 2u);
    EXPECT_EQ(ask.authorization, "Bearer s3cret");
    return honest(ask);
  });
  EndpointKeys keys = keys_for(stub);
  keys.prompt_price = 1;
  keys.completion_price = 10;
  const EndpointJudge judge = judge_of(keys, "s3cret");
  const auto all = questions(30);
  const auto replies = judge.ask(all, 10);
  for (size_t i = 0; i < replies.size(); ++i) {
    ASSERT_TRUE(replies[i].ok()) << replies[i].note;
    EXPECT_EQ(replies[i].value, i % 3 == 0 ? 1 : 0);
  }
  EXPECT_EQ(judge.counts().calls, 30);
  EXPECT_EQ(judge.counts().prompt_tokens, 3000);
  EXPECT_EQ(judge.counts().completion_tokens, 300);
  EXPECT_NEAR(judge.counts().cost, 0.006, 1e-12);  // 3000 * 1e-6 + 300 * 1e-5
}

TEST(EndpointJudge, NeverTakesAMalformedReplyForAValue) {
  const auto content = [](const std::string& text) {
    return reply_to([text](const StubAsk&) { return says(text); });
  };
  for (const JudgeReply& reply :
       {content("Yes, the criterion is clearly met."), content("{\"met\": true}"), content("NaN"),
        content("1e308"), content(""), reply_to([](const StubAsk& ask) {
          return says(R"({"nonce": ")" + ask.nonce + R"(", "met": 1e308})");
        }),
        reply_to([](const StubAsk& ask) {
          return says(R"({"nonce": ")" + ask.nonce + R"(", "met": NaN})");
        }),
        reply_to([](const StubAsk& ask) {
          StubAsk other = ask;
          other.nonce = "0000000000000000";
          return verdict(other, true);
        }),
        reply_to([](const StubAsk&) {
          return StubReply{200, "{\"choices\": []}"};
        }),
        reply_to([](const StubAsk&) {
          return StubReply{200, "<html>"};
        }),
        reply_to([](const StubAsk&) {
          return StubReply{200, ""};
        }),
        reply_to([](const StubAsk& ask) {
          auto body = nlohmann::json::parse(verdict(ask, true).body);
          body["choices"].push_back(body["choices"][0]);
          return StubReply{200, body.dump()};
        }),
        reply_to([](const StubAsk& ask) {
          return StubReply{200, verdict(ask, true).body + std::string(10 << 20, ' ')};
        }),
        reply_to([](const StubAsk&) {
          return StubReply{404, "{}"};
        }),
        reply_to([](const StubAsk&) {
          return StubReply{302, "{}"};
        })}) {
    EXPECT_EQ(reply.kind, Kind::kInfraError) << reply.note;
    EXPECT_FALSE(reply.note.empty());
  }
}

TEST(EndpointJudge, SaysThatAKeyIsRefusedAndNotWhichKey) {
  JudgeStub stub([](const StubAsk&) { return StubReply{401, "{}"}; });
  const JudgeReply reply = one(judge_of(keys_for(stub), "s3cret"));
  EXPECT_EQ(reply.note, "the server says 401, it wants another key");
  EXPECT_EQ(stub.calls(), 1) << "it would be refused again";
}

TEST(EndpointJudge, RepeatsNoKeyAndNoControlCharactersThatAServerSays) {
  JudgeStub stub(
      [](const StubAsk& ask) { return says("I saw " + ask.authorization + "\n\x1b[31mred"); });
  const JudgeReply reply = one(judge_of(keys_for(stub), "s3cret"));
  EXPECT_NE(reply.note.find("I saw Bearer ***"), std::string::npos) << reply.note;
  EXPECT_EQ(reply.note.find("s3cret"), std::string::npos) << reply.note;
  EXPECT_EQ(reply.note.find_first_of("\n\x1b"), std::string::npos) << reply.note;
}

TEST(EndpointJudge, TriesAgainAsOftenAsItMay) {
  JudgeStub stub([](const StubAsk& ask) {
    return ask.number < 3 ? StubReply{ask.number == 1 ? 429 : 503, "{}"} : honest(ask);
  });
  const EndpointJudge judge = judge_of(keys_for(stub));
  EXPECT_EQ(one(judge).value, 1);
  EXPECT_EQ(judge.counts().retries, 3);
  stub.change([](const StubAsk&) { return StubReply{500, "{}"}; });
  EndpointKeys keys = keys_for(stub);
  keys.retries = 2;
  const JudgeReply reply = one(judge_of(keys));
  EXPECT_EQ(reply.kind, Kind::kInfraError);
  EXPECT_EQ(reply.note, "the server says 500 (tried 3 times)");
}

TEST(EndpointJudge, TellsTimeoutsFromErrors) {
  JudgeStub stub([](const StubAsk&) { return StubReply{.hang = true}; });
  EndpointKeys keys = keys_for(stub);
  keys.timeout_seconds = 0.05;
  keys.retries = 1;
  const EndpointJudge judge = judge_of(keys);
  EXPECT_EQ(one(judge).kind, Kind::kTimeout);
  EXPECT_EQ(judge.counts().timeouts, 1);
  EXPECT_EQ(judge.counts().calls, 2);
}

TEST(EndpointJudge, KeepsItsDeadlineAndItsConcurrency) {
  std::atomic<int64_t> now = 0, most = 0;
  JudgeStub stub([&](const StubAsk&) {
    most = std::max<int64_t>(most, ++now);
    return StubReply{.hang = true};
  });
  EndpointKeys keys = keys_for(stub);
  keys.concurrency = 3;
  keys.timeout_seconds = 30;  // none is given up for another
  const EndpointJudge judge = judge_of(keys);
  const auto start = std::chrono::steady_clock::now();
  const auto replies = judge.ask(questions(20), 0.3);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took.count(), 2);
  for (const JudgeReply& reply : replies)
    EXPECT_EQ(reply.kind, Kind::kTimeout) << reply.note;
  EXPECT_EQ(most, 3);
}

TEST(EndpointJudge, WaitsWhileTheJudgeIsDownAndLosesNothing) {
  JudgeStub stub(honest);
  EndpointKeys keys = keys_for(stub);
  keys.retries = 1;
  keys.breaker_failures = 4;
  const EndpointJudge judge = judge_of(keys);
  stub.stop();
  std::thread back([&stub] {
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    stub.start_again();
  });
  const auto replies = judge.ask(questions(40), 30);
  back.join();
  // Up to `concurrency` calls fail before the breaker opens; each of them may be tried again.
  for (size_t i = 0; i < replies.size(); ++i)
    EXPECT_EQ(replies[i].value, i % 3 == 0 ? 1 : 0) << i << ": " << replies[i].note;
  EXPECT_GT(judge.counts().openings, 1);
  EXPECT_EQ(judge.counts().failures, 0);
}

TEST(EndpointJudge, SaysWhoIsDownWhenItsTimeIsOver) {
  JudgeStub stub(honest);
  EndpointKeys keys = keys_for(stub);
  keys.breaker_failures = 2;
  stub.stop();
  const JudgeReply reply = one(judge_of(keys), 0.4);
  EXPECT_EQ(reply.kind, Kind::kInfraError);
  EXPECT_TRUE(reply.note.starts_with("is down, and did not come back within 0.4 s: "))
      << reply.note;
}

TEST(EndpointJudge, IsReachedWhereSomebodyIs) {
  JudgeStub stub(honest);
  const EndpointJudge judge = judge_of(keys_for(stub));
  EXPECT_TRUE(judge.reach(60).ok());
  EXPECT_EQ(stub.calls(), 0) << "nothing is asked";
  stub.stop();
  const auto away = judge.reach(0.3);
  ASSERT_FALSE(away.ok());
  EXPECT_TRUE(away.error().message.starts_with("nobody answers at " + stub.url() + " for 0.3 s: "))
      << away.error().message;
  EXPECT_EQ(judge.counts().calls, 0);
}

TEST(EndpointJudge, TellsAnotherFormFromNoAnswer) {
  const JudgeReply prose =
      reply_to([](const StubAsk&) { return says("Well,\n\x1b[2J\u202e yes"); });
  EXPECT_TRUE(prose.is_other_form);
  EXPECT_NE(prose.note.find("'Well,\\n\\x1b[2J\\u202e yes'"), std::string::npos) << prose.note;
  EXPECT_FALSE(reply_to([](const StubAsk&) { return StubReply{.status = 500}; }).is_other_form);
  EXPECT_FALSE(reply_to([](const StubAsk&) { return StubReply{.status = 401}; }).is_other_form);
}

TEST(EndpointJudge, IsCancelledAtOnce) {
  JudgeStub stub([](const StubAsk&) { return StubReply{.hang = true}; });
  EndpointKeys keys = keys_for(stub);
  keys.timeout_seconds = 60;
  const EndpointJudge judge = judge_of(keys);
  std::thread end([&judge] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    judge.cancel();
  });
  EXPECT_EQ(one(judge, 60).note, "the run ends");
  end.join();
}

}  // namespace
}  // namespace nelumbo
