// SPDX-License-Identifier: Apache-2.0
#include "reward/trace_reader.h"

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/base64.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// Reads the fields of one object of a line; the first that is missing or of another shape is
/// remembered, and what is read after it does not count.
class Fields {
 public:
  Fields(const json& object, std::string* complaint) : object_(object), complaint_(complaint) {}

  const json* find(const char* key) const {
    if (!object_.is_object())
      return nullptr;
    const auto at = object_.find(key);
    return at == object_.end() ? nullptr : &*at;
  }

  template <class T>
  void read(const char* key, T& value) {
    const json* const at = find(key);
    if (at == nullptr)
      return complain(key, "is missing");
    take(key, *at, value);
  }

  template <class T>
  void read_if_there(const char* key, T& value) {
    if (const json* const at = find(key))
      take(key, *at, value);
  }

  /// A text, or the bytes that stand for it where it was no UTF-8.
  void read_text(const char* key, std::string& text) {
    read(key, text);
    const json* const bytes = find((std::string(key) + "_base64").c_str());
    if (bytes == nullptr)
      return;
    std::optional<std::string> decoded =
        bytes->is_string() ? from_base64(bytes->get_ref<const std::string&>()) : std::nullopt;
    if (!decoded)
      return complain(key, "has bytes that are no base64");
    text = std::move(*decoded);
  }

  /// Calls `use` with each item of the list under `key`.
  template <class Use>
  void each(const char* key, Use use) {
    const json* const at = find(key);
    if (at == nullptr || !at->is_array())
      return complain(key, at == nullptr ? "is missing" : "is no list");
    for (const json& item : *at)
      use(item);
  }

  void complain(const std::string& key, const std::string& what) {
    if (complaint_->empty())
      *complaint_ = "'" + key + "' " + what;
  }

 private:
  void take(const char* key, const json& at, std::string& value) {
    if (!at.is_string())
      return complain(key, "is no text");
    value = at.get_ref<const std::string&>();
  }
  void take(const char* key, const json& at, bool& value) {
    if (!at.is_boolean())
      return complain(key, "is neither true nor false");
    value = at.get<bool>();
  }
  void take(const char* key, const json& at, double& value) {
    if (!at.is_number())
      return complain(key, "is no number");
    value = at.get<double>();
  }
  template <std::integral T>
  void take(const char* key, const json& at, T& value) {
    if (!at.is_number_integer())
      return complain(key, "is no whole number");
    value = at.get<T>();
  }
  template <class T>
  void take(const char* key, const json& at, std::vector<T>& values) {
    if (!at.is_array())
      return complain(key, "is no list");
    values.reserve(at.size());
    for (const json& item : at)
      take(key, item, values.emplace_back());
  }
  void take(const char* key, const json& at, Box& box) {
    std::vector<double> sides;
    take(key, at, sides);
    if (sides.size() != 4)
      return complain(key, "is no box [x0, y0, x1, y1]");
    box = {sides[0], sides[1], sides[2], sides[3]};
  }
  template <class T>
  void take(const char* key, const json& at, std::optional<T>& value) {
    take(key, at, value.emplace());
  }

  const json& object_;
  std::string* complaint_;
};

template <class Word, size_t N>
using Words = std::array<std::pair<std::string_view, Word>, N>;

constexpr Words<Finish, 3> kFinishes = {
    {{"stop", Finish::kStop}, {"length", Finish::kLength}, {"turns", Finish::kTurns}}};
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

/// Reads the parts of a line, one method for each kind of object.
class Reader {
 public:
  ScoredGroup group(const json& line) {
    Fields fields(line, &complaint_);
    ScoredGroup scored;
    auto group = std::make_shared<Group>();
    uint64_t id = 0;
    fields.read("group", id);
    group->id = GroupId{id};
    fields.read("spec_hash", scored.spec_hash);
    if (const json* const prompt_line = fields.find("prompt"))
      group->prompt = prompt(*prompt_line);
    else
      fields.complain("prompt", "is missing");
    fields.each("trajectories", [&](const json& one) {
      group->trajectories.push_back(trajectory(one));
      group->trajectories.back().group = group->id;
      const json* const result = Fields(one, &complaint_).find("outcome");
      scored.outcomes.push_back(outcome(result == nullptr ? json() : *result));
    });
    scored.group = std::move(group);
    return scored;
  }

