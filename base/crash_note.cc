// SPDX-License-Identifier: Apache-2.0
#include "base/crash_note.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <sstream>

#include <unistd.h>

#include "base/file_tail.h"

namespace nelumbo {
namespace {

constexpr std::string_view kStart = "crashed over prompt: ";
constexpr size_t kMostNotes = 256;
constexpr int64_t kMostTail = 64 << 10;
constexpr std::array<int, 5> kCrashes = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

std::array<std::atomic<const std::string*>, kMostNotes> notes;
thread_local const std::string* own = nullptr;
std::array<struct sigaction, kCrashes.size()> before;

/// Only calls that are safe in a signal handler.
void write_note(const std::string* note) {
  if (note != nullptr && ::write(STDERR_FILENO, note->data(), note->size()) < 0)
    return;  // nobody can be told
}

void on_crash(int number, siginfo_t* info, void* /*context*/) {
  const bool from_outside = info->si_code <= 0 && info->si_pid != ::getpid();
  if (!from_outside && own != nullptr)
    write_note(own);
  else if (!from_outside)
    for (const auto& note : notes)
      write_note(note.load());
  const auto* at = std::find(kCrashes.begin(), kCrashes.end(), number);
  ::sigaction(number, &before[static_cast<size_t>(at - kCrashes.begin())], nullptr);
  ::raise(number);  // ends the process behind this handler
}

/// A stack that has run over takes no handler.
void have_spare_stack() {
  thread_local std::array<char, 32 << 10> spare;
  stack_t old{};
  if (::sigaltstack(nullptr, &old) != 0 || (old.ss_flags & SS_DISABLE) == 0)
    return;
  const stack_t stack{.ss_sp = spare.data(), .ss_flags = 0, .ss_size = spare.size()};
  ::sigaltstack(&stack, nullptr);
}

}  // namespace

CrashNote::CrashNote(const std::string& text) : before_(own) {
  have_spare_stack();
  for (; place_ < kMostNotes; ++place_)
    if (const std::string* none = nullptr; notes[place_].compare_exchange_strong(none, &text))
      break;
  own = &text;
}

CrashNote::~CrashNote() {
  own = before_;
  if (place_ < kMostNotes)
    notes[place_] = nullptr;
}

std::string crash_note_text(const std::vector<std::string>& prompts) {
  std::string text;
  for (const std::string& prompt : prompts)
    if (prompt.find('\n') == std::string::npos)
      text.append(kStart).append(prompt).append("\n");
  return text;
}

std::string crashed_prompt(std::string_view line) {
  return line.starts_with(kStart) ? std::string(line.substr(kStart.size())) : "";
}

std::vector<std::string> crashed_prompts(const std::string& path) {
  std::istringstream tail(file_tail(path, kMostTail));
  std::vector<std::string> prompts;
  for (std::string line; std::getline(tail, line);) {
    std::string prompt = crashed_prompt(line);
    if (prompt.empty())
      prompts.clear();  // of a process before, which said nothing behind it
    else
      prompts.push_back(std::move(prompt));
  }
  return prompts;
}

void tell_crash_notes() {
  struct sigaction action {};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < kCrashes.size(); ++i)
    ::sigaction(kCrashes[i], &action, &before[i]);
}

void crash_point(std::string_view work, std::string_view prompt) {
  static const char* const planted = std::getenv("NELUMBO_CRASH_AT");
  if (planted != nullptr && std::string(work).append("/").append(prompt) == planted)
    ::raise(SIGSEGV);
}

}  // namespace nelumbo
