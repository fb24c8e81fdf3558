// SPDX-License-Identifier: Apache-2.0
#include "rollout/tools.h"

#include <string>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "corpus/dialogue.h"
#include "corpus/grid.h"
#include "corpus/smear_words.h"

namespace nelumbo {
namespace {

TEST(Tools, ReadCallsInGridForm) {
  const GridBox grid{{6, 8, 15, 17}};
  const ToolCall zoom = parse_tool_call(zoom_call(0, grid));
  EXPECT_EQ(zoom.name, "zoom");
  EXPECT_EQ(zoom.image, 0);
  EXPECT_EQ(zoom.box->x0, box_from_grid(grid).x0);
  EXPECT_FALSE(zoom.error);
  const ToolCall rotate = parse_tool_call(rotate_call(2, 270));
  EXPECT_EQ(rotate.name, "rotate");
  EXPECT_EQ(rotate.image, 2);
  EXPECT_EQ(rotate.degrees, 270);
  const ToolCall locate = parse_tool_call(locate_call(1, SmearClass::kPlatelet, grid));
  EXPECT_EQ(locate.name, "locate");
  EXPECT_EQ(locate.label, "platelet");
  EXPECT_EQ(locate.box->y1, box_from_grid(grid).y1);
}

TEST(Tools, ReadTheSameCallsAsJson) {
  const ToolCall zoom = parse_tool_call(R"({"tool":"zoom","image":1,"box":[40,250,330.5,540]})");
  ASSERT_FALSE(zoom.error) << *zoom.error;
  EXPECT_EQ(zoom.image, 1);
  EXPECT_EQ(zoom.box->x1, 330.5);
  const ToolCall rotate = parse_tool_call(R"( {"tool":"rotate","image":0,"degrees":90} )");
  EXPECT_EQ(rotate.degrees, 90);
  const ToolCall locate =
      parse_tool_call(R"({"tool":"locate","image":0,"box":[1,2,3,4],"label":" white "})");
  EXPECT_EQ(locate.label, "white");
}

TEST(Tools, CutBoxesToThePicture) {
  const ToolCall zoom = parse_tool_call(R"({"tool":"zoom","image":0,"box":[-50,900,500,1200]})");
  ASSERT_TRUE(zoom.box);
  EXPECT_EQ(zoom.box->x0, 0);
  EXPECT_EQ(zoom.box->y1, 1000);
}

TEST(Tools, SayWhatIsWrongWithACall) {
  const std::pair<std::string, const char*> cases[] = {
      {"", reply::kUnreadable},
      {"   ", reply::kUnreadable},
      {"fly 0<g1><g1><g1><g1>", reply::kUnknownTool},
      {"zoom", reply::kUnreadable},
      {"zoom one<g1><g1><g1><g1>", reply::kUnreadable},
      {"zoom -1<g1><g1><g1><g1>", reply::kUnreadable},
      {"zoom 99999999999999999999<g1><g1><g1><g1>", reply::kUnreadable},
      {"zoom 0<g1><g1><g1>", reply::kUnreadable},
      {"zoom 0<g1><g1><g1><g1> and more", reply::kUnreadable},
      {"locate 0<g1><g1><g1><g1>", reply::kUnreadable},
      {"rotate 0 45", reply::kBadDegrees},
      {"rotate 0", reply::kBadDegrees},
      {"rotate 0 90 90", reply::kBadDegrees},
      {std::string(600, 'z'), reply::kUnreadable},
      {"{", reply::kUnreadable},
      {"[1,2]", reply::kUnknownTool},
      {R"({"image":0})", reply::kUnreadable},
      {R"({"tool":7,"image":0})", reply::kUnreadable},
      {R"({"tool":"fly","image":0})", reply::kUnknownTool},
      {R"({"tool":"zoom","image":0})", reply::kUnreadable},
      {R"({"tool":"zoom","image":-1,"box":[1,2,3,4]})", reply::kNoImage},
      {R"({"tool":"zoom","image":1.5,"box":[1,2,3,4]})", reply::kNoImage},
      {R"({"tool":"zoom","image":18446744073709551615,"box":[1,2,3,4]})", reply::kNoImage},
      {R"({"tool":"zoom","image":0,"box":[1,2,3]})", reply::kUnreadable},
      {R"({"tool":"zoom","image":0,"box":[1,2,3,"4"]})", reply::kUnreadable},
      {R"({"tool":"zoom","image":0,"box":[NaN,2,3,4]})", reply::kUnreadable},
      {R"({"tool":"zoom","image":0,"box":[1,2,3,1e999]})", reply::kUnreadable},
      {R"({"tool":"zoom","image":0,"box":[5,2,3,4]})", reply::kBadBox},
      {R"({"tool":"zoom","image":0,"box":[5,2,5,4]})", reply::kBadBox},
      {R"({"tool":"zoom","image":0,"box":[1001,2,1400,4]})", reply::kBadBox},
      {R"({"tool":"rotate","image":0,"degrees":"90"})", reply::kBadDegrees},
      {R"({"tool":"locate","image":0,"box":[1,2,3,4]})", reply::kUnreadable},
  };
  for (const auto& [text, why] : cases) {
    const ToolCall call = parse_tool_call(text);
    ASSERT_TRUE(call.error) << text;
    EXPECT_EQ(*call.error, why) << text;
    EXPECT_FALSE(call.box) << text;
  }
}

TEST(Tools, SurviveAnyText) {
  const std::string letters = "zomrtae 0129<g>/{}[]\":,.-_\n\xff\x00";
  Random random(1, Purpose::kControl);
  for (int round = 0; round < 5000; ++round) {
    std::string text = round % 3 == 0 ? "zoom 0" : round % 3 == 1 ? "{\"tool\":" : "";
    for (int64_t length = random.below(30); length > 0; --length)
      text += letters[static_cast<size_t>(random.below(std::ssize(letters)))];
    const ToolCall call = parse_tool_call(text);
    EXPECT_TRUE(call.error || call.box || call.degrees > 0) << text;
    if (call.box) {
      EXPECT_GT(call.box->area(), 0);
    }
  }
}

const std::vector<Frame> kShown{{{0, 0, 640, 480}, {}}, {{320, 240, 640, 480}, {}}};

TEST(Tools, ZoomShowsTheBoxOfThePictureItNames) {
  ToolCall call = parse_tool_call(R"({"tool":"zoom","image":1,"box":[0,0,500,500]})");
  const std::optional<Frame> frame = run_tool(kShown, 640, 480, &call);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->region.x0, 320);
  EXPECT_EQ(frame->region.x1, 480);
  EXPECT_EQ(frame->region.y1, 360);
  EXPECT_EQ(call.original_box->x1, 480);
}

TEST(Tools, ZoomOnASpeckShowsItsSurroundings) {
  ToolCall call = parse_tool_call(R"({"tool":"zoom","image":0,"box":[500,500,501,501]})");
  const std::optional<Frame> frame = run_tool(kShown, 640, 480, &call);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->region.width(), kLeastCropSide);
  EXPECT_NEAR(call.original_box->width(), 0.64, 1e-9);
}

