// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <gtest/gtest.h>

#include "actors/cluster.h"
#include "actors/node.h"
#include "actors/system_config.h"
#include "tests/support/fake_policy.h"

namespace nelumbo {

/// A cluster without children, and workers that join it from threads of this process, each with an
/// actor system of its own.
class JoinedNode : public ::testing::Test {
 protected:
  explicit JoinedNode(std::shared_ptr<const Credentials> coordinator = nullptr)
      : coordinator_(std::move(coordinator)) {
    config_.admit_processes(coordinator_.get());
    system_ = std::make_unique<caf::actor_system>(config_);
    roster_ = std::make_unique<Roster>(*system_, Threads::kOwn);
    self_ = std::make_unique<caf::scoped_actor>(*system_);
  }
  ~JoinedNode() override { close(); }

  void open() {
    PlacementConfig placement;
    placement.rollouts = 0;
    placement.rollout_deadline = placement.learner_deadline = 20;
    ClusterSetup setup;
    setup.placement = placement;
    setup.task = {"run: {}", "x.yaml"};
    setup.learners = false;
    setup.listening.credentials = coordinator_;
    setup.inputs = inputs_;
    setup.warn = [](const std::string&) {};
    cluster_ = Cluster::open(*system_, std::move(setup)).value();
  }
  void close() {
    roster_->dismiss_all();
    EXPECT_TRUE(roster_->wait_until_empty(std::chrono::seconds(20)));
    cluster_.reset();
    self_.reset();
    system_.reset();
  }

  std::thread join(const std::string& role, const std::string& worker) {
    ends_[worker] = {};
    return std::thread([this, role, worker, end = &ends_[worker]] {
      *end = run_node({.coordinator = cluster_->address(),
                       .credentials = node_,
                       .role = role,
                       .worker = worker,
                       .patience = std::chrono::seconds(20),
                       .stop_requested = [this] { return stop_.load(); }},
                      [this](const WorkerTask& task) { return prepare(task); });
    });
  }
  Result<NodeWork> prepare(const WorkerTask& task) {
    EXPECT_EQ(task.config, "run: {}");
    EXPECT_EQ(task.config_path, "x.yaml");
    if (!unprepared_.empty())
      return Error{Errc::kBadData, unprepared_};
    CrewSetup crew;
    crew.make_engine = [] { return std::make_unique<FakeEngine>(); };
    crew.make_learner = [](LearnerRanks) { return std::make_unique<FakeLearner>(); };
    return NodeWork{std::move(crew), found_};
  }

  template <class T, class Handle, class... Ts>
  Result<T> ask(const Handle& whom, Ts&&... message) {
    Result<T> answer = Error{Errc::kUnavailable, "no answer"};
    (*self_)
        ->request(whom, std::chrono::seconds(30), std::forward<Ts>(message)...)
        .receive([&](const T& value) { answer = value; },
                 [&](const caf::error& error) { answer = from_caf_error(error, "the test"); });
    return answer;
  }

  std::shared_ptr<const Credentials> coordinator_, node_;  ///< none: nothing is encrypted
  WorkInputs inputs_, found_;                              ///< of the coordinator and of workers
  SystemConfig config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<Roster> roster_;
  std::unique_ptr<caf::scoped_actor> self_;
  std::unique_ptr<Cluster> cluster_;
  std::map<std::string, Result<void>> ends_;
  std::atomic<bool> stop_ = false;
  std::string unprepared_;  ///< why workers cannot prepare themselves
};

}  // namespace nelumbo
