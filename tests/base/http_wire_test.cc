// SPDX-License-Identifier: Apache-2.0
#include "base/http_wire.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(HttpWire, SaysHowLongAWholeAnswerIs) {
  const std::string bytes = whole_answer({.status = 404, .body = "none"}, {});
  EXPECT_TRUE(bytes.starts_with("HTTP/1.1 404 Not Found\r\n")) << bytes;
  EXPECT_TRUE(says(bytes, "Content-Length: 4\r\n") && bytes.ends_with("\r\n\r\nnone")) << bytes;
  EXPECT_TRUE(says(bytes, "Connection: keep-alive\r\n"));
}

TEST(HttpWire, AnswersHeadWithoutABody) {
  const std::string bytes = whole_answer({.body = "none"}, {.bodyless = true});
  EXPECT_TRUE(says(bytes, "Content-Length: 4\r\n") && bytes.ends_with("\r\n\r\n")) << bytes;
}

TEST(HttpWire, CutsPiecesIntoChunksWhereTheClientKnowsThem) {
  EXPECT_EQ(piece_of("seventeen letters", {}), "11\r\nseventeen letters\r\n");
  EXPECT_EQ(end_of_pieces({}), "0\r\n\r\n");
  const HttpWireForm old{.chunked = false};
  EXPECT_EQ(piece_of("a", old), "a");
  EXPECT_EQ(end_of_pieces(old), "");
  EXPECT_TRUE(says(head_of_pieces("text/plain", old), "Connection: close\r\n"));
  EXPECT_TRUE(says(head_of_pieces("text/plain", {}), "Transfer-Encoding: chunked\r\n"));
}

TEST(HttpWire, LetsAPageLoadFromItsOwnServerAloneAndAnythingElseNothing) {
  EXPECT_TRUE(says(whole_answer({.body = "{}"}, {}),
                   "\r\nContent-Security-Policy: default-src 'none'\r\n"));
  const std::string page = whole_answer({.type = "text/html; charset=utf-8", .body = "a"}, {});
  EXPECT_TRUE(says(page,
                   "default-src 'none'; script-src 'self'; style-src 'self'; "
                   "connect-src 'self'; base-uri 'none'; form-action 'none'; "
                   "frame-ancestors 'none'\r\n"))
      << page;
}

TEST(HttpWire, AsksForATokenAndNamesMethods) {
  EXPECT_TRUE(says(whole_answer({.status = 401}, {}), "WWW-Authenticate: Bearer\r\n"));
  EXPECT_TRUE(says(whole_answer({.status = 405, .allow = "POST"}, {}), "Allow: POST\r\n"));
}

}  // namespace
}  // namespace nelumbo
