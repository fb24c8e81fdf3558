// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "apps/commands.h"
#include "apps/live_status.h"
#include "base/stop.h"

namespace nelumbo {
namespace {

struct TopWords {
  std::string run;
  bool follow = false;
};

constexpr std::chrono::milliseconds kLook{100};
constexpr int kLooks = 10;  // between two tables

double wall_clock() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

Result<void> show(Session& session, const TopWords& words) {
  install_stop_signals();
  while (true) {
    const Result<LiveStatus> live = read_live_status(words.run, wall_clock());
    if (!live)
      return live.error();
    if (session.json)
      session.out
          << live_json(live.value()).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
          << '\n';
    else
      session.out << live_table(live.value());
    session.out.flush();
    if (!words.follow || !live.value().is_running() || !session.out)
      return {};
    for (int i = 0; i < kLooks && !stop_requested(); ++i)
      std::this_thread::sleep_for(kLook);
    if (stop_requested())
      return {};
    if (!session.json)
      session.out << '\n';
  }
}

}  // namespace

void add_top_command(CLI::App& app, Session& session) {
  auto words = std::make_shared<TopWords>();
  CLI::App* command = app.add_subcommand(
      "top", "Says who takes part in a run, what each does or waits for, and since when.");
  command->add_option("RUN", words->run, "A run directory, such as runs/quickstart.")->required();
  command->add_flag("--follow", words->follow, "Again each second, until the run is over.");
  command->add_flag("--json", session.json, "Print one JSON object a line.");
  command->footer("Example:\n  nelumbo top runs/quickstart --follow");
  command->callback(
      [&session, words] { session.action = [&session, words] { return show(session, *words); }; });
}

}  // namespace nelumbo
