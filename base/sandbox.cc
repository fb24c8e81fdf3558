// SPDX-License-Identifier: Apache-2.0
//
// bwrap and unshare make the namespaces. Behind bwrap the root is an empty folder in memory that
// shows, read-only: /usr (and what leads there), what the dynamic linker reads, and the program's
// own files; /proc is that of the new PID namespace, whose end takes all processes in it along.
// What can be written, /tmp and /dev/shm, lies in memory and is bounded. The order matters: a later
// mount hides an earlier one, so files under /tmp come behind /tmp.
#include "base/sandbox.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBwrap = "/usr/bin/bwrap";
constexpr const char* kUnshare = "/usr/bin/unshare";
constexpr std::chrono::seconds kProbeDeadline{5};

void append(std::vector<std::string>& words, std::initializer_list<std::string> more) {
  words.insert(words.end(), more);
}

/// /bin, /lib and the like: links into /usr on most systems, folders on others.
void show_system(std::vector<std::string>& words) {
  append(words, {"--ro-bind", "/usr", "/usr"});
  std::error_code none;
  for (const char* path : {"/bin", "/sbin", "/lib", "/lib64", "/lib32"}) {
    if (fs::is_symlink(path, none))
      append(words, {"--symlink", fs::read_symlink(path, none).string(), path});
    else
      append(words, {"--ro-bind-try", path, path});
  }
  for (const char* path : {"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
                           "/etc/alternatives", "/etc/localtime"})
    append(words, {"--ro-bind-try", path, path});
}

std::vector<std::string> bubblewrapped(const ForeignProgram& program) {
  const std::string room = std::to_string(kMostWritten);
  std::vector<std::string> words = {kBwrap, "--unshare-all", "--die-with-parent", "--new-session"};
  show_system(words);
  append(words, {"--proc", "/proc", "--dev", "/dev", "--size", room, "--tmpfs", "/dev/shm",
                 "--remount-ro", "/dev", "--size", room, "--tmpfs", "/tmp"});
  for (const std::string& folder : program.folders)
    append(words, {"--ro-bind", folder, folder});
  for (const ProgramFile& file : program.files)
    if (!file.path.starts_with("/usr/"))
      append(words, {"--ro-bind", file.path, file.path});
  if (!program.folder.starts_with("/usr/"))
    append(words, {"--dir", program.folder});
  append(words, {"--remount-ro", "/", "--chdir", program.folder, "--"});
  return words;
}

/// Whether `command` ends with 0 within the deadline; it says nothing.
bool runs(const std::vector<std::string>& command) {
  std::vector<std::string> copies = command;
  std::vector<char*> words;
  for (std::string& word : copies)
    words.push_back(word.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  pid_t process = 0;
  const int failed =
      ::posix_spawn(&process, words.front(), &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0)
    return false;
  int status = 0;
  const auto deadline = std::chrono::steady_clock::now() + kProbeDeadline;
  while (::waitpid(process, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() >= deadline)
      ::kill(process, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Wall find_best_wall() {
  ForeignProgram probe;
  probe.command = {"/bin/true"};
  probe.folder = "/tmp";
  for (const Wall wall : {Wall::kBubblewrap, Wall::kNamespaces})
    if (runs(walled(wall, probe)))
      return wall;
  return Wall::kLimits;
}

}  // namespace

std::string_view to_text(Wall wall) {
  switch (wall) {
    case Wall::kBubblewrap:
      return "bubblewrap";
    case Wall::kNamespaces:
      return "namespaces";
    case Wall::kLimits:
      break;
  }
  return "limits";
}

std::vector<std::string> walled(Wall wall, const ForeignProgram& program) {
  std::vector<std::string> words;
  if (wall == Wall::kBubblewrap)
    words = bubblewrapped(program);
  else if (wall == Wall::kNamespaces)
    words = {kUnshare, "--user", "--map-root-user",   "--net",        "--ipc", "--uts",
             "--pid",  "--fork", "--kill-child=KILL", "--mount-proc", "--"};
  words.insert(words.end(), program.command.begin(), program.command.end());
  return words;
}

Wall best_wall() {
  static std::once_flag tried;
  static Wall best = Wall::kLimits;
  std::call_once(tried, [] {
    best = find_best_wall();
    if (best == Wall::kBubblewrap)
      log_info("external programs run in bubblewrap: without network, files read-only");
    else
      log_warn(
          std::string("bubblewrap is not there or does not work here, so external programs can "
                      "read and write what this process can") +
          (best == Wall::kLimits ? ", and use the network" : "") +
          "; install the package bubblewrap");
  });
  return best;
}

}  // namespace nelumbo
