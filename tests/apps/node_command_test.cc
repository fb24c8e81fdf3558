// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/apps/called.h"
#include "tests/support/certificate_folder.h"

namespace nelumbo {
namespace {

TEST(NodeCommand, JoinsAnotherMachineWithCertificatesAlone) {
  const Called far = call({"node", "--join", "10.0.0.1:7070"});
  EXPECT_EQ(far.code, 2);
  EXPECT_TRUE(has(far.err, "is joined with certificates alone"));
  EXPECT_TRUE(has(far.err, "give the run's by --certs"));
  EXPECT_EQ(call({"node", "--join", "127.0.0.1:99999"}).code, 2);
  EXPECT_EQ(call({"node", "--join", "127.0.0.1:0"}).code, 2);
  EXPECT_EQ(call({"node", "--join", "127.0.0.1"}).code, 2);
  EXPECT_EQ(call({"node", "--join", "127.0.0.1:7x"}).code, 2);
  EXPECT_EQ(call({"node", "--join", "$(id):7"}).code, 2);
  EXPECT_EQ(call({"node"}).code, 2);
  EXPECT_EQ(call({"node", "--join", "127.0.0.1:7070", "--role", "cook"}).code, 2);
}

TEST(NodeCommand, RefusesCertificatesThatAreNoneBeforeItAsksAnybody) {
  const CertificateFolder certs, late({"node"}, std::chrono::hours(24), std::chrono::hours(23));
  const auto join = [](const std::string& folder, const std::string& name) {
    return call({"node", "--join", "10.0.0.1:7070", "--certs", folder, "--name", name});
  };
  const Called missing = join(certs.path(), "west");
  EXPECT_EQ(missing.code, 2);
  EXPECT_TRUE(has(missing.err, "/west: there is no such folder of certificates"));
  const Called expired = join(late.path(), "node");
  EXPECT_EQ(expired.code, 2);
  EXPECT_TRUE(has(expired.err, "this certificate has expired on "));
  EXPECT_TRUE(has(expired.err, "make new ones with 'nelumbo certs new'"));
}

TEST(NodeCommand, KeepsLearnersOnTheCoordinatorsMachine) {
  const CertificateFolder certs;
  const Called called =
      call({"node", "--join", "10.0.0.1:7070", "--certs", certs.path(), "--role", "learner"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "learner ranks work on the coordinator's machine alone"));
}

}  // namespace
}  // namespace nelumbo
