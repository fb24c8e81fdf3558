// SPDX-License-Identifier: Apache-2.0
#include "actors/checkpoint.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "actors/manifest.h"
#include "actors/run_state_json.h"
#include "base/disk_fault.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/kill_point.h"
#include "learner/adapter_files.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int64_t kFormat = 1;
const std::vector<std::string> kParts = {"state.json", "optimizer.safetensors",
                                         "hf/model.safetensors"};
constexpr int64_t kMostJson = 64 << 20;
constexpr int64_t kMostAhead = int64_t{4} << 30;
constexpr int64_t kReserve = 16 << 20;  // bytes left free beside a checkpoint

Result<json> read_json(const std::string& path) {
  auto text = read_file(path, kMostJson);
  if (!text)
    return text.error();
  json parsed = json::parse(text.value(), nullptr, false);
  if (parsed.is_discarded())
    return Error{Errc::kBadData, path + ": is not JSON"};
  return parsed;
}

int64_t bytes_of_weights(const WeightSet& weights) {
  int64_t bytes = 0;
  for (const NamedTensor& tensor : weights)
    bytes += static_cast<int64_t>(tensor.values.size() * sizeof(float) + tensor.name.size() + 128);
  return bytes;
}

/// N of "step_N"; nothing for any other name.
std::optional<int64_t> step_of(const std::string& name) {
  constexpr std::string_view kPrefix = "step_";
  if (!name.starts_with(kPrefix))
    return std::nullopt;
  int64_t step = 0;
  const char* end = name.data() + name.size();
  const auto read = std::from_chars(name.data() + kPrefix.size(), end, step);
  if (read.ec != std::errc() || read.ptr != end)
    return std::nullopt;
  return step;
}

Result<void> point_latest(const fs::path& folder, const std::string& name) {
  std::error_code failed;
  const fs::path link = folder / "latest.tmp";
  fs::remove(link, failed);
  fs::create_directory_symlink(name, link, failed);
  kill_point("checkpoint/link_made");
  if (!failed)
    fs::rename(link, folder / "latest", failed);
  kill_point("checkpoint/linked");
  if (failed)
    return Error{Errc::kEnvironment,
                 (folder / "latest").string() + ": cannot be linked: " + failed.message()};
  return sync_directory(folder.string());
}

/// Puts a written checkpoint in its place. One that stands there, of the same step before a resume,
/// takes the other's name in the same moment, so that there is one of them at any time.
Result<void> put_in_place(const std::string& unfinished, const std::string& path) {
  errno = planted_errno(DiskCall::kRename, path);
  bool done = errno == 0 && ::renameat2(AT_FDCWD, unfinished.c_str(), AT_FDCWD, path.c_str(),
                                        RENAME_EXCHANGE) == 0;
  if (!done && (errno == ENOENT || errno == EINVAL || errno == ENOSYS)) {
    std::error_code failed;
    fs::remove_all(path, failed);  // where the file system cannot exchange two names
    done = ::rename(unfinished.c_str(), path.c_str()) == 0;
  }
  if (!done)
    return Error{Errc::kEnvironment, path + ": cannot be put in place: " + std::strerror(errno)};
  kill_point("checkpoint/renamed");
  std::error_code ignored;
  fs::remove_all(unfinished, ignored);
  return {};
}

/// The adapter that a stage trains, where it trains one.
Result<void> write_adapter(const std::string& folder, const CheckpointContent& content) {
  const auto adapter = adapter_of_state(*content.learner_state, *content.weights);
  if (!adapter)
    return {};
  if (auto made = make_folder(folder); !made)
    return made;
  if (auto written = write_peft_adapter(folder, *adapter); !written)
    return written;
  const json base{{"weights_hash", *adapter->base_hash},
                  {"checkpoint", "step_" + std::to_string(content.state.trained_from)}};
  return write_file_atomic(folder + "/base.json", base.dump(2) + "\n");
}

}  // namespace

CheckpointStore::CheckpointStore(std::string folder, std::string config_hash, int64_t keep,
                                 ModelWriter write_model)
    : folder_(std::move(folder)),
      config_hash_(std::move(config_hash)),
      keep_(keep),
      write_model_(std::move(write_model)) {
  std::error_code failed;
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(folder_, failed))
    if (entry.path().filename().string().find(".tmp") != std::string::npos)
      left.push_back(entry.path());
  for (const fs::path& path : left)
    fs::remove_all(path, failed);
}

