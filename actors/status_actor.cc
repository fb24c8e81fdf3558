// SPDX-License-Identifier: Apache-2.0
#include "actors/status_actor.h"

#include <cstdio>
#include <fstream>
#include <utility>

#include <unistd.h>

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds kAnswer{5};
constexpr double kSilent = 3;  // seconds after which an actor that does not answer is named

json json_of(const Activity& row, double older) {
  json out = {{"who", row.who},
              {row.waits ? "waits_for" : "does", row.what},
              {"seconds", row.seconds + older}};
  if (row.version)
    out["version"] = *row.version;
  if (row.rate)
    out["groups_per_s"] = *row.rate;
  if (row.queue)
    out["queue"] = *row.queue;
  if (row.bytes)
    out["bytes"] = *row.bytes;
  return out;
}

}  // namespace

json StatusState::json() const {
  const auto now = Clock::now();
  nlohmann::json rows = nlohmann::json::array();
  for (const Activity& row : setup.stage->rows(setup.learners, now))
    rows.push_back(json_of(row, 0));
  for (const Told* told : {&coordinator, &door}) {
    const double older = seconds_between(told->at, now);
    for (const Activity& row : told->rows)
      rows.push_back(json_of(row, older));
    if (older > kSilent)
      rows.push_back(json_of({told == &door ? "door" : "coordinator", true,
                              "its own last message: it does not answer", older},
                             0));
  }
  if (setup.bytes_on_offer)
    rows.push_back(json_of(
        {.who = "bulk channel", .what = "keeps bytes ready", .bytes = setup.bytes_on_offer()}, 0));
  const double wall =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  return {{"written", wall}, {"process", ::getpid()}, {"rows", std::move(rows)}};
}

void StatusState::write() const {
  const std::string draft = setup.path + ".tmp";
  {
    std::ofstream file(draft, std::ios::trunc);
    file << json().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    if (!file.flush())
      return;
  }
  (void)std::rename(draft.c_str(), setup.path.c_str());
}

StatusActor::behavior_type status_actor(StatusActor::stateful_pointer<StatusState> self,
                                        StatusSetup setup) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  self->state.setup = std::move(setup);
  self->send(self, TickAtom::value);
  return {[self](TickAtom) {
    StatusState& state = self->state;
    state.write();
    const auto take = [self](StatusState::Told StatusState::*where) {
      return [self, where](const Shared<std::vector<Activity>>& rows) {
        self->state.*where = {*rows, StatusState::Clock::now()};
      };
    };
    const auto silence = [](const caf::error&) {};
    self->request(state.setup.coordinator, kAnswer, WhoAtom::value)
        .then(take(&StatusState::coordinator), silence);
    if (state.setup.door)
      self->request(state.setup.door, kAnswer, WhoAtom::value)
          .then(take(&StatusState::door), silence);
    self->delayed_send(self, state.setup.each, TickAtom::value);
  }};
}

}  // namespace nelumbo
