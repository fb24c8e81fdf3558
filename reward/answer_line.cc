// SPDX-License-Identifier: Apache-2.0
#include "reward/answer_line.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "corpus/data_row.h"
#include "reward/candidate.h"
#include "reward/fixtures.h"
#include "reward/truth.h"

namespace nelumbo {
namespace {

using nlohmann::json;

const std::vector<std::string> kKeys = {"row",   "answer", "text",   "box", "boxes",
                                        "calls", "spec",   "finish", "id"};
const std::vector<std::string> kAnswers = {"answer", "text", "box", "boxes"};
const std::vector<std::string> kTools = {"zoom", "rotate", "locate"};
constexpr Box kPicture{0, 0, 640, 480};

const json* member_of(const json& object, const char* key) {
  const auto at = object.find(key);
  return at == object.end() ? nullptr : &*at;
}

bool has_extent(const Box& box) {
  return box.x0 < box.x1 && box.y0 < box.y1;
}

/// Reads a line; the first complaint about it is remembered.
class LineReading {
 public:
  LineReading(const json& line, const RewardSpec& spec, Place place)
      : line_(line), spec_(spec), place_(std::move(place)) {}

  Result<Group> group() {
    check_keys();
    auto prompt = std::make_shared<Prompt>();
    fill(*prompt);
    Trajectory trajectory = answer_to(*prompt);
    if (!complaint_.empty())
      return Error{Errc::kBadData, complaint_};
    if (const auto fits = spec_.check_prompt(*prompt); !fits)
      return Error{Errc::kBadData, place_.text() + ": " + fits.error().message};
    Group group;
    group.prompt = std::move(prompt);
    group.trajectories.push_back(std::move(trajectory));
    return group;
  }

 private:
  void complain(const std::string& what) { refuse(place_.text() + ": " + what); }

  void refuse(std::string message) {
    if (complaint_.empty())
      complaint_ = std::move(message);
  }

  void check_keys() {
    for (const auto& [key, value] : line_.items())
      if (std::ranges::find(kKeys, key) == kKeys.end())
        return complain("unknown key '" + shortened(key) + "'" + did_you_mean(key, kKeys) +
                        "; there are " + joined(kKeys, ", "));
  }

  std::optional<std::string> text(const char* key) {
    const json* const at = member_of(line_, key);
    if (at == nullptr)
      return std::nullopt;
    if (!at->is_string())
      complain("'" + std::string(key) + "' must be text");
    return at->is_string() ? at->get<std::string>() : "";
  }

  void fill(Prompt& prompt) {
    prompt.id = text("id").value_or(place_.text());
    prompt.reward = prompt.task = spec_name();
    prompt.view = kPicture;
    const json* const row = member_of(line_, "row");
    if (row == nullptr || !row->is_object())
      return complain("'row' must be an object: the data set's fields of this question");
    Result<TextQuestion> question = question_of_row(*row, prompt.task, place_);
    if (!question)
      return refuse(question.error().message);
    prompt.truth = std::move(question.value().truth);
    prompt.text = std::move(question.value().text);
    if (!row->contains("view"))
      return;
    const auto view = truth_box(*row, "view");
    if (!view)
      return complain("row: " + view.error().message);
    if (!has_extent(view.value()))
      return complain("row: 'view' must have x0 < x1 and y0 < y1");
    prompt.view = view.value();
  }

  std::string spec_name() {
    const std::vector<std::string> names = spec_.names();
    const std::optional<std::string> given = text("spec");
    if (!given && names.size() == 1)
      return names.front();
    if (!given)
      complain("'spec' is missing: the specification holds several, " + joined(names, ", "));
    else if (std::ranges::find(names, *given) == names.end())
      complain("no spec is called '" + shortened(*given) + "'" + did_you_mean(*given, names) +
               "; there are " + joined(names, ", "));
    return given.value_or("");
  }

  /// An answer in boxes, as the policy would have named them.
  std::string answer_of(const std::vector<Box>& boxes, const char* key, const Prompt& prompt) {
    const Box& view = prompt.view;
    std::string answer;
    for (const Box& box : boxes) {
      if (!has_extent(box))
        complain("'" + std::string(key) + "' must have x0 < x1 and y0 < y1");
      else if (box.x1 <= view.x0 || box.x0 >= view.x1 || box.y1 <= view.y0 || box.y0 >= view.y1)
        complain("'" + std::string(key) + "' lies outside the picture; give its 'view' in the row");
      else
        answer += box_answer(box, prompt);
    }
    return answer;
  }

