// SPDX-License-Identifier: Apache-2.0
#include "apps/serving.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <utility>

#include "rollout/chat_environment.h"
#include "rollout/policy_engine.h"

namespace nelumbo {
namespace {

using std::chrono::steady_clock;

GroupRequest group_request(const ServedRequest& request, GroupId id) {
  return {.id = id,
          .prompt = request.prompt,
          .samples = request.samples,
          .seed = request.seed,
          .sampling = request.sampling,
          .wishes = request.wishes};
}

/// How long the thread sleeps with nothing to do: a client that leaves is noticed meanwhile by its
/// connection alone.
constexpr std::chrono::milliseconds kNap{200};

}  // namespace

Serving::Serving(const ChatModel& model, const EngineConfig& config, int threads)
    : model_(model),
      config_(config),
      team_(threads),
      engine_(
          make_policy_engine(model.network, config,
                             std::make_shared<const ChatEnvironment>(model.tokenizer, model.ends),
                             team_, model.packed)) {
  figures_.occupancy = engine_->occupancy();
  thread_ = std::thread([this] { work(); });
}

Serving::~Serving() {
  stop();
}

int64_t Serving::room_behind(int64_t prompt_tokens, int32_t samples) const {
  const int64_t positions = model_.network.config.decoder.max_positions;
  const int64_t shared = prompt_tokens / kKeyBlock;
  const int64_t own = (config_.key_blocks - shared - 1) / samples - 1 + shared;
  return std::min(positions, (own + 1) * kKeyBlock - 1) - prompt_tokens;
}

void Serving::put(std::vector<ServedRequest> requests) {
  {
    const std::scoped_lock lock(mutex_);
    if (!stopping_ && !failure_) {
      for (ServedRequest& request : requests)
        queued_.push_back(std::move(request));
      changed_.notify_one();
      return;
    }
  }
  for (const ServedRequest& request : requests)
    request.listener->failed({Errc::kUnavailable, "the server is stopping"});
}

ServedFigures Serving::figures() const {
  const std::scoped_lock lock(mutex_);
  return figures_;
}

std::optional<Error> Serving::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

void Serving::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable())
    thread_.join();
}

/// What an engine throws (no memory for keys) ends it: nothing is known of its state any more.
void Serving::work() {
  Error why{Errc::kUnavailable, "the server is stopping"};
  try {
    while (wait_for_work()) {
      take_queued();
      cancel_gone();
      step();
    }
  } catch (const std::exception& error) {
    why = {Errc::kEnvironment, std::string("the engine failed: ") + error.what()};
    const std::scoped_lock lock(mutex_);
    failure_ = why;
  }
  fail_all(why);
}

bool Serving::wait_for_work() {
  std::unique_lock lock(mutex_);
  while (!stopping_ && queued_.empty() && engine_->idle())
    changed_.wait_for(lock, kNap);
  return !stopping_;
}

void Serving::take_queued() {
  std::vector<ServedRequest> fresh;
  {
    const std::scoped_lock lock(mutex_);
    fresh.swap(queued_);
  }
  for (ServedRequest& request : fresh) {
    const GroupId id{next_id_++};
    if (Result<void> queued = engine_->submit(group_request(request, id)); !queued)
      request.listener->failed(queued.error());
    else
      served_.emplace(id, std::move(request.listener));
  }
}

void Serving::cancel_gone() {
  std::erase_if(served_, [&](const auto& one) {
    if (!one.second->gone())
      return false;
    engine_->cancel(one.first);
    ++cancelled_;
    return true;
  });
}

void Serving::step() {
  if (engine_->idle())
    return update_figures(std::nullopt);
  const auto before = steady_clock::now();
  const std::vector<Group> finished = engine_->step();
  const double seconds = std::chrono::duration<double>(steady_clock::now() - before).count();
  for (const TokenNews& news : engine_->news())
    if (!news.sample)
      tell(news);
  for (const TokenNews& news : engine_->news())
    if (news.sample)
      tell(news);
  for (const Group& group : finished)
    served_.erase(group.id);
  update_figures(seconds);
}

void Serving::tell(const TokenNews& news) {
  const auto found = served_.find(news.group);
  if (found == served_.end())
    return;
  AnswerListener& listener = *found->second;
  if (!std::isfinite(news.logprob)) {
    listener.failed({Errc::kBadData,
                     "a log-prob is not finite: the weights of the model are too large to compute "
                     "with, or a bias leaves no token"});
    engine_->cancel(news.group);
    served_.erase(found);
  } else if (!news.sample) {
    listener.scored(news);
  } else if (!listener.drawn(news)) {
    engine_->end(news.group, *news.sample);
  }
}

void Serving::update_figures(std::optional<double> seconds) {
  const std::scoped_lock lock(mutex_);
  figures_.work = engine_->work();
  figures_.occupancy = engine_->occupancy();
  figures_.cancelled = cancelled_;
  if (!seconds)
    return;
  ++figures_.steps;
  figures_.step_seconds += *seconds;
  figures_.last_step_seconds = *seconds;
}

void Serving::fail_all(const Error& error) {
  for (const auto& [id, listener] : served_) {
    listener->failed(error);
    if (error.code == Errc::kUnavailable)
      engine_->cancel(id);
  }
  served_.clear();
  const std::scoped_lock lock(mutex_);
  for (const ServedRequest& request : queued_)
    request.listener->failed(error);
  queued_.clear();
  if (error.code == Errc::kUnavailable)
    figures_.occupancy = engine_->occupancy();
}

}  // namespace nelumbo
