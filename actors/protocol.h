// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every message of the system, one alias for each role, in the order of one step. Read this first.
//
// All actors live in one process. What is large or names an object travels as `Shared<T>`, a handle
// that never leaves the process and whose target is never written again. Everything else is a value
// with an `inspect`, and has a round-trip test.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <caf/actor_system_config.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/result.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include "actors/activity.h"
#include "actors/crew.h"
#include "actors/lease_book.h"
#include "actors/ledger.h"
#include "actors/run_directory.h"
#include "base/error.h"
#include "learner/learner.h"
#include "reward/reward.h"
#include "rollout/engine.h"

namespace nelumbo {

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LeaseTicket& x) {
  return f(caf::meta::type_name("LeaseTicket"), x.session, x.group, x.attempt, x.number);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CrewCounts& x) {
  return f(caf::meta::type_name("CrewCounts"), x.restarts, x.fenced, x.answering);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SampleId& x) {
  return f(caf::meta::type_name("SampleId"), x.group, x.sample, x.incarnation);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LedgerRecord& x) {
  return f(caf::meta::type_name("LedgerRecord"), x.id, x.fate, x.number, x.total, x.reason);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LedgerCounts& x) {
  return f(caf::meta::type_name("LedgerCounts"), x.issued, x.committed, x.dropped, x.in_flight);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, MetricsLine& x) {
  return f(caf::meta::type_name("MetricsLine"), x.stage, x.step, x.values);
}

}  // namespace nelumbo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<nelumbo::AnswerJob>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<nelumbo::TokenJob>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<nelumbo::PolicyJob>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<nelumbo::PreferenceJob>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<nelumbo::PreferenceScores>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<nelumbo::TokenValidation>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<nelumbo::WeightSet>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<nelumbo::GroupRequest>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<nelumbo::Group>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<nelumbo::ScoredGroup>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<std::vector<nelumbo::ScoredGroup>>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<std::vector<nelumbo::TrainingGroup>>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nelumbo::Shared<std::vector<nelumbo::Activity>>)

