// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "apps/chat_model.h"
#include "base/error.h"
#include "kernels/team.h"
#include "rollout/serving_engine.h"

namespace nelumbo {

/// Hears what becomes of one request, on the thread of the engine. Must not wait.
class AnswerListener {
 public:
  virtual ~AnswerListener() = default;

  /// Whether nobody waits for the answer any more: then the request is cancelled.
  virtual bool gone() const = 0;
  /// A token of the prompt was scored; in order, before any token is drawn.
  virtual void scored(const TokenNews& token) = 0;
  /// A token was drawn. False ends the sample.
  virtual bool drawn(const TokenNews& token) = 0;
  /// The request ended with nothing more to come, for this reason.
  virtual void failed(const Error& error) = 0;
};

/// One prompt to be answered, and who hears of it.
struct ServedRequest {
  std::shared_ptr<const Prompt> prompt;
  int32_t samples = 1;
  uint64_t seed = 0;
  Sampling sampling = {};
  ServedWishes wishes = {};
  std::shared_ptr<AnswerListener> listener;
};

/// What was served since the beginning.
struct ServedFigures {
  EngineWork work;
  Occupancy occupancy;
  int64_t cancelled = 0;  ///< requests whose clients left
  int64_t steps = 0;
  double step_seconds = 0;       ///< of all of them
  double last_step_seconds = 0;  ///< of the last
};

/// Owns an engine and the one thread that works with it. Requests of all clients share its batches.
class Serving {
 public:
  /// `model` must outlive it. REQUIRES: a model of serve_model().
  Serving(const ChatModel& model, const EngineConfig& config, int threads);
  /// stop().
  ~Serving();
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  // From any thread.

  /// The most tokens that `samples` answers to a prompt may each have.
  int64_t room_behind(int64_t prompt_tokens, int32_t samples) const;
  /// Queues requests together. Their listeners hear everything else.
  void put(std::vector<ServedRequest> requests);
  ServedFigures figures() const;
  /// Why the engine's thread ended by itself, if it did.
  std::optional<Error> failure() const;
  /// Lets all requests fail, frees their listeners and ends the thread.
  void stop();

 private:
  void work();
  bool wait_for_work();
  void take_queued();
  void cancel_gone();
  void step();
  void tell(const TokenNews& news);
  void fail_all(const Error& error);
  void update_figures(std::optional<double> seconds);

  const ChatModel& model_;
  EngineConfig config_;
  Team team_;
  std::unique_ptr<ServingEngine> engine_;                      ///< of the thread
  std::map<GroupId, std::shared_ptr<AnswerListener>> served_;  ///< of the thread
  uint64_t next_id_ = 0;                                       ///< of the thread
  int64_t cancelled_ = 0;                                      ///< of the thread

  mutable std::mutex mutex_;  ///< guards the rest
  std::condition_variable changed_;
  std::vector<ServedRequest> queued_;
  ServedFigures figures_;
  std::optional<Error> failure_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace nelumbo
