// SPDX-License-Identifier: Apache-2.0
#include "actors/bulk_socket.h"

#include <array>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/hash.h"
#include "tests/support/bulk_peer.h"
#include "tests/support/certificate_folder.h"
#include "tests/support/unlisted_peer.h"

namespace nelumbo {
namespace {

constexpr std::chrono::milliseconds kLong{10'000};

/// The next message, waited for.
BulkSocket::Message next(BulkSocket& socket) {
  std::optional<BulkSocket::Message> message;
  for (int tries = 0; tries < 100 && !message; ++tries) {
    socket.wait(-1, kLong / 100);
    message = socket.receive();
  }
  NELUMBO_CHECK(message) << "nothing comes";
  return std::move(*message);
}

struct Listener {
  BulkSocket socket{zmq::socket_type::router, 100};
  Listener() { socket.listen({}); }
};

TEST(BulkSocket, KnowsWhoSentAndAnswersThem) {
  Listener listener;
  BulkSocket node(zmq::socket_type::dealer, 100);
  node.dial(listener.socket.port(), "a");
  const BulkHeader get{.object = 5, .offset = 1, .length = 3};
  while (!node.send("", get))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto asked = next(listener.socket);
  EXPECT_EQ(asked.peer, "a");
  ASSERT_EQ(asked.frames.size(), 1u);
  EXPECT_EQ(unpack_bulk_header(bytes_of(asked.frames[0])), get);
  const auto bytes =
      std::make_shared<const std::vector<char>>(std::vector<char>({'0', '1', '2', '3', '4'}));
  EXPECT_TRUE(listener.socket.send("a", get, bytes));
  const auto answer = next(node);
  EXPECT_EQ(answer.peer, "");
  ASSERT_EQ(answer.frames.size(), 2u);
  EXPECT_EQ(answer.frames[1].to_string(), "123");
}

TEST(BulkSocket, KeepsBytesAliveUntilTheyAreSentAndNoLonger) {
  Listener listener;
  BulkHand hand(listener.socket.port(), "a");
  hand.send({"hello"});
  next(listener.socket);
  auto bytes = std::make_shared<const std::vector<char>>(100, 'x');
  const std::weak_ptr<const std::vector<char>> watched = bytes;
  EXPECT_TRUE(listener.socket.send("a", {.offset = 0, .length = 100}, bytes));
  bytes.reset();
  EXPECT_EQ(hand.receive().at(1), std::string(100, 'x'));
  for (int i = 0; i < 1000 && !watched.expired(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(watched.expired());
}

TEST(BulkSocket, SaysThatAPeerIsNotThere) {
  Listener listener;
  EXPECT_FALSE(listener.socket.send("nobody", {}));
  BulkSocket alone(zmq::socket_type::dealer, 100);
  alone.dial(1, "b");  // nobody listens
  EXPECT_FALSE(alone.send("", {}));
}

TEST(BulkSocket, NeitherBlocksNorGrowsWhenAPeerReadsNothing) {
  Listener listener;
  BulkHand hand(listener.socket.port(), "a");
  hand.send({"hello"});
  next(listener.socket);
  const auto bytes = std::make_shared<const std::vector<char>>(1 << 20, 'x');
  int sent = 0;
  while (sent < 100'000 && listener.socket.send("a", {.offset = 0, .length = 1 << 20}, bytes))
    ++sent;
  EXPECT_GE(sent, 64);  // a full window fits
  EXPECT_LT(sent, 2000);
}

TEST(BulkSocket, LeavesOutFramesBehindTheFirstFew) {
  Listener listener;
  BulkHand hand(listener.socket.port(), "a");
  hand.send(BulkHand::Frames(50, "x"));
  hand.send({"y"});
  EXPECT_EQ(next(listener.socket).frames.size(), 4u);
  EXPECT_EQ(next(listener.socket).frames.at(0).to_string(), "y");
}

TEST(BulkSocket, ClosesOnAFrameOverTheLimit) {
  Listener listener;
  BulkHand hand(listener.socket.port(), "a");
  hand.send({std::string(5000, 'x')});
  BulkHand honest(listener.socket.port(), "b");
  honest.send({"y"});
  EXPECT_EQ(next(listener.socket).peer, "b");
  listener.socket.wait(-1, std::chrono::milliseconds(200));
  EXPECT_FALSE(listener.socket.receive());
}

TEST(BulkSocket, WakesForADescriptor) {
  Listener listener;
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  EXPECT_FALSE(listener.socket.wait(ends[0], std::chrono::milliseconds(1)));
  ASSERT_EQ(::write(ends[1], "x", 1), 1);
  EXPECT_TRUE(listener.socket.wait(ends[0], kLong));
  ::close(ends[0]);
  ::close(ends[1]);
}

/// Two ends with certificates of one run.
class GuardedSocket : public ::testing::Test {
 protected:
  GuardedSocket() { listener_.listen({}, {kLoopback, folder().load("coordinator")}); }
  static const CertificateFolder& folder() {
    static const CertificateFolder one({"west", "east"});
    return one;
  }
  /// Whether something of that node arrives within a second.
  bool arrives(BulkSocket& node) {
    for (int tries = 0; tries < 100; ++tries) {
      node.send("", BulkHeader{.object = 5});
      listener_.wait(-1, std::chrono::milliseconds(10));
      if (auto message = listener_.receive()) {
        last_ = std::move(*message);
        return true;
      }
    }
    return false;
  }

  BulkSocket listener_{zmq::socket_type::router, 100};
  BulkSocket::Message last_;
};

TEST_F(GuardedSocket, CarriesFullFramesEncrypted) {
  BulkSocket node(zmq::socket_type::dealer, 1 << 20);
  node.dial(listener_.port(), "west/r#1", {kLoopback, folder().load("west")});
  ASSERT_TRUE(arrives(node));
  EXPECT_EQ(last_.peer, "west/r#1");
  EXPECT_TRUE(last_.own_name);
  const auto bytes = std::make_shared<const std::vector<char>>(1 << 20, 'x');
  ASSERT_TRUE(listener_.send("west/r#1", {.length = 1 << 20}, bytes));
  EXPECT_EQ(next(node).frames.at(1).size(), size_t{1} << 20);
}

TEST_F(GuardedSocket, SeesThroughANameThatIsAnothers) {
  BulkSocket node(zmq::socket_type::dealer, 100);
  node.dial(listener_.port(), "west/r#1", {kLoopback, folder().load("east")});
  ASSERT_TRUE(arrives(node));
  EXPECT_FALSE(last_.own_name);
}

TEST_F(GuardedSocket, HearsNobodyElse) {
  const CertificateFolder other;
  BulkSocket foreign(zmq::socket_type::dealer, 100), plain(zmq::socket_type::dealer, 100);
  foreign.dial(listener_.port(), "node/r#1", {kLoopback, other.load("node")});
  plain.dial(listener_.port(), "west/r#1");
  EXPECT_FALSE(arrives(foreign));
  EXPECT_FALSE(arrives(plain));
  // One who knows the server's key, and has one of its own that nobody listed.
  UnlistedPeer stranger(listener_.port(), folder().load("coordinator")->curve_public());
  EXPECT_FALSE(stranger.is_heard(listener_));
}

}  // namespace
}  // namespace nelumbo
