// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/disk_fault.h"
#include "base/kill_point.h"
#include "base/replaceable.h"

namespace nelumbo {
namespace {

/// Owns a descriptor. Closing never reports: whoever needs the bytes on the disk syncs first.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  bool open() const { return number_ >= 0; }
  int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

/// Opens, or does not where that is planted.
int open_file(const std::string& path, int flags) {
  errno = planted_errno(DiskCall::kOpen, path);
  return errno != 0 ? -1 : ::open(path.c_str(), flags | O_CLOEXEC, 0666);
}

Result<void> sync(int descriptor, const std::string& path) {
  errno = planted_errno(DiskCall::kSync, path);
  if (errno != 0 || ::fsync(descriptor) != 0)
    return disk_error(path, "sync", errno);
  return {};
}

Result<void> write_all(int descriptor, std::string_view bytes, const std::string& path) {
  if (const int planted = planted_errno(DiskCall::kWrite, path); planted != 0)
    return disk_error(path, "write", planted);
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return disk_error(path, "write", errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

/// Writes `temporary`; an error names `path`, which is what the caller knows.
Result<void> write_and_sync(const std::string& temporary, std::string_view bytes,
                            const std::string& path) {
  const Descriptor file(open_file(temporary, O_WRONLY | O_CREAT | O_EXCL));
  if (!file.open())
    return disk_error(path, "create", errno);
  if (auto done = write_all(file.number(), bytes, path); !done)
    return done;
  return sync(file.number(), path);
}

/// Differs between processes and between calls, so that two writers never share a temporary file.
std::string temporary_name(const std::string& path) {
  static std::atomic<int64_t> calls = 0;
  return path + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(++calls);
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

Error too_big(const std::string& path, int64_t max_bytes) {
  return {Errc::kBadData, path + ": is bigger than " + std::to_string(max_bytes) +
                              " bytes, the most that is read here"};
}

}  // namespace

Result<std::string> read_file(const std::string& path, int64_t max_bytes) {
  // O_NONBLOCK: opening a FIFO that nobody writes to must not wait.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.open() || ::fstat(file.number(), &status) != 0)
    return disk_error(path, "read", errno);
  if (S_ISDIR(status.st_mode))
    return Error{Errc::kEnvironment, path + ": is a folder, not a file"};
  if (!S_ISREG(status.st_mode))
    return Error{Errc::kEnvironment, path + ": is not a regular file"};
  if (status.st_size > max_bytes)
    return too_big(path, max_bytes);
  std::string bytes(static_cast<size_t>(status.st_size) + 1, '\0');
  size_t filled = 0;
  for (;;) {
    if (filled == bytes.size())  // it grew after fstat
      bytes.resize(bytes.size() * 2);
    const ssize_t got = ::read(file.number(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return disk_error(path, "read", errno);
    if (got == 0)
      break;
    filled += static_cast<size_t>(got);
    if (filled > static_cast<size_t>(max_bytes))
      return too_big(path, max_bytes);
  }
  bytes.resize(filled);
  return bytes;
}

Result<void> write_file_atomic(const std::string& path, std::string_view bytes) {
  if (auto allowed = require_replaceable(path); !allowed)
    return allowed;
  const std::string temporary = temporary_name(path);
  if (auto done = write_and_sync(temporary, bytes, path); !done) {
    ::unlink(temporary.c_str());
    return done;
  }
  kill_point("file/written");
  errno = planted_errno(DiskCall::kRename, path);
  if (errno != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int number = errno;
    ::unlink(temporary.c_str());
    return disk_error(path, "replace", number);
  }
  kill_point("file/renamed");
  return sync_directory(folder_of(path));
}

Result<void> make_directories(const std::string& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code)
    return disk_error(path, "make this folder", code.value());
  if (!std::filesystem::is_directory(path, code))
    return Error{Errc::kEnvironment, path + ": is a file, but a folder is needed here"};
  return {};
}

Result<void> sync_directory(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open())
    return disk_error(path, "open this folder", errno);
  return sync(folder.number(), path);
}

Result<void> require_free_space(const std::string& path, int64_t bytes) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0)
    return disk_error(path, "ask for free space", errno);
  const double free = static_cast<double>(status.f_bavail) * static_cast<double>(status.f_frsize);
  if (free >= static_cast<double>(bytes))
    return {};
  const auto megabytes = [](double x) { return std::to_string(static_cast<int64_t>(x / 1e6)); };
  return Error{Errc::kEnvironment, path + ": needs " + megabytes(static_cast<double>(bytes)) +
                                       " MB, but only " + megabytes(free) +
                                       " MB are free; make room or choose another folder"};
}

Result<AppendFile> AppendFile::open(const std::string& path) {
  Descriptor file(open_file(path, O_WRONLY | O_CREAT | O_APPEND));
  if (!file.open())
    return disk_error(path, "open for appending", errno);
  return AppendFile(path, file.release());
}

AppendFile::AppendFile(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

AppendFile& AppendFile::operator=(AppendFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

AppendFile::~AppendFile() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

/// A part of what was refused would be in the way of what is appended later: it is cut where that
/// can be done.
Result<void> AppendFile::append(std::string_view bytes) {
  const off_t end = ::lseek(descriptor_, 0, SEEK_END);
  auto done = write_all(descriptor_, bytes, path_);
  if (!done && end >= 0) [[maybe_unused]]
    const int cut = ::ftruncate(descriptor_, end);
  return done;
}

Result<void> AppendFile::sync() {
  errno = planted_errno(DiskCall::kSync, path_);
  if (errno != 0 || ::fdatasync(descriptor_) != 0)
    return disk_error(path_, "sync", errno);
  return {};
}

}  // namespace nelumbo
