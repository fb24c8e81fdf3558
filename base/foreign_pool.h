// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/foreign_process.h"
#include "base/launcher.h"
#include "base/sandbox.h"

namespace nelumbo {

/// Copies of one foreign program, as many as were ever asked at the same time; they live on between
/// the lines that they are asked, and one that died is replaced when the next is asked. Any thread.
class ForeignPool {
 public:
  /// Starts nothing yet.
  ForeignPool(Wall wall, ForeignProgram program) : wall_(wall), program_(std::move(program)) {}

  /// What is wrong with a reply, or nothing.
  using Check = std::function<Result<void>(const std::string& reply)>;

  /// Sends one line to a copy that nobody else talks to, and gives what came of it. A copy whose
  /// reply is not as `check` wants it is ended, and the exchange has failed.
  Exchange exchange(const std::string& line, const Check& check);

 private:
  Result<std::unique_ptr<ForeignProcess>> take();

  Wall wall_;
  ForeignProgram program_;
  Launcher launcher_;  ///< outlives the processes, which die with its thread
  std::mutex guard_;
  std::vector<std::unique_ptr<ForeignProcess>> idle_;
};

}  // namespace nelumbo
