// SPDX-License-Identifier: Apache-2.0
#include "actors/curve_guard.h"

#include <gtest/gtest.h>
#include <zmq.h>

#include "tests/support/certificate_folder.h"

namespace nelumbo {
namespace {

/// Asks the guard as the library does.
class CurveGuardTest : public ::testing::Test {
 protected:
  std::vector<std::string> ask(const std::vector<std::string>& request) {
    zmq::socket_t socket(context_, zmq::socket_type::req);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvtimeo, 10'000);
    socket.connect("inproc://zeromq.zap.01");
    for (size_t i = 0; i < request.size(); ++i)
      socket.send(zmq::buffer(request[i]),
                  i + 1 < request.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
    std::vector<std::string> reply;
    for (bool more = true; more;) {
      zmq::message_t frame;
      if (!socket.recv(frame))
        return {"no answer"};
      reply.push_back(frame.to_string());
      more = frame.more();
    }
    return reply;
  }
  static std::string raw(const std::string& z85) {
    std::string key(32, '\0');
    ::zmq_z85_decode(reinterpret_cast<uint8_t*>(key.data()), z85.c_str());
    return key;
  }

  CertificateFolder folder_{{"west"}};
  std::shared_ptr<const Credentials> lead_ = folder_.load("coordinator"),
                                     west_ = folder_.load("west");
  zmq::context_t context_;
  CurveGuard guard_{context_, lead_->peers()};
};

TEST_F(CurveGuardTest, LetsInWhoIsOnTheListUnderItsName) {
  const auto reply =
      ask({"1.0", "7", "nelumbo", "10.0.0.1", "", "CURVE", raw(west_->curve_public())});
  EXPECT_EQ(reply, (std::vector<std::string>{"1.0", "7", "200", "OK", "west", ""}));
}

TEST_F(CurveGuardTest, RefusesEverybodyElse) {
  const std::vector<std::string> refused = {"1.0", "7", "400", "not on the list", "", ""};
  EXPECT_EQ(ask({"1.0", "7", "nelumbo", "a", "", "CURVE", std::string(32, 'x')}), refused);
  EXPECT_EQ(ask({"1.0", "7", "nelumbo", "a", "", "NULL"}), refused);
  EXPECT_EQ(ask({"1.0", "7", "nelumbo", "a", "", "PLAIN", "user", "password"}), refused);
  EXPECT_EQ(ask({"2.0", "7", "nelumbo", "a", "", "CURVE", raw(west_->curve_public())}), refused);
  EXPECT_EQ(ask({"1.0"}), (std::vector<std::string>{"1.0", "", "400", "not on the list", "", ""}));
}

}  // namespace
}  // namespace nelumbo
