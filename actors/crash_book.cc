// SPDX-License-Identifier: Apache-2.0
#include "actors/crash_book.h"

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json_lines.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// What cannot be written is known to this process alone.
void append(const std::string& path, const json& line) {
  if (auto file = AppendFile::open(path))
    if (file.value().append(line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"))
      (void)file.value().sync();
}

}  // namespace

CrashBook::CrashBook(const std::string& directory, std::string* damaged)
    : path_(directory + "/crashes.jsonl") {
  for (const json& event : read_json_lines(path_, damaged)) {
    const json prompt = event.value("prompt", json());
    if (!prompt.is_string())
      continue;
    if (event.contains("cleared"))
      deaths_.erase(prompt.get<std::string>());
    else
      ++deaths_[prompt.get<std::string>()];
  }
}

std::vector<std::string> CrashBook::charge(const std::vector<std::string>& prompts,
                                           const std::string& process) {
  const std::lock_guard lock(guard_);
  std::vector<std::string> held;
  for (const std::string& prompt : prompts) {
    append(path_, {{"prompt", prompt}, {"process", process}});
    if (++deaths_[prompt] == kMostDeaths)
      held.push_back(prompt);
  }
  return held;
}

void CrashBook::clear(const std::string& prompt) {
  const std::lock_guard lock(guard_);
  if (deaths_.erase(prompt) > 0)
    append(path_, {{"prompt", prompt}, {"cleared", true}});
}

int64_t CrashBook::deaths(const std::string& prompt) const {
  const std::lock_guard lock(guard_);
  const auto at = deaths_.find(prompt);
  return at == deaths_.end() ? 0 : at->second;
}

}  // namespace nelumbo
