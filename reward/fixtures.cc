// SPDX-License-Identifier: Apache-2.0
#include "reward/fixtures.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "reward/boxes.h"
#include "reward/candidate.h"

namespace nelumbo {

namespace {

constexpr double kSlack = 1e-6;
constexpr std::array<const char*, 5> kNumbers = {"total", "rule", "rubric", "process", "shaping"};

struct FixtureKeys {
  std::string spec, question;
  std::optional<std::string> answer, text;
  std::vector<double> box;
  std::vector<double> view = {0, 0, 640, 480};
  std::string finish = "stop";
  std::optional<int64_t> grade;

  template <class V>
  void fields(V& v) {
    v(spec, "spec", "Which spec scores it.", NotEmpty{});
    v(question, "question", "What is asked, with its choices.", NotEmpty{});
    v(answer, "answer", "The text between the answer tags.");
    v(text, "text", "All that was said, tags included.");
    v(box, "box", "The answer as a box in pixels.", NotEmpty{});
    v(view, "view", "The picture.", NotEmpty{});
    v(finish, "finish", "Why it ended.", OneOf{"stop", "length", "turns"});
    v(grade, "grade", "What the judge gives, from 1 to 10.", Between{1, 10});
  }
};

struct ExpectKeys {
  std::string kind = "score";
  std::optional<std::string> gate;

  template <class V>
  void fields(V& v) {
    v(kind, "kind", "The outcome.", OneOf{"score", "invalid", "infra_error", "timeout"});
    v(gate, "gate", "The gate rule that it violates, or pass.", NotEmpty{});
  }
};

Result<Box> as_box(const SpecNode& node, const std::vector<double>& sides) {
  if (sides.size() != 4 || sides[0] >= sides[2] || sides[1] >= sides[3])
    return node.error("must be [x0, y0, x1, y1] with x0 < x1 and y0 < y1");
  return Box{sides[0], sides[1], sides[2], sides[3]};
}

Result<void> read_expect(const SpecNode& node, Fixture& fixture) {
  ExpectKeys keys;
  if (const auto entries = node.entries(); entries && entries.value().empty())
    return node.error("expects nothing; name a total, a gate or a kind of outcome");
  if (auto done = read_fields(node, {kNumbers.begin(), kNumbers.end()}, keys); !done)
    return done;
  fixture.kind = keys.kind;
  fixture.gate = keys.gate;
  for (const char* name : kNumbers) {
    if (!node.has(name))
      continue;
    const SpecNode at = node.at(name).value();
    std::string text;
    if (auto done = at.read(text); !done)
      return done;
    const auto expectation = Expectation::parse(text);
    if (!expectation)
      return at.error("must be a number or like \"> 0.8\", not '" + text + "'");
    fixture.numbers[name] = *expectation;
  }
  return {};
}

Result<void> read_calls(const SpecNode& node, Trajectory& trajectory) {
  const auto items = node.items();
  if (!items)
    return items.error();
  for (const SpecNode& item : items.value()) {
    const auto entries = item.entries();
    if (!entries)
      return entries.error();
    if (entries.value().size() != 1)
      return item.error("must be one tool and its box, like {zoom: [0, 0, 80, 80]}");
    const auto& [tool, value] = entries.value().front();
    std::vector<double> sides;
    if (auto done = value.read(sides); !done)
      return done;
    const auto box = as_box(value, sides);
    if (!box)
      return box.error();
    add_call(trajectory, tool, box.value());
  }
  return {};
}

Result<Trajectory> read_trajectory(const SpecNode& node, const FixtureKeys& keys,
                                   const Prompt& prompt) {
  const int given = (keys.answer ? 1 : 0) + (keys.text ? 1 : 0) + (keys.box.empty() ? 0 : 1);
  if (given != 1)
    return node.error("needs one of 'answer', 'text' and 'box'");
  Trajectory trajectory;
  if (keys.text) {
    trajectory = candidate(prompt, *keys.text);
  } else if (keys.answer) {
    trajectory = answer_candidate(prompt, *keys.answer);
  } else {
    const auto box = as_box(node.at("box").value(), keys.box);
    if (!box)
      return box.error();
    trajectory = answer_candidate(prompt, box_answer(box.value(), prompt));
  }
  if (keys.finish != "stop")
    trajectory.finish = keys.finish == "length" ? Finish::kLength : Finish::kTurns;
  if (node.has("calls"))
    if (auto done = read_calls(node.at("calls").value(), trajectory); !done)
      return done.error();
  return trajectory;
}

Result<std::shared_ptr<const Prompt>> read_prompt(const SpecNode& node, const FixtureKeys& keys) {
  auto prompt = std::make_shared<Prompt>();
  prompt->id = node.place();
  prompt->text = keys.question;
  prompt->task = prompt->reward = keys.spec;
  const auto view = as_box(node.has("view") ? node.at("view").value() : node, keys.view);
  if (!view)
    return view.error();
  prompt->view = view.value();
  if (node.has("truth")) {
    auto truth = node.at("truth").value().json();
    if (!truth)
      return truth.error();
    prompt->truth = std::move(truth.value());
  }
  return std::shared_ptr<const Prompt>(std::move(prompt));
}

Result<Fixture> read_fixture(const SpecNode& node, const std::vector<std::string>& specs) {
  FixtureKeys keys;
  if (auto done = read_fields(node, {"truth", "calls", "met", "expect"}, keys); !done)
    return done.error();
  if (std::ranges::find(specs, keys.spec) == specs.end())
    return (node.has("spec") ? node.at("spec").value() : node)
        .unknown("'spec' must name one of the specs of this file", keys.spec, specs);
  auto prompt = read_prompt(node, keys);
  if (!prompt)
    return prompt.error();
  Fixture fixture;
  fixture.place = node.place();
  fixture.group.prompt = prompt.value();
  auto trajectory = read_trajectory(node, keys, *prompt.value());
  if (!trajectory)
    return trajectory.error();
  fixture.group.trajectories.push_back(std::move(trajectory.value()));
  fixture.grade = keys.grade;
  if (node.has("met"))
    if (auto done = node.at("met").value().read(fixture.met.emplace()); !done)
      return done.error();
  const auto expect = node.at("expect");
  if (!expect)
    return expect.error();
  if (auto done = read_expect(expect.value(), fixture); !done)
    return done.error();
  return fixture;
}

double number_named(const Outcome& outcome, const std::string& name) {
  if (name == "total")
    return outcome.total;
  if (name == "rule")
    return outcome.rule;
  if (name == "rubric")
    return outcome.rubric;
  return name == "process" ? outcome.process : outcome.shaping;
}

/// What differs from what was expected; nothing when all is as it should be.
std::string difference(const Fixture& fixture, const Outcome& outcome) {
  if (to_text(outcome.kind) != fixture.kind)
    return "outcome is " + to_text(outcome.kind) +
           (outcome.reason.empty() ? "" : " (" + outcome.reason + ")") + ", expected " +
           fixture.kind;
  const std::string gate = outcome.gate.empty() ? "pass" : outcome.gate;
  if (fixture.gate && gate != *fixture.gate)
    return "gate is " + gate + ", expected " + *fixture.gate;
  for (const auto& [name, expectation] : fixture.numbers) {
    const double value = number_named(outcome, name);
    if (expectation.holds(value))
      continue;
    char text[120];
    std::snprintf(text, sizeof text, "%s is %g, expected %s %g", name.c_str(), value,
                  expectation.relation.c_str(), expectation.number);
    return text;
  }
  return "";
}

}  // namespace

std::optional<Expectation> Expectation::parse(const std::string& text) {
  Expectation expectation{"=", 0};
  const size_t first = text.find_first_not_of("<>= ");
  if (first == std::string::npos)
    return std::nullopt;
  std::string relation = text.substr(0, first);
  std::erase(relation, ' ');
  if (!relation.empty())
    expectation.relation = relation;
  constexpr std::array<std::string_view, 5> kRelations = {">", ">=", "<", "<=", "="};
  if (std::ranges::find(kRelations, expectation.relation) == kRelations.end())
    return std::nullopt;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data() + first, end, expectation.number);
  if (code != std::errc() || stop != end)
    return std::nullopt;
  return expectation;
}

