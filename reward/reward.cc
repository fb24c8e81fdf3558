// SPDX-License-Identifier: Apache-2.0
#include "reward/reward.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "reward/fixtures.h"
#include "reward/judge_panel.h"
#include "reward/judge_prompt.h"
#include "reward/quarantine.h"
#include "reward/scorer.h"
#include "reward/spec_files.h"
#include "reward/spec_node.h"
#include "reward/task_spec.h"

namespace nelumbo {

namespace {

double monotonic_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Says what a test says that judges say.
class ScriptedJudge final : public Judge {
 public:
  explicit ScriptedJudge(const Fixture& test) : test_(test) {}

  std::vector<JudgeReply> ask(std::span<const JudgeQuestion> questions,
                              double /*seconds*/) const override {
    std::vector<JudgeReply> replies;
    for (const JudgeQuestion& question : questions)
      replies.push_back(JudgeReply::answer(value(question), "as the test says"));
    return replies;
  }

 private:
  double value(const JudgeQuestion& question) const {
    if (question.form == JudgeForm::kScale)
      return (static_cast<double>(test_.grade.value_or(1)) - 1) / (kHighestGrade - 1);
    return test_.met && std::ranges::find(*test_.met, question.criterion) != test_.met->end() ? 1
                                                                                              : 0;
  }

  const Fixture& test_;
};

/// All specs of some documents by name.
class Document final : public RewardSpec, public KeepsDumps {
 public:
  Document(std::string place, std::string hash)
      : place_(std::move(place)), hash_(std::move(hash)) {}

  Result<void> read(const std::vector<SpecNode>& documents) {
    const std::string folder = std::filesystem::path(place_).parent_path().string();
    for (const SpecNode& document : documents)
      if (auto done = judges_.read(document, folder); !done)
        return done;
    if (auto done = judges_.check(); !done)
      return done;
    for (const SpecNode& document : documents)
      if (auto done = read_gates(document); !done)
        return done;
    for (const SpecNode& document : documents)
      if (auto done = read_specs(document); !done)
        return done;
    add_programs_to_hash();
    for (const SpecNode& document : documents)
      if (auto done = read_tests(document); !done)
        return done;
    return {};
  }

  std::vector<std::string> names() const override {
    std::vector<std::string> all;
    for (const TaskSpec& spec : specs_)
      all.push_back(spec.name);
    return all;
  }

  Result<void> check_prompt(const Prompt& prompt) const override {
    const TaskSpec* const spec = find(prompt.reward);
    if (spec == nullptr)
      return Error{Errc::kInvalidConfig, unknown_spec(prompt)};
    for (const TruthField& field : spec->needs())
      if (auto done = check_truth(field, prompt.task, prompt.truth); !done)
        return done;
    const bool rule = spec->rule && spec->rule->applies(prompt);
    if (!rule && !(spec->rubric && spec->rubric->applies(prompt)))
      return Error{Errc::kBadData, place_ + ": nothing in the spec '" + spec->name +
                                       "' applies to this prompt; drop it, or give it another"};
    if (auto done = spec->check_gate(prompt); !done)
      return Error{done.error().code, done.error().message + " (prompt " + prompt.id + ")"};
    return spec->rule ? spec->rule->fits(prompt) : Result<void>();
  }

  std::vector<Outcome> score(const Group& group) const override {
    const TaskSpec* const spec = find(group.prompt->reward);
    if (spec != nullptr)
      return score_group(*spec, group, monotonic_seconds, judges_);
    Outcome outcome;
    outcome.kind = Outcome::Kind::kInfraError;
    outcome.reason = unknown_spec(*group.prompt);
    return std::vector<Outcome>(group.trajectories.size(), outcome);
  }

  OnFailure on_failure(const Prompt& prompt, Outcome::Kind kind) const override {
    const TaskSpec* const spec = find(prompt.reward);
    return spec == nullptr ? OnFailure() : spec->on.failure(kind);
  }

  std::vector<std::string> criteria(const Prompt& prompt) const override {
    const TaskSpec* const spec = find(prompt.reward);
    return spec != nullptr && spec->rubric ? spec->rubric->criteria(prompt)
                                           : std::vector<std::string>();
  }

  std::vector<Outcome> score_test(const Fixture& test) const override {
    std::vector<NamedJudge> scripted;
    for (const std::string& name : judges_.names())
      scripted.push_back({name, "", std::make_shared<ScriptedJudge>(test), {}});
    return score_group(*find(test.group.prompt->reward), test.group, monotonic_seconds,
                       JudgePanel(std::move(scripted)));
  }

  bool asks_judges() const override { return !judges_.empty(); }
  double limit_seconds() const override {
    double longest = 0;
    for (const TaskSpec& spec : specs_)
      longest = std::max(longest, spec.on.limit_seconds);
    return longest;
  }
  std::vector<JudgeExam> examine_judges() const override { return judges_.examine(); }
  JudgeNews judge_news() const override { return judges_.news(); }
  void cancel_judges() const override { judges_.cancel(); }

  std::string hash() const override { return hash_; }
  const std::vector<Fixture>& fixtures() const override { return fixtures_; }

  void keep_dumps(const std::string& folder) const override {
    for (const TaskSpec& spec : specs_)
      if (spec.rule)
        spec.rule->keep_dumps(folder);
  }

