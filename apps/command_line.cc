// SPDX-License-Identifier: Apache-2.0
#include "apps/command_line.h"

#include <algorithm>
#include <exception>
#include <new>
#include <optional>

#include "apps/commands.h"
#include "base/log.h"
#include "base/terminal_text.h"
#include "base/text.h"
#include "base/want_of_memory.h"

namespace nelumbo {
namespace {

constexpr const char* kVersionFlag = "--version";
constexpr const char* kFooter =
    "Example:\n"
    "  nelumbo run configs/quickstart.yaml\n"
    "\n"
    "Exit codes:\n"
    "  0 done, 2 configuration or usage (also a model, an adapter, a picture, a run, a curate\n"
    "  folder or a specification that is not there), 3 environment, 4 data (rows to read that are "
    "not\n"
    "  there, and what is malformed), 5 training diverged, or a step\n"
    "  failed twice in the same way, 6 a check said no, 70 a bug of this program, 75 stopped but "
    "resumable,\n"
    "  130 ended at once by a second Ctrl-C";

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames())
      names.push_back("--" + name);
  return names;
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : full_name(*app.get_parent()) + " " + app.get_name();
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// CLI11 puts the command's own name behind the one that it is given.
std::string help_of(const CLI::App& app) {
  return app.help(app.get_parent() == nullptr ? "" : full_name(*app.get_parent()));
}

Error usage(const CLI::App& app, const std::string& what) {
  return {Errc::kInvalidConfig, full_name(app) + ": " + what};
}

/// The command that the words lead to, or what is misspelt among them. CLI11 alone would answer
/// "A subcommand is required".
Result<CLI::App*> find_command(CLI::App& root, const std::vector<std::string>& arguments) {
  CLI::App* at = &root;
  for (const std::string& word : arguments) {
    if (word == "--")
      break;
    if (word.rfind("--", 0) == 0) {
      const std::string name = word.substr(0, word.find('='));
      if (!has(option_names(*at), name))
        return usage(*at, "unknown option '" + name + "'" + did_you_mean(name, option_names(*at)));
      continue;
    }
    const std::vector<std::string> commands = command_names(*at);
    if (commands.empty() || word.rfind('-', 0) == 0)
      continue;
    if (!has(commands, word))
      return usage(*at, "unknown command '" + word + "'" + did_you_mean(word, commands));
    at = at->get_subcommand(word);
  }
  return at;
}

bool asks_for_help(const std::vector<std::string>& arguments) {
  return has(arguments, "--help") || has(arguments, "-h");
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  while (!text.empty() && text.back() == ' ')
    text.pop_back();
  return text;
}

/// Fills in the options of the command that was chosen. CLI11 throws; here that ends.
Result<void> parse(CLI::App& root, const CLI::App& command,
                   const std::vector<std::string>& arguments) {
  try {
    root.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    return {};
  } catch (const CLI::ParseError& error) {
    return usage(command, one_line(error.what()) + "; see '" + full_name(command) + " --help'");
  }
}

Result<void> act(Session& session) {
  try {
    return session.action();
  } catch (const std::bad_alloc&) {
    return Error{Errc::kEnvironment, "out of memory"};
  }
}

int fail(Session& session, const Error& error) {
  session.err << terminal_lines(error.message) << '\n';
  return exit_code(error.code);
}

void add_commands(CLI::App& root, Session& session) {
  root.require_subcommand(0, 1);
  root.footer(kFooter);
  root.add_flag("--json", session.json, "Print one JSON object for scripts.");
  root.add_flag(kVersionFlag)->description("Print the version and nothing else.");
  add_run_commands(root, session);
  add_node_command(root, session);
  add_certs_command(root, session);
  add_generate_command(root, session);
  add_serve_command(root, session);
  add_eval_command(root, session);
  add_report_command(root, session);
  add_top_command(root, session);
  add_compare_command(root, session);
  add_runs_commands(root, session);
  add_reward_commands(root, session);
  add_model_commands(root, session);
  add_data_commands(root, session);
  add_corpus_commands(root, session);
  add_bench_command(root, session);
}

int run_session(Session& session, const std::vector<std::string>& arguments) {
  CLI::App root("Trains vision-language policies by reinforcement learning, with actors.",
                "nelumbo");
  add_commands(root, session);
  const Result<CLI::App*> command = find_command(root, arguments);
  if (!command)
    return fail(session, command.error());
  if (asks_for_help(arguments)) {
    session.out << help_of(*command.value());
    return 0;
  }
  if (has(arguments, kVersionFlag)) {
    session.out << "nelumbo " << NELUMBO_VERSION << '\n';
    return 0;
  }
  if (Result<void> parsed = parse(root, *command.value(), arguments); !parsed)
    return fail(session, parsed.error());
  if (!session.action)
    return fail(session, usage(*command.value(), "a command is missing; see '" +
                                                     full_name(*command.value()) + " --help'"));
  const Result<void> done = act(session);
  return done ? 0 : fail(session, done.error());
}

}  // namespace

int exit_code(Errc code) {
  switch (code) {
    case Errc::kInvalidConfig:
      return 2;
    case Errc::kEnvironment:
    case Errc::kUnavailable:
      return 3;
    case Errc::kBadData:
      return 4;
    case Errc::kDiverged:
      return 5;
    case Errc::kCheckFailed:
      return 6;
    case Errc::kPreempted:
      return 75;
  }
  return 70;
}

int run_command_line(const std::vector<std::string>& arguments, std::ostream& out,
                     std::ostream& err) {
  Session session{.out = out, .err = err};
  int code = 0;
  try {
    code = run_session(session, arguments);
  } catch (const std::exception& error) {
    const bool full = is_want_of_memory(std::current_exception());
    err << "nelumbo: " << (full ? "out of memory, or of threads: " : "a bug of this program: ")
        << error.what() << '\n';
    code = full ? exit_code(Errc::kEnvironment) : 70;
  }
  out.flush();
  if (code == 0 && !out) {
    err << "nelumbo: standard output: cannot be written\n";
    code = exit_code(Errc::kEnvironment);
  }
  return code;
}

}  // namespace nelumbo
