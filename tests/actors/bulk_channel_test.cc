// SPDX-License-Identifier: Apache-2.0
#include "actors/bulk_channel.h"

#include <array>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "tests/support/bulk_peer.h"

namespace nelumbo {
namespace {

using std::chrono::milliseconds;
using Channel = std::unique_ptr<BulkChannel>;

constexpr size_t kChunk = 4096;
const BulkLimits kSmall{
    .chunk = kChunk, .window = 4, .most_bytes = 64 << 20, .stall = milliseconds(20'000)};
const BulkLimits kHasty{
    .chunk = kChunk, .window = 4, .most_bytes = 64 << 20, .stall = milliseconds(300)};

Channel listener(const BulkLimits& limits = kSmall, std::optional<uint16_t> port = {}) {
  auto channel = BulkChannel::listen(limits, port);
  NELUMBO_CHECK(channel.ok()) << channel.error().message;
  return std::move(channel.value());
}

Channel node(const BulkChannel& to, const std::string& name, const BulkLimits& limits = kSmall) {
  auto channel = BulkChannel::dial(to.port(), name, limits);
  NELUMBO_CHECK(channel.ok()) << channel.error().message;
  return std::move(channel.value());
}

uint64_t hash_of(const std::string& text) {
  return object_hash(chunk_hashes(bytes_of(text), kChunk));
}

std::string text_of(const Result<std::vector<char>>& result) {
  return result.ok() ? std::string(result.value().begin(), result.value().end())
                     : "error: " + result.error().message;
}

std::string text_of(const std::vector<char>& bytes) {
  return std::string(bytes.begin(), bytes.end());
}

TEST(BulkChannel, CarriesObjectsOfEverySizeBothWays) {
  const Channel coordinator = listener();
  const Channel a = node(*coordinator, "a");
  for (const size_t size : {size_t{0}, size_t{1}, kChunk - 1, kChunk, kChunk + 1, 10 * kChunk,
                            10 * kChunk + kChunk / 2}) {
    const auto there = bulk_bytes(size, 1), back = bulk_bytes(size, 2);
    const BulkRef ref = coordinator->offer(there);
    EXPECT_EQ(ref.size, size);
    BulkAnswer at_node(*a, "", ref), at_coordinator(*coordinator, "a", a->offer(back));
    EXPECT_EQ(text_of(at_node.get()), text_of(*there)) << size;
    EXPECT_EQ(text_of(at_coordinator.get()), text_of(*back)) << size;
  }
  EXPECT_EQ(coordinator->dropped() + a->dropped(), 0u);
}

TEST(BulkChannel, ServesFourNodesAtOnceAndPullsFromThem) {
  const Channel coordinator = listener();
  std::vector<Channel> nodes;
  std::vector<BulkAnswer> down, up;
  const auto weights = bulk_bytes(300 * kChunk + 5, 9);
  const BulkRef ref = coordinator->offer(weights);
  for (uint64_t i = 0; i < 4; ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    nodes.push_back(node(*coordinator, name));
    down.emplace_back(*nodes.back(), "", ref);
    for (uint64_t j = 0; j < 5; ++j)
      up.emplace_back(*coordinator, name, nodes.back()->offer(bulk_bytes(50 * kChunk, 10 * i + j)));
  }
  for (BulkAnswer& answer : down)
    EXPECT_EQ(text_of(answer.get()), text_of(*weights));
  for (uint64_t i = 0; i < up.size(); ++i)
    EXPECT_EQ(text_of(up[i].get()), text_of(*bulk_bytes(50 * kChunk, 10 * (i / 5) + i % 5)));
}

TEST(BulkChannel, IsToldThatAnObjectIsGone) {
  const Channel coordinator = listener();
  const Channel a = node(*coordinator, "a");
  const BulkRef ref = coordinator->offer(bulk_bytes(10));
  EXPECT_TRUE(BulkAnswer(*a, "", ref).get().ok());
  coordinator->withdraw(ref);
  const auto result = BulkAnswer(*a, "", ref).get();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, Errc::kUnavailable);
  EXPECT_NE(result.error().message.find("not offered there any more"), std::string::npos);
  EXPECT_NE(coordinator->offer(bulk_bytes(10)).object, ref.object);
}

TEST(BulkChannel, LetsGoOfWithdrawnBytes) {
  const Channel coordinator = listener();
  auto bytes = bulk_bytes(10);
  const std::weak_ptr<const std::vector<char>> watched = bytes;
  const BulkRef ref = coordinator->offer(std::move(bytes));
  EXPECT_FALSE(watched.expired());
  coordinator->withdraw({.object = ref.object, .size = 10, .hash = ref.hash + 1});
  EXPECT_FALSE(watched.expired());
  coordinator->withdraw(ref);
  coordinator->withdraw(ref);
  EXPECT_TRUE(watched.expired());
}

TEST(BulkChannel, ServesNoOtherBytesUnderAnOldNumber) {
  const Channel coordinator = listener();
  const Channel a = node(*coordinator, "a");
  BulkRef ref = coordinator->offer(bulk_bytes(10));
  ref.hash += 1;
  const auto result = BulkAnswer(*a, "", ref).get();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, Errc::kUnavailable);
}

TEST(BulkChannel, RefusesASizeOverTheLimit) {
  const Channel coordinator = listener();
  const Channel a = node(*coordinator, "a");
  const auto result = BulkAnswer(*a, "", {.object = 1, .size = uint64_t{1} << 62, .hash = 0}).get();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, Errc::kBadData);
}

TEST(BulkChannel, NamesWhatCannotBe) {
  const Channel coordinator = listener();
  const Channel a = node(*coordinator, "a");
  EXPECT_EQ(BulkAnswer(*a, "b", {}).get().error().code, Errc::kInvalidConfig);
  EXPECT_EQ(BulkAnswer(*coordinator, "", {}).get().error().code, Errc::kInvalidConfig);
  EXPECT_EQ(BulkChannel::listen({.chunk = 0}).error().code, Errc::kInvalidConfig);
  EXPECT_EQ(BulkChannel::listen({.window = 65}).error().code, Errc::kInvalidConfig);
  for (const std::string& name : {std::string(), std::string(256, 'x'), std::string("\0a", 2)})
    EXPECT_EQ(BulkChannel::dial(1, name, kSmall).error().code, Errc::kInvalidConfig);
  const auto taken = BulkChannel::listen(kSmall, coordinator->port());
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, Errc::kEnvironment);
  EXPECT_NE(taken.error().message.find(std::to_string(coordinator->port())), std::string::npos);
}

