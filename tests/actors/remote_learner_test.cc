// SPDX-License-Identifier: Apache-2.0
#include "actors/remote_learner.h"

#include <thread>

#include <gtest/gtest.h>

#include "tests/support/remote_pairs.h"

namespace nelumbo {
namespace {

TokenJob lesson() {
  TokenJob job;
  job.groups.resize(1);
  job.groups[0].prefix = {7};
  job.place = {0, 4};
  return job;
}

class RemoteLearnerTest : public LearnerPair {};

TEST_F(RemoteLearnerTest, DoesEverythingThatALearnerBesideItWould) {
  start_remote();
  start_node();
  FakeLearner beside;
  beside.restart(fake_weights(2));
  ASSERT_TRUE(ask<void>(remote_, RestartAtom::value, share(fake_weights(2))).ok());
  const TokenJob job = lesson();
  const auto trained = ask<Metrics>(remote_, TrainAtom::value, share(job));
  ASSERT_TRUE(trained.ok()) << trained.error().message;
  EXPECT_EQ(trained.value(), beside.train_tokens(job.groups, job.config, job.place).value());
  EXPECT_EQ(weights_hash(*ask<Shared<WeightSet>>(remote_, WeightsAtom::value).value()),
            weights_hash(*beside.weights().value()));
  const auto saved = ask<Shared<WeightSet>>(remote_, SaveAtom::value);
  EXPECT_EQ(weights_hash(*saved.value()), weights_hash(beside.state().value()));
  ASSERT_TRUE(ask<void>(remote_, RestoreAtom::value, saved.value()).ok());
  EXPECT_EQ(ask<Shared<TokenValidation>>(remote_, ValidateAtom::value, share(job.groups))
                .value()
                ->metrics,
            beside.validate_tokens(job.groups, nullptr).value());
  ASSERT_TRUE(ask<Metrics>(remote_, TrainAtom::value, share(PolicyJob())).ok());
}

TEST_F(RemoteLearnerTest, KeepsWhatIsAskedBeforeTheProcessCame) {
  start_remote();
  auto pending =
      (*self_)->request(remote_, std::chrono::seconds(30), TrainAtom::value, share(lesson()));
  start_node();
  pending.receive([](const Metrics& metrics) { EXPECT_EQ(metrics.count("optim/loss"), 1U); },
                  [](const caf::error& error) { FAIL() << caf::to_string(error); });
}

TEST_F(RemoteLearnerTest, EndsWhenItsProcessDoes) {
  start_remote();
  start_node();
  ASSERT_TRUE(ask<Metrics>(remote_, TrainAtom::value, share(lesson())).ok());
  caf::anon_send_exit(node_, caf::exit_reason::kill);
  EXPECT_NE(end_of(remote_).find("its process learner-0#1 is gone"), std::string::npos);
}

TEST_F(RemoteLearnerTest, TellsWhoWaitsThatItsProcessEnded) {
  start_remote();
  auto pending = (*self_)->request(remote_, std::chrono::minutes(10), WeightsAtom::value);
  start_node([](LearnerRanks) -> std::unique_ptr<Learner> {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return std::make_unique<FakeLearner>();
  });
  caf::anon_send_exit(node_, caf::exit_reason::kill);
  std::string why;
  pending.receive(
      [](const Shared<WeightSet>&) {},
      [&](const caf::error& error) { why = from_caf_error(error, "the test").message; });
  EXPECT_NE(why.find("its process learner-0#1"), std::string::npos) << why;
}

}  // namespace
}  // namespace nelumbo
