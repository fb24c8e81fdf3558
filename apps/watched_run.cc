// SPDX-License-Identifier: Apache-2.0
#include "apps/watched_run.h"

#include <algorithm>

#include "apps/fault_report.h"
#include "apps/run_options.h"
#include "apps/supervisor.h"
#include "base/file.h"
#include "base/stop.h"
#include "configs/run_config.h"

namespace nelumbo {
namespace {

/// What the parent needs of the words; none where the command line is not one of a run, which is
/// for the command line itself to say.
struct RunWords {
  RunOptions options;
  bool json = false;
};

std::optional<RunWords> read_words(const std::vector<std::string>& arguments) {
  const auto name =
      std::ranges::find_if(arguments, [](const std::string& word) { return word != "--json"; });
  if (name == arguments.end() || *name != "run")
    return std::nullopt;
  CLI::App command;
  RunWords words;
  add_run_options(command, words.options, words.json);
  try {
    std::vector<std::string> rest(name + 1, arguments.end());
    std::ranges::reverse(rest);
    command.parse(std::move(rest));
  } catch (const CLI::ParseError&) {
    return std::nullopt;
  }
  words.json |= name != arguments.begin();
  return words;
}

/// What the fork of that attempt is told, in front of what the user said: the first of two counts.
void add_attempt(const RunWords& words, const Supervisor& supervisor,
                 std::vector<std::string>* arguments) {
  std::vector<std::string> more = {"--attempt", std::to_string(supervisor.attempt())};
  if (words.options.max_hours) {
    const double left = *words.options.max_hours - supervisor.seconds() / 3600;
    more.insert(more.end(), {"--max-hours", std::to_string(std::max(left, 1e-6))});
  }
  arguments->insert(std::ranges::find(*arguments, "run") + 1, more.begin(), more.end());
}

int end_of_run(const SupervisedEnd& last, const RunWords& words, const std::string& place,
               std::ostream& out, std::ostream& err) {
  if (!last.error)
    return last.code;
  err.clear();
  err << last.error->message << '\n';
  const nlohmann::json summary = keep_end(place, last.code, last.error->message);
  if (words.options.summary)
    (void)write_file_atomic(*words.options.summary, summary.dump(2) + "\n");
  if (words.json && !(out << summary.dump() << std::endl))
    err << "nelumbo: standard output: cannot be written\n";
  return last.code;
}

}  // namespace

std::optional<int> watch_run(std::vector<std::string>* arguments, std::ostream& out,
                             std::ostream& err) {
  const std::optional<RunWords> words = read_words(*arguments);
  if (!words || words->options.restarts == 0)
    return std::nullopt;
  const Result<RunConfig> config = read_run_config(words->options.config, words->options.overrides);
  if (!config)
    return std::nullopt;
  const std::string place = config.value().run.root + "/" + config.value().run.name;
  install_stop_signals();
  Supervisor supervisor({.place = place,
                         .restarts = words->options.restarts,
                         .hung_after = words->options.hung_after,
                         .say = [&err](const std::string& line) {
                           err.clear();  // somebody may read again
                           err << line << '\n';
                         }});
  const std::optional<SupervisedEnd> last = supervisor.run();
  if (last)
    return end_of_run(*last, *words, place, out, err);
  add_attempt(*words, supervisor, arguments);
  return std::nullopt;
}

}  // namespace nelumbo
