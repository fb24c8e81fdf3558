// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"

namespace nelumbo {

/// The program itself as a child, its stderr at our end of a pipe.
class Child {
 public:
  explicit Child(std::vector<std::string> words) {
    words.insert(words.begin(), std::string(NELUMBO_BINARY_DIR) + "/nelumbo");
    std::array<int, 2> ends{};
    NELUMBO_CHECK(::pipe(ends.data()) == 0) << "no pipe";
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDERR_FILENO);
      ::close(ends[0]);
      std::vector<char*> raw;
      for (std::string& word : words)
        raw.push_back(word.data());
      raw.push_back(nullptr);
      ::execv(raw[0], raw.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    errors_ = ::fdopen(ends[0], "r");
  }
  ~Child() { std::fclose(errors_); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Waits for a line of stderr that has `part`; none when stderr ended before.
  std::optional<std::string> line_with(const std::string& part) {
    std::array<char, 4096> line{};
    while (std::fgets(line.data(), static_cast<int>(line.size()), errors_) != nullptr)
      if (std::string(line.data()).find(part) != std::string::npos)
        return line.data();
    return std::nullopt;
  }
  bool says(const std::string& part) { return line_with(part).has_value(); }
  pid_t pid() const { return pid_; }
  void signal(int number) { ::kill(pid_, number); }
  /// Exit code, or -1 when a signal ended it.
  int wait() {
    says("\n never said \n");
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = 0;
  FILE* errors_ = nullptr;
};

}  // namespace nelumbo
