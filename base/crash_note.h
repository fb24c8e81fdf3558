// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// What a thread works on, told if it crashes over it (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT):
/// the process then ends as it would, and the last that it says on stderr is a line for each
/// prompt:
///
///     crashed over prompt: train/17
///
/// A crash of a thread that holds no note, one that computes for others, tells the notes of all.
/// A signal that another process sends tells none.
class CrashNote {
 public:
  /// Of this thread, until it is destroyed, in front of one that it holds already. `text` must
  /// outlive it.
  explicit CrashNote(const std::string& text);
  ~CrashNote();
  CrashNote(const CrashNote&) = delete;
  CrashNote& operator=(const CrashNote&) = delete;

 private:
  const std::string* before_;
  size_t place_ = 0;
};

/// The lines that name those prompts, as far as an id is one line.
std::string crash_note_text(const std::vector<std::string>& prompts);
/// The id in a line like that; "" in any other.
std::string crashed_prompt(std::string_view line);
/// Those that the end of a file names.
std::vector<std::string> crashed_prompts(const std::string& path);

/// Has crashes of this process tell their notes from now on.
void tell_crash_notes();

/// Crashes where it is rehearsed: NELUMBO_CRASH_AT=answer/train/17 is what `work` "answer" and the
/// prompt "train/17" are together.
void crash_point(std::string_view work, std::string_view prompt);

}  // namespace nelumbo