 private:
  Result<void> read_gates(const SpecNode& document) {
    if (!document.has("gates"))
      return {};
    const auto lists = document.at("gates").value().entries();
    if (!lists)
      return lists.error();
    for (const auto& [name, list] : lists.value())
      if (const auto [at, is_new] = gates_.emplace(name, list); !is_new)
        return list.error("given already at " + at->second.place());
    return {};
  }

  Result<void> read_specs(const SpecNode& document) {
    if (auto entries = document.entries(); !entries)
      return entries.error();
    const std::array<std::string, 6> known = {"include", "judges", "holdout",
                                              "gates",   "specs",  "tests"};
    if (auto done = document.only(known); !done)
      return done;
    const bool is_part = document.has("include") || document.has("judges") || document.has("gates");
    if (is_part && !document.has("specs"))
      return {};
    const auto list = document.at("specs");
    if (!list)
      return list.error();
    const auto entries = list.value().entries();
    if (!entries)
      return entries.error();
    if (entries.value().empty())
      return list.value().error("must not be empty");
    for (const auto& [name, node] : entries.value()) {
      if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < ' '; }))
        return list.value().error("a spec's name holds a control character");
      const auto [at, is_new] = places_.emplace(name, node.place());
      if (!is_new)
        return node.error("given already at " + at->second);
      auto spec = TaskSpec::read(name, node, judges_.names(), gates_);
      if (!spec)
        return spec.error();
      if (spec.value().rubric)
        if (auto done = judges_.check_training(name, spec.value().rubric->judges()); !done)
          return done;
      specs_.push_back(std::move(spec.value()));
    }
    return {};
  }

  /// The hash of a specification without programs is that of its texts.
  void add_programs_to_hash() {
    std::string programs;
    for (const TaskSpec& spec : specs_)
      programs += spec.rule ? spec.rule->depends_on() : "";
    if (!programs.empty())
      hash_ = xxh3_128_hex(bytes_of(hash_ + programs));
  }

  Result<void> read_tests(const SpecNode& document) {
    if (!document.has("tests"))
      return {};
    auto fixtures = read_fixtures(document.at("tests").value(), names());
    if (!fixtures)
      return fixtures.error();
    for (Fixture& fixture : fixtures.value()) {
      if (auto done = check_prompt(*fixture.group.prompt); !done)
        return Error{Errc::kInvalidConfig, fixture.place + ": " + done.error().message};
      if (auto done = check_script(fixture); !done)
        return done;
      fixtures_.push_back(std::move(fixture));
    }
    return {};
  }

  /// A test must say what judges say, in the words of the criteria, for it asks nobody.
  Result<void> check_script(const Fixture& test) const {
    const auto bad = [&](const std::string& why) {
      return Error{Errc::kInvalidConfig, test.place + ": " + why};
    };
    const TaskSpec& spec = *find(test.group.prompt->reward);
    const bool asks = spec.rubric && spec.rubric->asks();
    if (!asks)
      return test.met || test.grade ? bad("has 'met' or 'grade', and its spec asks no judge")
                                    : Result<void>();
    const bool grades = spec.rubric->gives_grade();
    if (grades ? !test.grade || test.met : !test.met || test.grade)
      return bad(grades ? "must have 'grade', what its judge says, and no 'met'"
                        : "must have 'met', the criteria that its judges call met, and no 'grade'");
    if (grades)
      return {};
    const std::vector<std::string> known = spec.rubric->judged_criteria(*test.group.prompt);
    for (const std::string& criterion : *test.met)
      if (std::ranges::find(known, criterion) == known.end())
        return bad("met: no judge is asked about '" + shortened(criterion) + "'" +
                   did_you_mean(criterion, known));
    return {};
  }

  const TaskSpec* find(const std::string& name) const {
    for (const TaskSpec& spec : specs_)
      if (spec.name == name)
        return &spec;
    return nullptr;
  }

  std::string unknown_spec(const Prompt& prompt) const {
    std::string list;
    for (const TaskSpec& spec : specs_)
      list += (list.empty() ? "" : ", ") + spec.name;
    return place_ + ": specs: the data of task '" + prompt.task + "' asks for spec '" +
           prompt.reward + "'; the file has " + list + did_you_mean(prompt.reward, names());
  }

  std::string place_;
  std::string hash_;
  JudgePanel judges_;
  GateLists gates_;
  std::vector<TaskSpec> specs_;
  std::map<std::string, std::string> places_;  ///< of each spec, by name
  std::vector<Fixture> fixtures_;
};

}  // namespace

Result<std::shared_ptr<const RewardSpec>> RewardSpec::parse(const std::string& yaml,
                                                            const std::string& place) {
  const auto files = read_spec_files(yaml, place);
  if (!files)
    return files.error();
  auto document = std::make_shared<Document>(place, files.value().hash);
  if (auto done = document->read(files.value().documents); !done)
    return done.error();
  return std::shared_ptr<const RewardSpec>(std::move(document));
}

Result<std::shared_ptr<const RewardSpec>> RewardSpec::read(const std::string& path) {
  auto text = read_spec_text(path);
  if (!text)
    return text.error();
  return parse(text.value(), path);
}

std::vector<Outcome> RewardSpec::score_test(const Fixture& test) const {
  return score(test.group);
}

std::vector<JudgeExam> RewardSpec::examine_judges() const {
  return {};
}

const std::vector<Fixture>& RewardSpec::fixtures() const {
  static const std::vector<Fixture> kNone;
  return kNone;
}

}  // namespace nelumbo
