// SPDX-License-Identifier: Apache-2.0
#include "actors/bulk_fetches.h"

#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include "base/hash.h"

namespace nelumbo {
namespace {

using std::chrono::milliseconds;
using Outcome = std::optional<Result<std::vector<char>>>;

/// Fetches of objects in chunks of four, two at a time, that stall after five seconds; what they
/// send is kept.
struct Story {
  struct Sent {
    std::string peer;
    BulkHeader get;
  };
  std::vector<Sent> sent;
  bool connected = true;
  BulkFetches::Time now{milliseconds(1)};
  BulkFetches fetches{{.chunk = 4, .window = 2, .most_bytes = 100, .stall = milliseconds(5000)},
                      [this](const std::string& peer, const BulkHeader& get) {
                        sent.push_back({peer, get});
                        return connected;
                      }};

  void begin(const std::string& peer, uint64_t object, const std::string& text, Outcome& outcome) {
    const BulkRef ref{.object = object,
                      .size = text.size(),
                      .hash = object_hash(chunk_hashes(bytes_of(text), 4))};
    fetches.begin(
        peer, ref, [&outcome](auto result) { outcome = std::move(result); }, now);
  }
  /// Answers the get of number `i` with a part of `text`.
  bool answer(size_t i, const std::string& text) {
    const Sent asked = sent.at(i);
    const std::string payload = text.substr(asked.get.offset, asked.get.length);
    BulkHeader header = asked.get;
    header.kind = BulkKind::kChunk;
    header.hash = xxh3_64(bytes_of(payload));
    return fetches.take(asked.peer, header, bytes_of(payload), now);
  }
  void pass(int64_t ms) {
    now += milliseconds(ms);
    fetches.tick(now);
  }
  std::vector<uint64_t> offsets() const {
    std::vector<uint64_t> all;
    std::transform(sent.begin(), sent.end(), std::back_inserter(all),
                   [](const Sent& one) { return one.get.offset; });
    return all;
  }
};

std::string text_of(const Outcome& outcome) {
  if (!outcome)
    return "(none yet)";
  return outcome->ok() ? std::string(outcome->value().begin(), outcome->value().end())
                       : outcome->error().message;
}

const std::string kText = "0123456789abcd";  // chunks at 0, 4, 8 and 12

TEST(BulkFetches, AsksForNoMoreThanTheWindow) {
  Story story;
  Outcome outcome;
  story.begin("a", 1, kText, outcome);
  EXPECT_EQ(story.offsets(), std::vector<uint64_t>({0, 4}));
  EXPECT_TRUE(story.answer(1, kText));
  EXPECT_EQ(story.offsets(), std::vector<uint64_t>({0, 4, 8}));
  for (const size_t i : {0, 2, 3})
    EXPECT_TRUE(story.answer(i, kText));
  EXPECT_EQ(text_of(outcome), kText);
  EXPECT_TRUE(story.fetches.idle());
}

TEST(BulkFetches, OneWindowServesAllFetchesFromAPeer) {
  Story story;
  Outcome first, second, other;
  story.begin("a", 1, "0123", first);
  story.begin("a", 2, kText, second);
  story.begin("a", 3, "", other);
  EXPECT_EQ(story.sent.size(), 2u);
  story.begin("b", 1, "0123", other);
  EXPECT_EQ(story.sent.size(), 3u);
  EXPECT_EQ(story.sent[2].peer, "b");
  EXPECT_TRUE(story.answer(0, "0123"));
  EXPECT_EQ(text_of(first), "0123");
  EXPECT_EQ(story.sent[3].get.object, 2u);
  EXPECT_EQ(story.sent[3].get.offset, 4u);
}

TEST(BulkFetches, RefusesASizeOverTheLimitBeforeItAsks) {
  Story story;
  Outcome outcome;
  story.fetches.begin(
      "a", {.object = 1, .size = 101, .hash = 0}, [&](auto result) { outcome = std::move(result); },
      story.now);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->error().code, Errc::kBadData);
  EXPECT_TRUE(story.sent.empty());
  EXPECT_TRUE(story.fetches.idle());
}

TEST(BulkFetches, DropsAnswersNobodyAskedFor) {
  Story story;
  Outcome outcome;
  story.begin("a", 1, kText, outcome);
  BulkHeader gone = story.sent[0].get;
  gone.kind = BulkKind::kGone;
  EXPECT_FALSE(story.fetches.take("b", gone, {}, story.now));
  gone.ticket += 1;
  EXPECT_FALSE(story.fetches.take("a", gone, {}, story.now));
  gone.ticket -= 1;
  gone.object = 2;
  EXPECT_FALSE(story.fetches.take("a", gone, {}, story.now));
  EXPECT_TRUE(story.answer(0, kText));
  EXPECT_FALSE(story.answer(0, kText));
  EXPECT_EQ(text_of(outcome), "(none yet)");
}

TEST(BulkFetches, EndsAtOnceWhenTheObjectIsGone) {
  Story story;
  Outcome outcome, next;
  story.begin("a", 1, kText, outcome);
  story.begin("a", 2, "0123", next);
  BulkHeader gone = story.sent[0].get;
  gone.kind = BulkKind::kGone;
  EXPECT_TRUE(story.fetches.take("a", gone, {}, story.now));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->error().code, Errc::kUnavailable);
  EXPECT_EQ(story.sent.back().get.object, 2u);  // the window is free again
  EXPECT_TRUE(story.answer(2, "0123"));
  EXPECT_EQ(text_of(next), "0123");
}

