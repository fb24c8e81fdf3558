// SPDX-License-Identifier: Apache-2.0
#include "reward/trace_reader.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "base/base64.h"
#include "reward/outcome_bounds.h"
#include "reward/trace.h"

namespace nelumbo {
namespace {

using simdjson::dom::element;

/// Reads the fields of one object of a line; the first that is missing or of another shape is
/// remembered, and what is read after it does not count.
class Fields {
 public:
  Fields(element object, std::string* complaint) : object_(object), complaint_(complaint) {}

  std::optional<element> find(std::string_view key) const {
    element at;
    if (object_[key].get(at) != simdjson::SUCCESS)
      return std::nullopt;
    return at;
  }

  template <class T>
  void read(const char* key, T& value) {
    const std::optional<element> at = find(key);
    if (!at)
      return complain(key, "is missing");
    take(key, *at, value);
  }

  template <class T>
  void read_if_there(const char* key, T& value) {
    if (const std::optional<element> at = find(key))
      take(key, *at, value);
  }

  /// A text, or the bytes that stand for it where it was no UTF-8.
  void read_text(const char* key, std::string& text) {
    read(key, text);
    const std::optional<element> bytes = find(std::string(key) + "_base64");
    if (!bytes)
      return;
    std::string_view digits;
    std::optional<std::string> decoded =
        bytes->get(digits) == simdjson::SUCCESS ? from_base64(std::string(digits)) : std::nullopt;
    if (!decoded)
      return complain(key, "has bytes that are no base64");
    text = std::move(*decoded);
  }

  /// Calls `use` with each item of the list under `key`.
  template <class Use>
  void each(const char* key, Use use) {
    const std::optional<element> at = find(key);
    simdjson::dom::array list;
    if (!at || at->get(list) != simdjson::SUCCESS)
      return complain(key, at ? "is no list" : "is missing");
    for (const element item : list)
      use(item);
  }

  void complain(const std::string& key, const std::string& what) {
    if (complaint_->empty())
      *complaint_ = "'" + key + "' " + what;
  }

 private:
  void take(const char* key, element at, std::string& value) {
    std::string_view text;
    if (at.get(text) != simdjson::SUCCESS)
      return complain(key, "is no text");
    value = text;
  }
  void take(const char* key, element at, bool& value) {
    if (at.get(value) != simdjson::SUCCESS)
      complain(key, "is neither true nor false");
  }
  void take(const char* key, element at, double& value) {
    if (at.get(value) != simdjson::SUCCESS)
      complain(key, "is no number");
  }
  template <std::integral T>
  void take(const char* key, element at, T& value) {
    using Wide = std::conditional_t<std::is_unsigned_v<T>, uint64_t, int64_t>;
    Wide wide = 0;
    if (at.get(wide) != simdjson::SUCCESS || !std::in_range<T>(wide))
      return complain(key, "is no whole number, or one out of range");
    value = static_cast<T>(wide);
  }
  template <class T>
  void take(const char* key, element at, std::vector<T>& values) {
    simdjson::dom::array list;
    if (at.get(list) != simdjson::SUCCESS)
      return complain(key, "is no list");
    values.reserve(list.size());
    for (const element item : list)
      take(key, item, values.emplace_back());
  }
  void take(const char* key, element at, Box& box) {
    std::vector<double> sides;
    take(key, at, sides);
    if (sides.size() != 4)
      return complain(key, "is no box [x0, y0, x1, y1]");
    box = {sides[0], sides[1], sides[2], sides[3]};
  }
  template <class T>
  void take(const char* key, element at, std::optional<T>& value) {
    take(key, at, value.emplace());
  }

