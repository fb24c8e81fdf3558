// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace nelumbo {

/// What one participant of a run does now, for people who look at it.
struct Activity {
  std::string who;
  bool waits = false;
  std::string what = {};                 ///< what it does, or what it waits for
  double seconds = 0;                    ///< for how long
  std::optional<uint64_t> version = {};  ///< of the policy that it has
  std::optional<double> rate = {};       ///< groups each second since it began
  std::optional<int64_t> queue = {};     ///< messages or groups that lie before it
  std::optional<uint64_t> bytes = {};    ///< that lie ready to be fetched
};

/// What the stage of a run waits for, which its own thread says, and others read. Since the stage
/// asks one thing at a time, it also says whether the learner works.
class StageActivity {
 public:
  using Clock = std::chrono::steady_clock;

  /// The stage waits from now on, for its learner or for something else; until `go_on`.
  void wait(const std::string& what, bool learner);
  void go_on();
  /// A step has ended.
  void show(const std::string& stage, int64_t step);
  void publish(uint64_t version);

  /// Of the stage, and of each of that many learner ranks.
  std::vector<Activity> rows(int64_t ranks, Clock::time_point now) const;

  /// For the time of one call.
  class Waiting {
   public:
    Waiting(StageActivity& stage, const std::string& what, bool learner = false) : stage_(stage) {
      stage_.wait(what, learner);
    }
    ~Waiting() { stage_.go_on(); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    StageActivity& stage_;
  };

 private:
  mutable std::mutex guard_;
  std::string stage_;
  int64_t step_ = 0;
  std::optional<uint64_t> version_;
  std::string waits_for_;
  bool learner_works_ = false;
  Clock::time_point since_ = Clock::now();
  Clock::time_point learner_since_ = since_;
};

/// Seconds from one time to a later one.
inline double seconds_between(StageActivity::Clock::time_point from,
                              StageActivity::Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace nelumbo
