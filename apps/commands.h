// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "apps/command_line.h"

// One function for each group of commands. It adds them to the tree and does no work: work is left
// in Session::action by the command that was chosen.

namespace nelumbo {

void add_run_commands(CLI::App& app, Session& session);      ///< run, check
void add_generate_command(CLI::App& app, Session& session);  ///< generate
void add_eval_command(CLI::App& app, Session& session);      ///< eval
void add_report_command(CLI::App& app, Session& session);    ///< report
void add_reward_commands(CLI::App& app, Session& session);   ///< reward try
void add_model_commands(CLI::App& app, Session& session);    ///< model inspect
void add_bench_command(CLI::App& app, Session& session);     ///< bench

}  // namespace nelumbo
