// SPDX-License-Identifier: Apache-2.0
#include "reward/spec_diff.h"

#include <algorithm>
#include <cmath>

#include "base/format.h"
#include "base/text.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr double kSame = 1e-9;
constexpr double kRight = 0.5;
constexpr size_t kMostText = 400;

bool is_score(const Outcome& outcome) {
  return outcome.kind == Outcome::Kind::kScore;
}

/// -1, 0 or 1: how `a` stands to `b`.
int order(double a, double b) {
  return a > b + kSame ? 1 : a < b - kSame ? -1 : 0;
}

double deviation(const std::vector<double>& values) {
  RunningMean mean, squares;
  for (const double value : values)
    mean.add(value);
  for (const double value : values)
    squares.add((value - mean.value()) * (value - mean.value()));
  return std::sqrt(squares.value());
}

bool is_flat(const std::vector<double>& values) {
  const auto [low, high] = std::ranges::minmax(values);
  return high - low <= kSame;
}

/// Whether an answer that was best before still is.
bool keeps_a_best(const std::vector<double>& before, const std::vector<double>& after) {
  const double best_before = std::ranges::max(before), best_after = std::ranges::max(after);
  for (size_t i = 0; i < before.size(); ++i)
    if (order(before[i], best_before) == 0 && order(after[i], best_after) == 0)
      return true;
  return false;
}

std::string cut(const std::string& text) {
  return text.size() <= kMostText ? text : text.substr(0, kMostText) + "...";
}

}  // namespace

Result<void> SpecDiff::add(const Group& group) {
  for (const RewardSpec* const spec : {&before_, &after_})
    if (auto fits = spec->check_prompt(*group.prompt); !fits)
      return fits;
  const std::vector<Outcome> before = before_.score(group), after = after_.score(group);
  ++sums_.groups;
  std::vector<std::pair<double, double>> totals;
  for (size_t i = 0; i < before.size(); ++i) {
    ++sums_.answers;
    sums_.kind_changes += before[i].kind == after[i].kind ? 0 : 1;
    if (!is_score(before[i]) || !is_score(after[i]))
      continue;
    totals.emplace_back(before[i].total, after[i].total);
    compare_answer(group, i, before[i], after[i]);
  }
  compare_group(totals);
  return {};
}

void SpecDiff::compare_answer(const Group& group, size_t i, const Outcome& before,
                              const Outcome& after) {
  ++sums_.scored;
  const std::string moved = compare_components(group.prompt->reward, before, after);
  if (order(before.total, after.total) == 0)
    return;
  ++sums_.moved;
  sums_.now_right += before.total < kRight && after.total >= kRight ? 1 : 0;
  sums_.now_wrong += before.total >= kRight && after.total < kRight ? 1 : 0;
  show({group.prompt->id + ", answer " + std::to_string(i), group.prompt->reward,
        cut(group.prompt->text), cut(group.trajectories[i].text), before.total, after.total,
        moved});
}

/// Notes the means of all components and names the one that moved most.
std::string SpecDiff::compare_components(const std::string& spec, const Outcome& before,
                                         const Outcome& after) {
  std::map<ComponentKey, std::pair<const Component*, const Component*>> both;
  for (const Component& component : before.components)
    both[ComponentKey::of(spec, component)].first = &component;
  for (const Component& component : after.components)
    both[ComponentKey::of(spec, component)].second = &component;
  std::string moved;
  double most = kSame;
  for (const auto& [key, pair] : both) {
    MovedComponent& row = components_[key];
    if (pair.first != nullptr)
      row.before.add(pair.first->value);
    if (pair.second != nullptr)
      row.after.add(pair.second->value);
    const double distance =
        std::abs((pair.first != nullptr ? pair.first->value * pair.first->weight : 0) -
                 (pair.second != nullptr ? pair.second->value * pair.second->weight : 0));
    if (pair.first != nullptr && pair.second != nullptr)
      row.distance.add(std::abs(pair.first->value - pair.second->value));
    if (distance > most) {
      most = distance;
      moved = key.label();
    }
  }
  if (before.gate != after.gate)
    return "gate/" + (after.gate.empty() ? before.gate : after.gate);
  return moved;
}

void SpecDiff::compare_group(const std::vector<std::pair<double, double>>& totals) {
  if (totals.size() < 2)
    return;
  std::vector<double> before, after;
  for (const auto& [old_total, new_total] : totals) {
    before.push_back(old_total);
    after.push_back(new_total);
  }
  sums_.spread_before.add(deviation(before));
  sums_.spread_after.add(deviation(after));
  sums_.flat_before += is_flat(before) ? 1 : 0;
  sums_.flat_after += is_flat(after) ? 1 : 0;
  sums_.other_best += keeps_a_best(before, after) ? 0 : 1;
  for (size_t i = 0; i < before.size(); ++i)
    for (size_t j = i + 1; j < before.size(); ++j) {
      const int was = order(before[i], before[j]), is = order(after[i], after[j]);
      ++sums_.pairs;
      sums_.reversed += was * is < 0 ? 1 : 0;
      sums_.parted += was == 0 && is != 0 ? 1 : 0;
      sums_.tied += was != 0 && is == 0 ? 1 : 0;
    }
}