bool Expectation::holds(double value) const {
  if (relation == ">")
    return value > number;
  if (relation == ">=")
    return value >= number;
  if (relation == "<")
    return value < number;
  if (relation == "<=")
    return value <= number;
  return std::abs(value - number) <= kSlack;
}

Result<std::vector<Fixture>> read_fixtures(const SpecNode& node,
                                           const std::vector<std::string>& specs) {
  const auto items = node.items();
  if (!items)
    return items.error();
  std::vector<Fixture> all;
  for (const SpecNode& item : items.value()) {
    auto fixture = read_fixture(item, specs);
    if (!fixture)
      return fixture.error();
    all.push_back(std::move(fixture.value()));
  }
  return all;
}

Result<void> run_fixtures(const RewardSpec& spec) {
  std::string failed;
  for (const Fixture& fixture : spec.fixtures()) {
    const std::string what = difference(fixture, spec.score_test(fixture).front());
    if (!what.empty())
      failed += (failed.empty() ? "" : "\n") + fixture.place + ": " + what;
  }
  if (!failed.empty())
    return Error{Errc::kCheckFailed, failed};
  return {};
}

std::string to_text(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kScore:
      return "score";
    case Outcome::Kind::kInvalid:
      return "invalid";
    case Outcome::Kind::kInfraError:
      return "infra_error";
    case Outcome::Kind::kTimeout:
      break;
  }
  return "timeout";
}

}  // namespace nelumbo
