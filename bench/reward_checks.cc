// SPDX-License-Identifier: Apache-2.0
#include "bench/reward_checks.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "reward/candidate.h"
#include "reward/reward.h"
#include "reward/rules.h"
#include "reward/spec_node.h"

namespace nelumbo {
namespace {

constexpr double kPromised = 100'000;  // checks a second
constexpr int64_t kLongestText = 64 << 20;
constexpr std::string_view kMark = "#### ";
constexpr const char* kTerm =
    "{kind: number, truth: answer, units: known, percent: either, precondition: false}";
constexpr const char* kSpec =
    "specs: {gsm8k: {layers: {rule: {terms: [{kind: format, answer: number, units: asked}, "
    "{kind: number, truth: answer, units: asked, percent: either}]}}}}";

constexpr size_t kForms = 6;
std::array<std::string, kForms> forms_of(const std::string& gold) {
  return {gold, gold + ".00", "$" + gold, gold + "1", gold + " dollars", gold + " clips"};
}

struct Task {
  size_t form = 0;  ///< of the answer that the rule alone judges
  Group group{};    ///< an answer in each form

  Scene scene() const { return {*group.prompt, group.trajectories[form]}; }
};

Result<std::vector<Task>> read_tasks(const std::string& path) {
  const Result<std::string> text = read_file(path, kLongestText);
  if (!text)
    return text.error();
  std::vector<Task> tasks;
  for (std::string_view rest = text.value(); !rest.empty();) {
    const auto row = nlohmann::json::parse(take_until("\n", &rest), nullptr, false);
    const auto text_of = [&row](const char* key) {
      const auto at = row.is_object() ? row.find(key) : row.end();
      return at != row.end() && at->is_string() ? at->get<std::string>() : std::string();
    };
    const std::string solution = text_of("answer");
    const size_t mark = solution.rfind(kMark);
    if (mark == std::string::npos)
      return Error{Errc::kBadData,
                   path + ": a line without an answer behind '" + std::string(kMark) + "'"};
    const std::string gold = solution.substr(mark + kMark.size());
    auto prompt = std::make_shared<Prompt>();
    prompt->task = prompt->reward = "gsm8k";
    prompt->text = text_of("question");
    prompt->truth = {{"answer", gold}};
    Task task{.form = tasks.size() % kForms};
    for (const std::string& answer : forms_of(gold))
      task.group.trajectories.push_back(answer_candidate(*prompt, answer));
    task.group.prompt = std::move(prompt);
    tasks.push_back(std::move(task));
  }
  return tasks;
}

/// Answers a second of `check`, which judges so many of each task, over all tasks; the best repeat.
template <class Check>
double speed(const std::vector<Task>& tasks, size_t answers, int64_t repeats, const Check& check) {
  const auto all = static_cast<double>(tasks.size() * answers);
  double best = 0;
  for (int64_t i = 0; i < repeats; ++i) {
    const double start = processor_seconds();
    for (const Task& task : tasks)
      check(task);
    best = std::max(best, all / (processor_seconds() - start));
  }
  return best;
}

}  // namespace

Result<Figure> measure_reward_checks(const std::string& data, int64_t repeats) {
  const auto tasks = read_tasks(data + "/gsm8k/train.jsonl");
  if (!tasks)
    return tasks.error();
  TermHeader header;
  const auto node = SpecNode::parse(kTerm, "bench");
  const auto term = read_rule_term(node.value(), header);
  const auto spec = RewardSpec::parse(kSpec, "bench");
  if (!term || !spec)
    return !term ? term.error() : spec.error();
  int64_t right = 0, failed = 0;
  const double checks = speed(tasks.value(), 1, repeats, [&](const Task& task) {
    const auto verdict = term.value()->judge(task.scene());
    right += verdict && verdict.value().value == 1 ? 1 : 0;
    failed += verdict ? 0 : 1;
  });
  const double whole = speed(tasks.value(), kForms, repeats, [&](const Task& task) {
    for (const Outcome& outcome : spec.value()->score(task.group))
      failed += outcome.kind == Outcome::Kind::kScore ? 0 : 1;
  });
  if (failed > 0)
    return Error{Errc::kCheckFailed, "nelumbo bench: " + std::to_string(failed) + " not scored"};
  Figure figure{.name = "rewards",
                .unit = "checks/s",
                .own = {"number, one core", checks},
                .anchor = {"the least that is promised", kPromised}};
  figure.details = {{"whole_specification", whole},
                    {"answers", tasks.value().size()},
                    {"right", right / repeats}};
  return figure;
}

}  // namespace nelumbo
