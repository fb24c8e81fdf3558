// SPDX-License-Identifier: Apache-2.0
#include "actors/membership.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using std::chrono::seconds;

Membership::Time at(int64_t second) {
  return Membership::Time(seconds(second));
}

JoinRequest request(const std::string& worker) {
  return {worker, "rollout", kNodeProtocol};
}

TEST(Membership, HiresWhoeverIsReadyOnce) {
  Membership members(seconds(10));
  const NodeSession a = members.join(request("a"), at(0)).value();
  const NodeSession b = members.join(request("b"), at(0)).value();
  EXPECT_FALSE(members.hire("rollout").has_value()) << "nobody is ready";
  EXPECT_TRUE(members.ready(b, at(1)));
  EXPECT_TRUE(members.ready(a, at(1)));
  EXPECT_FALSE(members.hire("learner").has_value());
  EXPECT_EQ(members.hire("rollout"), a);
  EXPECT_EQ(members.hire("rollout"), b);
  EXPECT_FALSE(members.hire("rollout").has_value());
  EXPECT_TRUE(members.ready(a, at(2)));
  EXPECT_FALSE(members.hire("rollout").has_value()) << "a hired one is not ready again";
}

TEST(Membership, TwoProcessesOfOneNameAreNotBothMembers) {
  Membership members(seconds(10));
  const NodeSession first = members.join(request("a"), at(0)).value();
  const auto second = members.join(request("a"), at(0));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().message,
            "worker a may not join: another process has this name; give it another with --worker");
  EXPECT_TRUE(members.beat(first, at(1))) << "the member is not disturbed";
  members.evict(first);
  const NodeSession next = members.join(request("a"), at(2)).value();
  EXPECT_NE(next, first);
  EXPECT_FALSE(members.beat(first, at(2)));
  EXPECT_EQ(members.session_of("a"), next);
}

TEST(Membership, RefusesAnotherProtocolAndAnUnknownRole) {
  Membership members(seconds(10));
  JoinRequest other = request("a");
  other.protocol = kNodeProtocol + 1;
  EXPECT_EQ(members.join(other, at(0)).error().code, Errc::kInvalidConfig);
  other = request("a");
  other.role = "cook";
  EXPECT_NE(members.join(other, at(0)).error().message.find("no role 'cook'"), std::string::npos);
  EXPECT_FALSE(members.session_of("a").has_value());
}

TEST(Membership, WhoeverSaysNothingIsOverdue) {
  Membership members(seconds(10));
  const NodeSession a = members.join(request("a"), at(0)).value();
  const NodeSession b = members.join(request("b"), at(0)).value();
  EXPECT_TRUE(members.beat(b, at(8)));
  EXPECT_TRUE(members.overdue(at(10)).empty());
  EXPECT_EQ(members.overdue(at(11)), std::vector<NodeSession>{a});
  members.evict(a);
  EXPECT_TRUE(members.overdue(at(11)).empty());
  EXPECT_FALSE(members.beat(a, at(11)));
  EXPECT_EQ(members.name_of(b), "b");
}

TEST(Membership, RefusesNamesThatATerminalWouldObey) {
  Membership members(seconds(10));
  for (const std::string& name : {std::string(), std::string("a\x1b[2J"), std::string("a b"),
                                  std::string("a\nb"), std::string(201, 'a'), std::string("\0", 1)})
    EXPECT_FALSE(members.join(request(name), at(0)).ok()) << name;
  EXPECT_TRUE(members.join(request("node/gpu-1.lan-rollout_7"), at(0)).ok());
}

TEST(WorkInputsCheck, NamesAllThatDiffers) {
  const WorkInputs ours{{{"data", "a"}, {"program", "b"}}};
  EXPECT_TRUE(check_inputs("w", ours, ours).ok());
  EXPECT_TRUE(check_inputs("w", {}, ours).ok()) << "nothing is wanted";
  EXPECT_EQ(check_inputs("w", ours, {{{"data", "x"}}}).error().message,
            "worker w may not work: it has another data, program than the coordinator; give both "
            "machines the same files and program");
}

}  // namespace
}  // namespace nelumbo
