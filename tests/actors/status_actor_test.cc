// SPDX-License-Identifier: Apache-2.0
#include "actors/status_actor.h"

#include <fstream>

#include <gtest/gtest.h>

#include "actors/coordinator.h"
#include "tests/support/actor_fixture.h"
#include "tests/support/fake_policy.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class StatusActorTest : public ActorFixture {
 protected:
  StatusActorTest() {
    CoordinatorSetup lead;
    lead.placement.rollouts = 0;
    lead.placement.rewards = 0;
    lead.warn = [](const std::string&) {};
    lead_ = system_.spawn(coordinator, std::move(lead));
    stage_->show("sft", 2);
    status_ = system_.spawn(status_actor, StatusSetup{.path = folder_ / "status.json",
                                                      .stage = stage_,
                                                      .learners = 1,
                                                      .coordinator = lead_,
                                                      .bytes_on_offer = [] { return 5000; }});
  }
  ~StatusActorTest() override {
    caf::anon_send_exit(status_, caf::exit_reason::kill);
    caf::anon_send_exit(lead_, caf::exit_reason::kill);
    status_ = nullptr;
    lead_ = nullptr;
    scheduler_.run();
  }

  nlohmann::json after(std::chrono::seconds time) {
    scheduler_.run();
    scheduler_.advance_time(time);
    scheduler_.run();
    std::ifstream file(folder_ / "status.json");
    return nlohmann::json::parse(file, nullptr, false);
  }

  TemporaryFolder folder_;
  std::shared_ptr<StageActivity> stage_ = std::make_shared<StageActivity>();
  CoordinatorActor lead_;
  StatusActor status_;
};

TEST_F(StatusActorTest, WritesWhatEverybodyDoes) {
  const auto file = after(std::chrono::seconds(1));
  ASSERT_TRUE(file.is_object());
  EXPECT_NEAR(file["written"].get<double>(), static_cast<double>(std::time(nullptr)), 60);
  const auto& rows = file["rows"];
  ASSERT_EQ(rows.size(), 5U) << rows;
  EXPECT_EQ(rows[0]["who"], "stage sft, 2 steps behind it");
  EXPECT_EQ(rows[0]["does"], "prepares");
  EXPECT_EQ(rows[1]["waits_for"], "the stage");
  EXPECT_EQ(rows[2]["who"], "coordinator");
  EXPECT_EQ(rows[2]["queue"], 0);
  EXPECT_EQ(rows[3]["who"], "reward actors (0)");
  EXPECT_EQ(rows[4]["bytes"], 5000);
}

TEST_F(StatusActorTest, WritesAgainEachSecondAndLeavesNoDraft) {
  after(std::chrono::seconds(1));
  stage_->show("sft", 3);
  EXPECT_EQ(after(std::chrono::seconds(1))["rows"][0]["who"], "stage sft, 3 steps behind it");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "status.json.tmp"));
}

}  // namespace
}  // namespace nelumbo