TEST(Tools, RotateTurnsAndLocateShowsNothing) {
  ToolCall rotate = parse_tool_call("rotate 1 180");
  const std::optional<Frame> frame = run_tool(kShown, 640, 480, &rotate);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->region.x0, 320);
  EXPECT_EQ(frame->orientation.quarters, 2);
  ToolCall locate =
      parse_tool_call(R"({"tool":"locate","image":1,"box":[0,0,500,500],"label":"white"})");
  EXPECT_FALSE(run_tool(kShown, 640, 480, &locate));
  EXPECT_FALSE(locate.error);
  EXPECT_EQ(locate.original_box->x1, 480);
}

TEST(Tools, RefuseAPictureThatWasNotShown) {
  ToolCall call = parse_tool_call("rotate 2 90");
  EXPECT_FALSE(run_tool(kShown, 640, 480, &call));
  EXPECT_EQ(*call.error, reply::kNoImage);
}

TEST(Tools, DoNothingForACallWithAnError) {
  ToolCall call = parse_tool_call("zoom 0");
  EXPECT_FALSE(run_tool(kShown, 640, 480, &call));
  EXPECT_EQ(*call.error, reply::kUnreadable);
}

TEST(Tools, ReadAnswersThatAreBoxes) {
  EXPECT_EQ(parse_box("<g11><g11><g23><g23>")->y0, 0);
  EXPECT_EQ(parse_box(" [10, 20, 30, 40] ")->x1, 30);
  for (const char* text : {"", "white", "<g1><g2><g3>", "[1,2,3]", "[4,3,2,1]", "[1,2,null,4]"})
    EXPECT_FALSE(parse_box(text)) << text;
}

}  // namespace
}  // namespace nelumbo
