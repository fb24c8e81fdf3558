// SPDX-License-Identifier: Apache-2.0
#include "reward/field_list.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/check.h"
#include "reward/fixtures.h"
#include "reward/judge_keys.h"
#include "reward/matchers.h"
#include "reward/process.h"
#include "reward/rules.h"
#include "reward/step_checks.h"
#include "reward/task_spec.h"

namespace nelumbo {

namespace {

std::string cell(std::string text) {
  for (size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

/// A table of fields but `left_out`; empty without any.
std::string table(const std::vector<FieldNote>& notes,
                  const std::vector<std::string>& left_out = {}) {
  std::string rows;
  for (const FieldNote& note : notes) {
    if (std::ranges::find(left_out, note.name) != left_out.end())
      continue;
    const bool none = note.fallback.empty() || note.fallback == "\"\"";
    const std::string fallback = none ? "" : "`" + note.fallback + "`";
    rows += "| `" + note.name + "` | " + cell(fallback) + " | " + cell(note.must_be) + " | " +
            (note.help.empty() ? "A mapping or list of its own." : cell(note.help)) + " |\n";
  }
  if (rows.empty())
    return "";
  return "\n| key | default | must be | meaning |\n|---|---|---|---|\n" + rows;
}

/// The notes of the mapping at `path`. REQUIRES: one was read there.
const std::vector<FieldNote>& at(const FieldNotes& notes, const std::string& path) {
  const auto found = notes.find(path);
  NELUMBO_CHECK(found != notes.end()) << "nothing reads '" << path << "'";
  return found->second;
}

/// What `read` notes while it reads `yaml`, whether it likes it or not.
template <class Read>
FieldNotes notes_of(const std::string& yaml, Read read) {
  FieldNotes notes;
  SpecNode node = SpecNode::parse(yaml, "").value();
  node.take_notes(&notes);
  (void)read(node);
  return notes;
}

constexpr const char* kSpec =
    "{gate: [{name: g, when: {answers: 2}}, {use: u}], layers: {rule: {terms: [{kind: exact}]}, "
    "rubric: "
    "{criteria: [{criterion: c, matcher: {turns: 1}}]}, process: {checks: [{kind: loop}]}}, "
    "shaping: [{kind: soft_overlong, max_tokens: 8, buffer: 4}, {kind: nudge, value: 0.01, when: "
    "{turns: 1}}], on: {limit_seconds: 10}}";

std::string spec_part() {
  const GateLists gates{{"u", SpecNode::parse("[]", "").value()}};
  const FieldNotes notes = notes_of(
      kSpec, [&](const SpecNode& node) { return TaskSpec::read("s", node, {}, gates).ok(); });
  const std::array<std::pair<const char*, const char*>, 9> parts{
      {{"gate[]", "gate[0]"},
       {"gate[] with use", "gate[1]"},
       {"layers.rule", "layers.rule"},
       {"layers.rubric", "layers.rubric"},
       {"layers.rubric.criteria[]", "layers.rubric.criteria[0]"},
       {"layers.process", "layers.process"},
       {"shaping[] of kind soft_overlong", "shaping[0]"},
       {"shaping[] of kind nudge", "shaping[1]"},
       {"on", "on"}}};
  std::string text;
  for (const auto& [title, path] : parts)
    text += std::string("\n### ") + title + "\n" + table(at(notes, path));
  return text;
}

/// The fields that all of a family have.
template <class Header>
std::string header_part(const std::vector<std::string>& left_out = {}) {
  Header header;
  return table(
      at(notes_of("{}",
                  [&header](const SpecNode& node) { return read_fields(node, {}, header).ok(); }),
         ""),
      left_out);
}

/// A section for each kind, with the fields of its own.
template <class Read>
std::string kinds_part(const std::vector<std::string>& kinds, const std::string& before,
                       const std::string& behind, const std::string& path,
                       const std::vector<std::string>& left_out, Read read) {
  std::string text;
  for (const std::string& kind : kinds) {
    const FieldNotes notes = notes_of(before + kind + behind, read);
    const std::string rows = table(at(notes, path), left_out);
    text += "\n### " + kind + "\n" + (rows.empty() ? "\nNo fields of its own.\n" : rows);
  }
  return text;
}

std::string judge_part() {
  std::string text;
  const std::vector<std::pair<std::string, std::string>> kinds{
      {"An endpoint", "{calibration: {items: [{expect: true}]}}"},
      {"A policy of ours", "{kind: policy}"}};
  for (const auto& [title, yaml] : kinds) {
    const FieldNotes notes =
        notes_of(yaml, [](const SpecNode& node) { return read_judge("j", node, "").ok(); });
    text += "\n### " + title + "\n" + table(at(notes, ""));
  }
  return text;
}

std::string test_part() {
  const FieldNotes notes =
      notes_of("[{spec: s, answer: x, truth: {}, expect: {total: 1}}]",
               [](const SpecNode& node) { return read_fixtures(node, {"s"}).ok(); });
  return "\n### tests[]\n" + table(at(notes, "[0]")) + "\n### tests[].expect\n" +
         table(at(notes, "[0].expect"));
}

}  // namespace

std::string describe_reward_fields() {
  const auto term = [](const SpecNode& node) {
    TermHeader one;
    return read_rule_term(node, one).ok();
  };
  const auto check = [](const SpecNode& node) { return ProcessLayer::read(node).ok(); };
  const auto matcher = [](const SpecNode& node) { return read_matcher(node).ok(); };
  return "# Fields of reward specifications\n\n"
         "Every field that a specification may have, and what it is where the file is silent. "
         "[rewards.md](rewards.md)\nexplains them. This page is made from the field lists of the "
         "readers, and a test compares the two.\n\n"
         "## A spec\n" +
         spec_part() + "\n## Terms of the rule layer\n" + header_part<TermHeader>() +
         kinds_part(rule_term_kinds(), "{kind: ", "}", "",
                    {"kind", "name", "weight", "precondition"}, term) +
         "\n## Matchers\n" + kinds_part(matcher_kinds(), "{", ": x}", "", {}, matcher) +
         "\n## Step checks\n" + header_part<StepHeader>({"factor"}) +
         kinds_part(ProcessLayer::kinds(), "checks: [{kind: ", "}]", "checks[0]", {"kind", "name"},
                    check) +
         "\n## Judges\n" + judge_part() + "\n## Tests\n" + test_part();
}

}  // namespace nelumbo