namespace nelumbo {

using PublishAtom = caf::atom_constant<caf::atom("publish")>;
using AnswerAtom = caf::atom_constant<caf::atom("answer")>;
using FeedAtom = caf::atom_constant<caf::atom("feed")>;
using TakeAtom = caf::atom_constant<caf::atom("take")>;
using LoadAtom = caf::atom_constant<caf::atom("load")>;
using LeaseAtom = caf::atom_constant<caf::atom("lease")>;
using StepAtom = caf::atom_constant<caf::atom("step")>;
using DeliverAtom = caf::atom_constant<caf::atom("deliver")>;
using RefuseAtom = caf::atom_constant<caf::atom("refuse")>;
using TickAtom = caf::atom_constant<caf::atom("tick")>;
using RestAtom = caf::atom_constant<caf::atom("rest")>;
using ScoreAtom = caf::atom_constant<caf::atom("score")>;
using TrainAtom = caf::atom_constant<caf::atom("train")>;
using ValidateAtom = caf::atom_constant<caf::atom("validate")>;
using WeightsAtom = caf::atom_constant<caf::atom("weights")>;
using RestartAtom = caf::atom_constant<caf::atom("restart")>;
using SaveAtom = caf::atom_constant<caf::atom("save")>;
using RestoreAtom = caf::atom_constant<caf::atom("restore")>;
using NoteAtom = caf::atom_constant<caf::atom("note")>;
using CommitAtom = caf::atom_constant<caf::atom("commit")>;
using ShowAtom = caf::atom_constant<caf::atom("show")>;
using TraceAtom = caf::atom_constant<caf::atom("trace")>;
using CountAtom = caf::atom_constant<caf::atom("count")>;
using SpareAtom = caf::atom_constant<caf::atom("spare")>;
using WhoAtom = caf::atom_constant<caf::atom("who")>;
using StopAtom = caf::atom_constant<caf::atom("stop")>;

/// Leases groups to rollout actors, has them scored, replaces who fails.
using CoordinatorActor = caf::typed_actor<
    // Gives new weights to every rollout actor; replies when each has acknowledged the version.
    // Refused in the middle of an answer job; what is fed goes on with them.
    caf::replies_to<PublishAtom, Shared<WeightSet>, PolicyVersion>::with<PolicyVersion>,
    // Answers and scores; replies in the order of group ids. One job at a time.
    caf::replies_to<AnswerAtom, Shared<AnswerJob>>::with<Shared<std::vector<ScoredGroup>>>,
    // Adds requests to those that are being answered and scored.
    caf::reacts_to<FeedAtom, Shared<AnswerJob>>,
    // Replies what came of them since it was last asked, as soon as there is something, in the
    // order in which it came.
    caf::replies_to<TakeAtom>::with<Shared<std::vector<ScoredGroup>>>,
    // A rollout actor finished what it leased.
    caf::reacts_to<DeliverAtom, LeaseTicket, Shared<Group>>,
    // A rollout actor can never serve this request; the sentence says why.
    caf::reacts_to<RefuseAtom, LeaseTicket, std::string>,
    // To itself: some lease may be overdue.
    caf::reacts_to<TickAtom>,
    // To itself: groups of a process that ended have rested.
    caf::reacts_to<RestAtom>,
    // A rollout process is ready that nobody waits for: may become one worker more.
    caf::reacts_to<SpareAtom>,
    // Replies what it counted.
    caf::replies_to<CountAtom>::with<CrewCounts>,
    // Replies what it and its actors do now.
    caf::replies_to<WhoAtom>::with<Shared<std::vector<Activity>>>,
    // Dismisses rollout and reward actors, then ends.
    caf::replies_to<StopAtom>::with<void>>;

/// Takes what rollout actors have done.
using RolloutClient = caf::typed_actor<caf::reacts_to<DeliverAtom, LeaseTicket, Shared<Group>>,
                                       caf::reacts_to<RefuseAtom, LeaseTicket, std::string>>;

/// Owns one engine. Detached.
using RolloutActor = caf::typed_actor<
    // Takes new weights; replies their version.
    caf::replies_to<LoadAtom, Shared<WeightSet>, PolicyVersion>::with<PolicyVersion>,
    // Takes a group to answer; delivers it to the coordinator when finished.
    caf::reacts_to<LeaseAtom, LeaseTicket, Shared<GroupRequest>>,
    // To itself: one bounded piece of work.
    caf::reacts_to<StepAtom>>;

/// Applies the reward specification. Pooled.
using RewardActor = caf::typed_actor<
    // Replies the group with one outcome for each trajectory.
    caf::replies_to<ScoreAtom, Shared<Group>>::with<Shared<ScoredGroup>>>;

/// Owns the learner: trained weights and optimizer. Detached.
using LearnerActor = caf::typed_actor<
    // One optimizer step on tokens; replies its metrics.
    caf::replies_to<TrainAtom, Shared<TokenJob>>::with<Metrics>,
    // One optimizer step on scored groups; replies its metrics.
    caf::replies_to<TrainAtom, Shared<PolicyJob>>::with<Metrics>,
    // One optimizer step on preferences; replies its metrics.
    caf::replies_to<TrainAtom, Shared<PreferenceJob>>::with<Metrics>,
    // What the job's groups are worth now; nothing is trained.
    caf::replies_to<ScoreAtom, Shared<PreferenceJob>>::with<Shared<PreferenceScores>>,
    // Replies a copy of the weights of the score model for jobs of that kind.
    caf::replies_to<WeightsAtom, Shared<PreferenceJob>>::with<Shared<WeightSet>>,
    // Losses and predictions on held-out tokens.
    caf::replies_to<ValidateAtom,
                    Shared<std::vector<TrainingGroup>>>::with<Shared<TokenValidation>>,
    // Replies a copy of the weights.
    caf::replies_to<WeightsAtom>::with<Shared<WeightSet>>,
    // Takes weights and forgets the moments.
    caf::replies_to<RestartAtom, Shared<WeightSet>>::with<void>,
    // Replies everything that a checkpoint needs.
    caf::replies_to<SaveAtom>::with<Shared<WeightSet>>,
    // Takes what SaveAtom gave.
    caf::replies_to<RestoreAtom, Shared<WeightSet>>::with<void>>;

/// Owns the ledger. Detached, since it waits for the disk.
using LedgerActor = caf::typed_actor<
    // Records events; a failure is told by the next commit.
    caf::reacts_to<NoteAtom, std::vector<LedgerRecord>>,
    // Replies the counts when everything noted is on the disk.
    caf::replies_to<CommitAtom>::with<LedgerCounts>>;

/// Writes metrics and traces, off the critical path. Detached, since it waits for the disk.
using MonitorActor = caf::typed_actor<
    // One line of metrics.
    caf::reacts_to<ShowAtom, MetricsLine>,
    // The scored groups of a step: stage, step, groups.
    caf::reacts_to<TraceAtom, std::string, int64_t, Shared<std::vector<ScoredGroup>>>,
    // Replies when everything is written, or what could not be.
    caf::replies_to<CommitAtom>::with<void>>;

/// Writes what everybody does into a file, for `nelumbo top`. Detached, since it waits for the
/// disk.
using StatusActor = caf::typed_actor<
    // To itself: it is time to ask and to write.
    caf::reacts_to<TickAtom>>;

/// Makes every message type known to `config`. A type that is missing here arrives as an empty
/// message, not as an error, which is why each one has a round-trip test.
void register_messages(caf::actor_system_config& config);

/// The only place where our errors become CAF's; code and sentence survive.
caf::error to_caf_error(const Error& error);
/// The way back. Errors of CAF's own (a deadline, a dead peer) become kUnavailable; `who` says who
/// waited for whom.
Error from_caf_error(const caf::error& error, const std::string& who);

/// What a handler returns for a result of ours.
template <class T>
caf::result<T> reply(Result<T> result) {
  if (!result)
    return to_caf_error(result.error());
  return std::move(result).value();
}
caf::result<void> reply(const Result<void>& result);

/// The error that ends an actor when a foreign exception reaches its border.
caf::error error_of_exception(const std::exception_ptr& exception);

}  // namespace nelumbo

CAF_BEGIN_TYPE_ID_BLOCK(nelumbo, first_custom_type_id)
CAF_ADD_TYPE_ID(nelumbo, (nelumbo::LeaseTicket))
CAF_ADD_TYPE_ID(nelumbo, (nelumbo::CrewCounts))
CAF_ADD_TYPE_ID(nelumbo, (nelumbo::LedgerRecord))
CAF_ADD_TYPE_ID(nelumbo, (std::vector<nelumbo::LedgerRecord>))
CAF_ADD_TYPE_ID(nelumbo, (nelumbo::LedgerCounts))
CAF_ADD_TYPE_ID(nelumbo, (nelumbo::MetricsLine))
CAF_ADD_TYPE_ID(nelumbo, (nelumbo::Metrics))
CAF_ADD_TYPE_ID(nelumbo, (nelumbo::PolicyVersion))
CAF_END_TYPE_ID_BLOCK(nelumbo)