TEST(BulkFetches, AsksAgainAfterASecondAndWhenSomethingIsWrong) {
  Story story;
  Outcome outcome;
  story.begin("a", 1, "01234567", outcome);
  story.pass(999);
  EXPECT_EQ(story.sent.size(), 2u);
  EXPECT_FALSE(story.answer(1, "0123456"));  // a byte short
  EXPECT_EQ(story.offsets(), std::vector<uint64_t>({0, 4, 4}));
  story.pass(1);
  EXPECT_EQ(story.offsets(), std::vector<uint64_t>({0, 4, 4, 0}));
  EXPECT_TRUE(story.answer(3, "01234567") && story.answer(2, "01234567"));
  EXPECT_EQ(text_of(outcome), "01234567");
}

TEST(BulkFetches, AsksAtEveryTickWhileThereIsNoConnection) {
  Story story;
  Outcome outcome;
  story.connected = false;
  story.begin("a", 1, "0123", outcome);
  story.pass(20);
  story.pass(20);
  EXPECT_EQ(story.sent.size(), 3u);
  story.connected = true;
  story.pass(20);
  story.pass(20);
  EXPECT_EQ(story.sent.size(), 4u);
  EXPECT_TRUE(story.answer(3, "0123"));
  EXPECT_EQ(text_of(outcome), "0123");
}

TEST(BulkFetches, StallsWhenNothingComes) {
  Story story;
  Outcome outcome, queued;
  story.begin("a", 1, kText, outcome);
  story.begin("a", 2, kText, queued);
  story.pass(4000);
  EXPECT_TRUE(story.answer(0, kText));
  story.pass(5000);
  EXPECT_EQ(text_of(outcome), "(none yet)");
  story.pass(1);
  EXPECT_EQ(text_of(outcome), "object 1 from 'a', at byte 4 of 14: nothing has come for 5000 ms");
  EXPECT_EQ(text_of(queued), "object 2 from 'a', at byte 0 of 14: nothing has come for 5000 ms");
  EXPECT_TRUE(story.fetches.idle());
}

TEST(BulkFetches, AFetchThatWaitsForAnotherDoesNotStall) {
  Story story;
  Outcome outcome, queued;
  story.begin("a", 1, kText, outcome);
  story.begin("a", 2, "0123", queued);
  for (size_t i = 0; i < 4; ++i) {
    story.pass(4000);
    const auto newest = std::find_if(story.sent.rbegin(), story.sent.rend(), [&](const auto& one) {
      return one.get.object == 1 && one.get.offset == 4 * i;
    });
    EXPECT_TRUE(story.answer(story.sent.rend() - newest - 1, kText));
  }
  EXPECT_EQ(text_of(outcome), kText);
  EXPECT_EQ(text_of(queued), "(none yet)");
}

TEST(BulkFetches, EndsAllWithTheCause) {
  Story story;
  Outcome first, second;
  story.begin("a", 1, kText, first);
  story.begin("", 2, kText, second);
  story.fetches.end_all("the end");
  EXPECT_EQ(text_of(first), "object 1 from 'a', at byte 0 of 14: the end");
  EXPECT_EQ(text_of(second), "object 2 from the end that listens, at byte 0 of 14: the end");
  EXPECT_TRUE(story.fetches.idle());
}

}  // namespace
}  // namespace nelumbo