Result<void> CheckpointStore::fill(const std::string& folder,
                                   const CheckpointContent& content) const {
  for (const char* part : {"", "/hf"})
    if (auto made = make_folder(folder + part); !made)
      return made;
  kill_point("checkpoint/begun");
  auto model = write_model_(folder + "/hf", *content.weights);
  if (!model)
    return model.error();
  kill_point("checkpoint/model");
  if (auto done = write_adapter(folder + "/adapter", content); !done)
    return done;
  auto optimizer = write_safetensors(folder + "/optimizer.safetensors", *content.learner_state);
  if (!optimizer)
    return optimizer.error();
  kill_point("checkpoint/optimizer");
  if (auto done = write_file_atomic(folder + "/state.json", to_json(content.state).dump(1)); !done)
    return done;
  const std::vector<char>& ahead = content.state.ahead;
  if (!ahead.empty())
    if (auto done = write_file_atomic(folder + "/ahead.bin", {ahead.data(), ahead.size()}); !done)
      return done;
  kill_point("checkpoint/state");
  auto files = synced_files(folder, {{"hf/model.safetensors", model.value()},
                                     {"optimizer.safetensors", optimizer.value()}});
  if (!files)
    return files.error();
  kill_point("checkpoint/sealed");
  json manifest{{"format", kFormat},
                {"step", content.state.step},
                {"config_hash", config_hash_},
                {"ledger_offset", content.ledger_offset},
                {"weights_hash", weights_hash(*content.weights)},
                {"files", files.value()}};
  if (auto done = write_manifest(folder, std::move(manifest)); !done)
    return done;
  kill_point("checkpoint/manifest");
  return sync_directory(folder);
}

Result<std::string> CheckpointStore::save(const CheckpointContent& content) {
  if (auto made = make_folder(folder_); !made)
    return made.error();
  const int64_t bytes = bytes_of_weights(*content.learner_state) +
                        bytes_of_weights(*content.weights) + std::ssize(content.state.ahead);
  if (auto fits = require_free_space(folder_, bytes + bytes / 10 + kReserve); !fits)
    return fits.error();
  const std::string path = step_path(content.state.step);
  const std::string unfinished = path + ".tmp-" + std::to_string(::getpid());
  std::error_code failed;
  fs::remove_all(unfinished, failed);
  if (auto done = fill(unfinished, content); !done) {
    fs::remove_all(unfinished, failed);
    return done.error();
  }
  kill_point("checkpoint/written");
  if (auto done = put_in_place(unfinished, path); !done) {
    fs::remove_all(unfinished, failed);
    return done.error();
  }
  if (auto done = point_latest(folder_, fs::path(path).filename().string()); !done)
    return done.error();
  collect(content.state);
  kill_point("checkpoint/collected");
  return path;
}

void CheckpointStore::collect(const RunState& state) const {
  std::vector<int64_t> all = steps();
  std::erase_if(all, [&](int64_t step) { return step > state.step; });
  std::error_code ignored;
  const bool adapted = fs::exists(step_path(state.step) + "/adapter", ignored);
  for (int64_t i = 0; i < std::ssize(all) - keep_; ++i) {
    const int64_t step = all[static_cast<size_t>(i)];
    if (adapted && step == state.trained_from)
      continue;
    if (state.best && state.best->step == step)
      continue;
    // Half of it is no checkpoint: it goes under another name first.
    const std::string old = step_path(step) + ".tmp-old";
    fs::rename(step_path(step), old, ignored);
    kill_point("checkpoint/pruned");
    fs::remove_all(old, ignored);
  }
}

std::optional<Checkpoint> CheckpointStore::newest(std::vector<std::string>* skipped) const {
  const std::vector<int64_t> all = steps();
  const int64_t last = latest_step().value_or(INT64_MAX);
  for (auto step = all.rbegin(); step != all.rend(); ++step) {
    if (*step > last)
      continue;
    auto loaded = load_step(*step);
    if (loaded && loaded.value().config_hash == config_hash_)
      return std::move(loaded).value();
    skipped->push_back(loaded ? step_path(*step) + ": is of another configuration"
                              : loaded.error().message);
  }
  return std::nullopt;
}

