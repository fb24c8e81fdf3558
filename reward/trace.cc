// SPDX-License-Identifier: Apache-2.0
#include "reward/trace.h"

#include <filesystem>
#include <sstream>
#include <utility>

#include "base/base64.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/text.h"
#include "base/zstd.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kMostBytes = int64_t{1} << 30;

json box_json(const Box& box) {
  return json::array({box.x0, box.y0, box.x1, box.y1});
}

const char* name_of(Finish finish) {
  switch (finish) {
    case Finish::kStop:
      return "stop";
    case Finish::kLength:
      return "length";
    case Finish::kTurns:
      return "turns";
  }
  return "unknown";
}

const char* name_of(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kScore:
      return "score";
    case Outcome::Kind::kInvalid:
      return "invalid";
    case Outcome::Kind::kInfraError:
      return "infra_error";
    case Outcome::Kind::kTimeout:
      return "timeout";
  }
  return "unknown";
}

const char* name_of(StepCredit credit) {
  switch (credit) {
    case StepCredit::kMultiplier:
      return "multiplier";
    case StepCredit::kSum:
      return "sum";
    case StepCredit::kMin:
      return "min";
    case StepCredit::kToken:
      return "token";
  }
  return "unknown";
}

/// `text` under `key`; one that is no UTF-8 also as its bytes, under KEY_base64, because JSON
/// cannot hold it as it is.
void put_text(json& out, const std::string& key, const std::string& text) {
  out[key] = text;
  if (!invalid_utf8_at(text))
    return;
  out[key] = valid_utf8(text);
  out[key + "_base64"] = to_base64({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

json to_json(const ThoughtStep& thought) {
  json out{{"first_token", thought.first_token}, {"last_token", thought.last_token}};
  put_text(out, "text", thought.text);
  return out;
}

json to_json(const Prompt& prompt) {
  json out{{"id", prompt.id},     {"task", prompt.task},           {"reward", prompt.reward},
           {"text", prompt.text}, {"view", box_json(prompt.view)}, {"truth", prompt.truth}};
  if (prompt.orientation != Orientation{})
    out["orientation"] = {{"mirrored", prompt.orientation.mirrored},
                          {"quarters", prompt.orientation.quarters}};
  if (prompt.image)
    out["size"] = {prompt.image->width, prompt.image->height};
  return out;
}

json to_json(const ToolCall& call) {
  json out{{"name", call.name},
           {"image", call.image},
           {"first_token", call.first_token},
           {"last_token", call.last_token}};
  if (call.box)
    out["box"] = box_json(*call.box);
  if (call.original_box)
    out["original_box"] = box_json(*call.original_box);
  if (call.degrees != 0)
    out["degrees"] = call.degrees;
  if (!call.label.empty())
    put_text(out, "label", call.label);
  if (call.error)
    out["error"] = *call.error;
  return out;
}

json to_json(const Outcome& outcome) {
  json out{{"kind", name_of(outcome.kind)}};
  if (outcome.kind != Outcome::Kind::kScore) {
    out["reason"] = outcome.reason;
    return out;
  }
  out.update({{"total", outcome.total},
              {"rule", outcome.rule},
              {"credit", name_of(outcome.credit)},
              {"process", outcome.process},
              {"shaping", outcome.shaping},
              {"gate", outcome.gate}});
  if (outcome.has_rubric)
    out["rubric"] = outcome.rubric;
  out["components"] = json::array();
  out["nanoseconds"] = json::array();
  for (const Component& part : outcome.components) {
    out["components"].push_back({{"name", part.name},
                                 {"layer", part.layer},
                                 {"value", part.value},
                                 {"weight", part.weight},
                                 {"evidence", part.evidence}});
    out["nanoseconds"].push_back(part.nanoseconds);
  }
  out["steps"] = json::array();
  for (const StepFactor& step : outcome.steps)
    out["steps"].push_back({{"first_token", step.first_token},
                            {"last_token", step.last_token},
                            {"factor", step.factor},
                            {"reason", step.reason}});
  return out;
}

json to_json(const Trajectory& trajectory) {
  json out{
      {"sample", trajectory.sample},     {"version", static_cast<uint64_t>(trajectory.version)},
      {"answered", trajectory.answered}, {"finish", name_of(trajectory.finish)},
      {"tokens", trajectory.tokens},     {"sampled", trajectory.sampled}};
  for (const WeightSwap& swap : trajectory.swaps) {
    out["swaps"].push_back(swap.token);
    out["swaps"].push_back(static_cast<uint64_t>(swap.version));
  }
  put_text(out, "text", trajectory.text);
  put_text(out, "answer", trajectory.answer);
  if (trajectory.answer_box)
    out["answer_box"] = box_json(*trajectory.answer_box);
  out["calls"] = json::array();
  for (const ToolCall& call : trajectory.calls)
    out["calls"].push_back(to_json(call));
  out["thoughts"] = json::array();
  for (const ThoughtStep& thought : trajectory.thoughts)
    out["thoughts"].push_back(to_json(thought));
  return out;
}

}  // namespace

json to_trace(const ScoredGroup& group) {
  json out{{"group", static_cast<uint64_t>(group.group->id)},
           {"spec_hash", group.spec_hash},
           {"prompt", to_json(*group.group->prompt)}};
  out["trajectories"] = json::array();
  for (size_t i = 0; i < group.group->trajectories.size(); ++i) {
    json one = to_json(group.group->trajectories[i]);
    one["outcome"] = to_json(group.outcomes[i]);
    out["trajectories"].push_back(std::move(one));
  }
  return out;
}

std::vector<json> to_traces(const std::vector<ScoredGroup>& groups) {
  std::vector<json> lines;
  lines.reserve(groups.size());
  for (const ScoredGroup& group : groups)
    lines.push_back(to_trace(group));
  return lines;
}

Result<void> write_trace(const std::string& path, const std::vector<json>& lines) {
  std::string text;
  for (const json& line : lines)
    // A policy that is learning to write may emit bytes that are no UTF-8.
    text += line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  const auto folder = std::filesystem::path(path).parent_path().string();
  if (auto made = make_folder(folder); !made)
    return made;
  return write_file_atomic(path, zstd_compress(text));
}

Result<std::string> read_trace_text(const std::string& path) {
  auto bytes = read_file(path, kMostBytes);
  if (!bytes)
    return bytes.error();
  if (bytes.value().empty())  // a step without groups has a frame without text
    return Error{Errc::kBadData,
                 path + ": is empty; the file was damaged: run again, or restore it"};
  auto text = zstd_decompress(bytes.value(), kMostBytes);
  if (!text)
    return Error{text.error().code, path + ": " + text.error().message +
                                        "; the file was damaged: run again, or restore it"};
  return text;
}

Result<std::vector<json>> read_trace(const std::string& path) {
  const auto text = read_trace_text(path);
  if (!text)
    return text.error();
  std::vector<json> lines;
  std::istringstream in(text.value());
  for (std::string line; std::getline(in, line);) {
    json parsed = json::parse(line, nullptr, false);
    if (parsed.is_discarded())
      return Error{Errc::kBadData, path + ":" + std::to_string(lines.size() + 1) + ": is not JSON"};
    lines.push_back(std::move(parsed));
  }
  return lines;
}

}  // namespace nelumbo