  element object_;
  std::string* complaint_;
};

template <class Word, size_t N>
using Words = std::array<std::pair<std::string_view, Word>, N>;

constexpr Words<Finish, 3> kFinishes = {
    {{"stop", Finish::kStop}, {"length", Finish::kLength}, {"turns", Finish::kTurns}}};
constexpr Words<StepCredit, 4> kCredits = {{{"multiplier", StepCredit::kMultiplier},
                                            {"sum", StepCredit::kSum},
                                            {"min", StepCredit::kMin},
                                            {"token", StepCredit::kToken}}};
constexpr Words<Outcome::Kind, 4> kKinds = {{{"score", Outcome::Kind::kScore},
                                             {"invalid", Outcome::Kind::kInvalid},
                                             {"infra_error", Outcome::Kind::kInfraError},
                                             {"timeout", Outcome::Kind::kTimeout}}};

template <class Word, size_t N>
void read_word(Fields& fields, const char* key, const Words<Word, N>& words, Word& value) {
  std::string name;
  fields.read(key, name);
  for (const auto& [known, word] : words)
    if (known == name) {
      value = word;
      return;
    }
  fields.complain(key, "is no word of a trace");
}

/// One of a specification, or empty where a group never came to that.
bool is_hash(std::string_view text) {
  constexpr size_t kDigits = 32;
  return text.empty() || (text.size() == kDigits &&
                          text.find_first_not_of("0123456789abcdef") == std::string_view::npos);
}

/// Reads the parts of a line, one method for each kind of object.
class Reader {
 public:
  ScoredGroup group(element line) {
    Fields fields(line, &complaint_);
    ScoredGroup scored;
    auto group = std::make_shared<Group>();
    uint64_t id = 0;
    fields.read("group", id);
    group->id = GroupId{id};
    fields.read("spec_hash", scored.spec_hash);
    if (!is_hash(scored.spec_hash))
      fields.complain("spec_hash", "is no hash of 32 hex digits");
    if (const auto prompt_line = fields.find("prompt"))
      group->prompt = prompt(*prompt_line);
    else
      fields.complain("prompt", "is missing");
    fields.each("trajectories", [&](element one) {
      group->trajectories.push_back(trajectory(one));
      group->trajectories.back().group = group->id;
      // A line without an outcome has none of its fields, which is said.
      scored.outcomes.push_back(outcome(Fields(one, &complaint_).find("outcome").value_or(one)));
    });
    scored.group = std::move(group);
    return scored;
  }

  const std::string& complaint() const { return complaint_; }
  /// What no specification can have given, though it has the shape of a trace.
  const std::string& damage() const { return damage_; }

 private:
  std::shared_ptr<const Prompt> prompt(element object) {
    Fields fields(object, &complaint_);
    auto prompt = std::make_shared<Prompt>();
    fields.read("id", prompt->id);
    fields.read("task", prompt->task);
    fields.read("reward", prompt->reward);
    fields.read("text", prompt->text);
    fields.read("view", prompt->view);
    const auto truth = fields.find("truth");
    if (!truth || !(truth->is_object() || truth->is_null()))
      fields.complain("truth", truth ? "is no mapping" : "is missing");
    else
      prompt->truth = nlohmann::json::parse(simdjson::minify(*truth), nullptr, false);
    if (const auto turned = fields.find("orientation")) {
      Fields orientation(*turned, &complaint_);
      orientation.read("mirrored", prompt->orientation.mirrored);
      orientation.read("quarters", prompt->orientation.quarters);
    }
    std::vector<int64_t> size;
    fields.read_if_there("size", size);
    if (size.size() == 2)
      prompt->image = std::make_shared<const Image>(Image{size[0], size[1], {}});
    else if (!size.empty())
      fields.complain("size", "is not [width, height]");
    return prompt;
  }

  Trajectory trajectory(element object) {
    Fields fields(object, &complaint_);
    Trajectory made;
    uint64_t version = 0;
    fields.read("sample", made.sample);
    fields.read("version", version);
    made.version = PolicyVersion{version};
    std::vector<int64_t> swaps;
    fields.read_if_there("swaps", swaps);
    for (size_t i = 0; i + 1 < swaps.size(); i += 2)
      made.swaps.push_back({swaps[i], PolicyVersion{static_cast<uint64_t>(swaps[i + 1])}});
    fields.read_text("text", made.text);
    fields.read_text("answer", made.answer);
    fields.read("answered", made.answered);
    fields.read_if_there("answer_box", made.answer_box);
    read_word(fields, "finish", kFinishes, made.finish);
    fields.read("tokens", made.tokens);
    fields.read("sampled", made.sampled);
    if (made.tokens.empty() && made.text.empty())
      fields.complain("tokens", "is empty, and 'text', too");
    if (made.sampled.size() != made.tokens.size())
      fields.complain("sampled", "is not as long as 'tokens'");
    fields.each("calls", [&](element one) { made.calls.push_back(call(one)); });
    fields.each("thoughts", [&](element one) {
      Fields thought(one, &complaint_);
      ThoughtStep& step = made.thoughts.emplace_back();
      thought.read_text("text", step.text);
      thought.read("first_token", step.first_token);
      thought.read("last_token", step.last_token);
    });
    return made;
  }