TEST(BulkChannel, APeerThatNeverComesIsWaitedForUntilTheStall) {
  const Channel coordinator = listener(kHasty);
  const auto result = BulkAnswer(*coordinator, "nobody", {.object = 3, .size = 5, .hash = 0}).get();
  EXPECT_EQ(text_of(result),
            "error: object 3 from 'nobody', at byte 0 of 5: nothing has come for 300 ms");
}

TEST(BulkChannel, APeerKilledInTheMiddleEndsInAStall) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const std::string text = text_of(*bulk_bytes(100 * kChunk));
  const pid_t child = ::fork();
  if (child == 0) {  // serves three chunks and is killed
    uint16_t port = 0;
    if (::read(ends[0], &port, sizeof(port)) != sizeof(port))
      ::_exit(1);
    BulkHand hand(port, "victim");
    hand.send({"hello"});
    for (int i = 0; i < 3; ++i)
      hand.answer(hand.asked(), text, text);
    hand.asked();  // what was sent has come
    hand.asked();
    hand.asked();
    ::raise(SIGKILL);
  }
  const Channel coordinator = listener(kHasty);
  const uint16_t port = coordinator->port();
  ASSERT_EQ(::write(ends[1], &port, sizeof(port)), ssize_t{sizeof(port)});
  const BulkRef ref{.object = 1, .size = text.size(), .hash = hash_of(text)};
  BulkAnswer answer(*coordinator, "victim", ref);
  const auto result = answer.get();
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(text_of(result),
            "error: object 1 from 'victim', at byte 12288 of 409600: nothing has "
            "come for 300 ms");
}

/// A node that pulls an object of many chunks one by one, and a coordinator that goes away while it
/// does; the bytes offered behind it on the same port decide how the fetch ends.
Result<std::vector<char>> fetch_across_a_restart(std::shared_ptr<const std::vector<char>> before,
                                                 std::shared_ptr<const std::vector<char>> behind) {
  BulkLimits limits = kSmall;
  limits.window = 1;
  Channel coordinator = listener(limits);
  const uint16_t port = coordinator->port();
  const Channel a = node(*coordinator, "a", limits);
  BulkAnswer answer(*a, "", coordinator->offer(std::move(before)));
  EXPECT_FALSE(answer.within(milliseconds(30)));
  coordinator.reset();
  EXPECT_FALSE(answer.within(milliseconds(30)));
  coordinator = listener(limits, port);
  coordinator->offer(std::move(behind));
  return answer.get();
}

