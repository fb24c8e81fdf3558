// SPDX-License-Identifier: Apache-2.0
#include "reward/replay.h"

#include <cmath>
#include <utility>

#include <time.h>

#include "base/format.h"
#include "reward/fixtures.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr double kSame = 1e-9;
constexpr std::array<Outcome::Kind, 4> kKinds = {Outcome::Kind::kScore, Outcome::Kind::kInvalid,
                                                 Outcome::Kind::kInfraError,
                                                 Outcome::Kind::kTimeout};

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string tally_line(const char* name, const OutcomeTally& tally) {
  std::string text = formatted("  %-8s", name);
  for (const Outcome::Kind kind : kKinds)
    text += formatted(" %12lld", static_cast<long long>(tally.of(kind)));
  int64_t hits = 0;
  for (const auto& [rule, count] : tally.gates)
    hits += count;
  return text + formatted(" %12lld\n", static_cast<long long>(hits));
}

json tally_json(const OutcomeTally& tally) {
  json out{{"gates", tally.gates}};
  for (const Outcome::Kind kind : kKinds)
    out[to_text(kind)] = tally.of(kind);
  return out;
}

}  // namespace

void OutcomeTally::add(const std::string& spec, const Outcome& outcome) {
  ++kinds[static_cast<size_t>(outcome.kind)];
  if (outcome.kind == Outcome::Kind::kScore && !outcome.gate.empty())
    ++gates[spec + ": " + outcome.gate];
}

Result<void> Replay::add(const ScoredGroup& stored) {
  const Prompt& prompt = *stored.group->prompt;
  if (auto fits = spec_.check_prompt(prompt); !fits)
    return fits;
  const double start = processor_seconds();
  const std::vector<Outcome> now = spec_.score(*stored.group);
  sums_.seconds += processor_seconds() - start;
  ++sums_.groups;
  sums_.answers += std::ssize(now);
  sums_.stored_hashes.insert(stored.spec_hash);
  for (size_t i = 0; i < now.size(); ++i)
    compare(prompt.reward, stored.outcomes[i], now[i]);
  return {};
}

void Replay::compare(const std::string& spec, const Outcome& stored, const Outcome& now) {
  sums_.stored.add(spec, stored);
  sums_.now.add(spec, now);
  const auto record = [&](const Outcome& outcome, auto pick) {
    if (outcome.kind != Outcome::Kind::kScore)
      return;
    pick(rows_[ComponentKey::total(spec)]).add(outcome.total);
    for (const Component& component : outcome.components)
      pick(rows_[ComponentKey::of(spec, component)]).add(component.value);
  };
  record(stored, [](auto& row) -> RunningMean& { return row.first; });
  record(now, [](auto& row) -> RunningMean& { return row.second; });
  if (stored.kind != now.kind) {
    ++sums_.changed;
  } else if (now.kind == Outcome::Kind::kScore) {
    const double change = now.total - stored.total;
    change_.add(change);
    sums_.largest = std::max(sums_.largest, std::abs(change));
    sums_.changed += std::abs(change) > kSame ? 1 : 0;
  }
}

ReplayReport Replay::report() const {
  ReplayReport report = sums_;
  report.mean_change = change_.value();
  report.hash = spec_.hash();
  for (const auto& [key, means] : rows_)
    report.rows.push_back({key, means.first, means.second});
  return report;
}

std::string render(const ReplayReport& report, std::string (*safe)(std::string_view)) {
  std::string text, spec;
  for (const ReplayRow& row : report.rows) {
    if (row.key.spec != spec || text.empty())
      text += formatted("\n%-46.46s %8s %8s %8s %9s\n", safe(row.key.spec).c_str(), "stored", "now",
                        "change", "answers");
    spec = row.key.spec;
    const std::string mark = row.stored.n == 0 ? " new" : row.now.n == 0 ? " gone" : "";
    text += formatted("  %-44.44s %8.4f %8.4f %+8.4f %9lld", safe(row.key.label()).c_str(),
                      row.stored.value(), row.now.value(), row.now.value() - row.stored.value(),
                      static_cast<long long>(std::max(row.stored.n, row.now.n))) +
            mark + "\n";
  }
  text += formatted("\n  %-8s %12s %12s %12s %12s %12s\n", "outcomes", "score", "invalid",
                    "infra_error", "timeout", "gate hits");
  text += tally_line("stored", report.stored) + tally_line("now", report.now);
  for (const auto& [rule, count] : report.now.gates)
    text += "  gate " + safe(rule) + formatted(": %lld now\n", static_cast<long long>(count));
  text += formatted("\n%lld of %lld answers changed; largest change of a total %.6g, mean %+.6g\n",
                    static_cast<long long>(report.changed), static_cast<long long>(report.answers),
                    report.largest, report.mean_change);
  const bool same = report.stored_hashes == std::set<std::string>{report.hash};
  text += same ? "the specification is the one that scored the run\n"
               : "the specification is not, or not always, the one that scored the run\n";
  return text + formatted("%lld groups scored in %.3f s of processor time, %.0f answers a second\n",
                          static_cast<long long>(report.groups), report.seconds,
                          report.per_second());
}

json to_json(const ReplayReport& report) {
  json rows = json::array();
  for (const ReplayRow& row : report.rows)
    rows.push_back({{"spec", row.key.spec},
                    {"layer", row.key.layer},
                    {"name", row.key.name},
                    {"stored", row.stored.value()},
                    {"stored_answers", row.stored.n},
                    {"now", row.now.value()},
                    {"now_answers", row.now.n}});
  return {{"rows", rows},
          {"stored", tally_json(report.stored)},
          {"now", tally_json(report.now)},
          {"groups", report.groups},
          {"answers", report.answers},
          {"changed", report.changed},
          {"largest_change", report.largest},
          {"mean_change", report.mean_change},
          {"seconds", report.seconds},
          {"stored_hashes", report.stored_hashes},
          {"hash", report.hash}};
}

}  // namespace nelumbo
