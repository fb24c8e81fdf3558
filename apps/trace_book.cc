// SPDX-License-Identifier: Apache-2.0
#include "apps/trace_book.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/json_fields.h"
#include "base/check.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/kill_point.h"
#include "base/text.h"
#include "corpus/jsonl.h"
#include "learner/config.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// Attempts that were stopped for one kind of reason.
struct Rejected {
  int64_t attempts = 0;
  std::string example;
};

/// What came to the gates at one temperature for one task.
struct Gates {
  GateCounts counts;
  std::map<std::string, Rejected> rejected;
};

/// A draw as its file holds it.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct Draw {
  json header;
  std::vector<json> lines;
};

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

/// To the third place, which undoes that it was kept as its inverse.
double temperature_of(const Group& group) {
  return std::round(1000 / static_cast<double>(group.inverse_temperature)) / 1000;
}

Attempt attempt_of(const Trajectory& trajectory) {
  Attempt attempt;
  attempt.text = valid_utf8(trajectory.text);
  if (trajectory.answered && trajectory.finish == Finish::kStop)
    attempt.answer = valid_utf8(trajectory.answer);
  return attempt;
}

std::string kind_of_reason(const Attempt& attempt, const GateVerdict& verdict) {
  if (verdict.outcome)
    return verdict.reason.substr(0, verdict.reason.find(':'));
  return attempt.answer ? "wrong answer" : "no answer";
}

void count(const Attempt& attempt, const GateVerdict& verdict, Gates& gates) {
  ++gates.counts.attempts;
  gates.counts.outcome += verdict.outcome ? 1 : 0;
  gates.counts.thinking += verdict.thinking ? 1 : 0;
  if (verdict.thinking)
    return;
  Rejected& rejected = gates.rejected[kind_of_reason(attempt, verdict)];
  if (rejected.attempts++ == 0)
    rejected.example = verdict.reason;
}

json line_of(const Prompt& prompt, double temperature, const Attempt& attempt,
             const Trajectory& trajectory) {
  return {{"prompt", prompt.id},       {"task", prompt.task},  {"temperature", temperature},
          {"answer", *attempt.answer}, {"text", attempt.text}, {"tokens", trajectory.tokens}};
}

json gates_json(double temperature, const std::string& task, const Gates& gates) {
  json rejected = json::array();
  for (const auto& [reason, what] : gates.rejected)
    rejected.push_back(
        {{"reason", reason}, {"attempts", what.attempts}, {"example", what.example}});
  std::stable_sort(rejected.begin(), rejected.end(), [](const json& a, const json& b) {
    return a["attempts"].get<int64_t>() > b["attempts"].get<int64_t>();
  });
  return {{"temperature", temperature},
          {"task", task},
          {"attempts", gates.counts.attempts},
          {"outcome", gates.counts.outcome},
          {"thinking", gates.counts.thinking},
          {"outcome_rate", gates.counts.outcome_rate()},
          {"thinking_rate", gates.counts.thinking_rate()},
          {"rejected", std::move(rejected)}};
}

/// All attempts through both gates.
Draw judge(int64_t number, const std::vector<ScoredGroup>& groups,
           const std::map<std::string, RejectTask>& tasks, GateCounts& total) {
  Draw draw;
  std::map<std::pair<double, std::string>, Gates> all;
  for (const ScoredGroup& scored : groups) {
    const Prompt& prompt = *scored.group->prompt;
    const auto task = tasks.find(prompt.id);
    NELUMBO_CHECK(task != tasks.end()) << prompt.id << " is no prompt that traces are drawn for";
    const double temperature = temperature_of(*scored.group);
    Gates& gates = all[{temperature, prompt.task}];
    for (const Trajectory& trajectory : scored.group->trajectories) {
      const Attempt attempt = attempt_of(trajectory);
      const GateVerdict verdict = pass_gates(attempt, task->second);
      count(attempt, verdict, gates);
      if (verdict.thinking)
        draw.lines.push_back(line_of(prompt, temperature, attempt, trajectory));
    }
  }
  draw.header = {{"draw", number}, {"accepted", draw.lines.size()}, {"gates", json::array()}};
  for (const auto& [key, gates] : all) {
    draw.header["gates"].push_back(gates_json(key.first, key.second, gates));
    total.add(gates.counts);
  }
  return draw;
}

/// `what` names the file first.
Error damaged(const std::string& what) {
  return {Errc::kBadData, what + "; remove the file: the run draws it again when it goes on"};
}

