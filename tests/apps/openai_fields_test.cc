// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_fields.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Json = nlohmann::ordered_json;

TEST(ApiFields, ReadWhatIsThereAndTakeNullForAbsent) {
  const Json body = {{"a", 0.5}, {"b", 3}, {"c", true}, {"d", "text"}, {"e", nullptr}};
  ApiFields fields(body);
  EXPECT_EQ(fields.number("a", 1, 0, 1), 0.5);
  EXPECT_EQ(fields.integer("b", 0, 5), 3);
  EXPECT_TRUE(fields.flag("c", false));
  EXPECT_EQ(fields.text("d", ""), "text");
  EXPECT_EQ(fields.number("e", 7, 0, 1), 7);
  EXPECT_EQ(fields.integer("f", 0, 5), std::nullopt);
  fields.refuse_others();
  EXPECT_FALSE(fields.error());
}

TEST(ApiFields, RememberTheFirstThatIsWrong) {
  const Json body = {{"a", 2}, {"b", "x"}, {"c", 1}};
  ApiFields fields(body, "inside.");
  EXPECT_EQ(fields.number("a", 1, 0, 1), 1);
  fields.integer("b", 0, 5);
  fields.flag("c", false);
  ASSERT_TRUE(fields.error());
  EXPECT_EQ(fields.error()->message, "inside.a: must be a number from 0 to 1");
  EXPECT_EQ(fields.error()->param, "inside.a");
}

TEST(ApiFields, TakeNoNumbersThatAreNone) {
  const Json body = {{"a", 1e300}, {"b", 18446744073709551615ULL}, {"c", 1.5}};
  for (const char* name : {"a", "b", "c"}) {
    ApiFields fields(body);
    EXPECT_EQ(fields.integer(name, INT64_MIN, INT64_MAX), std::nullopt);
    EXPECT_TRUE(fields.error()) << name;
  }
}

TEST(ApiFields, NameWhatNobodyKnowsAndWhatWasMeant) {
  const Json body = {{"temprature", 1}};
  ApiFields fields(body);
  fields.number("temperature", 1, 0, 2);
  fields.refuse_others();
  ASSERT_TRUE(fields.error());
  EXPECT_EQ(fields.error()->message,
            "temprature: this server knows no such field (did you mean 'temperature'?)");
  EXPECT_EQ(fields.error()->code, "unknown_parameter");
}

TEST(ApiFields, TakeTheDefaultAloneOfWhatIsNotFollowed) {
  const Json body = {{"a", 0}, {"b", 0.5}};
  ApiFields fields(body);
  fields.require("a", 0);
  EXPECT_FALSE(fields.error());
  fields.require("b", 0);
  ASSERT_TRUE(fields.error());
  EXPECT_EQ(fields.error()->message, "b: this server does not follow it; leave it out, or at 0");
}

TEST(ApiFields, ReadATextOrSeveral) {
  const Json body = {{"a", "x"}, {"b", {"x", "y"}}, {"c", {"x", 1}}};
  ApiFields fields(body);
  EXPECT_EQ(fields.texts("a", 2), std::vector<std::string>{"x"});
  EXPECT_EQ(fields.texts("b", 2), (std::vector<std::string>{"x", "y"}));
  EXPECT_FALSE(fields.error());
  fields.texts("c", 2);
  EXPECT_TRUE(fields.error());
}

TEST(ApiError, IsWrittenAsOpenAiDoes) {
  EXPECT_EQ(error_body({.status = 400, .message = "no", .param = "n"}),
            R"({"error":{"message":"no","type":"invalid_request_error","param":"n","code":null}})");
  EXPECT_EQ(error_body({.status = 503, .message = "later"}),
            R"({"error":{"message":"later","type":"server_error","param":null,"code":null}})");
  EXPECT_EQ(api_error({Errc::kUnavailable, "x"}).status, 503);
  EXPECT_EQ(api_error({Errc::kBadData, "x"}).status, 400);
}

}  // namespace
}  // namespace nelumbo
