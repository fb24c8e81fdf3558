// SPDX-License-Identifier: Apache-2.0
#include "reward/task_spec.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>

#include "base/text.h"
#include "reward/matchers.h"

namespace nelumbo {

namespace {

struct GateKeys {
  std::string name, severity = "critical";
  std::optional<double> value;

  template <class V>
  void fields(V& v) {
    v(name, "name", "What is shown when it is violated.", NotEmpty{});
    v(severity, "severity", "For the trace.", OneOf{"critical", "major", "minor"});
    v(value, "value",
      "The total of an answer that violates it, no better than the worst answer's by the rubric's "
      "negative points; where it is left out 0, or just that.",
      Between{-1, 0});
  }
};

struct UseKeys {
  std::string use;

  template <class V>
  void fields(V& v) {
    v(use, "use", "A list under `gates` of the file, or of one that it includes: all of its gates.",
      NotEmpty{});
  }
};

/// Reads `key` by T::read where it stands; leaves `out` empty where it does not.
template <class T>
Result<void> read_part(const SpecNode& node, const std::string& key, std::optional<T>& out) {
  if (!node.has(key))
    return {};
  auto part = T::read(node.at(key).value());
  if (!part)
    return part.error();
  out = std::move(part.value());
  return {};
}

Result<GateRule> read_gate_rule(const SpecNode& node) {
  GateKeys keys;
  if (auto done = read_fields(node, {"when"}, keys); !done)
    return done.error();
  if (keys.name.empty())
    return node.error("'name' is missing");
  const auto at = node.at("when");
  if (!at)
    return at.error();
  auto when = read_matcher(at.value());
  if (!when)
    return when.error();
  return GateRule{keys.name, keys.severity, keys.value, std::move(when.value()),
                  node.place_of("value")};
}

/// The list that an item names: `- {use: usual}`.
Result<SpecNode> used_list(const SpecNode& item, const GateLists& shared) {
  UseKeys keys;
  if (auto done = read_fields(item, {}, keys); !done)
    return done.error();
  if (const auto found = shared.find(keys.use); found != shared.end())
    return found->second;
  std::vector<std::string> names;
  for (const auto& [name, list] : shared)
    names.push_back(name);
  return item.error("no list under 'gates' is called '" + shortened(keys.use) + "'" +
                    did_you_mean(keys.use, names));
}

Result<void> read_gates(const SpecNode& list, const GateLists& shared,
                        std::vector<GateRule>& gates) {
  const auto items = list.items();
  if (!items)
    return items.error();
  for (const SpecNode& item : items.value()) {
    if (item.is_map() && item.has("use")) {
      const auto used = used_list(item, shared);
      if (!used)
        return used.error();
      if (auto done = read_gates(used.value(), {}, gates); !done)
        return done;
      continue;
    }
    auto rule = read_gate_rule(item);
    if (!rule)
      return rule.error();
    for (const GateRule& other : gates)
      if (other.name == rule.value().name)
        return item.error("a gate is called '" + other.name + "' already");
    gates.push_back(std::move(rule.value()));
  }
  return {};
}

Result<void> read_rubric(const SpecNode& layers, std::span<const std::string> judges,
                         TaskSpec& spec) {
  if (!layers.has("rubric"))
    return {};
  auto rubric = RubricLayer::read(layers.at("rubric").value(), judges);
  if (!rubric)
    return rubric.error();
  spec.rubric = std::move(rubric).value();
  return {};
}

Result<void> read_layers(const SpecNode& node, std::span<const std::string> judges,
                         TaskSpec& spec) {
  const auto layers = node.at("layers");
  if (!layers)
    return layers.error();
  if (auto entries = layers.value().entries(); !entries)
    return entries.error();
  const std::array<std::string, 3> known = {"rule", "rubric", "process"};
  if (auto done = layers.value().only(known); !done)
    return done;
  if (auto done = read_part(layers.value(), "rule", spec.rule); !done)
    return done;
  if (auto done = read_rubric(layers.value(), judges, spec); !done)
    return done;
  if (auto done = read_part(layers.value(), "process", spec.process); !done)
    return done;
  if (!spec.rule && !spec.rubric)
    return layers.value().error(
        "needs a rule layer, or a rubric: without one nothing says what is right");
  return {};
}

/// The rule layer alone, or the rubric where there is none, must move the total by more than
/// shaping can.
Result<void> check_range(const SpecNode& node, const TaskSpec& spec) {
  if (!spec.shaping || !spec.rule)
    return {};
  const double rubric = spec.rubric ? spec.rubric->weight() : 0;
  const double process = spec.process ? spec.process->weight() : 0;
  const double share = spec.rule->weight() / (spec.rule->weight() + rubric + process);
  if (share > spec.shaping->range())
    return {};
  char text[160];
  std::snprintf(text, sizeof text,
                "can move the total by %g, and right against wrong by %g only; raise the rule "
                "layer's weight",
                spec.shaping->range(), share);
  return node.at("shaping").value().error(text);
}

LayerShares shares_of(double rule, double rubric, double process) {
  const double sum = rule + rubric + process;
  return sum > 0 ? LayerShares{rule / sum, rubric / sum, process / sum} : LayerShares{};
}

/// `lowest` is what the worst answer that no gate stops gets.
Result<void> check_gate_values(const std::vector<GateRule>& gate, double lowest) {
  constexpr double kSlack = 1e-9;
  for (const GateRule& rule : gate) {
    if (!rule.value || *rule.value <= lowest + kSlack)
      continue;
    char text[240];
    std::snprintf(text, sizeof text,
                  "%g is better than %g, which the worst answer gets that no gate stops: it would "
                  "pay to violate '%.40s'; leave the value out, which gives just that%s",
                  *rule.value, lowest, rule.name.c_str(), lowest >= -1 ? ", or lower it" : "");
    return Error{Errc::kInvalidConfig, rule.place + ": " + text};
  }
  return {};
}

/// What can be said of it before any prompt is there.
Result<void> check_stated_gate(const TaskSpec& spec) {
  if (!spec.rubric)
    return {};
  const LayerShares shares = shares_of(spec.rule ? spec.rule->weight() : 0, spec.rubric->weight(),
                                       spec.process ? spec.process->weight() : 0);
  return check_gate_values(spec.gate, shares.rubric * spec.rubric->lowest_stated());
}

void append(std::vector<TruthField> more, std::vector<TruthField>& all) {
  for (TruthField& field : more)
    all.push_back(std::move(field));
}

/// The n of "retry(n)"; 0 of any other word.
int64_t retries_of(std::string_view word) {
  constexpr std::string_view kHead = "retry(";
  if (!word.starts_with(kHead) || !word.ends_with(")"))
    return 0;
  word.remove_prefix(kHead.size());
  word.remove_suffix(1);
  int64_t n = 0;
  const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), n);
  const bool whole = failure == std::errc() && end == word.data() + word.size();
  return whole && n >= 1 && n <= DropRetryOrPause::kMostRetries ? n : 0;
}

}  // namespace

