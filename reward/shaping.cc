// SPDX-License-Identifier: Apache-2.0
#include "reward/shaping.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

#include "reward/kinds.h"
#include "reward/lap_clock.h"
#include "reward/matchers.h"
#include "reward/text_term.h"

namespace nelumbo {

namespace {

enum class ShapingKind { kOverlong, kNudge };

constexpr std::array<Kind<ShapingKind>, 2> kKinds = {
    {{"soft_overlong", ShapingKind::kOverlong}, {"nudge", ShapingKind::kNudge}}};

/// Sums like 0.1 + 0.05 - 0.05 must not fail at a bound.
constexpr double kSlack = 1e-12;

struct OverlongKeys {
  std::string kind, name = "soft_overlong";
  int64_t max_tokens = 1024;
  int64_t buffer = 128;
  double factor = 0.1;

  template <class V>
  void fields(V& v) {
    v(kind, "kind", "soft_overlong");
    v(name, "name", "Name in metrics and traces.", NotEmpty{});
    v(max_tokens, "max_tokens", "Drawn tokens from which on the whole factor is taken.",
      Positive{});
    v(buffer, "buffer", "Tokens before that over which the penalty grows.", Positive{});
    v(factor, "factor", "What an overlong answer loses.", Between{0, 1});
  }
};

struct NudgeKeys {
  std::string kind, name = "nudge";
  double value = 0;

  template <class V>
  void fields(V& v) {
    v(kind, "kind", "nudge");
    v(name, "name", "Name in metrics and traces.", NotEmpty{});
    v(value, "value", "What is added where the matcher matches.", Between{-1, 1});
  }
};

int64_t drawn_tokens(const Trajectory& trajectory) {
  return std::accumulate(trajectory.sampled.begin(), trajectory.sampled.end(), int64_t{0});
}

std::string bounds_message(double lowest, double highest) {
  char text[160];
  std::snprintf(text, sizeof text,
                "together these give %g to %g, which leaves [%g, %g]; lower the factors", lowest,
                highest, kLeastShaping, kMostShaping);
  return text;
}

}  // namespace

double soft_overlong(int64_t tokens, int64_t max_tokens, int64_t buffer, double factor) {
  const double over = static_cast<double>(tokens - (max_tokens - buffer));
  const double share = std::clamp(over / static_cast<double>(buffer), 0.0, 1.0);
  return share > 0 ? -factor * share : 0;
}

Result<Shaping::Entry> Shaping::read_overlong(const SpecNode& node) {
  OverlongKeys keys;
  if (auto done = read_fields(node, {}, keys); !done)
    return done.error();
  if (keys.buffer > keys.max_tokens)
    return node.error("buffer must be <= max_tokens");
  return Entry{keys.name, keys.max_tokens, keys.buffer, keys.factor, nullptr};
}

Result<Shaping::Entry> Shaping::read_nudge(const SpecNode& node) {
  NudgeKeys keys;
  if (auto done = read_fields(node, {"when"}, keys); !done)
    return done.error();
  const auto at = node.at("when");
  if (!at)
    return at.error();
  auto when = read_matcher(at.value(), keys.value > 0 ? Stake::kPays : Stake::kNone);
  if (!when)
    return when.error();
  return Entry{keys.name, 0, 0, keys.value, std::move(when.value())};
}

Result<Shaping::Entry> Shaping::read_entry(const SpecNode& node) {
  const auto kind = kind_of<ShapingKind>(node, kKinds);
  if (!kind)
    return kind.error();
  return kind.value()->read == ShapingKind::kOverlong ? read_overlong(node) : read_nudge(node);
}

Result<Shaping> Shaping::read(const SpecNode& node) {
  const auto items = node.items();
  if (!items)
    return items.error();
  Shaping shaping;
  for (const SpecNode& item : items.value()) {
    auto entry = read_entry(item);
    if (!entry)
      return entry.error();
    const double change = entry.value().when ? entry.value().value : -entry.value().value;
    shaping.lowest_ += std::min(0.0, change);
    shaping.highest_ += std::max(0.0, change);
    shaping.entries_.push_back(std::move(entry.value()));
  }
  if (shaping.lowest_ < kLeastShaping - kSlack || shaping.highest_ > kMostShaping + kSlack)
    return node.error(bounds_message(shaping.lowest_, shaping.highest_));
  return shaping;
}

std::vector<TruthField> Shaping::needs() const {
  std::vector<TruthField> all;
  for (const Entry& entry : entries_)
    if (entry.when)
      for (TruthField& field : entry.when->needs())
        all.push_back(std::move(field));
  return all;
}

Result<std::vector<Component>> Shaping::judge(const Scene& scene) const {
  std::vector<Component> components;
  LapClock clock;
  for (const Entry& entry : entries_) {
    Component component{entry.name, "shaping", 0, 1, ""};
    if (entry.when) {
      auto verdict = entry.when->judge(scene);
      if (!verdict)
        return Error{Errc::kUnavailable, entry.name + ": " + verdict.error().message};
      const bool matches = verdict.value().value >= 0.5;
      const bool earns_nothing = entry.value > 0 && is_empty(scene.trajectory);
      component.value = matches && !earns_nothing ? entry.value : 0;
      component.evidence =
          matches && earns_nothing ? "nothing is said" : std::move(verdict.value().evidence);
    } else {
      const int64_t tokens = drawn_tokens(scene.trajectory);
      component.value = soft_overlong(tokens, entry.max_tokens, entry.buffer, entry.value);
      component.evidence = std::to_string(tokens) + " tokens";
    }
    component.nanoseconds = clock.lap();
    components.push_back(std::move(component));
  }
  return components;
}

}  // namespace nelumbo
