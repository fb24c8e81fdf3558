// SPDX-License-Identifier: Apache-2.0
#include "apps/trace_view.h"

#include <gtest/gtest.h>

#include "tests/apps/sample_run.h"

namespace nelumbo {
namespace {

TEST(TraceView, DrawsTheBoxesInThePixelsOfTheStoredPicture) {
  const std::string html = trace_html(illustrated_trace(sample_group(gray_picture(640, 480))), 1);
  EXPECT_NE(html.find("class=\"box truth\" x=\"100\" y=\"60\" width=\"90\" height=\"90\""),
            std::string::npos);
  EXPECT_NE(html.find("class=\"box answer\" x=\"105\""), std::string::npos);
  EXPECT_NE(html.find("class=\"box located\" x=\"80\""), std::string::npos);
}

TEST(TraceView, ShowsEachTermWithItsEvidence) {
  const std::string html = trace_html(illustrated_trace(sample_group(gray_picture(8, 8))), 1);
  EXPECT_NE(html.find("zoom covered the cell"), std::string::npos);
  EXPECT_NE(html.find("unused tool"), std::string::npos);
  EXPECT_NE(html.find("What the tool returned"), std::string::npos);
}

TEST(TraceView, ShowsWhatEachTermTook) {
  auto trace = illustrated_trace(sample_group(gray_picture(8, 8)));
  auto& outcome = trace["trajectories"][0]["outcome"];
  outcome["nanoseconds"][0] = 8250;
  EXPECT_NE(trace_html(trace, 1).find("<td class=\"n\">8.2</td>"), std::string::npos);
  outcome.erase("nanoseconds");
  EXPECT_NE(trace_html(trace, 1).find("<td class=\"n\"></td>"), std::string::npos);
}

TEST(TraceView, EscapesWhatThePolicyWrote) {
  const std::string html = trace_html(illustrated_trace(sample_group(gray_picture(8, 8))), 2);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
}

TEST(TraceView, ShowsNoMoreTrajectoriesThanAsked) {
  const auto trace = illustrated_trace(sample_group(gray_picture(8, 8)));
  EXPECT_EQ(trace_html(trace, 1).find("sample 1"), std::string::npos);
  EXPECT_NE(trace_html(trace, 2).find("sample 1"), std::string::npos);
}

TEST(TraceView, LeavesOutWhatATraceLacks) {
  EXPECT_EQ(trace_html(nlohmann::json::object(), 2), "");
  const nlohmann::json odd = {
      {"picture", {{"width", "wide"}}}, {"prompt", {1, 2}}, {"trajectories", {{{"calls", 3}}}}};
  EXPECT_EQ(trace_html(odd, 2).find("<svg"), std::string::npos);
  EXPECT_NE(trace_html(odd, 2).find("</article>"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo
