// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "reward/reward.h"

namespace nelumbo {

/// Something that can save what it does not ask about again.
class KeepsDumps {
 public:
  virtual ~KeepsDumps() = default;
  /// From now on each sample that is quarantined is saved in `folder`, which is made for
  /// the first; what is above it is there.
  virtual void keep_dumps(const std::string& folder) const = 0;
};

/// The same of a specification, where it can.
void keep_dumps(const RewardSpec& spec, const std::string& folder);

/// The samples that killed an external program, or made it be killed, too often to be tried again.
/// Any thread.
class Quarantine {
 public:
  static constexpr int64_t kDeaths = 2;
  static constexpr int64_t kMostDumps = 100;  ///< files that one quarantine writes

  /// `name` of the term that it is for.
  explicit Quarantine(std::string name) : name_(std::move(name)) {}

  /// Samples of this term that were saved there before are quarantined, too: a run that goes on
  /// does not ask about them again.
  void keep_dumps(const std::string& folder);
  /// Why the sample is not to be asked about any more, or nothing.
  std::optional<std::string> refusal(const std::string& key) const;
  /// Counts one death of `cause`; with the second the sample is quarantined, saved as
  /// FOLDER/KEY.json where there is a folder, and a warning says so. `key` is fit for a file's
  /// name.
  void note_death(const std::string& key, const std::string& cause, const nlohmann::json& request);
  /// How many samples are quarantined.
  int64_t count() const;

 private:
  struct Sample {
    int64_t deaths = 0;
    std::string why;  ///< once it is quarantined
  };
  /// " and saved in FILE", or why it is not.
  std::string save(const std::string& key, const std::string& cause, const nlohmann::json& request);

  std::string name_;
  mutable std::mutex guard_;
  std::string folder_;  ///< empty: nothing is saved
  std::map<std::string, Sample> samples_;
  int64_t count_ = 0;
};

}  // namespace nelumbo
