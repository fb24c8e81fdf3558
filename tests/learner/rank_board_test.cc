// SPDX-License-Identifier: Apache-2.0
#include "learner/rank_board.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <torch/csrc/distributed/c10d/FileStore.hpp>

#include "tests/support/rank_store.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(RankBoard, SaysWhoIsElsewhere) {
  const auto store = rank_store();
  RankBoard(store, 1, 4).leave({"", 8});
  RankBoard(store, 2, 4).leave({"all_gather", 6});
  RankBoard(store, 3, 4).leave({"all_gather", 7});
  EXPECT_EQ(RankBoard(store, 0, 4).complaint({"all_gather", 7}, "too late"),
            "learner rank 0 of 4 waited in all_gather 7: rank 1 did not come, rank 2 is in "
            "all_gather 6 (too late)");
}

TEST(RankBoard, WhoLeavesNoWordDidNotCome) {
  RankBoard board(rank_store(), 1, 2);
  EXPECT_EQ(board.complaint({"barrier", 1}, "too late"),
            "learner rank 1 of 2 waited in barrier 1: rank 0 did not come (too late)");
}

TEST(RankBoard, WhereAllAreInTheSameCallNobodyIsNamed) {
  const auto store = rank_store();
  RankBoard(store, 1, 2).leave({"all_gather", 3});
  EXPECT_EQ(RankBoard(store, 0, 2).complaint({"all_gather", 3}, "cut"),
            "learner rank 0 of 2 waited in all_gather 3: all ranks are in it (cut)");
}

TEST(RankBoard, ARankThatEndedIsMissedFromItsNextCallOn) {
  const auto store = rank_store();
  RankBoard board(store, 0, 2), other(store, 1, 2);
  EXPECT_FALSE(board.someone_left(100));
  other.leave({"", 5});
  EXPECT_FALSE(board.someone_left(4)) << "it has ended call 4";
  EXPECT_TRUE(board.someone_left(5));
  EXPECT_FALSE(other.someone_left(5)) << "itself does not count";
}

TEST(RankBoard, ARankThatGaveUpIsMissedInEveryCall) {
  const auto store = rank_store();
  RankBoard(store, 1, 2).leave({"all_gather", 5});
  EXPECT_TRUE(RankBoard(store, 0, 2).someone_left(4));
}

TEST(RankBoard, WhatOneRankPublishesAllCanRead) {
  const auto store = rank_store();
  const std::string bytes("a\0b", 3);
  EXPECT_EQ(RankBoard(store, 1, 2).published("id"), std::nullopt);
  ASSERT_TRUE(RankBoard(store, 0, 2).publish("id", bytes).ok());
  EXPECT_EQ(RankBoard(store, 1, 2).published("id"), bytes);
}

TEST(RankBoard, AStoreThatFailsIsOneWithoutAWord) {
  const TemporaryFolder scratch;
  std::filesystem::create_directory(scratch / "gone");
  const auto file = c10::make_intrusive<c10d::FileStore>(scratch / "gone/store", 2);
  file->setTimeout(std::chrono::milliseconds(1));
  std::filesystem::remove_all(scratch / "gone");
  RankBoard board({file.get(), [file](c10d::Store* /*held*/) {}}, 0, 2);
  EXPECT_EQ(board.complaint({"barrier", 1}, "too late"),
            "learner rank 0 of 2 waited in barrier 1: rank 1 did not come (too late)");
}

}  // namespace
}  // namespace nelumbo
