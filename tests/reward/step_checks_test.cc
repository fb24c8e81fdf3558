// SPDX-License-Identifier: Apache-2.0
#include "reward/step_checks.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

using Reader = Result<StepCheckPtr> (*)(const SpecNode&, StepHeader&);

Prompt platelets() {
  return prompt_with({{"boxes", {{100, 100, 140, 140}}}, {"region", {80, 80, 280, 280}}});
}

/// The number of the step that has the tokens of a fault.
template <class Step>
std::string number_of_step(const std::vector<Step>& steps, const Fault& fault) {
  for (size_t i = 0; i < steps.size(); ++i)
    if (steps[i].first_token == fault.first_token && steps[i].last_token == fault.last_token)
      return std::to_string(i) + ": ";
  return "";
}

/// The steps at fault, and why, in one line.
std::string faults(Reader read, const std::string& yaml, const Trajectory& said) {
  StepHeader header;
  const auto check = read(node_of(yaml), header);
  if (!check)
    return check.error().message;
  const Prompt prompt = platelets();
  const auto found = check.value()->faults({prompt, said});
  std::string text;
  for (const Fault& fault : found.value())
    text += number_of_step(said.calls, fault) + number_of_step(said.thoughts, fault) +
            fault.reason + "; ";
  return text;
}

TEST(StepChecks, HaveTheFactorsOfTheDesign) {
  const auto factor = [](Reader read, const std::string& yaml) {
    StepHeader header;
    EXPECT_TRUE(read(node_of(yaml), header).ok());
    return header.factor;
  };
  EXPECT_EQ(factor(read_loop, "{kind: loop}"), 0.1);
  EXPECT_EQ(factor(read_unsupported, "{kind: unsupported}"), 0.5);
  EXPECT_EQ(factor(read_unused_tool, "{kind: unused_tool}"), 0.8);
  EXPECT_EQ(factor(read_wrong_order, "{kind: wrong_order}"), 0.9);
  EXPECT_EQ(factor(read_loop, "{kind: loop, factor: 0.3}"), 0.3);
}

TEST(StepChecks, FindACallThatIsRepeated) {
  Trajectory said;
  add_call(said, "zoom", {0, 0, 50, 50});
  add_call(said, "locate", {0, 0, 50, 50});
  add_call(said, "zoom", {0, 0, 50, 50});
  add_call(said, "zoom", {0, 0, 50, 51});
  EXPECT_EQ(faults(read_loop, "{kind: loop}", said), "2: call 2 repeats call 0; ");
}

TEST(StepChecks, FindALineThatIsRepeated) {
  const Trajectory said = candidate(platelets(),
                                    "<recall> platelet<g1><g2><g3><g4>\n white<g1><g2><g3><g4>\n"
                                    "Platelet<g1><g2><g3><g4></recall>");
  EXPECT_EQ(faults(read_loop, "{kind: loop}", said), "2: line 2 repeats line 0; ");
}

TEST(StepChecks, FindLocatedBoxesThatHitNothing) {
  Trajectory said;
  add_call(said, "locate", {100, 100, 140, 140});
  add_call(said, "locate", {300, 300, 340, 340});
  add_call(said, "zoom", {300, 300, 340, 340});
  EXPECT_EQ(faults(read_unsupported, "{kind: unsupported}", said),
            "1: [300, 300, 340, 340] hits nothing; ");
}

TEST(StepChecks, FindZoomsThatWereOfNoUse) {
  Trajectory said;
  add_call(said, "zoom", {100, 100, 200, 200});  // in the region
  add_call(said, "zoom", {300, 300, 400, 400});  // outside
  add_call(said, "zoom", {100, 100, 199, 200});  // the first again
  add_call(said, "zoom", {0, 0, 480, 480});      // all that was shown
  add_call(said, "zoom", {100, 200, 150, 250});
  said.calls[4].error = "no such image";
  EXPECT_EQ(faults(read_unused_tool, "{kind: unused_tool, region: region}", said),
            "1: zoom [300, 300, 400, 400] lies outside the region [80, 80, 280, 280]; "
            "2: zoom shows what call 0 showed; "
            "3: zoom shows what was shown already; "
            "4: failed: no such image; ");
}

TEST(StepChecks, FindToolsOutOfOrder) {
  Trajectory said;
  add_call(said, "locate", {100, 100, 140, 140});
  add_call(said, "zoom", {100, 100, 200, 200});
  add_call(said, "locate", {100, 100, 140, 140});
  EXPECT_EQ(faults(read_wrong_order, "{kind: wrong_order, order: [zoom, locate]}", said),
            "0: locate before zoom; ");
  EXPECT_EQ(faults(read_wrong_order, "{kind: wrong_order}", said), "");
}

TEST(StepChecks, FindCallsAfterAnAnswer) {
  Trajectory said;
  add_call(said, "zoom", {100, 100, 200, 200});
  add_call(said, "zoom", {100, 100, 220, 200});
  said.text = "<tool>zoom</tool><answer>1</answer><tool>zoom</tool>";
  EXPECT_EQ(faults(read_wrong_order, "{kind: wrong_order}", said), "1: zoom after an answer; ");
}

}  // namespace
}  // namespace nelumbo
