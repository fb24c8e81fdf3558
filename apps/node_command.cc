// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>

#include <unistd.h>

#include "actors/certificates.h"
#include "actors/node.h"
#include "apps/commands.h"
#include "apps/run_plan.h"
#include "apps/work_inputs.h"
#include "base/stop.h"
#include "configs/run_config.h"

namespace nelumbo {
namespace {

constexpr std::chrono::seconds kPatience{60};  // the run may begin after its nodes

struct NodeWords {
  std::string join;
  std::string role = "rollout";
  std::string worker;
  std::string certs;
  std::string name = "node";
  int64_t cores = 0;
};

/// Where the coordinator is, and what this node shows it; all that can be wrong before it is asked.
Result<NodeOptions> options_of(const NodeWords& words) {
  auto address = read_address("--join", words.join);
  if (!address)
    return address.error();
  NodeOptions options{.coordinator = std::move(address).value(),
                      .role = words.role,
                      .worker = words.worker,
                      .stop_requested = stop_requested};
  const auto wrong = [&](const std::string& why) {
    return Error{Errc::kInvalidConfig, "--join " + words.join + ": " + why};
  };
  if (options.coordinator.port == 0)
    return wrong("'0' is no port; it is a number from 1 to 65535");
  const bool far = !is_loopback(options.coordinator.host);
  if (far && words.certs.empty())
    return wrong(
        "a coordinator on another machine is joined with certificates alone, since what passes is "
        "neither encrypted nor authenticated without; give the run's by --certs");
  // The coordinator's own children reach it at the address where it listens.
  if (far && words.role == "learner" && words.name != kCoordinatorName)
    return wrong(
        "learner ranks work on the coordinator's machine alone, where the coordinator starts them "
        "(placement.learners): what passes between ranks is not encrypted");
  std::string place;
  if (!words.certs.empty()) {
    auto own = Credentials::load(words.certs + "/" + words.name);
    if (!own)
      return own.error();
    options.credentials = std::move(own).value();
    options.patience = kPatience;
    place = options.credentials->name() + "/";
  }
  if (options.worker.empty()) {
    std::array<char, 64> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0 || !options.credentials)
      host[0] = '\0';
    options.worker = std::string(host.data()) + (host[0] == '\0' ? "" : "-") + words.role + "-" +
                     std::to_string(::getpid());
  }
  options.worker = place + options.worker;
  return options;
}

/// Reads what the coordinator's configuration names. The cores are for all processes of a role,
/// since roles take turns, unless this process was given some of its own.
Result<NodeWork> work_of_task(const WorkerTask& task, const NodeWords& words) {
  auto config = parse_run_config(task.config, "the coordinator's configuration");
  if (!config)
    return config.error();
  const RunConfig whole = config.value();
  PlacementConfig& placement = config.value().placement;
  const int64_t processes = words.role == "learner" ? placement.learners : placement.rollouts;
  placement.cores =
      words.cores > 0 ? words.cores : std::max<int64_t>(1, placement.cores / processes);
  auto plan = load_plan(config.value(), task.config_path);
  if (!plan)
    return plan.error();
  auto inputs = work_inputs(whole, plan.value()->inputs());
  if (!inputs)
    return inputs.error();
  return NodeWork{plan.value()->crew(), std::move(inputs).value()};
}

Result<void> work(const NodeWords& words) {
  const auto options = options_of(words);
  if (!options)
    return options.error();
  install_stop_signals();
  return run_node(options.value(),
                  [&](const WorkerTask& task) { return work_of_task(task, words); });
}

}  // namespace

void add_node_command(CLI::App& app, Session& session) {
  auto words = std::make_shared<NodeWords>();
  CLI::App* command = app.add_subcommand(
      "node", "Takes part in a run as a worker process; runs with separate processes start them.");
  command->add_option("--join", words->join, "Where the coordinator is: HOST:PORT.")->required();
  command->add_option("--role", words->role, "What it does: rollout or learner.")
      ->check(CLI::IsMember({"rollout", "learner"}));
  command->add_option("--worker", words->worker,
                      "Its name in the run, another than those of its processes.");
  command->add_option("--certs", words->certs,
                      "Folder of certificates; needed where the coordinator is another machine.");
  command->add_option("--name", words->name,
                      "Which node of them this is: the folder inside. Default: node.");
  command->add_option("--cores", words->cores, "Threads of this process; default: the run's share.")
      ->check(CLI::Range(1, 256));
  command->footer(
      "Example:\n"
      "  nelumbo node --join 127.0.0.1:7070\n"
      "  nelumbo node --join gpu1:7070 --certs certs --name west");
  command->callback([&session, words] { session.action = [words] { return work(*words); }; });
}

}  // namespace nelumbo
