// SPDX-License-Identifier: Apache-2.0
#include "actors/stage_cache.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "base/file.h"
#include "base/kill_point.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRunFiles[] = {"evaluation/before.json", "midtrain/gates.json",
                                     "filter/rates.json"};
/// Folders that a stage leaves in the directory of its run.
constexpr const char* kRunFolders[] = {"reward_model", "prm"};
constexpr int64_t kMostRunFile = 64 << 20;

/// Into a folder that is new. REQUIRES: inside a try block; the library throws where the disk
/// refuses.
void link_tree(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    const fs::path copy = to / fs::relative(entry.path(), from);
    std::error_code refused;
    if (entry.is_directory())
      fs::create_directories(copy);
    else if (fs::create_hard_link(entry.path(), copy, refused); refused)
      fs::copy_file(entry.path(), copy);
  }
}

/// The folders that stages left, as far as they are there.
Result<void> copy_run_folders(const fs::path& from, const fs::path& to) {
  try {
    for (const char* name : kRunFolders)
      if (fs::exists(from / name)) {
        fs::remove_all(to / name);
        link_tree(from / name, to / name);
      }
  } catch (const fs::filesystem_error& e) {
    return Error{Errc::kEnvironment, e.what()};
  }
  return {};
}

/// Copies what a later stage, the report or a reader of the run looks for, as far as it is there.
Result<void> copy_run_files(const fs::path& from, const fs::path& to) {
  if (auto copied = copy_run_folders(from, to); !copied)
    return copied;
  for (const char* name : kRunFiles) {
    std::error_code none;
    if (!fs::exists(from / name, none))
      continue;
    auto text = read_file(from / name, kMostRunFile);
    if (!text)
      return text.error();
    if (auto made = make_directories((to / name).parent_path()); !made)
      return made;
    if (auto written = write_file_atomic(to / name, text.value()); !written)
      return written;
  }
  return {};
}

}  // namespace

StageCache::StageCache(std::string folder, std::vector<std::string> keys)
    : folder_(std::move(folder)), keys_(std::move(keys)) {}

std::string StageCache::place(int64_t index) const {
  return folder_ + "/" + keys_[static_cast<size_t>(index)];
}

std::optional<StageCache::Start> StageCache::find(const std::string& run,
                                                  std::vector<std::string>* skipped) const {
  for (int64_t i = std::ssize(keys_) - 1; i >= 0; --i) {
    std::error_code none;
    if (keys_[static_cast<size_t>(i)].empty() || !fs::exists(place(i), none))
      continue;
    auto loaded = CheckpointStore::load(place(i) + "/checkpoint");
    if (!loaded) {
      skipped->push_back(loaded.error().message);
      continue;
    }
    if (auto copied = copy_run_files(place(i) + "/run", run); !copied) {
      skipped->push_back(copied.error().message);
      continue;
    }
    Checkpoint checkpoint = std::move(loaded).value();
    checkpoint.state.restarts = 0;  // those were of the other run
    return Start{i + 1, std::move(checkpoint)};
  }
  return std::nullopt;
}

Result<void> StageCache::keep(int64_t index, const std::string& run,
                              const std::string& checkpoint) const {
  const bool cached = !keys_[static_cast<size_t>(index)].empty();
  if (!cached || CheckpointStore::load(place(index) + "/checkpoint").ok())
    return {};
  const fs::path unfinished = place(index) + ".tmp-" + std::to_string(::getpid());
  try {
    fs::remove_all(unfinished);
    link_tree(checkpoint, unfinished / "checkpoint");
    kill_point("stage_cache/linked");
    if (auto copied = copy_run_files(run, unfinished / "run"); !copied) {
      fs::remove_all(unfinished);
      return copied;
    }
    fs::remove_all(place(index));  // a damaged one
    kill_point("stage_cache/copied");
    fs::rename(unfinished, place(index));
    kill_point("stage_cache/renamed");
  } catch (const fs::filesystem_error& e) {
    std::error_code ignored;
    fs::remove_all(unfinished, ignored);
    return Error{Errc::kEnvironment, e.what()};
  }
  return sync_directory(folder_);
}

}  // namespace nelumbo
