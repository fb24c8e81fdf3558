// SPDX-License-Identifier: Apache-2.0
#include "model/input_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nelumbo {
namespace {

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

}  // namespace

Result<std::unique_ptr<InputFile>> InputFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return bad(path, std::string("cannot be opened: ") + std::strerror(errno));
  auto file = std::unique_ptr<InputFile>(new InputFile(path, descriptor));
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
    return bad(path, "not a regular file");
  file->size_ = static_cast<uint64_t>(status.st_size);
  return file;
}

InputFile::InputFile(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

InputFile::~InputFile() {
  ::close(descriptor_);
}

Result<void> InputFile::read(void* to, uint64_t count, uint64_t offset) const {
  auto* out = static_cast<char*>(to);
  while (count > 0) {
    const ssize_t got = ::pread(descriptor_, out, count, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return Error{Errc::kEnvironment, path_ + ": cannot be read at byte " +
                                           std::to_string(offset) + ": " + std::strerror(errno)};
    if (got == 0)
      return bad(path_, "became shorter while it was read, at byte " + std::to_string(offset));
    out += got;
    offset += got;
    count -= got;
  }
  return {};
}

}  // namespace nelumbo
