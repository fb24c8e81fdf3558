// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.h"

namespace nelumbo {

/// A file or a folder that is made beside its final place, and gone again unless it was put there.
/// What nobody finished is never seen under the final name.
class Draft {
 public:
  /// Nothing is made yet; that is for the caller to do under `name`.
  explicit Draft(std::string path);
  ~Draft();
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  /// Where to write: in the same folder, and different for each draft of each process.
  const std::string& name() const { return name_; }

  /// Moves it to its place, durably; a file there, or an empty folder, is replaced. What was
  /// written has to be synced before. kEnvironment when the system refuses.
  Result<void> put() const;

 private:
  std::string path_, name_;
};

}  // namespace nelumbo
