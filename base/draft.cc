// SPDX-License-Identifier: Apache-2.0
#include "base/draft.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "base/file.h"
#include "base/replaceable.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

std::string suffix() {
  static std::atomic<int64_t> calls = 0;
  return ".tmp-" + std::to_string(::getpid()) + "-d" + std::to_string(++calls);
}

void remove(const std::string& name) {
  std::error_code none;
  fs::remove_all(name, none);
}

}  // namespace

Draft::Draft(std::string path) : path_(std::move(path)), name_(path_ + suffix()) {
  remove(name_);
}

Draft::~Draft() {
  remove(name_);
}

Result<void> Draft::put() const {
  if (auto allowed = require_replaceable(path_); !allowed)
    return allowed;
  std::error_code code;
  fs::rename(name_, path_, code);
  if (code)
    return Error{Errc::kEnvironment, path_ + ": cannot replace: " + code.message()};
  const std::string folder = fs::path(path_).parent_path().string();
  return sync_directory(folder.empty() ? "." : folder);
}

}  // namespace nelumbo