TEST(BulkChannel, AFetchGoesOnWhenTheListenerComesBack) {
  const auto bytes = bulk_bytes(1500 * kChunk);
  EXPECT_EQ(text_of(fetch_across_a_restart(bytes, bytes)), text_of(*bytes));
}

TEST(BulkChannel, AFetchEndsWhenTheListenerComesBackWithOtherBytes) {
  const auto result = fetch_across_a_restart(bulk_bytes(1500 * kChunk), bulk_bytes(5));
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message.find("not offered there any more"), std::string::npos);
}

TEST(BulkChannel, AFetchGoesOnWhenTheNodeComesBack) {
  BulkLimits limits = kSmall;
  limits.window = 1;
  const Channel coordinator = listener(limits);
  const auto bytes = bulk_bytes(1500 * kChunk);
  Channel a = node(*coordinator, "a", limits);
  BulkAnswer answer(*coordinator, "a", a->offer(bytes));
  EXPECT_FALSE(answer.within(milliseconds(50)));
  a.reset();
  a = node(*coordinator, "a", limits);
  a->offer(bytes);
  EXPECT_EQ(text_of(answer.get()), text_of(*bytes));
}

TEST(BulkChannel, EndsItsFetchesWhenItEnds) {
  Channel coordinator = listener();
  BulkAnswer begun(*coordinator, "nobody", {.object = 1, .size = 5, .hash = 0});
  EXPECT_FALSE(begun.within(milliseconds(50)));
  BulkAnswer last(*coordinator, "nobody", {.object = 2, .size = 5, .hash = 0});
  coordinator.reset();
  EXPECT_TRUE(begun.within(milliseconds(0)) && last.within(milliseconds(0)));
  EXPECT_EQ(begun.get().error().code, Errc::kUnavailable);
  EXPECT_EQ(last.get().error().code, Errc::kUnavailable);
}

TEST(BulkChannel, ACallbackMayAskForMore) {
  const Channel coordinator = listener();
  const Channel a = node(*coordinator, "a");
  const BulkRef first = coordinator->offer(bulk_bytes(5, 1));
  const BulkRef second = coordinator->offer(bulk_bytes(5, 2));
  std::promise<Result<std::vector<char>>> promise;
  a->fetch("", first, [&](const Result<std::vector<char>>&) {
    a->fetch("", second, [&](auto result) { promise.set_value(std::move(result)); });
  });
  EXPECT_EQ(text_of(promise.get_future().get()), text_of(*bulk_bytes(5, 2)));
}

TEST(BulkChannel, FindsAFlippedByte) {
  const std::string text = text_of(*bulk_bytes(3 * kChunk));
  std::string flipped = text;
  flipped[kChunk + 7] ^= 1;
  const BulkRef ref{.object = 1, .size = text.size(), .hash = hash_of(text)};
  const Channel coordinator = listener();
  BulkHand hand(coordinator->port(), "liar");
  hand.send({"hello"});

  BulkAnswer once(*coordinator, "liar", ref);
  for (const std::string& sent : {text, flipped, text, text})
    hand.answer(hand.asked(), sent, text);
  EXPECT_EQ(text_of(once.get()), text);
  EXPECT_EQ(coordinator->dropped(), 2u);  // the hello, and the wrong chunk

  BulkAnswer always(*coordinator, "liar", ref);
  for (int i = 0; i < 5; ++i)
    hand.answer(hand.asked(), flipped, text);
  EXPECT_EQ(always.get().error().code, Errc::kBadData);

  BulkAnswer well_hashed(*coordinator, "liar", ref);
  for (int i = 0; i < 3; ++i)
    hand.answer(hand.asked(), flipped, flipped);
  EXPECT_EQ(well_hashed.get().error().code, Errc::kBadData);
}

