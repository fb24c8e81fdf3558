// SPDX-License-Identifier: Apache-2.0
#include "apps/trace_view.h"

#include <gtest/gtest.h>

#include "tests/apps/sample_run.h"

namespace nelumbo {
namespace {

TEST(TraceView, DrawsTheBoxesInThePixelsOfTheStoredPicture) {
  const std::string html = trace_html(trace_of(sample_group(gray_picture(640, 480)), 0, true));
  EXPECT_NE(html.find("class=\"box truth\" x=\"100\" y=\"60\" width=\"90\" height=\"90\""),
            std::string::npos);
  EXPECT_NE(html.find("class=\"box answer\" x=\"105\""), std::string::npos);
  EXPECT_NE(html.find("class=\"box located\" x=\"80\""), std::string::npos);
}

TEST(TraceView, ShowsEachTermWithItsEvidence) {
  const std::string html = trace_html(trace_of(sample_group(gray_picture(8, 8)), 0, true));
  EXPECT_NE(html.find("zoom covered the cell"), std::string::npos);
  EXPECT_NE(html.find("unused tool"), std::string::npos);
  EXPECT_NE(html.find("What the tool returned"), std::string::npos);
}

TEST(TraceView, EscapesWhatThePolicyWrote) {
  const std::string html = trace_html(trace_of(sample_group(gray_picture(8, 8)), 1, true));
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
}

TEST(TraceView, LeavesOutWhatATraceLacks) {
  EXPECT_NE(trace_html(nlohmann::json::object()).find("</article>"), std::string::npos);
  const nlohmann::json odd = {{"picture", {{"width", "wide"}}}, {"calls", 3}, {"prompt", {1, 2}}};
  EXPECT_EQ(trace_html(odd).find("<svg"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
