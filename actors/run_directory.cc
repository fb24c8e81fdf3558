// SPDX-License-Identifier: Apache-2.0
#include "actors/run_directory.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/kill_point.h"
#include "base/text.h"

namespace nelumbo {
namespace {

constexpr int64_t kMostConfig = 16 << 20;

/// The sections that are open at a line of a resolved configuration, two spaces a level.
class OpenSections {
 public:
  /// The whole key and value of the next line: "rl.steps: 3" for "  steps: 3" in the section rl.
  std::string whole(const std::string& line) {
    const size_t indent = std::min(line.find_first_not_of(' '), line.size());
    names_.resize(std::min(names_.size(), indent / 2));
    std::string all;
    for (const std::string& name : names_)
      all += name + ".";
    all += line.substr(indent);
    if (line.ends_with(':'))
      names_.push_back(line.substr(indent, line.size() - indent - 1));
    return all;
  }

 private:
  std::vector<std::string> names_;
};

/// What a run may not change when it goes on: all but who does the work, and where, how often and
/// how patiently it is saved.
std::string lasting(const std::string& config) {
  constexpr std::array<std::string_view, 5> kPassing = {
      "placement",
      "run.root:", "run.checkpoint_every:", "run.checkpoint_wait:", "run.keep_checkpoints:"};
  std::istringstream lines(config);
  OpenSections sections;
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    const std::string whole = sections.whole(line);
    if (std::ranges::none_of(kPassing, [&](auto key) { return whole.starts_with(key); }))
      kept += line + "\n";
  }
  return kept;
}

/// The first key in which two configurations differ, for people.
std::string difference(const std::string& stored, const std::string& asked) {
  std::istringstream left(stored), right(asked);
  OpenSections sections_left, sections_right;
  std::string was, is;
  while (true) {
    const bool more_left = static_cast<bool>(std::getline(left, was));
    const bool more_right = static_cast<bool>(std::getline(right, is));
    if (!more_left && !more_right)
      return "differs only in line ends";
    const std::string key_left = more_left ? sections_left.whole(was) : "(end)";
    const std::string key_right = more_right ? sections_right.whole(is) : "(end)";
    if (key_left == key_right)
      continue;
    std::string both = "was '";
    both.append(shortened(key_left)).append("' and is '").append(shortened(key_right)).append("'");
    return both;
  }
}

/// How long a process that was just killed may still hold the lock.
constexpr std::chrono::seconds kDying{2};

/// Locks what `name` is in the run's directory `path`.
Result<int> take_lock(const std::string& path, const char* name, int flags) {
  const int file = ::open((path + name).c_str(), flags | O_CLOEXEC, 0644);
  if (file < 0)
    return Error{Errc::kEnvironment, path + name + ": cannot be opened: " + std::strerror(errno)};
  const auto deadline = std::chrono::steady_clock::now() + kDying;
  while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if ((flags & O_DIRECTORY) != 0 && errno != EWOULDBLOCK && errno != EINTR)
      break;  // NFS locks no folders: the file is left
    if (std::chrono::steady_clock::now() >= deadline) {
      ::close(file);
      return Error{
          Errc::kEnvironment,
          path + ": another process is running here; wait for it or choose another run.name"};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return file;
}

/// The configuration that the directory has, or what stands against taking it up.
Result<std::string> stored_config(const std::string& path, const std::string& config) {
  auto stored = read_file(path + "/config.resolved.yaml", kMostConfig);
  if (!stored)
    return Error{Errc::kInvalidConfig, path + ": exists and is no run of this program (" +
                                           stored.error().message + "); choose another run.name"};
  const std::string was = lasting(stored.value()), is = lasting(config);
  if (was != is)
    return Error{Errc::kInvalidConfig, path + ": holds a run of another configuration: it " +
                                           difference(was, is) + "; choose another run.name"};
  return stored;
}

constexpr const char* kId = "/id";

/// A UUID, as the kernel draws them.
Result<std::string> new_id() {
  return read_file("/proc/sys/kernel/random/uuid", kMostConfig);
}

/// That of a run; empty of one that was begun before runs had any.
Result<std::string> read_id(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::exists(path + kId, failed))
    return std::string();
  auto id = read_file(path + kId, kMostConfig);
  return id ? std::string(trimmed(id.value())) : std::move(id);
}

Result<void> create(const std::string& root, const std::string& path, const std::string& config) {
  if (auto made = make_directories(root); !made)
    return made;
  if (auto fits = require_free_space(root, RunDirectory::kLeastFreeBytes); !fits)
    return fits;
  if (auto made = make_directories(path); !made)
    return made;
  kill_point("directory/made");
  const auto id = new_id();
  if (!id)
    return id.error();
  if (auto done = write_file_atomic(path + kId, id.value()); !done)
    return done;
  kill_point("directory/marked");
  if (auto done = write_file_atomic(path + "/config.resolved.yaml", config); !done)
    return done;
  kill_point("directory/named");
  return {};
}

/// Of a new run, and of one that ended before it had them.
Result<void> make_parts(const std::string& path) {
  for (const char* part : {"/ledger", "/checkpoints", "/traces", "/logs"})
    if (auto made = make_directories(path + part); !made)
      return made;
  kill_point("directory/furnished");
  return {};
}

/// Whether a start that ended before it wrote anything has left the folder: it holds nothing, or an
/// id and drafts alone.
bool is_bare(const std::string& path) {
  std::error_code failed;
  const std::filesystem::directory_iterator all(path, failed);
  return !failed && std::all_of(begin(all), end(all), [](const auto& entry) {
    const std::string name = entry.path().filename().string();
    return name == "id" || name.starts_with("id.tmp-") ||
           name.starts_with("config.resolved.yaml.tmp-");
  });
}

}  // namespace

