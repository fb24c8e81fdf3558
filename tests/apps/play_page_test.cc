// SPDX-License-Identifier: Apache-2.0
#include "apps/play_page.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(PlayPage, AsksNobodyButItsServer) {
  for (const std::string_view text : {kPlayPage, kPlayStyle, kPlayScript})
    for (const char* foreign : {"http:", "https:", "//cdn", "url(", "@import"})
      EXPECT_FALSE(holds(text, foreign)) << foreign;
  EXPECT_TRUE(holds(kPlayPage,
                    "content=\"default-src 'none'; script-src 'self'; style-src 'self'; "
                    "connect-src 'self'; base-uri 'none'; form-action 'none'\""));
  EXPECT_TRUE(holds(kPlayPage, "name=\"referrer\" content=\"no-referrer\""));
}

TEST(PlayPage, NeverTakesTextForMarkupOrCode) {
  for (const char* way : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                          "Function(", "srcdoc", "setTimeout", "DOMParser"})
    EXPECT_FALSE(holds(kPlayScript, way)) << way;
  EXPECT_TRUE(holds(kPlayScript, "element.textContent = text"));
}

TEST(PlayPage, SendsTheTokenInAHeaderAlone) {
  EXPECT_TRUE(holds(kPlayScript, "Authorization: 'Bearer ' + token"));
  EXPECT_EQ(kPlayScript.find("token"), kPlayScript.find("token = location.hash.slice(1)"));
}

TEST(PlayPage, HasEveryElementThatItsScriptLooksFor) {
  const std::string script(kPlayScript);
  int64_t found = 0;
  for (size_t at = script.find("at('"); at != std::string::npos; at = script.find("at('", at + 1)) {
    const std::string id = script.substr(at + 4, script.find('\'', at + 4) - at - 4);
    EXPECT_TRUE(holds(kPlayPage, "id=\"" + id + "\"")) << id;
    ++found;
  }
  EXPECT_GT(found, 5);
}

}  // namespace
}  // namespace nelumbo
