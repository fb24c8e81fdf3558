// SPDX-License-Identifier: Apache-2.0
#include "base/memory_file.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"

namespace nelumbo {
namespace {

Error no_memory(const char* call) {
  return {Errc::kEnvironment,
          std::string("memory for other processes: ") + call + ": " + std::strerror(errno)};
}

constexpr size_t kHeader = 64;  // bytes: what lies behind it is aligned

/// Where a memory file has the name of its bytes. It is only read where the mapping is read-only.
std::atomic_ref<uint64_t> name_in(const char* mapped) {
  return std::atomic_ref(*reinterpret_cast<uint64_t*>(const_cast<char*>(mapped)));
}

/// Whether it is a memory file of at least so many bytes, which nobody can make smaller: reading
/// beyond the end of one would end this process.
bool holds(int descriptor, size_t size) {
  struct stat now {};
  const int seals = ::fcntl(descriptor, F_GET_SEALS);
  return seals >= 0 && (seals & F_SEAL_SHRINK) != 0 && ::fstat(descriptor, &now) == 0 &&
         static_cast<size_t>(now.st_size) >= size;
}

}  // namespace

Result<MemoryFile> MemoryFile::create() {
  const int descriptor = ::memfd_create("nelumbo", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0)
    return no_memory("memfd_create");
  MemoryFile made(descriptor);
  if (::fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK) != 0)
    return no_memory("fcntl(F_ADD_SEALS)");
  return made;
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      mapped_(std::exchange(other.mapped_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

MemoryFile::~MemoryFile() {
  if (mapped_ != nullptr)
    ::munmap(mapped_, size_);
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

Result<void> MemoryFile::write(std::span<const char> bytes, uint64_t name) {
  NELUMBO_CHECK(name != 0) << "bytes without a name";
  const size_t needed = kHeader + bytes.size();
  if (needed > size_) {
    // Pages that are reserved here cannot be missing later, which a signal would say.
    if (::fallocate(descriptor_, 0, 0, static_cast<off_t>(needed)) != 0)
      return no_memory("fallocate");
    if (mapped_ != nullptr)
      ::munmap(std::exchange(mapped_, nullptr), std::exchange(size_, 0));
    void* mapped =
        ::mmap(nullptr, needed, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor_, 0);
    if (mapped == MAP_FAILED)
      return no_memory("mmap");
    mapped_ = static_cast<char*>(mapped);
    size_ = needed;
  }
  name_in(mapped_).store(0, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  if (!bytes.empty())
    std::memcpy(mapped_ + kHeader, bytes.data(), bytes.size());
  name_in(mapped_).store(name, std::memory_order_release);
  return {};
}

std::string MemoryFile::path() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(descriptor_);
}

Result<MappedMemory> MappedMemory::open(const std::string& path, size_t size, uint64_t name) {
  const Error nothing{Errc::kUnavailable,
                      path + ": no memory with those " + std::to_string(size) + " bytes is there"};
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0)
    return nothing;
  void* mapped = MAP_FAILED;
  if (holds(descriptor, kHeader + size))
    mapped = ::mmap(nullptr, kHeader + size, PROT_READ, MAP_SHARED | MAP_POPULATE, descriptor, 0);
  ::close(descriptor);
  if (mapped == MAP_FAILED)
    return nothing;
  MappedMemory memory(static_cast<const char*>(mapped), kHeader + size, name);
  if (!memory.unchanged())
    return nothing;
  return memory;
}

MappedMemory::MappedMemory(MappedMemory&& other) noexcept
    : mapped_(std::exchange(other.mapped_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      name_(other.name_) {}

MappedMemory::~MappedMemory() {
  if (mapped_ != nullptr)
    ::munmap(const_cast<char*>(mapped_), size_);
}

std::span<const char> MappedMemory::bytes() const {
  return {mapped_ + kHeader, size_ - kHeader};
}

bool MappedMemory::unchanged() const {
  std::atomic_thread_fence(std::memory_order_acquire);
  return name_in(mapped_).load(std::memory_order_acquire) == name_;
}

}  // namespace nelumbo