Result<Draw> read_draw(const std::string& path) {
  Draw draw;
  const auto read = for_each_object(path, [&](const json& object, const Place&) -> Result<void> {
    if (draw.header.is_null())
      draw.header = object;
    else
      draw.lines.push_back(object);
    return {};
  });
  if (!read)
    return damaged(read.error().message);
  if (number_of(draw.header, "accepted") != static_cast<double>(draw.lines.size()))
    return damaged(path + ": holds " + std::to_string(draw.lines.size()) +
                   " traces, its first line says " + text_of(draw.header, "accepted"));
  return draw;
}

std::optional<std::vector<int32_t>> tokens_of(const json& line) {
  std::vector<int32_t> tokens;
  for (const json& token : array_of(line, "tokens")) {
    if (!token.is_number_integer())
      return std::nullopt;
    tokens.push_back(token.get<int32_t>());
  }
  if (tokens.empty())
    return std::nullopt;
  return tokens;
}

/// What passed for one prompt, in the order of the draws.
struct Passed {
  std::vector<Attempt> attempts;
  std::vector<std::vector<int32_t>> tokens;
};

Result<void> collect(const std::string& path, const std::map<std::string, RejectTask>& tasks,
                     std::map<std::string, Passed>& all) {
  const Result<Draw> draw = read_draw(path);
  if (!draw)
    return draw.error();
  for (const json& line : draw.value().lines) {
    const std::string prompt = text_of(line, "prompt");
    auto tokens = tokens_of(line);
    if (!tasks.contains(prompt) || !tokens)
      return damaged(path + ": a line is no trace of this run's prompts");
    Passed& passed = all[prompt];
    passed.attempts.push_back({text_of(line, "text"), text_of(line, "answer"), ""});
    passed.tokens.push_back(std::move(*tokens));
  }
  return {};
}

}  // namespace

TraceBook::TraceBook(std::string run, std::map<std::string, RejectTask> tasks)
    : folder_(std::move(run) + "/midtrain"), tasks_(std::move(tasks)) {}

std::string TraceBook::path(int64_t draw) const {
  return folder_ + "/draw_" + std::to_string(draw) + ".jsonl";
}

bool TraceBook::kept(int64_t draw) const {
  std::error_code none;
  return std::filesystem::exists(path(draw), none);
}

/// The draw's own file comes last: as long as it is missing, the draw is made again.
Result<Metrics> TraceBook::keep(int64_t draw, const std::vector<ScoredGroup>& groups) {
  const std::lock_guard lock(mutex_);
  GateCounts total;
  const Draw made = judge(draw, groups, tasks_, total);
  json headers = json::array();
  for (int64_t other = 0; other < TraceDrawConfig::kMostCheckpoints; ++other) {
    if (other == draw) {
      headers.push_back(made.header);
    } else if (kept(other)) {
      const Result<Draw> read = read_draw(path(other));
      if (!read)
        return read.error();
      headers.push_back(read.value().header);
    }
  }
  std::string text = dump(made.header);
  for (const json& line : made.lines)
    text += dump(line);
  if (auto done = make_folder(folder_); !done)
    return done.error();
  if (auto done = write_file_atomic(folder_ + "/gates.json", dump({{"draws", headers}})); !done)
    return done.error();
  kill_point("trace_book/gates");
  if (auto done = write_file_atomic(path(draw), text); !done)
    return done.error();
  accepted_.reset();
  return Metrics{{"midtrain/attempts", static_cast<double>(total.attempts)},
                 {"midtrain/outcome_rate", total.outcome_rate()},
                 {"midtrain/thinking_rate", total.thinking_rate()},
                 {"midtrain/accepted", static_cast<double>(total.thinking)}};
}

Result<std::vector<AcceptedTrace>> TraceBook::accepted() const {
  const std::lock_guard lock(mutex_);
  if (accepted_)
    return *accepted_;
  std::map<std::string, Passed> all;
  for (int64_t draw = 0; draw < TraceDrawConfig::kMostCheckpoints; ++draw)
    if (kept(draw))
      if (auto done = collect(path(draw), tasks_, all); !done)
        return done.error();
  std::vector<AcceptedTrace> accepted;
  for (auto& [prompt, passed] : all)
    for (const size_t i : sift(passed.attempts, tasks_.at(prompt)).kept)
      accepted.push_back({prompt, std::move(passed.tokens[i])});
  accepted_ = accepted;
  return accepted;
}

}  // namespace nelumbo
