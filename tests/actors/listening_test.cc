// SPDX-License-Identifier: Apache-2.0
#include "actors/listening.h"

#include <gtest/gtest.h>

#include "actors/bulk_channel.h"
#include "tests/support/certificate_folder.h"

namespace nelumbo {
namespace {

std::string refusal(const std::string& listen, const std::string& certs = "") {
  const auto plan = plan_listening(listen, certs);
  return plan ? "" : plan.error().message;
}

TEST(Listening, ReadsAddresses) {
  const Address address = read_address("--join", "gpu-1.lan:7070").value();
  EXPECT_EQ(address.host, "gpu-1.lan");
  EXPECT_EQ(address.port, 7070);
  EXPECT_EQ(text_of(address), "gpu-1.lan:7070");
  for (const char* text :
       {"", ":", "7070", ":7070", "h:", "h:x", "h:70000", "h:-1", "h:7 ", "a b:7", "::1:7", "h:7:"})
    EXPECT_FALSE(read_address("--join", text).ok()) << text;
}

TEST(Listening, KnowsWhatLeavesTheMachine) {
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("127.9.9.9"));
  EXPECT_TRUE(is_loopback("localhost"));
  EXPECT_FALSE(is_loopback("0.0.0.0"));
  EXPECT_FALSE(is_loopback("127.0.0.1.example.org"));
  EXPECT_FALSE(is_loopback("10.0.0.1"));
}

TEST(Listening, OnLoopbackNeedsNothing) {
  EXPECT_EQ(plan_listening("", "").value().address.port, 0);
  EXPECT_EQ(plan_listening("", "").value().bulk_port(), 0);
  EXPECT_EQ(plan_listening("127.0.0.1:0", "").value().local_host(), "127.0.0.1");
}

TEST(Listening, ToOthersNeedsCertificates) {
  EXPECT_NE(refusal("0.0.0.0:7070").find("other machines join a run with certificates alone"),
            std::string::npos);
  EXPECT_NE(refusal("0.0.0.0:7070").find("'nelumbo certs new --out certs'"), std::string::npos);
  const CertificateFolder folder;
  const auto plan = plan_listening("0.0.0.0:0", folder.path());
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_EQ(plan.value().credentials->name(), "coordinator");
  EXPECT_EQ(plan.value().local_host(), "127.0.0.1");
  EXPECT_NE(refusal("0.0.0.0:0", "/nowhere").find("/nowhere/coordinator: there is no such folder"),
            std::string::npos);
}

TEST(Listening, RefusesAddressesThatAreNone) {
  EXPECT_NE(refusal("gpu1:7070").find("must be an IPv4 address of this machine"),
            std::string::npos);
  EXPECT_NE(refusal("127.0.0.1:65535").find("65534 is the last"), std::string::npos);
  const CertificateFolder folder;
  EXPECT_NE(refusal("192.0.2.1:7070", folder.path()).find("this machine has no such address"),
            std::string::npos);
}

TEST(Listening, SaysThatAPortIsTaken) {
  const auto taken = BulkChannel::listen({}).value();
  const auto plan = plan_listening("127.0.0.1:" + std::to_string(taken->port()), "");
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, Errc::kEnvironment);
  EXPECT_EQ(plan.error().message, "--listen 127.0.0.1:" + std::to_string(taken->port()) +
                                      ": this port is taken; choose another (a run needs the port "
                                      "and the one behind it)");
  // The port behind is that of bulk data.
  EXPECT_FALSE(plan_listening("127.0.0.1:" + std::to_string(taken->port() - 1), "").ok());
}

}  // namespace
}  // namespace nelumbo