  Trajectory answer_to(const Prompt& prompt) {
    std::vector<std::string> given;
    for (const std::string& key : kAnswers)
      if (line_.contains(key))
        given.push_back(key);
    if (given.empty())
      complain("'answer' is missing; give it, or 'text' with all its tags, 'box' or 'boxes'");
    else if (given.size() > 1)
      complain("has both '" + given[0] + "' and '" + given[1] + "'; leave one out");
    Trajectory trajectory = said(prompt);
    add_calls(trajectory);
    const std::string finish = text("finish").value_or("stop");
    if (finish == "length")
      trajectory.finish = Finish::kLength;
    else if (finish == "turns")
      trajectory.finish = Finish::kTurns;
    else if (finish != "stop")
      complain("'finish' must be one of stop, length, turns");
    return trajectory;
  }

  Trajectory said(const Prompt& prompt) {
    if (const auto whole = text("text"))
      return candidate(prompt, *whole);
    for (const char* key : {"box", "boxes"}) {
      if (!line_.contains(key))
        continue;
      const bool is_one = key == std::string_view("box");
      const auto list = truth_boxes(is_one ? json{{key, {line_[key]}}} : line_, key);
      if (!list)
        complain("'" + std::string(key) + "' must be " + (is_one ? "a box" : "a list of boxes") +
                 " [x0, y0, x1, y1] in pixels");
      else
        return answer_candidate(prompt, answer_of(list.value(), key, prompt));
    }
    return answer_candidate(prompt, text("answer").value_or(""));
  }

  void add_calls(Trajectory& trajectory) {
    const json* const calls = member_of(line_, "calls");
    if (calls == nullptr)
      return;
    const std::string form = "'calls' must be a list like [{\"zoom\": [x0, y0, x1, y1]}, ..]";
    if (!calls->is_array())
      return complain(form);
    for (const json& call : *calls) {
      if (!call.is_object() || call.size() != 1)
        return complain(form);
      const std::string tool = call.begin().key();
      const auto box = truth_box(call, tool);
      if (std::ranges::find(kTools, tool) == kTools.end() || !box || !has_extent(box.value()))
        return complain(form + " with x0 < x1 and y0 < y1; the tools are " + joined(kTools, ", "));
      add_call(trajectory, tool, box.value());
    }
  }

  const json& line_;
  const RewardSpec& spec_;
  Place place_;
  std::string complaint_;
};

}  // namespace

Result<Group> group_of_line(const json& line, const RewardSpec& spec, const Place& place) {
  if (!line.is_object())
    return Error{Errc::kBadData,
                 place.text() + ": must be an object, like {\"row\": {..}, \"answer\": \"..\"}"};
  return LineReading(line, spec, place).group();
}

json scored_line(const Prompt& prompt, const Outcome& outcome, const std::string& spec_hash) {
  json out{{"outcome", to_text(outcome.kind)}, {"spec", prompt.reward}, {"spec_hash", spec_hash}};
  if (outcome.kind != Outcome::Kind::kScore) {
    out["reason"] = valid_utf8(outcome.reason);
    return out;
  }
  out.update({{"total", outcome.total},
              {"rule", outcome.rule},
              {"process", outcome.process},
              {"shaping", outcome.shaping},
              {"gate", outcome.gate.empty() ? "pass" : outcome.gate}});
  if (outcome.has_rubric)
    out["rubric"] = outcome.rubric;
  out["components"] = json::object();
  for (const Component& part : outcome.components)
    out["components"][part.layer + "/" + part.name] = {
        {"value", part.value}, {"weight", part.weight}, {"evidence", valid_utf8(part.evidence)}};
  return out;
}

void add_times(const Outcome& outcome, json* scored) {
  if (outcome.kind != Outcome::Kind::kScore)
    return;
  for (const Component& part : outcome.components)
    (*scored)["components"][part.layer + "/" + part.name]["nanoseconds"] = part.nanoseconds;
}

}  // namespace nelumbo