  ToolCall call(element object) {
    Fields fields(object, &complaint_);
    ToolCall call;
    fields.read("name", call.name);
    fields.read("image", call.image);
    fields.read("first_token", call.first_token);
    fields.read("last_token", call.last_token);
    fields.read_if_there("box", call.box);
    fields.read_if_there("original_box", call.original_box);
    fields.read_if_there("degrees", call.degrees);
    fields.read_if_there("error", call.error);
    if (fields.find("label"))
      fields.read_text("label", call.label);
    return call;
  }

  Outcome outcome(element object) {
    Fields fields(object, &complaint_);
    Outcome outcome;
    read_word(fields, "kind", kKinds, outcome.kind);
    if (outcome.kind != Outcome::Kind::kScore) {
      fields.read("reason", outcome.reason);
      return outcome;
    }
    fields.read("total", outcome.total);
    fields.read("rule", outcome.rule);
    read_word(fields, "credit", kCredits, outcome.credit);
    fields.read("process", outcome.process);
    fields.read("shaping", outcome.shaping);
    fields.read("gate", outcome.gate);
    outcome.has_rubric = fields.find("rubric").has_value();
    fields.read_if_there("rubric", outcome.rubric);
    fields.each("components", [&](element one) { outcome.components.push_back(component(one)); });
    read_times(fields, outcome.components);
    fields.each("steps", [&](element one) { outcome.steps.push_back(step(one)); });
    if (damage_.empty())
      damage_ = beyond_bounds(outcome).value_or("");
    return outcome;
  }

  /// Traces of earlier versions have none.
  static void read_times(Fields& fields, std::vector<Component>& components) {
    std::vector<int64_t> times;
    fields.read_if_there("nanoseconds", times);
    if (!times.empty() && times.size() != components.size())
      return fields.complain("nanoseconds", "is no list of as many as components");
    for (size_t i = 0; i < times.size(); ++i)
      components[i].nanoseconds = times[i];
  }

  Component component(element object) {
    Fields fields(object, &complaint_);
    Component component;
    fields.read("name", component.name);
    fields.read("layer", component.layer);
    fields.read("value", component.value);
    fields.read("weight", component.weight);
    fields.read("evidence", component.evidence);
    return component;
  }

  StepFactor step(element object) {
    Fields fields(object, &complaint_);
    StepFactor step;
    fields.read("first_token", step.first_token);
    fields.read("last_token", step.last_token);
    fields.read("factor", step.factor);
    fields.read("reason", step.reason);
    return step;
  }

  std::string complaint_, damage_;
};

Error damaged(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what + "; the file was damaged: run again, or restore it"};
}

/// Which group, or which answer of one, stands in a file once more.
class Seen {
 public:
  /// What a line has that was there before; none where all of it is new.
  std::optional<std::string> again(const Group& group, int64_t line) {
    const auto id = static_cast<uint64_t>(group.id);
    if (const auto [at, is_new] = lines_.emplace(id, line); !is_new)
      return "is group " + std::to_string(id) + " again, which stands in line " +
             std::to_string(at->second);
    std::set<int64_t> samples;
    for (const Trajectory& one : group.trajectories)
      if (!samples.insert(one.sample).second)
        return "has sample " + std::to_string(one.sample) + " twice";
    return std::nullopt;
  }

 private:
  std::map<uint64_t, int64_t> lines_;
};

}  // namespace

Result<ScoredGroup> from_trace(std::string_view line, const std::string& place) {
  simdjson::dom::parser parser;
  element parsed;
  if (const auto failed = parser.parse(line.data(), line.size()).get(parsed);
      failed != simdjson::SUCCESS)
    return damaged(place, std::string("is no JSON: ") + simdjson::error_message(failed));
  Reader reader;
  ScoredGroup group = reader.group(parsed);
  if (!reader.complaint().empty())
    return Error{Errc::kBadData, place + ": is no line of a trace of this version: " +
                                     reader.complaint() + "; run again to have new traces"};
  if (!reader.damage().empty())
    return damaged(place, reader.damage());
  return group;
}

Result<void> for_each_trace(const std::string& path,
                            const std::function<Result<void>(const ScoredGroup&)>& use) {
  const auto text = read_trace_text(path);
  if (!text)
    return text.error();
  int64_t number = 0;
  Seen seen;
  std::string_view rest = text.value();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::string place = path + ":" + std::to_string(++number);
    const auto group = from_trace(line, place);
    if (!group)
      return group.error();
    if (const auto what = seen.again(*group.value().group, number))
      return damaged(place, *what);
    if (auto used = use(group.value()); !used)
      return used;
  }
  return {};
}

}  // namespace nelumbo
