// SPDX-License-Identifier: Apache-2.0
#include "actors/tls_probe.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "actors/bulk_channel.h"
#include "tests/support/certificate_folder.h"
#include "tests/support/joined_node.h"

namespace nelumbo {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLimit{10};

/// A coordinator that listens with certificates.
class TlsProbe : public JoinedNode {
 protected:
  TlsProbe() : JoinedNode(folder().load("coordinator")) { open(); }
  static const CertificateFolder& folder() {
    static const CertificateFolder one;
    return one;
  }
  Error refusal(const std::shared_ptr<const Credentials>& who) const {
    const auto done = probe_tls(cluster_->address(), *who, kLimit);
    return done ? Error{Errc::kDiverged, "was let in"} : done.error();
  }
};

bool says(const Error& error, const std::string& part) {
  return error.message.find(part) != std::string::npos;
}

TEST_F(TlsProbe, LetsInWhoHasACertificateOfTheRun) {
  for (int i = 0; i < 3; ++i) {
    const auto done = probe_tls(cluster_->address(), *folder().load("node"), kLimit);
    EXPECT_TRUE(done.ok()) << done.error().message;
  }
}

TEST_F(TlsProbe, SaysThatTheCertificateThereIsForeign) {
  const CertificateFolder other;
  const Error error = refusal(other.load("node"));
  EXPECT_EQ(error.code, Errc::kInvalidConfig);
  EXPECT_TRUE(says(error, "shows a certificate that is not good here")) << error.message;
  EXPECT_TRUE(says(error, "both sides need folders of one 'nelumbo certs new'")) << error.message;
}

TEST(TlsProbeAlone, SaysThatWhatAnswersSpeaksNoTls) {
  const CertificateFolder folder;
  const auto plain = BulkChannel::listen({}).value();
  const auto done = probe_tls({"127.0.0.1", plain->port()}, *folder.load("node"), kLimit);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, Errc::kUnavailable);
  EXPECT_TRUE(says(done.error(), "does not speak TLS")) << done.error().message;
  EXPECT_TRUE(probe_tcp({"127.0.0.1", plain->port()}, kLimit).ok());
}

TEST(TlsProbeAlone, GivesUpWhereNobodyAnswers) {
  EXPECT_TRUE(says(probe_tcp({"127.0.0.1", 1}, kLimit).error(),
                   "no coordinator answers at 127.0.0.1:1: Connection refused"));
  EXPECT_FALSE(probe_tcp({"no.such.host.invalid", 1}, kLimit).ok());
  // A listener whose queue is full answers nothing, as an address where a packet filter drops all.
  const int full = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  ASSERT_EQ(::bind(full, reinterpret_cast<const sockaddr*>(&place), size), 0);
  ASSERT_EQ(::listen(full, 0), 0);
  ::getsockname(full, reinterpret_cast<sockaddr*>(&place), &size);
  const CertificateFolder folder;
  const auto begun = std::chrono::steady_clock::now();
  const auto done =
      probe_tls({"127.0.0.1", ntohs(place.sin_port)}, *folder.load("node"), milliseconds(300));
  EXPECT_TRUE(says(done.error(), "the time is over")) << done.error().message;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds(5));
  ::close(full);
}

}  // namespace
}  // namespace nelumbo