/// What no honest end sends, in order of the fields that are wrong.
std::vector<BulkHand::Frames> broken_messages(const BulkRef& ref) {
  constexpr uint64_t kMost = ~uint64_t{0};
  BulkHeader get{.object = ref.object, .hash = ref.hash};
  std::vector<BulkHand::Frames> all = {{""}, {"x"}, {"", "", ""}, BulkHand::Frames(20, "x")};
  for (const auto& [offset, length] : {std::pair<uint64_t, uint64_t>{0, kChunk + 1},
                                       {0, kMost},
                                       {kMost, 1},
                                       {kMost, kMost},
                                       {ref.size + 1, 0},
                                       {ref.size, 1},
                                       {1, kMost}}) {
    get.offset = offset;
    get.length = length;
    all.push_back({pack(get)});
  }
  for (uint64_t ticket = 0; ticket < 4; ++ticket) {
    const BulkHeader chunk{.kind = BulkKind::kChunk, .object = 1, .ticket = ticket, .length = 4};
    const BulkHeader gone{.kind = BulkKind::kGone, .object = 1, .ticket = ticket};
    all.insert(all.end(), {{pack(chunk), "1234"}, {pack(chunk)}, {pack(gone)}, {pack(gone), "x"}});
  }
  std::string unknown = pack(get);
  unknown[5] = '\x09';
  all.push_back({unknown});
  std::mt19937_64 random(7);
  for (int i = 0; i < 500; ++i) {
    std::string bytes = pack(get);
    for (int flips = 0; flips < 3; ++flips)
      bytes[random() % 8] = static_cast<char>(random() | 128);
    all.push_back({bytes, std::string(random() % kChunk, 'x')});
  }
  return all;
}

TEST(BulkChannel, CountsAndDropsBrokenMessages) {
  const Channel coordinator = listener();
  const Channel a = node(*coordinator, "a");
  const auto bytes = bulk_bytes(2000 * kChunk);
  const BulkRef ref = coordinator->offer(bytes);
  BulkAnswer honest(*a, "", ref);
  BulkAnswer upwards(*coordinator, "a", a->offer(bytes));
  BulkHand hand(coordinator->port(), "");
  const auto broken = broken_messages(ref);
  for (const BulkHand::Frames& frames : broken)
    hand.send(frames);
  EXPECT_EQ(text_of(honest.get()), text_of(*bytes));
  EXPECT_EQ(text_of(upwards.get()), text_of(*bytes));
  hand.send({pack({.object = ref.object, .length = 1, .hash = ref.hash})});
  EXPECT_EQ(hand.receive().size(), 2u);  // all before it has been read
  EXPECT_EQ(coordinator->dropped(), broken.size());
}

/// What a ZeroMQ peer says first, and when it has been greeted.
const std::string kGreeting =
    std::string("\xFF\0\0\0\0\0\0\0\x01\x7F\x03\0NULL", 16) + std::string(48, '\0');
const std::string kReady = std::string("\x04\x1C\x05READY\x0BSocket-Type\0\0\0\x06", 24) + "DEALER";

TEST(BulkChannel, BearsWhateverConnects) {
  const Channel coordinator = listener();
  const Channel a = node(*coordinator, "a");
  const auto bytes = bulk_bytes(1000 * kChunk);
  BulkAnswer honest(*a, "", coordinator->offer(bytes));
  const std::string frame = kReady + std::string("\0\x05hello", 7);
  const std::vector<std::pair<std::string, std::string>> hostile = {
      {"", ""},
      {"GET / HTTP/1.1\r\n\r\n", ""},
      {std::string(4096, '\0'), ""},
      {kGreeting, std::string("\x04\xFF", 2) + std::string(255, 'x')},
      {kGreeting, kReady + "\x02\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"},
      {kGreeting, frame + std::string("\x02\x80\0\0\0\0\0\0\0", 9)},
      {kGreeting, frame + std::string("\x02\0\0\0\0\x40\0\0\0", 9)}};
  std::vector<int> connections;
  for (int round = 0; round < 10; ++round)
    for (const auto& [first, behind] : hostile)
      connections.push_back(raw_connection(coordinator->port(), first, behind));
  EXPECT_EQ(text_of(honest.get()), text_of(*bytes));
  const Channel b = node(*coordinator, "b");
  EXPECT_EQ(text_of(BulkAnswer(*b, "", coordinator->offer(bytes)).get()), text_of(*bytes));
  for (const int connection : connections) {
    EXPECT_TRUE(is_closed(connection));
    ::close(connection);
  }
  EXPECT_GT(coordinator->dropped(), 0u);  // the frames that came before a huge one
  EXPECT_LE(coordinator->dropped(), 20u);
}

TEST(BulkChannel, BearsNoise) {
  const Channel coordinator = listener();
  std::vector<int> connections;
  for (uint64_t seed = 0; seed < 30; ++seed)
    connections.push_back(
        raw_connection(coordinator->port(), text_of(*bulk_bytes(9000, seed)), ""));
  const Channel a = node(*coordinator, "a");
  EXPECT_TRUE(BulkAnswer(*a, "", coordinator->offer(bulk_bytes(5))).get().ok());
  for (const int connection : connections)
    ::close(connection);
}

}  // namespace
}  // namespace nelumbo
