// SPDX-License-Identifier: Apache-2.0
#include "actors/node.h"

#include <gtest/gtest.h>

#include "tests/support/certificate_folder.h"
#include "tests/support/joined_node.h"

namespace nelumbo {
namespace {

class NodeTest : public JoinedNode {};

TEST_F(NodeTest, SaysThatNobodyAnswers) {
  NodeOptions options;
  options.coordinator.port = 1;
  options.role = "rollout";
  options.patience = std::chrono::seconds(0);
  options.stop_requested = [] { return false; };
  const auto end =
      run_node(options, [](const WorkerTask&) -> Result<NodeWork> { return NodeWork(); });
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(
      end.error().message,
      "no coordinator answers at 127.0.0.1:1: Connection refused; is the run still going on?");
}

TEST_F(NodeTest, EndsWellWhenAStopIsRequested) {
  open();
  std::thread node = join("rollout", "r");
  stop_ = true;
  node.join();
  const Result<void>& end = ends_["r"];
  EXPECT_TRUE(end.ok() || end.error().code == Errc::kUnavailable);
}

TEST_F(NodeTest, SaysWhyItCannotPrepareItself) {
  open();
  unprepared_ = "data/x.xml: there is no such file";
  std::thread node = join("rollout", "r");
  node.join();
  ASSERT_FALSE(ends_["r"].ok());
  EXPECT_EQ(ends_["r"].error().message, unprepared_);
}

TEST_F(NodeTest, IsRefusedWithTheCoordinatorsReason) {
  open();
  std::thread node = join("cook", "r");
  node.join();
  ASSERT_FALSE(ends_["r"].ok());
  EXPECT_EQ(ends_["r"].error().message,
            "worker r may not join: there is no role 'cook'; it is rollout or learner");
}

TEST_F(NodeTest, EndsWhenTheCoordinatorIsGone) {
  open();
  std::thread node = join("rollout", "r");
  ASSERT_TRUE(ask<PolicyVersion>(cluster_->hire_rollout(*roster_, RolloutClient()), LoadAtom::value,
                                 share(fake_weights(1)), PolicyVersion{1})
                  .ok());
  close();
  node.join();
}

/// A coordinator with certificates.
class SecureNode : public JoinedNode {
 protected:
  SecureNode() : JoinedNode(folder().load("coordinator")) { open(); }
  static const CertificateFolder& folder() {
    static const CertificateFolder one({"west", "east"});
    return one;
  }
  /// Why that worker was not taken.
  std::string refusal(const std::string& worker, const std::string& role = "rollout") {
    join(role, worker).join();
    return ends_[worker] ? "" : ends_[worker].error().message;
  }
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(SecureNode, IsRefusedUnderTheNameOfAnotherCertificate) {
  node_ = folder().load("east");
  EXPECT_TRUE(says(refusal("west/r"), "its certificate is that of east"));
  EXPECT_TRUE(says(refusal("east/l", "learner"), "join with --role rollout"));
}

TEST_F(SecureNode, OfAnotherRunIsRefusedWithTheCause) {
  const CertificateFolder other;
  node_ = other.load("node");
  EXPECT_TRUE(says(refusal("node/r"), "shows a certificate that is not good here"));
}

TEST_F(NodeTest, WithOtherDataIsRefusedWithTheCause) {
  inputs_.values["data"] = "ours";
  found_.values["data"] = "theirs";
  open();
  join("rollout", "r").join();
  ASSERT_FALSE(ends_["r"].ok());
  EXPECT_EQ(ends_["r"].error().message,
            "worker r may not work: it has another data than the coordinator; give both machines "
            "the same files and program");
}

}  // namespace
}  // namespace nelumbo