  const std::string& complaint() const { return complaint_; }

 private:
  std::shared_ptr<const Prompt> prompt(const json& object) {
    Fields fields(object, &complaint_);
    auto prompt = std::make_shared<Prompt>();
    fields.read("id", prompt->id);
    fields.read("task", prompt->task);
    fields.read("reward", prompt->reward);
    fields.read("text", prompt->text);
    fields.read("view", prompt->view);
    if (const json* const truth = fields.find("truth"))
      prompt->truth = *truth;
    if (const json* const turned = fields.find("orientation")) {
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

  Trajectory trajectory(const json& object) {
    Fields fields(object, &complaint_);
    Trajectory made;
    uint64_t version = 0;
    fields.read("sample", made.sample);
    fields.read("version", version);
    made.version = PolicyVersion{version};
    fields.read_text("text", made.text);
    fields.read_text("answer", made.answer);
    fields.read("answered", made.answered);
    fields.read_if_there("answer_box", made.answer_box);
    read_word(fields, "finish", kFinishes, made.finish);
    fields.read("tokens", made.tokens);
    fields.read("sampled", made.sampled);
    if (made.sampled.size() != made.tokens.size())
      fields.complain("sampled", "is not as long as 'tokens'");
    fields.each("calls", [&](const json& one) { made.calls.push_back(call(one)); });
    fields.each("thoughts", [&](const json& one) {
      Fields thought(one, &complaint_);
      ThoughtStep& step = made.thoughts.emplace_back();
      thought.read_text("text", step.text);
      thought.read("first_token", step.first_token);
      thought.read("last_token", step.last_token);
    });
    return made;
  }

  ToolCall call(const json& object) {
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
    if (fields.find("label") != nullptr)
      fields.read_text("label", call.label);
    return call;
  }

  Outcome outcome(const json& object) {
    Fields fields(object, &complaint_);
    Outcome outcome;
    read_word(fields, "kind", kKinds, outcome.kind);
    if (outcome.kind != Outcome::Kind::kScore) {
      fields.read("reason", outcome.reason);
      return outcome;
    }
    fields.read("total", outcome.total);
    fields.read("rule", outcome.rule);
    fields.read("process", outcome.process);
    fields.read("shaping", outcome.shaping);
    fields.read("gate", outcome.gate);
    outcome.has_rubric = fields.find("rubric") != nullptr;
    fields.read_if_there("rubric", outcome.rubric);
    fields.each("components",
                [&](const json& one) { outcome.components.push_back(component(one)); });
    fields.each("steps", [&](const json& one) { outcome.steps.push_back(step(one)); });
    return outcome;
  }

  Component component(const json& object) {
    Fields fields(object, &complaint_);
    Component component;
    fields.read("name", component.name);
    fields.read("layer", component.layer);
    fields.read("value", component.value);
    fields.read("weight", component.weight);
    fields.read("evidence", component.evidence);
    return component;
  }

  StepFactor step(const json& object) {
    Fields fields(object, &complaint_);
    StepFactor step;
    fields.read("first_token", step.first_token);
    fields.read("last_token", step.last_token);
    fields.read("factor", step.factor);
    fields.read("reason", step.reason);
    return step;
  }

  std::string complaint_;
};

}  // namespace

Result<ScoredGroup> from_trace(const json& line, const std::string& place) {
  Reader reader;
  ScoredGroup group = reader.group(line);
  if (!reader.complaint().empty())
    return Error{Errc::kBadData, place + ": is no line of a trace of this version: " +
                                     reader.complaint() + "; run again to have new traces"};
  return group;
}

}  // namespace nelumbo
