// SPDX-License-Identifier: Apache-2.0
#include "reward/external_protocol.h"

#include <cmath>
#include <set>

#include "base/text.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr size_t kMostEvidence = 1000;

Error junk(const std::string& what, const std::string& line) {
  return Error{Errc::kUnavailable, "its reply " + what + ": '" + valid_utf8(shortened(line)) + "'"};
}

/// A thousand bytes at most, cut between two characters.
std::string cut(const std::string& text) {
  if (text.size() <= kMostEvidence)
    return text;
  size_t end = kMostEvidence;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return text.substr(0, end) + "...";
}

}  // namespace

json external_request(const Scene& scene) {
  const Trajectory& trajectory = scene.trajectory;
  return {{"prompt_id", valid_utf8(scene.prompt.id)},
          {"task", valid_utf8(scene.prompt.task)},
          {"prompt", valid_utf8(scene.prompt.text)},
          {"answer", valid_utf8(trajectory.answer)},
          {"answered", trajectory.answered},
          {"text", valid_utf8(trajectory.text)},
          {"truth", scene.prompt.truth}};
}

Result<Verdict> external_verdict(const std::string& line, const std::string& id) {
  std::set<std::string> keys;
  std::string twice;
  const auto note_keys = [&](int depth, json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::key && depth == 1 &&
        !keys.insert(parsed.get<std::string>()).second)
      twice = parsed.get<std::string>();
    return true;
  };
  const json reply = json::parse(line, note_keys, false);
  if (reply.is_discarded() || !reply.is_object())
    return junk("is no JSON object", line);
  if (!twice.empty())
    return junk("has '" + shortened(twice) + "' twice", line);
  for (const std::string& key : keys)
    if (key != "id" && key != "value" && key != "evidence")
      return junk("has the unknown key '" + shortened(key) + "'", line);
  if (!reply.contains("id") || reply["id"] != id)
    return junk("has not the request's id '" + id + "'", line);
  if (!reply.contains("value") || !reply["value"].is_number())
    return junk("has no number 'value'", line);
  const double value = reply["value"].get<double>();
  if (!std::isfinite(value) || value < 0 || value > 1)
    return junk("has a value that is not from 0 to 1", line);
  if (reply.contains("evidence") && !reply["evidence"].is_string())
    return junk("has an 'evidence' that is no text", line);
  return Verdict{value, cut(reply.value("evidence", ""))};
}

}  // namespace nelumbo
