// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

namespace nelumbo {

/// Memory that is counted as in use as long as this lives. The counter outlives it.
class JinjaCharge {
 public:
  JinjaCharge() = default;
  JinjaCharge(int64_t& in_use, int64_t bytes) : in_use_(&in_use), bytes_(bytes) {
    *in_use_ += bytes_;
  }
  JinjaCharge(JinjaCharge&& other) noexcept
      : in_use_(std::exchange(other.in_use_, nullptr)), bytes_(other.bytes_) {}
  JinjaCharge& operator=(JinjaCharge&& other) noexcept {
    std::swap(in_use_, other.in_use_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  /// Counts so many bytes from here on.
  void resize(int64_t bytes) {
    if (in_use_ != nullptr)
      *in_use_ += bytes - bytes_;
    bytes_ = bytes;
  }
  ~JinjaCharge() {
    if (in_use_ != nullptr)
      *in_use_ -= bytes_;
  }

 private:
  int64_t* in_use_ = nullptr;
  int64_t bytes_ = 0;
};

}  // namespace nelumbo
