// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <memory>
#include <string>

#include <unistd.h>

#include "actors/node.h"
#include "apps/commands.h"
#include "apps/run_plan.h"
#include "base/stop.h"
#include "configs/run_config.h"

namespace nelumbo {
namespace {

struct NodeWords {
  std::string join;
  std::string role = "rollout";
  std::string worker;
};

/// The port of "127.0.0.1:PORT" or "localhost:PORT".
Result<uint16_t> port_of(const std::string& address) {
  const size_t colon = address.rfind(':');
  const std::string host = address.substr(0, colon);
  const auto wrong = [&](const std::string& why) {
    return Error{Errc::kInvalidConfig, "--join " + address + ": " + why};
  };
  if (colon == std::string::npos)
    return wrong("must be 127.0.0.1:PORT");
  if (host != "127.0.0.1" && host != "localhost")
    return wrong(
        "only a coordinator on this machine is joined, at 127.0.0.1: nothing that passes "
        "between them is encrypted or authenticated");
  uint16_t port = 0;
  const char* end = address.data() + address.size();
  const auto read = std::from_chars(address.data() + colon + 1, end, port);
  if (read.ec != std::errc() || read.ptr != end || port == 0)
    return wrong("'" + address.substr(colon + 1) + "' is no port; it is a number from 1 to 65535");
  return port;
}

/// Reads what the coordinator's configuration names. The cores are for all processes of a role,
/// since roles take turns.
Result<CrewSetup> crew_of_task(const WorkerTask& task, const std::string& role) {
  auto config = parse_run_config(task.config, "the coordinator's configuration");
  if (!config)
    return config.error();
  PlacementConfig& placement = config.value().placement;
  const int64_t processes = role == "learner" ? placement.learners : placement.rollouts;
  placement.cores = std::max<int64_t>(1, placement.cores / processes);
  auto plan = load_plan(config.value(), task.config_path);
  if (!plan)
    return plan.error();
  return plan.value()->crew();
}

Result<void> work(Session& session, const NodeWords& words) {
  const auto port = port_of(words.join);
  if (!port)
    return port.error();
  install_stop_signals();
  NodeOptions options{.port = port.value(),
                      .role = words.role,
                      .worker = words.worker,
                      .stop_requested = stop_requested};
  if (options.worker.empty())
    options.worker = words.role + "-" + std::to_string(::getpid());
  return run_node(
      options, [&](const WorkerTask& task) { return crew_of_task(task, words.role); },
      &session.wedged);
}

}  // namespace

void add_node_command(CLI::App& app, Session& session) {
  auto words = std::make_shared<NodeWords>();
  CLI::App* command = app.add_subcommand(
      "node", "Takes part in a run as a worker process; runs with separate processes start them.");
  command->add_option("--join", words->join, "Where the coordinator is: 127.0.0.1:PORT.")
      ->required();
  command->add_option("--role", words->role, "What it does: rollout or learner.")
      ->check(CLI::IsMember({"rollout", "learner"}));
  command->add_option("--worker", words->worker,
                      "Its name in the run, another than those of its processes.");
  command->footer("Example:\n  nelumbo node --join 127.0.0.1:7070");
  command->callback(
      [&session, words] { session.action = [&session, words] { return work(session, *words); }; });
}

}  // namespace nelumbo