bool DropRetryOrPause::operator()(const std::string& word) const {
  return word == "drop" || word == "pause" || retries_of(word) > 0;
}

OnFailure OnKeys::failure(Outcome::Kind kind) const {
  if (kind == Outcome::Kind::kTimeout)
    return {0, timeout == "pause"};
  if (kind == Outcome::Kind::kInfraError)
    return {retries_of(infra_error), infra_error == "pause"};
  return {};
}

Result<TaskSpec> TaskSpec::read(const std::string& name, const SpecNode& node,
                                std::span<const std::string> judges, const GateLists& gates) {
  if (auto entries = node.entries(); !entries)
    return entries.error();
  const std::array<std::string, 4> known = {"gate", "layers", "shaping", "on"};
  if (auto done = node.only(known); !done)
    return done.error();
  TaskSpec spec;
  spec.name = name;
  if (node.has("gate"))
    if (auto done = read_gates(node.at("gate").value(), gates, spec.gate); !done)
      return done.error();
  if (auto done = read_layers(node, judges, spec); !done)
    return done.error();
  if (auto done = check_stated_gate(spec); !done)
    return done.error();
  if (auto done = read_part(node, "shaping", spec.shaping); !done)
    return done.error();
  if (auto done = check_range(node, spec); !done)
    return done.error();
  if (node.has("on"))
    if (auto done = read_fields(node.at("on").value(), {}, spec.on); !done)
      return done.error();
  return spec;
}

LayerShares TaskSpec::shares(const Prompt& prompt) const {
  return shares_of(rule && rule->applies(prompt) ? rule->weight() : 0,
                   rubric && rubric->applies(prompt) ? rubric->weight() : 0,
                   process ? process->weight() : 0);
}

Result<void> TaskSpec::check_gate(const Prompt& prompt) const {
  const double lowest = rubric && rubric->applies(prompt) ? rubric->lowest(prompt) : 0;
  return check_gate_values(gate, shares(prompt).rubric * lowest);
}

std::vector<TruthField> TaskSpec::needs() const {
  std::vector<TruthField> all;
  if (rule)
    append(rule->needs(), all);
  for (const GateRule& one : gate)
    append(one.when->needs(), all);
  if (rubric)
    append(rubric->needs(), all);
  if (process)
    append(process->needs(), all);
  if (shaping)
    append(shaping->needs(), all);
  return all;
}

}  // namespace nelumbo
