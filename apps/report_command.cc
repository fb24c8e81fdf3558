// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "apps/commands.h"
#include "apps/report.h"

namespace nelumbo {

void add_report_command(CLI::App& app, Session& session) {
  auto run = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("report", "Writes report.html of a run again.");
  command->add_option("RUN", *run, "A run directory, such as runs/quickstart.")->required();
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo report runs/quickstart");
  command->callback([&session, run] {
    session.action = [&session, run]() -> Result<void> {
      if (Result<void> written = write_report(*run); !written)
        return written.error();
      const std::string page = *run + "/report.html";
      if (session.json)
        session.out << nlohmann::json{{"report", page}}.dump() << '\n';
      else
        session.out << page << '\n';
      return {};
    };
  });
}

}  // namespace nelumbo
