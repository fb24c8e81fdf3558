// SPDX-License-Identifier: Apache-2.0
#include "corpus/chat_content.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

const ordered_json kImage = {{"type", "image"}};

ordered_json text(const std::string& words) {
  return {{"type", "text"}, {"text", words}};
}

/// What a user is taken to say who says `words` beside so many pictures.
ordered_json content(const std::string& words, size_t pictures) {
  ordered_json messages = ordered_json::array(
      {{{"role", "system"}, {"content", "s"}}, {{"role", "user"}, {"content", words}}});
  place_pictures(pictures, &messages);
  EXPECT_EQ(messages[0]["content"], "s");
  return messages[1]["content"];
}

TEST(ChatContent, PlacesPicturesAtTheirMarks) {
  EXPECT_EQ(content("Is <image> as <image>?", 2),
            ordered_json::array({text("Is "), kImage, text(" as "), kImage, text("?")}));
  EXPECT_EQ(content("<image>What?", 1), ordered_json::array({kImage, text("What?")}));
}

TEST(ChatContent, PlacesOthersInFront) {
  EXPECT_EQ(content("What?", 1), ordered_json::array({kImage, text("What?")}));
  EXPECT_EQ(content("What is <image>?", 2),
            ordered_json::array({kImage, kImage, text("What is <image>?")}));
}

TEST(ChatContent, TakesWordsAndPicturesOfParts) {
  const ordered_json named = {{"type", "image_url"}, {"image_url", {{"url", "data:,"}}}};
  EXPECT_EQ(picture_of(named), "data:,");
  EXPECT_EQ(picture_of({{"type", "image"}, {"path", "a.png"}}), "a.png");
  EXPECT_EQ(picture_of(kImage), std::nullopt);
  EXPECT_EQ(words_of("a"), "a");
  EXPECT_EQ(words_of(ordered_json::array({text("a"), named, text("b")})), "ab");
  EXPECT_EQ(with_bare_parts({{"role", "user"}, {"content", {text("a"), named}}})["content"],
            ordered_json::array({text("a"), kImage}));
}

TEST(ChatContent, FindsWhatAPartOfItsKindMustNotHave) {
  ordered_json both = text("a");
  both["image"] = nullptr;
  both["url"] = "";
  EXPECT_EQ(contradiction_in(both), std::nullopt);
  EXPECT_EQ(with_bare_parts({{"role", "user"}, {"content", {both}}})["content"],
            ordered_json::array({text("a")}));
  both["video"] = "1";
  EXPECT_EQ(contradiction_in(both), "video");
  EXPECT_EQ(contradiction_in({{"type", "text"}, {"text", "a"}, {"image", "b.png"}}), "image");
  EXPECT_EQ(contradiction_in({{"type", "image"}, {"image", "b.png"}}), std::nullopt);
  EXPECT_EQ(contradiction_in({{"type", "image"}, {"image", "b.png"}, {"text", "a"}}), "text");
}

TEST(ChatContent, LeavesUrlsAsTheyAre) {
  EXPECT_EQ(from_folder_of("d/rows.jsonl", "p/a.png"), "d/p/a.png");
  EXPECT_EQ(from_folder_of("d/rows.jsonl", "/a.png"), "/a.png");
  EXPECT_EQ(from_folder_of("d/rows.jsonl", "data:,"), "data:,");
  EXPECT_EQ(from_folder_of("d/rows.jsonl", "s3://a"), "s3://a");
}

}  // namespace
}  // namespace nelumbo