Result<std::unique_ptr<RunDirectory>> RunDirectory::open(const RunDirectoryOptions& options) {
  std::unique_ptr<RunDirectory> opened(new RunDirectory);
  opened->path_ = options.root + "/" + options.name;
  opened->config_hash_ = xxh3_128_hex(bytes_of(lasting(options.config)));
  std::error_code failed;
  const auto status = std::filesystem::status(opened->path_, failed);
  const bool exists = std::filesystem::exists(status);
  opened->resumed_ = exists && !(std::filesystem::is_directory(status) && is_bare(opened->path_));
  bool is_stored = false;
  if (opened->resumed_) {
    const auto stored = stored_config(opened->path_, options.config);
    if (!stored)
      return stored.error();
    is_stored = stored.value() == options.config;
    if (!options.resume)
      return Error{Errc::kInvalidConfig,
                   opened->path_ +
                       ": this run exists; go on with --resume auto, or choose another run.name"};
  } else if (auto made = create(options.root, opened->path_, options.config); !made) {
    return made.error();
  }
  if (auto made = make_parts(opened->path_); !made)
    return made.error();
  auto id = read_id(opened->path_);
  if (!id)
    return id.error();
  opened->id_ = std::move(id.value());
  for (const auto& [name, flags] :
       {std::pair("/", O_RDONLY | O_DIRECTORY), std::pair("/lock", O_RDWR | O_CREAT)}) {
    auto lock = take_lock(opened->path_, name, flags);
    if (!lock)
      return lock.error();
    opened->locks_.push_back(lock.value());
  }
  auto here = found_at(opened->path_);
  if (!here)
    return Error{Errc::kEnvironment, opened->path_ + ": was removed while the run began"};
  opened->kept_.push_back(*std::move(here));
  if (opened->resumed_ && !is_stored)  // its placement, or its place, is another one now
    if (auto done = write_file_atomic(opened->path_ + "/config.resolved.yaml", options.config);
        !done)
      return done.error();
  return opened;
}

RunDirectory::~RunDirectory() {
  for (const int lock : locks_)
    ::close(lock);
}

std::optional<RunDirectory::Kept> RunDirectory::found_at(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    return std::nullopt;
  return Kept{path, status.st_dev, status.st_ino};
}

Result<void> RunDirectory::check(const Kept& one) {
  const auto now = found_at(one.path);
  if (now && now->device == one.device && now->number == one.number)
    return {};
  return Error{Errc::kEnvironment, one.path +
                                       ": was removed or replaced while the run went on; put "
                                       "it back, and --resume auto goes on"};
}

void RunDirectory::keep_ledger() {
  if (auto ledger = found_at(ledger_path()))
    kept_.push_back(*std::move(ledger));
}

Result<void> RunDirectory::require_in_place() const {
  for (const Kept& one : kept_)
    if (auto there = check(one); !there)
      return there;
  return {};
}

std::string RunDirectory::trace_path(const std::string& stage, int64_t step) const {
  return path_ + "/traces/" + stage + "/step_" + std::to_string(step) + ".jsonl.zst";
}

Result<void> RunDirectory::set_status(const RunStatus& status) {
  if (auto there = check(kept_.front()); !there)
    return there;  // what is there now is another's
  auto done = write_file_atomic(path_ + "/STATUS", status.word + " " + status.sentence + "\n");
  kill_point("status/written");
  return done;
}

std::optional<RunStatus> RunDirectory::read_status(const std::string& path) {
  const auto text = read_file(path + "/STATUS", 1 << 16);
  if (!text)
    return std::nullopt;
  std::istringstream in(text.value());
  RunStatus status;
  in >> status.word >> std::ws;
  std::getline(in, status.sentence);
  if (status.word.empty())
    return std::nullopt;
  return status;
}

Result<void> RunDirectory::append_metrics(const MetricsLine& line) {
  if (!metrics_) {
    auto opened = MetricsFile::open(metrics_path());
    if (!opened)
      return opened.error();
    metrics_.emplace(std::move(opened).value());
  }
  return metrics_->write(line.stage, line.step, line.values);
}

Result<void> RunDirectory::append_event(const nlohmann::json& event) const {
  auto file = AppendFile::open(path_ + "/events.jsonl");
  if (!file)
    return file.error();
  if (auto done = file.value().append(event.dump() + "\n"); !done)
    return done;
  return file.value().sync();
}

Result<MetricsCut> RunDirectory::cut_metrics(int64_t step) {
  metrics_.reset();
  return nelumbo::cut_metrics(metrics_path(), step);
}

Result<void> RunDirectory::write_summary(const nlohmann::json& summary) {
  if (auto there = check(kept_.front()); !there)
    return there;
  auto done = write_file_atomic(path_ + "/summary.json", summary.dump(1) + "\n");
  kill_point("summary/written");
  return done;
}

}  // namespace nelumbo
