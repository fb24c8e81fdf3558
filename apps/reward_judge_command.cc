// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/reward_source.h"
#include "reward/judge_trial.h"

namespace nelumbo {
namespace {

nlohmann::json exam_json(const JudgeExam& exam) {
  nlohmann::json out = {
      {"judge", exam.judge},       {"admitted", exam.admitted()}, {"items", exam.items},
      {"agreed", exam.agreed},     {"required", exam.required},   {"canaries", exam.canaries},
      {"accepted", exam.accepted}, {"problems", exam.problems},   {"counts", exam.counts.named()}};
  if (exam.failure) {
    out["failure"] = *exam.failure;
    out["other_form"] = exam.is_other_form;
  }
  return out;
}

Result<void> examine(Session& session, const std::string& path) {
  const auto spec = read_reward_spec(path);
  if (!spec)
    return spec.error();
  if (!spec.value()->asks_judges())
    return Error{Errc::kInvalidConfig, path + ": has no 'judges'"};
  const std::vector<JudgeExam> exams = spec.value()->examine_judges();
  if (session.json) {
    nlohmann::json all = nlohmann::json::array();
    for (const JudgeExam& exam : exams)
      all.push_back(exam_json(exam));
    session.out << all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  } else {
    session.out << render(exams);
  }
  return admit_judges(exams);
}

}  // namespace

void add_reward_judge_command(CLI::App& reward, Session& session) {
  auto path = std::make_shared<std::string>();
  CLI::App* command = reward.add_subcommand(
      "judge",
      "Asks the judges of a specification their calibration items and answers that none may call "
      "good; exits 6 when one is refused, 3 when one cannot be asked.");
  command->add_option("SPEC", *path, "The reward specification.")->required();
  command->add_flag("--json", session.json, "Print one JSON list.");
  command->footer("Example:\n  nelumbo reward judge configs/rewards/healthbench.yaml");
  command->callback(
      [&session, path] { session.action = [&session, path] { return examine(session, *path); }; });
}

}  // namespace nelumbo