/// Keeps the largest; of equal ones those that came first.
void SpecDiff::show(TotalChange change) {
  const auto size = [](const TotalChange& one) { return std::abs(one.after - one.before); };
  auto& shown = sums_.largest;
  const auto at = std::ranges::find_if(
      shown, [&](const TotalChange& one) { return size(one) < size(change) - kSame; });
  shown.insert(at, std::move(change));
  if (shown.size() > kMostShown)
    shown.pop_back();
}

DiffReport SpecDiff::report() const {
  DiffReport report = sums_;
  for (const auto& [key, row] : components_) {
    report.components.push_back(row);
    report.components.back().key = key;
  }
  return report;
}

std::string render(const DiffReport& report, std::string (*safe)(std::string_view)) {
  const auto n = [](int64_t count) { return static_cast<long long>(count); };
  std::string text = formatted(
      "%lld of %lld answers move (%lld groups)\n"
      "flips      %lld to 0.5 or more, %lld to less; %lld change the kind of their outcome\n"
      "ranks      of %lld pairs in a group %lld turn round, %lld are parted, %lld become alike\n"
      "best       another answer in %lld groups\n"
      "spread     %.4f -> %.4f in a group; without any %lld -> %lld groups\n\n",
      n(report.moved), n(report.scored), n(report.groups), n(report.now_right), n(report.now_wrong),
      n(report.kind_changes), n(report.pairs), n(report.reversed), n(report.parted), n(report.tied),
      n(report.other_best), report.spread_before.value(), report.spread_after.value(),
      n(report.flat_before), n(report.flat_after));
  text +=
      formatted("%-52.52s %8s %8s %8s\n", "components that moved", "before", "after", "distance");
  for (const MovedComponent& row : report.components) {
    const bool both = row.before.n > 0 && row.after.n > 0;
    if (both && row.distance.sum <= kSame && row.before.n == row.after.n)
      continue;
    const std::string label = row.key.spec + " " + row.key.label();
    text += formatted("  %-50.50s ", safe(label).c_str());
    text += row.before.n > 0 ? formatted("%8.4f ", row.before.value()) : formatted("%8s ", "-");
    text += row.after.n > 0 ? formatted("%8.4f ", row.after.value()) : formatted("%8s ", "-");
    text += both ? formatted("%8.4f\n", row.distance.value()) : formatted("%8s\n", "-");
  }
  if (!report.largest.empty())
    text += "\nthe largest changes\n";
  for (const TotalChange& change : report.largest)
    text += formatted("  %+.4f  %.4f -> %.4f  ", change.after - change.before, change.before,
                      change.after) +
            safe(change.place) + " (" + safe(change.spec) + ", " + safe(change.moved) +
            ")\n    asked: " + safe(change.question) + "\n    said:  " + safe(change.text) + "\n";
  return text;
}

json to_json(const DiffReport& report) {
  json components = json::array(), largest = json::array();
  for (const MovedComponent& row : report.components)
    components.push_back({{"spec", row.key.spec},
                          {"layer", row.key.layer},
                          {"name", row.key.name},
                          {"before", row.before.n > 0 ? json(row.before.value()) : json()},
                          {"after", row.after.n > 0 ? json(row.after.value()) : json()},
                          {"distance", row.distance.n > 0 ? json(row.distance.value()) : json()}});
  for (const TotalChange& change : report.largest)
    largest.push_back({{"place", valid_utf8(change.place)},
                       {"spec", change.spec},
                       {"question", valid_utf8(change.question)},
                       {"text", valid_utf8(change.text)},
                       {"before", change.before},
                       {"after", change.after},
                       {"moved", change.moved}});
  return {{"groups", report.groups},
          {"answers", report.answers},
          {"scored", report.scored},
          {"kind_changes", report.kind_changes},
          {"moved", report.moved},
          {"now_right", report.now_right},
          {"now_wrong", report.now_wrong},
          {"pairs", report.pairs},
          {"reversed", report.reversed},
          {"parted", report.parted},
          {"tied", report.tied},
          {"other_best", report.other_best},
          {"spread_before", report.spread_before.value()},
          {"spread_after", report.spread_after.value()},
          {"flat_before", report.flat_before},
          {"flat_after", report.flat_after},
          {"components", components},
          {"largest", largest}};
}

}  // namespace nelumbo
