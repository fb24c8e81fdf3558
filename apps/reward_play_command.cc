// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <memory>
#include <thread>

#include "apps/bearer_token.h"
#include "apps/commands.h"
#include "apps/play_routes.h"
#include "apps/run_traces.h"
#include "base/http_server.h"
#include "base/stop.h"

namespace nelumbo {
namespace {

struct PlayOptions {
  std::string run;
  std::string stage = "rl";
  uint16_t port = 0;
};

constexpr std::chrono::milliseconds kLook{50};
constexpr int64_t kTokenBytes = 32;

/// Reads all traces, so that none is damaged, and shows the page until a signal comes.
Result<void> play(Session& session, const PlayOptions& options) {
  const auto data = PlayData::open(options.run, options.stage);
  if (!data)
    return data.error();
  const auto check = [](int64_t /*step*/, const ScoredGroup&) -> Result<void> { return {}; };
  if (auto sound = for_each_group(options.run, options.stage, check); !sound)
    return sound;
  const Result<std::string> token = random_digits(kTokenBytes);
  if (!token)
    return token.error();
  const auto server =
      HttpServer::start("127.0.0.1", options.port, play_service(data.value(), token.value()));
  if (!server)
    return server.error();
  install_stop_signals();
  session.out << "http://127.0.0.1:" << server.value()->port() << "/#" << token.value()
              << std::endl;
  session.err << "open this address in a browser of this machine; Ctrl-C ends it" << std::endl;
  while (!stop_requested())
    std::this_thread::sleep_for(kLook);
  return {};
}

}  // namespace

void add_reward_play_command(CLI::App& reward, Session& session) {
  auto options = std::make_shared<PlayOptions>();
  CLI::App* command = reward.add_subcommand(
      "play", "Shows the groups of a run in a browser, with its weights as sliders.");
  command->add_option("RUN", options->run, "A run directory.")->required();
  command->add_option("--stage", options->stage, "Whose traces are shown.");
  command->add_option("--port", options->port, "Default: a free one.")->check(CLI::Range(0, 65535));
  command->footer("Example:\n  nelumbo reward play runs/quickstart");
  command->callback([&session, options] {
    session.action = [&session, options] { return play(session, *options); };
  });
}

}  // namespace nelumbo
