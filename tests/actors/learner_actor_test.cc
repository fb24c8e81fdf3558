// SPDX-License-Identifier: Apache-2.0
#include "actors/learner_actor.h"

#include <stdexcept>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "tests/support/actor_fixture.h"
#include "tests/support/fake_policy.h"

namespace nelumbo {
namespace {

/// Diverges on policies, throws on tokens.
class BrokenLearner : public FakeLearner {
 public:
  Result<Metrics> train_policy(std::span<const ScoredGroup>, const RlConfig&, StepPlace) override {
    return Error{Errc::kDiverged, "loss is not finite"};
  }
  Result<Metrics> train_tokens(std::span<const TrainingGroup>, const TokenStageConfig&,
                               StepPlace) override {
    throw std::runtime_error("shape mismatch");
  }
};

class LearnerActorTest : public ActorFixture {
 protected:
  template <class T>
  LearnerActor spawn() {
    return system_.spawn(learner_actor,
                         LearnerSetup{.make = [](LearnerRanks) { return std::make_unique<T>(); }});
  }
};

TEST_F(LearnerActorTest, SavesAndRestoresBetweenTwoLearners) {
  auto first = spawn<FakeLearner>(), second = spawn<FakeLearner>();
  const TokenJob job{{{{5}, {}, {}}}, {}, {0, 1}};
  ASSERT_TRUE(ask<void>(first, RestartAtom::value, share(fake_weights(1))).ok());
  ASSERT_TRUE(ask<Metrics>(first, TrainAtom::value, share(job)).ok());
  const auto saved = ask<Shared<WeightSet>>(first, SaveAtom::value);
  ASSERT_TRUE(ask<void>(second, RestoreAtom::value, saved.value()).ok());
  for (auto& learner : {first, second})
    ASSERT_TRUE(ask<Metrics>(learner, TrainAtom::value, share(job)).ok());
  EXPECT_EQ(weights_hash(*ask<Shared<WeightSet>>(first, WeightsAtom::value).value()),
            weights_hash(*ask<Shared<WeightSet>>(second, WeightsAtom::value).value()));
  for (auto& learner : {first, second})
    caf::anon_send_exit(learner, caf::exit_reason::user_shutdown);
}

TEST_F(LearnerActorTest, KeepsTheCodeOfARunThatDiverged) {
  auto learner = spawn<BrokenLearner>();
  const auto trained = ask<Metrics>(learner, TrainAtom::value, share(PolicyJob()));
  ASSERT_FALSE(trained.ok());
  EXPECT_EQ(trained.error().code, Errc::kDiverged);
  EXPECT_EQ(trained.error().message, "loss is not finite");
  caf::anon_send_exit(learner, caf::exit_reason::user_shutdown);
}

TEST_F(LearnerActorTest, EndsWithAnErrorWhenItsLearnerThrows) {
  auto learner = spawn<BrokenLearner>();
  EXPECT_FALSE(ask<Metrics>(learner, TrainAtom::value, share(TokenJob())).ok());
  const auto after = ask<Shared<WeightSet>>(learner, WeightsAtom::value);
  ASSERT_FALSE(after.ok());
  EXPECT_EQ(after.error().code, Errc::kUnavailable);
}

}  // namespace
}  // namespace nelumbo
