// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <streambuf>
#include <string_view>

namespace nelumbo {

/// Writes to a descriptor of any kind, and gives up where it has taken nothing for `patience`: a
/// pipe that nobody reads, a terminal that was stopped (Ctrl-S). Returns how many bytes it did not
/// take.
///
/// REQUIRES: the process has one thread, for SIGALRM has to reach the call that waits. From the
/// first call on that signal does nothing else.
size_t write_patiently(int descriptor, std::string_view bytes, std::chrono::milliseconds patience);

/// What a stream writes like that, each piece at once.
class PatientBuffer : public std::streambuf {
 public:
  PatientBuffer(int descriptor, std::chrono::milliseconds patience)
      : descriptor_(descriptor), patience_(patience) {}

 private:
  std::streamsize xsputn(const char* bytes, std::streamsize count) override;
  int_type overflow(int_type byte) override;

  int descriptor_;
  std::chrono::milliseconds patience_;
};

}  // namespace nelumbo
