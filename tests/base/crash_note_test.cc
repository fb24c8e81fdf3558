// SPDX-License-Identifier: Apache-2.0
#include "base/crash_note.h"

#include <csignal>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// Crashes as C++ does where nobody catches.
[[noreturn]] void crash() {
  std::signal(SIGABRT, SIG_DFL);  // the test's own handler
  tell_crash_notes();
  std::abort();
}

TEST(CrashNote, NamesWhatTheThreadHeldLast) {
  const std::string outer = crash_note_text({"a"}), inner = crash_note_text({"b", "c"});
  EXPECT_EXIT(
      {
        const CrashNote held(outer);
        const CrashNote more(inner);
        crash();
      },
      testing::KilledBySignal(SIGABRT), "^crashed over prompt: b\ncrashed over prompt: c\n$");
}

TEST(CrashNote, NamesNothingThatIsDone) {
  const std::string outer = crash_note_text({"a"}), inner = crash_note_text({"b"});
  EXPECT_EXIT(
      {
        const CrashNote held(outer);
        { const CrashNote more(inner); }
        crash();
      },
      testing::KilledBySignal(SIGABRT), "^crashed over prompt: a\n$");
}

TEST(CrashNote, NamesAllWhereAThreadComputesForOthers) {
  const std::string text = crash_note_text({"a"});
  EXPECT_EXIT(
      {
        const CrashNote held(text);
        std::thread(crash).join();
      },
      testing::KilledBySignal(SIGABRT), "^crashed over prompt: a\n$");
}

TEST(CrashNote, IsReadFromTheEndOfALog) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/rollout-0.log";
  EXPECT_TRUE(crashed_prompts(path).empty());
  std::ofstream(path) << crash_note_text({"old"}) << "joined\n" << crash_note_text({"a", "b"});
  EXPECT_EQ(crashed_prompts(path), (std::vector<std::string>{"a", "b"}));
  std::ofstream(path, std::ios::app) << "joined\n";
  EXPECT_TRUE(crashed_prompts(path).empty());
  EXPECT_EQ(crash_note_text({"two\nlines"}), "");
}

}  // namespace
}  // namespace nelumbo
