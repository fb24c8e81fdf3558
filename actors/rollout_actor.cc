// SPDX-License-Identifier: Apache-2.0
#include "actors/rollout_actor.h"

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "base/check.h"
#include "base/crash_note.h"
#include "base/kill_point.h"

namespace nelumbo {
namespace {

using Self = RolloutActor::stateful_pointer<RolloutState>;

void go_on(Self self) {
  RolloutState& state = self->state;
  if (state.work->stopped())
    self->quit();
  else if (state.work->busy() && !std::exchange(state.stepping, true))
    self->send(self, StepAtom::value);
}

void take(Self self, const RolloutClient& client, const LeaseTicket& ticket,
          const Shared<GroupRequest>& request) {
  if (auto taken = self->state.work->lease(ticket, request); !taken)
    self->send(client, RefuseAtom::value, ticket, taken.error().message);
  go_on(self);
}

void step(Self self, const RolloutClient& client) {
  self->state.stepping = false;
  for (Delivery& done : self->state.work->step())
    self->send(client, DeliverAtom::value, done.ticket, std::move(done.group));
  go_on(self);
}

}  // namespace

void hang(const std::stop_token& token) {
  std::mutex guard;
  std::condition_variable_any never;
  std::unique_lock lock(guard);
  never.wait(lock, token, [] { return false; });
}

Result<PolicyVersion> RolloutWork::load(Shared<WeightSet> weights, PolicyVersion version) {
  if (!engine_)
    engine_ = setup_.make_engine();
  while (replays_ && !engine_->idle() && !engine_->waits())
    work();  // all that the weights of now are to draw
  engine_->load(std::move(weights), version);
  kill_point("rollout/loaded");
  return version;
}

Result<void> RolloutWork::lease(const LeaseTicket& ticket, const Shared<GroupRequest>& request) {
  NELUMBO_CHECK(engine_ != nullptr) << "a lease came before weights";
  if (ticket.number == setup_.fault.throw_at_group)
    throw std::runtime_error("planted by faults.throw_at_group");
  if (ticket.number == setup_.fault.stall_at_group) {
    stalled_ = true;
    setup_.stall(setup_.stop);
  }
  kill_point("rollout/leased");
  held_[ticket.group] = {ticket, request->prompt->id};
  replays_ = !request->versions.empty();
  write_note();
  const CrashNote note(note_);
  crash_point("answer", request->prompt->id);
  auto queued = engine_->submit(*request);
  if (!queued)
    held_.erase(ticket.group);
  return queued;
}

void RolloutWork::write_note() {
  std::vector<std::string> prompts;
  for (const auto& [group, held] : held_)
    prompts.push_back(held.prompt);
  note_ = crash_note_text(prompts);
}

std::vector<Delivery> RolloutWork::step() {
  if (busy() && done_.empty())
    work();
  return std::exchange(done_, {});
}

void RolloutWork::work() {
  std::vector<Group> finished = [this] {
    const CrashNote note(note_);
    return engine_->step();
  }();
  for (Group& group : finished) {
    const auto held = held_.extract(group.id);
    NELUMBO_CHECK(!held.empty()) << "the engine finished a group that was not leased";
    kill_point("rollout/answered");
    done_.push_back({held.mapped().ticket, share(std::move(group))});
  }
  if (!finished.empty())
    write_note();
}

bool RolloutWork::busy() const {
  if (stalled_ || !engine_)
    return false;
  return !done_.empty() || (!engine_->idle() && !engine_->waits());
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): CAF hands over its own copies
RolloutActor::behavior_type rollout_actor(Self self, RolloutClient client, RolloutSetup setup) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  self->state.work = std::make_unique<RolloutWork>(std::move(setup));
  return {
      [self](LoadAtom, const Shared<WeightSet>& weights, PolicyVersion version) {
        auto loaded = reply(self->state.work->load(weights, version));
        go_on(self);  // there may be something to do with them
        return loaded;
      },
      [self, client](LeaseAtom, const LeaseTicket& ticket, const Shared<GroupRequest>& request) {
        take(self, client, ticket, request);
      },
      [self, client](StepAtom) { step(self, client); },
  };
}

}  // namespace nelumbo
