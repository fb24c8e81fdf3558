// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <gtest/gtest.h>

#include "actors/door.h"
#include "actors/node_protocol.h"
#include "actors/system_config.h"

namespace nelumbo {

/// Both ends of what two processes say to each other, in one process: a door, and a bulk channel.
class NodePair : public ::testing::Test {
 protected:
  NodePair() {
    config_.admit_processes();
    system_ = std::make_unique<caf::actor_system>(config_);
    self_ = std::make_unique<caf::scoped_actor>(*system_);
    here_ = BulkChannel::listen({}).value();
    DoorSetup setup;
    setup.welcome.config = "run: {}";
    setup.welcome.bulk_port = here_->port();
    setup.lease = std::chrono::seconds(60);
    setup.end_process = [](const std::string&) {};
    setup.warn = [this](const std::string& text) { warnings_.push_back(text); };
    door_ = system_->spawn(door, std::move(setup));
  }
  ~NodePair() override {
    caf::anon_send(door_, StopAtom::value);
    door_ = nullptr;
    self_.reset();
    system_.reset();
  }

  template <class T, class Handle, class... Ts>
  Result<T> ask(const Handle& whom, Ts&&... message) {
    Result<T> answer = Error{Errc::kUnavailable, "no answer"};
    const auto refused = [&](const caf::error& error) {
      answer = from_caf_error(error, "the test waited");
    };
    auto pending = (*self_)->request(whom, std::chrono::seconds(30), std::forward<Ts>(message)...);
    if constexpr (std::is_void_v<T>)
      pending.receive([&] { answer = Result<void>(); }, refused);
    else
      pending.receive([&](const T& value) { answer = value; }, refused);
    return answer;
  }

  /// Joins as a process would, and dials the channel.
  Welcome join(const std::string& worker, const std::string& role) {
    const Welcome welcome =
        ask<Welcome>(door_, JoinAtom::value, JoinRequest{worker, role, kNodeProtocol}).value();
    there_ = BulkChannel::dial(here_->port(), welcome.peer, {}).value();
    return welcome;
  }
  void ready(const Welcome& welcome, const caf::actor& node) {
    EXPECT_TRUE(ask<bool>(door_, ReadyAtom::value, welcome.session, WorkInputs(), node).value());
  }
  /// Why that actor ended.
  template <class Handle>
  std::string end_of(const Handle& actor) {
    std::string why = "it did not end";
    (*self_)->monitor(actor);
    (*self_)->receive(
        [&](const caf::down_msg& down) { why = from_caf_error(down.reason, "it").message; },
        caf::after(std::chrono::seconds(20)) >> [] {});
    return why;
  }

  SystemConfig config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<caf::scoped_actor> self_;
  std::unique_ptr<BulkChannel> here_, there_;
  DoorActor door_;
  std::vector<std::string> warnings_;
};

}  // namespace nelumbo
