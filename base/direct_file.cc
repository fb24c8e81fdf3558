// SPDX-License-Identifier: Apache-2.0
#include "base/direct_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/background.h"
#include "base/disk_fault.h"
#include "base/hash.h"

namespace nelumbo {
namespace {

constexpr size_t kBlock = 4 << 20;      // large enough for any disk's full speed
constexpr size_t kAlignment = 4 << 10;  // of offset and length: a page, no disk wants more
constexpr size_t kPiece = 256 << 10;    // is hashed while the processor's cache still has it

/// Memory that a disk can write from and read into: of pages of 2 MB where there are, for the
/// kernel looks up each, and hands a disk what lies in one as one.
std::unique_ptr<char, void (*)(void*)> new_block() {
  constexpr std::align_val_t kHugePage{2 << 20};
  std::unique_ptr<char, void (*)(void*)> block(
      static_cast<char*>(::operator new(kBlock, kHugePage)),
      [](void* memory) { ::operator delete(memory, kHugePage); });
  ::madvise(block.get(), kBlock, MADV_HUGEPAGE);
  return block;
}

/// A descriptor around the page cache where the file system offers that; -1, as ::open.
int open_direct(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_DIRECT | O_CLOEXEC, 0666);
  if (file >= 0 || errno != EINVAL)
    return file;
  return ::open(path.c_str(), (flags & ~O_EXCL) | O_CLOEXEC, 0666);  // the first may have made it
}

/// From now on through the page cache. False when it went there already.
bool use_cache(int file) {
  const int flags = ::fcntl(file, F_GETFL);
  return flags >= 0 && (flags & O_DIRECT) != 0 && ::fcntl(file, F_SETFL, flags & ~O_DIRECT) == 0;
}

}  // namespace

Result<DirectWriter> DirectWriter::create(const std::string& path) {
  errno = planted_errno(DiskCall::kOpen, path);
  const int file = errno != 0 ? -1 : open_direct(path, O_WRONLY | O_CREAT | O_EXCL);
  if (file < 0)
    return disk_error(path, "create", errno);
  return DirectWriter(path, file);
}

DirectWriter::DirectWriter(std::string path, int descriptor)
    : path_(std::move(path)),
      descriptor_(descriptor),
      block_(new_block()),
      hasher_(std::make_unique<Hasher>()) {}

DirectWriter::DirectWriter(DirectWriter&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      block_(std::move(other.block_)),
      filled_(other.filled_),
      hasher_(std::move(other.hasher_)) {}

DirectWriter::~DirectWriter() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

Result<void> DirectWriter::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t taken = std::min({bytes.size(), kBlock - filled_, kPiece});
    std::memcpy(block_.get() + filled_, bytes.data(), taken);
    hasher_->update(std::string_view(block_.get() + filled_, taken));
    filled_ += taken;
    bytes.remove_prefix(taken);
    if (filled_ < kBlock)
      continue;
    if (auto done = flush(); !done)
      return done;
  }
  return {};
}

/// Writes the block. Whatever is refused for its place or length goes through the page cache.
Result<void> DirectWriter::flush() {
  if (const int planted = planted_errno(DiskCall::kWrite, path_); planted != 0)
    return disk_error(path_, "write", planted);
  std::string_view left(block_.get(), std::exchange(filled_, 0));
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written >= 0)
      left.remove_prefix(static_cast<size_t>(written));
    else if (errno != EINTR && !(errno == EINVAL && use_cache(descriptor_)))
      return disk_error(path_, "write", errno);
  }
  give_way();
  return {};
}

Result<std::string> DirectWriter::finish() {
  if (filled_ % kAlignment != 0)
    use_cache(descriptor_);
  if (auto done = flush(); !done)
    return done.error();
  errno = planted_errno(DiskCall::kSync, path_);
  if (errno != 0 || ::fsync(descriptor_) != 0)
    return disk_error(path_, "sync", errno);
  return hasher_->hex();
}

Result<std::string> hash_around_cache(const std::string& path) {
  const int file = open_direct(path, O_RDONLY);
  if (file < 0)
    return disk_error(path, "read", errno);
  const auto block = new_block();
  Hasher hasher;
  ssize_t got = 0;
  int number = 0;
  do {
    got = ::read(file, block.get(), kBlock);
    number = got < 0 ? errno : 0;
    if (got > 0)
      hasher.update(std::string_view(block.get(), static_cast<size_t>(got)));
  } while (got > 0 || number == EINTR || (number == EINVAL && use_cache(file)));
  ::close(file);
  if (number != 0)
    return disk_error(path, "read", number);
  return hasher.hex();
}

}  // namespace nelumbo