Result<std::vector<std::string>> CheckpointStore::go_on_from(int64_t step) const {
  std::error_code failed;
  if (has_step(step) && latest_step() != step) {
    if (auto done = point_latest(folder_, fs::path(step_path(step)).filename()); !done)
      return done.error();
  } else if (!has_step(step)) {
    fs::remove(folder_ + "/latest", failed);
  }
  kill_point("checkpoint/gone_back");
  std::vector<std::string> passed;
  for (const int64_t later : steps()) {
    if (later <= step)
      continue;
    const std::string path = step_path(later), aside = path + ".passed";
    fs::remove_all(aside, failed);
    fs::rename(path, aside, failed);
    if (failed)
      return Error{Errc::kEnvironment, path + ": cannot be set aside: " + failed.message()};
    passed.push_back(path + ": is behind step " + std::to_string(step) +
                     ", from which the run goes on: set aside as " +
                     fs::path(aside).filename().string());
  }
  return passed;
}

std::optional<int64_t> CheckpointStore::latest_step() const {
  std::error_code none;
  return step_of(fs::read_symlink(fs::path(folder_) / "latest", none).string());
}

std::optional<std::string> CheckpointStore::lost() const {
  const auto last = latest_step();
  std::error_code none;
  if (!last || fs::exists(step_path(*last), none))
    return std::nullopt;
  return step_path(*last) + ": was saved last, and is not there any more";
}

Result<Checkpoint> CheckpointStore::load_step(int64_t step) const {
  auto loaded = load(step_path(step));
  if (loaded && loaded.value().state.step != step)
    return Error{Errc::kBadData, step_path(step) + ": was renamed: it is of step " +
                                     std::to_string(loaded.value().state.step)};
  return loaded;
}

bool CheckpointStore::has_step(int64_t step) const {
  std::error_code failed;
  return fs::exists(step_path(step) + "/manifest.json", failed);
}

Result<Checkpoint> CheckpointStore::load(const std::string& path) {
  auto manifest = read_json(path + "/manifest.json");
  if (!manifest)
    return manifest.error();
  try {
    if (auto whole = check_manifest(path, manifest.value(), kFormat, kParts); !whole)
      return whole.error();
    auto state = read_json(path + "/state.json");
    if (!state)
      return state.error();
    auto tensors = read_safetensors(path + "/optimizer.safetensors");
    if (!tensors)
      return tensors.error();
    Checkpoint read{path, manifest.value().at("config_hash").get<std::string>(),
                    state_from_json(state.value()), std::move(tensors).value(),
                    manifest.value().at("ledger_offset").get<int64_t>()};
    if (manifest.value().at("files").contains("ahead.bin")) {
      const auto ahead = read_file(path + "/ahead.bin", kMostAhead);
      if (!ahead)
        return ahead.error();
      read.state.ahead.assign(ahead.value().begin(), ahead.value().end());
    }
    return read;
  } catch (const json::exception& e) {
    return Error{Errc::kBadData, path + ": manifest.json or state.json: " + e.what()};
  }
}

Result<void> CheckpointStore::check(const std::string& path, const std::string& weights_hash) {
  const auto manifest = read_json(path + "/manifest.json");
  if (!manifest)
    return manifest.error();
  try {
    if (auto whole = check_manifest(path, manifest.value(), kFormat, kParts); !whole)
      return whole;
    if (manifest.value().at("weights_hash") != weights_hash)
      return Error{Errc::kBadData, path + ": holds other weights"};
    return {};
  } catch (const json::exception& e) {
    return Error{Errc::kBadData, path + "/manifest.json: " + e.what()};
  }
}

std::string CheckpointStore::step_path(int64_t step) const {
  return folder_ + "/step_" + std::to_string(step);
}

std::vector<int64_t> CheckpointStore::steps() const {
  std::vector<int64_t> all;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder_, failed))
    if (const auto step = step_of(entry.path().filename().string()))
      all.push_back(*step);
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace nelumbo
