// SPDX-License-Identifier: Apache-2.0
#include "apps/report_charts.h"

#include <algorithm>
#include <map>
#include <utility>

namespace nelumbo {
namespace {

/// Every metric of a run as a series over steps, and where its stages begin.
struct Curves {
  std::map<std::string, Series> by_name;
  std::map<std::string, Series> loss_by_stage;
  std::vector<ChartMark> marks;
};

Curves curves_of(const std::vector<MetricsRow>& metrics) {
  Curves curves;
  for (const MetricsRow& row : metrics) {
    const auto step = static_cast<double>(row.step);
    if (curves.marks.empty() || curves.marks.back().name != row.stage)
      curves.marks.push_back({step, row.stage});
    for (const auto& [name, value] : row.values) {
      const bool loss = name == "optim/loss";
      Series& series = loss ? curves.loss_by_stage[row.stage] : curves.by_name[name];
      series.name = loss ? row.stage : name;
      series.points.emplace_back(step, value);
    }
  }
  return curves;
}

bool starts(const std::string& text, const std::string& with) {
  return text.rfind(with, 0) == 0;
}

bool ends(const std::string& text, const std::string& with) {
  return text.size() >= with.size() &&
         text.compare(text.size() - with.size(), with.size(), with) == 0;
}

/// Takes the metrics that `wanted` accepts out of `from` and into one chart or, where there are
/// more than a chart can show, several. `label` names a series.
template <class Wanted, class Label>
void take(std::map<std::string, Series>& from, Chart chart, const Wanted& wanted,
          const Label& label, std::vector<Chart>& out) {
  const std::string title = chart.title;
  int64_t charts = 0;
  const auto flush = [&] {
    if (chart.series.empty())
      return;
    if (++charts > 1)
      chart.title = title + " (" + std::to_string(charts) + ")";
    out.push_back(chart);
    chart.series.clear();
  };
  for (auto at = from.begin(); at != from.end();) {
    if (!wanted(at->first)) {
      ++at;
      continue;
    }
    at->second.name = label(at->first);
    chart.series.push_back(std::move(at->second));
    at = from.erase(at);
    if (std::ssize(chart.series) == kMostSeries)
      flush();
  }
  flush();
}

std::string whole(const std::string& name) {
  return name;
}

void take_one(Curves& curves, const std::string& name, const std::string& title,
              const std::string& y_label, std::vector<Chart>& out) {
  take(
      curves.by_name, {.title = title, .y_label = y_label, .marks = curves.marks},
      [&](const std::string& n) { return n == name; }, whole, out);
}

bool on_preferences(const std::string& stage) {
  return stage == "dpo" || stage == "reward_model" || stage == "prm";
}

void take_losses(Curves& curves, std::vector<Chart>& out) {
  Chart pairs{.title = "Preference loss", .y_label = "nats", .marks = curves.marks};
  Chart tokens{.title = "Next-token loss", .y_label = "nats per token", .marks = curves.marks};
  for (auto& [stage, series] : curves.loss_by_stage) {
    if (on_preferences(stage)) {
      pairs.series.push_back(std::move(series));
      continue;
    }
    if (stage != "rl") {
      tokens.series.push_back(std::move(series));
      continue;
    }
    out.push_back({.title = "Policy loss", .y_label = "loss", .series = {std::move(series)}});
  }
  if (!pairs.series.empty())
    out.insert(out.begin(), pairs);
  if (!tokens.series.empty())
    out.insert(out.begin(), tokens);
}

/// What the stages on preferences say of held-out pairs and steps, a series for each stage.
void take_preferences(Curves& curves, std::vector<Chart>& out) {
  for (const auto& [metric, title] :
       {std::pair{"accuracy", "Held-out preferences: ordered or judged right"},
        std::pair{"margin", "Held-out preferences: better less worse"},
        std::pair{"loss", "Held-out preferences: loss"},
        std::pair{"f1", "Faulty steps found: F1"}}) {
    const std::string tail = std::string("/") + metric;
    const auto set_of = [&](const std::string& n) {
      return n.substr(5, n.size() - 5 - tail.size());
    };
    take(
        curves.by_name, {.title = title, .y_label = metric, .marks = curves.marks},
        [&](const std::string& n) {
          return starts(n, "eval/") && ends(n, tail) && on_preferences(set_of(n));
        },
        set_of, out);
  }
}

/// What of `eval/<set>/<metric>` has a chart of its own, in order; the rest is on demand.
constexpr std::pair<const char*, const char*> kValidation[] = {
    {"accuracy", "Validation: regions named right"},
    {"white_recall", "Validation: white cells found"},
    {"forced_iou", "Validation: overlap behind true tokens"},
    {"sampled_reward", "Validation: reward, sampled"},
    {"reward", "Validation: reward, greedy"},
    {"sampled_score", "Validation: score, sampled"},
    {"score", "Validation: score, greedy"},
    {"loss", "Validation: loss"}};

/// One chart for each of those metrics, one series for each set.
void take_validation(Curves& curves, std::vector<Chart>& out) {
  for (const auto& [metric, title] : kValidation) {
    const std::string tail = std::string("/") + metric;
    take(
        curves.by_name, {.title = title, .y_label = metric, .marks = curves.marks},
        [&](const std::string& n) { return starts(n, "eval/") && ends(n, tail); },
        [&](const std::string& n) { return n.substr(5, n.size() - 5 - tail.size()); }, out);
  }
}

void take_rewards(Curves& curves, std::vector<Chart>& out) {
  take_one(curves, "reward/mean", "Reward of sampled training answers", "reward", out);
  take(
      curves.by_name, {.title = "Reward by task", .y_label = "reward", .marks = curves.marks},
      [](const std::string& n) { return starts(n, "reward/task/") && ends(n, "/mean"); },
      [](const std::string& n) { return n.substr(12, n.size() - 17); }, out);
  take(
      curves.by_name, {.title = "Reward by component", .y_label = "value", .marks = curves.marks},
      [](const std::string& n) { return starts(n, "reward/") && ends(n, "/mean"); },
      [](const std::string& n) { return n.substr(7, n.size() - 12); }, out);
}

void take_prefix(Curves& curves, const std::string& prefix, Chart chart, std::vector<Chart>& out) {
  chart.marks = curves.marks;
  take(
      curves.by_name, std::move(chart), [&](const std::string& n) { return starts(n, prefix); },
      [&](const std::string& n) { return n.substr(prefix.size()); }, out);
}

void append_figures(std::string& out, const std::vector<Chart>& charts, size_t from, size_t to) {
  out += "<div class=\"grid2\">";
  for (size_t i = from; i < to; ++i)
    out += svg_of(charts[i]);
  out += "</div>";
}

}  // namespace

std::vector<Chart> charts_of(const std::vector<MetricsRow>& metrics, size_t& named) {
  Curves curves = curves_of(metrics);
  std::vector<Chart> charts;
  take_losses(curves, charts);
  take_preferences(curves, charts);
  take_validation(curves, charts);
  take_rewards(curves, charts);
  take_one(curves, "policy/entropy", "Entropy of the policy", "nats per token", charts);
  take_one(curves, "optim/grad_norm", "Gradient norm before clipping", "norm", charts);
  take_one(curves, "mismatch/logprob_abs_max", "Largest rollout–learner log-prob difference",
           "nats", charts);
  take_one(curves, "reward/zero_spread_groups", "Groups without spread", "groups", charts);
  take_prefix(curves, "time/", {.title = "Time of a step", .y_label = "seconds"}, charts);
  named = charts.size();
  while (!curves.by_name.empty()) {
    const std::string name = curves.by_name.begin()->first;
    take_one(curves, name, name, "value", charts);
  }
  return charts;
}

std::string charts_html(const std::vector<MetricsRow>& metrics) {
  size_t named = 0;
  const std::vector<Chart> charts = charts_of(metrics, named);
  std::string out;
  append_figures(out, charts, 0, named);
  if (named == charts.size())
    return out;
  out += "<details><summary>All other metrics (" + std::to_string(charts.size() - named) +
         ")</summary>";
  append_figures(out, charts, named, charts.size());
  return out + "</details>";
}

}  // namespace nelumbo
