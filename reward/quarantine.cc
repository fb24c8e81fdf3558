// SPDX-License-Identifier: Apache-2.0
#include "reward/quarantine.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/folder.h"
#include "base/log.h"

namespace nelumbo {
namespace {

const std::string kWhy = "quarantined: the program failed on it twice; ";
constexpr int64_t kMostDumpBytes = 64 << 20;

}  // namespace

void keep_dumps(const RewardSpec& spec, const std::string& folder) {
  if (const auto* const keeps = dynamic_cast<const KeepsDumps*>(&spec))
    keeps->keep_dumps(folder);
}

void Quarantine::keep_dumps(const std::string& folder) {
  const std::lock_guard lock(guard_);
  folder_ = folder;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const auto text = read_file(entry.path(), kMostDumpBytes);
    const auto dump = nlohmann::json::parse(text ? text.value() : "", nullptr, false);
    if (!dump.is_object() || dump.value("term", nlohmann::json()) != name_ ||
        !dump.value("cause", nlohmann::json()).is_string())
      continue;
    ++count_;
    samples_[entry.path().stem()] = {kDeaths, kWhy + dump["cause"].get<std::string>()};
  }
}

std::optional<std::string> Quarantine::refusal(const std::string& key) const {
  const std::lock_guard lock(guard_);
  const auto at = samples_.find(key);
  return at == samples_.end() || at->second.why.empty() ? std::nullopt
                                                        : std::optional(at->second.why);
}

void Quarantine::note_death(const std::string& key, const std::string& cause,
                            const nlohmann::json& request) {
  const std::lock_guard lock(guard_);
  Sample& sample = samples_[key];
  if (++sample.deaths < kDeaths || !sample.why.empty())
    return;
  ++count_;
  sample.why = kWhy + cause;
  log_warn(name_ + ": prompt " + request.value("prompt_id", "") + " is quarantined" +
           save(key, cause, request) + " (" + std::to_string(count_) + " in all): " + cause);
}

std::string Quarantine::save(const std::string& key, const std::string& cause,
                             const nlohmann::json& request) {
  if (folder_.empty() || count_ > kMostDumps)
    return "";
  const nlohmann::json dump{{"term", name_}, {"cause", cause}, {"request", request}};
  const std::string path = folder_ + "/" + key + ".json";
  auto done = make_folder(folder_);
  if (done)
    done = write_file_atomic(
        path, dump.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  return done ? " and saved in " + path : " and not saved (" + done.error().message + ")";
}

int64_t Quarantine::count() const {
  const std::lock_guard lock(guard_);
  return count_;
}

}  // namespace nelumbo
