// SPDX-License-Identifier: Apache-2.0
#include "actors/cluster.h"

#include <filesystem>
#include <utility>

#include <caf/io/middleman.hpp>
#include <caf/send.hpp>
#include <unistd.h>

#include "actors/door.h"

namespace nelumbo {
namespace {

constexpr const char* kLoopback = "127.0.0.1";

std::chrono::nanoseconds seconds(double count) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(count));
}

}  // namespace

Result<std::unique_ptr<Cluster>> Cluster::open(caf::actor_system& system, ClusterSetup setup) {
  auto channel = BulkChannel::listen({});
  if (!channel)
    return channel.error();
  std::unique_ptr<Cluster> cluster(
      new Cluster(system, std::move(setup), std::move(channel).value()));
  if (auto done = cluster->listen(); !done)
    return done.error();
  const PlacementConfig& placement = cluster->setup_.placement;
  cluster->start_children("rollout", placement.rollouts);
  if (cluster->setup_.learners)
    cluster->start_children("learner", placement.learners);
  return cluster;
}

Cluster::Cluster(caf::actor_system& system, ClusterSetup setup,
                 std::unique_ptr<BulkChannel> channel)
    : system_(system),
      setup_(std::move(setup)),
      channel_(std::move(channel)),
      weights_(std::make_shared<WeightsOnOffer>(*channel_)),
      children_(std::make_unique<ChildProcesses>(
          [this](const ChildProcesses::Child& child, const std::string& cause) {
            caf::anon_send(door_, LostAtom::value, child.role, child.worker, cause);
          })) {}

Result<void> Cluster::listen() {
  DoorSetup door_setup;
  door_setup.welcome.config = setup_.task.config;
  door_setup.welcome.config_path = setup_.task.config_path;
  door_setup.welcome.bulk_port = channel_->port();
  door_setup.lease = std::chrono::milliseconds(static_cast<int64_t>(1000 * setup_.placement.lease));
  door_setup.welcome.beat_ms = door_setup.lease.count() / 4;
  door_setup.end_process = [children = children_.get()](const std::string& worker) {
    children->end(worker);
  };
  door_setup.warn = setup_.warn;
  door_ = system_.spawn(door, std::move(door_setup));
  auto port = system_.middleman().publish(door_, 0, kLoopback);
  if (!port)
    return Error{Errc::kEnvironment, "the coordinator cannot listen on " + std::string(kLoopback) +
                                         ": " + caf::to_string(port.error())};
  port_ = *port;
  meeting_ = setup_.logs.empty() ? std::filesystem::temp_directory_path().string() + "/nelumbo-" +
                                       std::to_string(::getpid()) + ".ranks"
                                 : setup_.logs + "/learner.ranks";
  std::error_code none;
  std::filesystem::remove(meeting_, none);  // of a coordinator that was killed
  return {};
}

void Cluster::start_children(const std::string& role, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const std::string worker = role + "-" + std::to_string(i);
    children_->start({.role = role,
                      .worker = worker,
                      .arguments = {"node", "--join", kLoopback + (":" + std::to_string(port_)),
                                    "--role", role, "--worker", worker},
                      .log = setup_.logs.empty() ? "" : setup_.logs + "/" + worker + ".log"});
  }
}

LearnerActor Cluster::hire_learner(Roster& roster, int64_t rank) {
  const PlacementConfig& placement = setup_.placement;
  return roster.light(remote_learner,
                      RemoteLearnerSetup{.door = door_,
                                         .channel = channel_.get(),
                                         .seat = {.rank = rank,
                                                  .ranks = placement.learners,
                                                  .sharding = placement.sharding,
                                                  .meeting = meeting_},
                                         .deadline = seconds(placement.learner_deadline)});
}

RolloutActor Cluster::hire_rollout(Roster& roster, RolloutClient client) {
  return roster.light(remote_rollout, std::move(client),
                      RemoteRolloutSetup{.door = door_,
                                         .channel = channel_.get(),
                                         .weights = weights_,
                                         .deadline = seconds(setup_.placement.rollout_deadline)});
}

void Cluster::close() {
  if (!door_)
    return;
  (void)system_.middleman().unpublish(door_, port_);
  caf::anon_send(std::exchange(door_, nullptr), StopAtom::value);
}

Cluster::~Cluster() {
  close();
  children_.reset();  // first: they tell the door
  std::error_code ignored;
  std::filesystem::remove(meeting_, ignored);
}

}  // namespace nelumbo
