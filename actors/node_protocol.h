// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the processes of one run say to each other over CAF: who takes part, and which bytes lie
// ready. The bytes themselves (weights, requests, trajectories) go through the BulkChannel, as
// actors/wire.h writes them. Worker processes dial the coordinator and know nobody else.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <caf/actor.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/typed_actor.hpp>

#include "actors/bulk_channel.h"
#include "actors/membership.h"
#include "actors/protocol.h"
#include "actors/weights_on_offer.h"
#include "actors/wire.h"

namespace nelumbo {

/// What a worker process is told when it has joined.
struct Welcome {
  NodeSession session{};
  std::string config;       ///< the resolved configuration, as YAML
  std::string config_path;  ///< where that was read: paths inside it may be relative to its folder
  std::string peer;         ///< its name on the bulk channel
  uint16_t bulk_port = 0;
  int64_t beat_ms = 0;  ///< how often it says that it lives
};

/// Which of a learner's ranks a learner process is.
struct LearnerSeat {
  int64_t rank = 0, ranks = 1;
  std::string sharding;
  std::string meeting;      ///< file where the ranks meet
  std::string collectives;  ///< what they talk over
};

/// What a learner process is asked; the bytes are the job, groups or weights that belong to it.
enum class LearnKind : uint8_t {
  kTrainTokens,
  kTrainPolicy,
  kValidate,
  kWeights,
  kRestart,
  kSave,
  kRestore,
  kTrainPreferences,
  kScorePreferences,
  kScoreModel
};

/// A worker process that one actor of the coordinator's process now speaks for.
struct HiredNode {
  NodeSession session{};
  std::string peer;
  caf::actor actor;
};

/// Called for each rollout process that is ready and that nobody waits for.
struct OnSpare {
  std::function<void()> call;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, BulkRef& x) {
  return f(caf::meta::type_name("BulkRef"), x.object, x.size, x.hash);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, OfferedWeights& x) {
  return f(caf::meta::type_name("OfferedWeights"), x.ref, x.near);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JoinRequest& x) {
  return f(caf::meta::type_name("JoinRequest"), x.worker, x.role, x.protocol, x.certificate,
           x.signature);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WorkInputs& x) {
  return f(caf::meta::type_name("WorkInputs"), x.values);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Welcome& x) {
  return f(caf::meta::type_name("Welcome"), x.session, x.config, x.config_path, x.peer, x.bulk_port,
           x.beat_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LearnerSeat& x) {
  return f(caf::meta::type_name("LearnerSeat"), x.rank, x.ranks, x.sharding, x.meeting,
           x.collectives);
}

/// Bytes that the channel fetched, or why it could not.
using Fetched = Result<Bytes>;

using HelloAtom = caf::atom_constant<caf::atom("hello")>;
using JoinAtom = caf::atom_constant<caf::atom("join")>;
using ReadyAtom = caf::atom_constant<caf::atom("ready")>;
using BeatAtom = caf::atom_constant<caf::atom("beat")>;
using HireAtom = caf::atom_constant<caf::atom("hire")>;
using LostAtom = caf::atom_constant<caf::atom("lost")>;
using FetchedAtom = caf::atom_constant<caf::atom("fetched")>;
using FreeAtom = caf::atom_constant<caf::atom("free")>;
using SeatAtom = caf::atom_constant<caf::atom("seat")>;
using LearnAtom = caf::atom_constant<caf::atom("learn")>;

}  // namespace nelumbo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::HiredNode)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::OnSpare)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<nelumbo::Fetched>)

namespace nelumbo {

/// Where worker processes join, and where actors of the coordinator's process hire them.
using DoorActor = caf::typed_actor<
    // A process has come. Replies what it has to sign; nothing: it need not.
    caf::replies_to<HelloAtom>::with<std::string>,
    // A worker process wants to take part.
    caf::replies_to<JoinAtom, JoinRequest>::with<Welcome>,
    // It has read its data, which are these; that actor of it takes work. Replies false when it is
    // no member.
    caf::replies_to<ReadyAtom, NodeSession, WorkInputs, caf::actor>::with<bool>,
    // It lives. Replies false when it is no member.
    caf::replies_to<BeatAtom, NodeSession>::with<bool>,
    // Replies when a ready process of that role is the sender's. When the sender ends, so does it.
    caf::replies_to<HireAtom, std::string>::with<HiredNode>,
    // A child process ended: its role, its name, and why.
    caf::reacts_to<LostAtom, std::string, std::string, std::string>,
    // Someone wants to hear of rollout processes that nobody waits for, those of now included.
    caf::reacts_to<SpareAtom, OnSpare>,
    // Replies what its processes do now.
    caf::replies_to<WhoAtom>::with<Shared<std::vector<Activity>>>,
    // To itself: some process may have fallen silent.
    caf::reacts_to<TickAtom>,
    // Sends all processes home, then ends.
    caf::reacts_to<StopAtom>>;

/// In the coordinator's process: takes what a rollout process has done.
using RolloutDesk = caf::typed_actor<
    // Finished what it leased; the group's bytes lie ready.
    caf::reacts_to<DeliverAtom, LeaseTicket, BulkRef>,
    // Can never serve this request; the sentence says why.
    caf::reacts_to<RefuseAtom, LeaseTicket, std::string>>;

/// In a rollout process: owns a rollout actor.
using RolloutNode = caf::typed_actor<
    // Reads or fetches the weights and takes them; replies their version.
    caf::replies_to<LoadAtom, PolicyVersion, OfferedWeights>::with<PolicyVersion>,
    // Fetches a request to answer; delivers it to the desk when finished.
    caf::reacts_to<LeaseAtom, LeaseTicket, BulkRef, RolloutDesk>,
    // Those bytes were fetched and are needed no more.
    caf::reacts_to<FreeAtom, BulkRef>>;

/// In a learner process: owns a learner actor.
using LearnerNode = caf::typed_actor<
    // Is that rank from now on; replies true. Comes first, and once.
    caf::replies_to<SeatAtom, LearnerSeat>::with<bool>,
    // Fetches what it is asked and does it; the bytes of its answer lie ready.
    caf::replies_to<LearnAtom, LearnKind, BulkRef>::with<BulkRef>,
    // Those bytes were fetched and are needed no more.
    caf::reacts_to<FreeAtom, BulkRef>>;

}  // namespace nelumbo

// Behind the block of protocol.h.
CAF_BEGIN_TYPE_ID_BLOCK(nelumbo_nodes, first_custom_type_id + 64)
CAF_ADD_TYPE_ID(nelumbo_nodes, (nelumbo::BulkRef))
CAF_ADD_TYPE_ID(nelumbo_nodes, (nelumbo::JoinRequest))
CAF_ADD_TYPE_ID(nelumbo_nodes, (nelumbo::LearnKind))
CAF_ADD_TYPE_ID(nelumbo_nodes, (nelumbo::LearnerSeat))
CAF_ADD_TYPE_ID(nelumbo_nodes, (nelumbo::NodeSession))
CAF_ADD_TYPE_ID(nelumbo_nodes, (nelumbo::OfferedWeights))
CAF_ADD_TYPE_ID(nelumbo_nodes, (nelumbo::Welcome))
CAF_ADD_TYPE_ID(nelumbo_nodes, (nelumbo::WorkInputs))
CAF_ADD_TYPE_ID(nelumbo_nodes, (nelumbo::RolloutDesk))
CAF_END_TYPE_ID_BLOCK(nelumbo_nodes)
