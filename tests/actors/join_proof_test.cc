// SPDX-License-Identifier: Apache-2.0
#include "actors/join_proof.h"

#include <gtest/gtest.h>

#include "tests/support/certificate_folder.h"

namespace nelumbo {
namespace {

class JoinProof : public ::testing::Test {
 protected:
  std::string refusal(const JoinRequest& request, const std::string& challenge = "c") const {
    const auto done = check_proof(*lead_, challenge, request);
    return done ? "" : done.error().message;
  }
  JoinRequest proven(const std::shared_ptr<const Credentials>& who, const std::string& worker,
                     const std::string& role = "rollout") const {
    JoinRequest request{worker, role, kNodeProtocol};
    EXPECT_TRUE(prove(*who, "c", &request).ok());
    return request;
  }

  CertificateFolder folder_{{"west", "east"}};
  std::shared_ptr<const Credentials> lead_ = folder_.load("coordinator"),
                                     west_ = folder_.load("west");
};

TEST_F(JoinProof, OfTheOneWhoSignedIsGood) {
  EXPECT_EQ(refusal(proven(west_, "west/rollout-7")), "");
  EXPECT_EQ(refusal(proven(lead_, "coordinator/learner-0", "learner")), "");
}

TEST_F(JoinProof, SaysNothingOfAnotherRequestOrAnotherRun) {
  JoinRequest changed = proven(west_, "west/a");
  changed.worker = "west/b";
  EXPECT_NE(refusal(changed).find("does not hold the key"), std::string::npos);
  changed = proven(west_, "west/a");
  changed.role = "learner";
  EXPECT_NE(refusal(changed).find("does not hold the key"), std::string::npos);
  EXPECT_NE(refusal(proven(west_, "west/a"), "d").find("does not hold the key"), std::string::npos);
  EXPECT_NE(refusal({"west/a", "rollout", kNodeProtocol}).find("it shows no certificate"),
            std::string::npos);
}

TEST_F(JoinProof, BindsTheNameOfAWorkerToItsCertificate) {
  const std::string why = refusal(proven(west_, "east/rollout-7"));
  EXPECT_EQ(
      why,
      "worker east/rollout-7 may not join: its certificate is that of west, and its name must "
      "begin with west/");
  EXPECT_NE(refusal(proven(west_, "west")), "");
  EXPECT_NE(refusal(proven(west_, "western/a")), "");
}

TEST_F(JoinProof, KeepsLearnersAtTheCoordinator) {
  EXPECT_NE(refusal(proven(west_, "west/l", "learner")).find("join with --role rollout"),
            std::string::npos);
}

TEST_F(JoinProof, OfAForeignAuthorityIsNone) {
  const CertificateFolder other({"west"});
  EXPECT_NE(refusal(proven(other.load("west"), "west/a")).find("not of this run's authority"),
            std::string::npos);
}

TEST(Challenge, IsAnotherEachTime) {
  EXPECT_EQ(new_challenge().value().size(), 32U);
  EXPECT_NE(new_challenge().value(), new_challenge().value());
}

}  // namespace
}  // namespace nelumbo
