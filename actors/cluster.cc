// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster.h"

#include <filesystem>
#include <optional>
#include <utility>

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/openssl/publish.hpp>
#include <caf/send.hpp>
#include <unistd.h>

#include "actors/certificates.h"
#include "actors/join_proof.h"
#include "base/crash_note.h"
#include "base/duration.h"

namespace nelumbo {
Result<std::unique_ptr<Cluster>> Cluster::open(caf::actor_system& system, ClusterSetup setup) {
  const Listening& place = setup.listening;
  if (!place.credentials && !is_loopback(place.address.host))
    return Error{Errc::kInvalidConfig, text_of(place.address) + ": needs certificates"};
  const auto bulk_port = place.bulk_port();
  auto channel = BulkChannel::listen({}, bulk_port == 0 ? std::nullopt : std::optional(bulk_port),
                                     {place.address.host, place.credentials});
  if (!channel)
    return channel.error();
  std::unique_ptr<Cluster> cluster(
      new Cluster(system, std::move(setup), std::move(channel).value()));
  if (auto done = cluster->listen(); !done)
    return done.error();
  const PlacementConfig& placement = cluster->setup_.placement;
  cluster->start_children("rollout", placement.rollouts - placement.joined);
  if (cluster->setup_.learners)
    cluster->start_children("learner", placement.learners);
  return cluster;
}

Cluster::Cluster(caf::actor_system& system, ClusterSetup setup,
                 std::unique_ptr<BulkChannel> channel)
    : system_(system),
      setup_(std::move(setup)),
      channel_(std::move(channel)),
      weights_(std::make_shared<WeightsOnOffer>(
          *channel_, setup_.placement.rollouts > setup_.placement.joined)),
      questions_(std::make_shared<SharedOffers>(*channel_)),
      children_(std::make_shared<ChildProcesses>(
          [this](const ChildProcesses::Child& child, const std::string& cause) {
            if (setup_.crashes)
              (void)setup_.crashes->charge(crashed_prompts(child.log), child.worker);
            caf::anon_send(door_, LostAtom::value, child.role, child.worker, cause);
          })) {}

Result<DoorSetup> Cluster::door_setup() const {
  DoorSetup door;
  door.welcome.config = setup_.task.config;
  door.welcome.config_path = setup_.task.config_path;
  door.welcome.bulk_port = channel_->port();
  door.lease = std::chrono::milliseconds(static_cast<int64_t>(1000 * setup_.placement.lease));
  door.welcome.beat_ms = door.lease.count() / 4;
  door.inputs = setup_.inputs;
  // The door ends when it comes to it, and may hear of a process until then.
  door.end_process = [children = std::weak_ptr(children_)](const std::string& worker) {
    if (const auto alive = children.lock())
      alive->end(worker);
  };
  door.warn = setup_.warn;
  if (const auto& credentials = setup_.listening.credentials) {
    auto challenge = new_challenge();
    if (!challenge)
      return challenge.error();
    door.challenge = std::move(challenge).value();
    door.check_proof = [credentials, challenge = door.challenge](const JoinRequest& request) {
      return nelumbo::check_proof(*credentials, challenge, request);
    };
  }
  return door;
}

Result<void> Cluster::listen() {
  auto made = door_setup();
  if (!made)
    return made.error();
  door_ = system_.spawn(nelumbo::door, std::move(made).value());
  const Address& at = setup_.listening.address;
  // A port that a run before this one has left a moment ago is not taken.
  auto port = setup_.listening.credentials
                  ? caf::openssl::publish(door_, at.port, at.host.c_str(), at.port != 0)
                  : system_.middleman().publish(door_, at.port, at.host.c_str(), at.port != 0);
  if (!port)
    return Error{Errc::kEnvironment, "the coordinator cannot listen on " + text_of(at) + ": " +
                                         caf::to_string(port.error())};
  port_ = *port;
  meeting_ = setup_.logs.empty() ? std::filesystem::temp_directory_path().string() + "/nelumbo-" +
                                       std::to_string(::getpid()) + ".ranks"
                                 : setup_.logs + "/learner.ranks";
  std::error_code none;
  std::filesystem::remove(meeting_, none);  // of a coordinator that was killed
  return {};
}

void Cluster::start_children(const std::string& role, int64_t count) {
  const Listening& place = setup_.listening;
  for (int64_t i = 0; i < count; ++i) {
    const std::string name = role + "-" + std::to_string(i);
    std::vector<std::string> arguments = {
        "node", "--join", text_of({place.local_host(), port_}), "--role", role, "--worker", name};
    if (place.credentials)  // under the coordinator's own certificate
      arguments.insert(arguments.end(), {"--certs", place.certs, "--name", kCoordinatorName});
    children_->start({.role = role,
                      .worker = place.credentials ? kCoordinatorName + ("/" + name) : name,
                      .arguments = std::move(arguments),
                      .log = setup_.logs.empty() ? "" : setup_.logs + "/" + name + ".log"});
  }
}

LearnerActor Cluster::hire_learner(Roster& roster, int64_t rank) {
  const PlacementConfig& placement = setup_.placement;
  return roster.light(remote_learner,
                      RemoteLearnerSetup{.door = door_,
                                         .channel = channel_.get(),
                                         .offers = questions_,
                                         .seat = {.rank = rank,
                                                  .ranks = placement.learners,
                                                  .sharding = placement.sharding,
                                                  .meeting = meeting_,
                                                  .collectives = placement.collectives},
                                         .deadline = duration_of(placement.learner_deadline)});
}

RolloutActor Cluster::hire_rollout(Roster& roster, RolloutClient client) {
  return roster.light(
      remote_rollout, std::move(client),
      RemoteRolloutSetup{.door = door_,
                         .channel = channel_.get(),
                         .weights = weights_,
                         .deadline = duration_of(setup_.placement.rollout_deadline)});
}

void Cluster::watch_spares(const CoordinatorActor& coordinator) {
  caf::anon_send(door_, SpareAtom::value,
                 OnSpare{[coordinator] { caf::anon_send(coordinator, SpareAtom::value); }});
}

void Cluster::close() {
  if (!door_ || std::exchange(closed_, true))
    return;
  const caf::io::middleman_actor& listener = setup_.listening.credentials
                                                 ? system_.openssl_manager().actor_handle()
                                                 : system_.middleman().actor_handle();
  caf::anon_send(listener, caf::unpublish_atom::value, door_.address(), port_);
  caf::anon_send(door_, StopAtom::value);
}

Cluster::~Cluster() {
  close();
  children_.reset();  // first: they tell the door
  std::error_code ignored;
  std::filesystem::remove(meeting_, ignored);
}

}  // namespace nelumbo
