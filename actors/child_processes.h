// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nelumbo {

/// Worker processes of this program on this machine: each is started again when it ends. None
/// outlives this process, however that ends. Safe to use from any thread.
class ChildProcesses {
 public:
  struct Child {
    std::string role;
    std::string worker;                  ///< its name
    std::vector<std::string> arguments;  ///< of this program
    std::string log;  ///< file that gets what it writes, appended; empty: what this process writes
                      ///< to
  };
  /// Told of each end that nobody asked for, from a thread of this object.
  using OnEnd = std::function<void(const Child& child, const std::string& cause)>;

  explicit ChildProcesses(OnEnd on_end);
  /// Ends them all, at once.
  ~ChildProcesses();
  ChildProcesses(const ChildProcesses&) = delete;
  ChildProcesses& operator=(const ChildProcesses&) = delete;

  static constexpr std::chrono::seconds kGrace{2};  ///< they have nothing to save

  void start(Child child);
  /// Ends the process of that name, if there is one: it is asked, and after `kGrace` made. Another
  /// takes its place.
  void end(const std::string& worker);

 private:
  class Keeper;
  std::unique_ptr<Keeper> keeper_;
};

}  // namespace nelumbo
