// SPDX-License-Identifier: Apache-2.0
#include "actors/bulk_transfer.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace nelumbo {
namespace {

using Chunk = BulkTransfer::Chunk;
using std::chrono::milliseconds;

const std::string kText = "0123456789";
constexpr uint64_t kChunk = 4;

uint64_t hash_of(const std::string& text) {
  return object_hash(chunk_hashes(bytes_of(text), kChunk));
}

const BulkTransfer::Time kStart{milliseconds(1000)};

/// Ten bytes in chunks of four, all three asked for at kStart.
struct Asked {
  BulkTransfer transfer{"a", {.object = 7, .size = 10, .hash = hash_of(kText)}, kChunk};

  Asked() {
    while (transfer.next())
      transfer.ask_next(kStart);
  }
  Result<bool> take(uint64_t offset, const std::string& payload, const std::string& hashed) {
    const BulkHeader header{.kind = BulkKind::kChunk,
                            .object = 7,
                            .offset = offset,
                            .length = payload.size(),
                            .hash = xxh3_64(bytes_of(hashed))};
    return transfer.take(header, bytes_of(payload), kStart + milliseconds(5));
  }
  bool kept(uint64_t offset, const std::string& payload) {
    return take(offset, payload, payload).value();
  }
  std::string finished() {
    const auto bytes = transfer.finish();
    return bytes.ok() ? std::string(bytes.value().begin(), bytes.value().end())
                      : bytes.error().message;
  }
};

TEST(BulkHash, IsThatOfTheHashesOfTheChunks) {
  const std::vector<uint64_t> chunks = {xxh3_64(bytes_of("0123")), xxh3_64(bytes_of("4567")),
                                        xxh3_64(bytes_of("89"))};
  EXPECT_EQ(chunk_hashes(bytes_of(kText), kChunk), chunks);
  EXPECT_EQ(hash_of(kText), xxh3_64(std::as_bytes(std::span(chunks))));
  EXPECT_EQ(chunk_hashes({}, kChunk), std::vector<uint64_t>{xxh3_64({})});
  EXPECT_EQ(chunk_hashes(bytes_of("01234567"), kChunk).size(), 2U);
}

TEST(BulkTransfer, AsksForEachChunkOnce) {
  BulkTransfer transfer("a", {.object = 7, .size = 10, .hash = 0}, 4);
  EXPECT_FALSE(transfer.begun());
  for (const Chunk& expected : {Chunk{0, 4}, Chunk{4, 4}, Chunk{8, 2}}) {
    EXPECT_EQ(transfer.next(), expected);
    transfer.ask_next(kStart);
  }
  EXPECT_FALSE(transfer.next());
  EXPECT_EQ(transfer.in_flight(), 3u);
}

TEST(BulkTransfer, AnEmptyObjectHasOneEmptyChunk) {
  BulkTransfer transfer("a", {.object = 7, .size = 0, .hash = hash_of("")}, kChunk);
  EXPECT_FALSE(transfer.complete());
  EXPECT_EQ(transfer.next(), (Chunk{0, 0}));
  transfer.ask_next(kStart);
  const BulkHeader header{.kind = BulkKind::kChunk, .object = 7, .hash = xxh3_64({})};
  EXPECT_TRUE(transfer.take(header, {}, kStart).value());
  ASSERT_TRUE(transfer.complete());
  EXPECT_TRUE(transfer.finish().value().empty());
}

TEST(BulkTransfer, PutsChunksOfAnyOrderInTheirPlace) {
  Asked in_order;
  EXPECT_TRUE(in_order.kept(0, "0123") && in_order.kept(4, "4567") && in_order.kept(8, "89"));
  EXPECT_EQ(in_order.finished(), kText);
  Asked backwards;
  EXPECT_TRUE(backwards.kept(8, "89") && backwards.kept(4, "4567"));
  EXPECT_FALSE(backwards.transfer.complete());
  EXPECT_TRUE(backwards.kept(0, "0123"));
  EXPECT_EQ(backwards.finished(), kText);
}

TEST(BulkTransfer, DropsWhatItDidNotAskForOrHasAlready) {
  Asked asked;
  EXPECT_TRUE(asked.kept(4, "4567"));
  EXPECT_FALSE(asked.kept(4, "4567"));
  EXPECT_FALSE(asked.kept(1, "1234"));
  EXPECT_FALSE(asked.kept(12, "xxxx"));
  EXPECT_FALSE(asked.kept(~uint64_t{0}, "xxxx"));
  EXPECT_EQ(asked.transfer.in_flight(), 2u);
}

TEST(BulkTransfer, AsksAgainForAChunkWithAWrongByteOrSize) {
  Asked asked;
  EXPECT_FALSE(asked.take(4, "4x67", "4567").value());
  EXPECT_EQ(asked.transfer.ask_again(kStart), std::vector<Chunk>({{4, 4}}));
  EXPECT_FALSE(asked.take(8, "89", "8").value());
  EXPECT_FALSE(asked.take(0, "01234", "01234").value());
  EXPECT_EQ(asked.transfer.in_flight(), 3u);
}

TEST(BulkTransfer, GivesUpAChunkThatIsWrongThreeTimes) {
  Asked asked;
  EXPECT_FALSE(asked.take(4, "4x67", "4567").value());
  EXPECT_FALSE(asked.take(4, "4x67", "4567").value());
  EXPECT_FALSE(asked.take(0, "x", "x").value());
  const auto third = asked.take(4, "4x67", "4567");
  ASSERT_FALSE(third.ok());
  EXPECT_EQ(third.error().code, Errc::kBadData);
}

TEST(BulkTransfer, RefusesAWholeThatIsNotWhatWasOffered) {
  Asked asked;
  EXPECT_TRUE(asked.kept(0, "0123") && asked.kept(4, "4x67") && asked.kept(8, "89"));
  EXPECT_EQ(asked.transfer.finish().error().code, Errc::kBadData);
}

TEST(BulkTransfer, RefusesChunksInTheWrongOrder) {
  Asked asked;
  EXPECT_TRUE(asked.kept(0, "4567") && asked.kept(4, "0123") && asked.kept(8, "89"));
  EXPECT_EQ(asked.transfer.finish().error().code, Errc::kBadData);
}

TEST(BulkTransfer, AsksAgainAtOnceForWhatWasPutOff) {
  Asked asked;
  EXPECT_TRUE(asked.transfer.ask_again(kStart).empty());
  asked.transfer.put_off(8);
  EXPECT_EQ(asked.transfer.ask_again(kStart), std::vector<Chunk>({{8, 2}}));
  EXPECT_TRUE(asked.transfer.ask_again(kStart).empty());
}

TEST(BulkTransfer, AsksAgainForWhatIsLateMoreAndMoreRarely) {
  Asked asked;
  EXPECT_TRUE(asked.kept(0, "0123") && asked.kept(8, "89"));
  std::vector<int> seconds;
  for (int i = 1; i <= 32; ++i)
    if (asked.transfer.ask_again(kStart + std::chrono::seconds(i)) == std::vector<Chunk>({{4, 4}}))
      seconds.push_back(i);
  EXPECT_EQ(seconds, std::vector<int>({1, 3, 7, 15, 23, 31}));
  EXPECT_TRUE(asked.transfer.ask_again(kStart + milliseconds(38'999)).empty());
}

TEST(BulkTransfer, FailuresNameObjectPeerAndOffset) {
  Asked asked;
  EXPECT_TRUE(asked.kept(0, "0123"));
  EXPECT_EQ(asked.transfer.failure(Errc::kUnavailable, "why").message,
            "object 7 from 'a', at byte 4 of 10: why");
  EXPECT_EQ(asked.transfer.last(), kStart + milliseconds(5));
}

TEST(BulkTransfer, SaysWhenThereIsNoMemory) {
  const uint64_t size = ~uint64_t{0};  // more than a vector can have
  BulkTransfer transfer("a", {.object = 7, .size = size, .hash = 0}, 4);
  transfer.ask_next(kStart);
  const BulkHeader header{.kind = BulkKind::kChunk,
                          .object = 7,
                          .offset = 0,
                          .length = 4,
                          .hash = xxh3_64(bytes_of("0123"))};
  const auto taken = transfer.take(header, bytes_of("0123"), kStart);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, Errc::kEnvironment);
}

}  // namespace
}  // namespace nelumbo
