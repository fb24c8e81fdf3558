// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "apps/command_line.h"

// One function for each group of commands. It adds them to the tree and does no work: work is left
// in Session::action by the command that was chosen.

namespace nelumbo {

void add_run_commands(CLI::App& app, Session& session);      ///< run, check
void add_node_command(CLI::App& app, Session& session);      ///< node
void add_certs_command(CLI::App& app, Session& session);     ///< certs new
void add_generate_command(CLI::App& app, Session& session);  ///< generate
void add_serve_command(CLI::App& app, Session& session);     ///< serve
void add_eval_command(CLI::App& app, Session& session);      ///< eval
void add_report_command(CLI::App& app, Session& session);    ///< report
void add_top_command(CLI::App& app, Session& session);       ///< top
void add_compare_command(CLI::App& app, Session& session);   ///< compare
void add_runs_commands(CLI::App& app, Session& session);     ///< runs ledger
void add_reward_commands(CLI::App& app, Session& session);   ///< reward try, ...
void add_model_commands(CLI::App& app, Session& session);    ///< model inspect, ...
void add_data_commands(CLI::App& app, Session& session);     ///< data inspect
void add_corpus_commands(CLI::App& app, Session& session);   ///< corpus clean, ...
void add_bench_command(CLI::App& app, Session& session);     ///< bench

// The parts of reward, model and corpus, added to those commands.

void add_reward_try_command(CLI::App& reward, Session& session);     ///< reward try
void add_reward_judge_command(CLI::App& reward, Session& session);   ///< reward judge
void add_reward_score_command(CLI::App& reward, Session& session);   ///< reward score
void add_reward_replay_command(CLI::App& reward, Session& session);  ///< reward replay
void add_reward_diff_command(CLI::App& reward, Session& session);    ///< reward diff
void add_reward_audit_command(CLI::App& reward, Session& session);   ///< reward audit
void add_reward_play_command(CLI::App& reward, Session& session);    ///< reward play

void add_model_inspect_command(CLI::App& model, Session& session);   ///< model inspect
void add_model_export_command(CLI::App& model, Session& session);    ///< model export
void add_model_score_command(CLI::App& model, Session& session);     ///< model score
void add_model_render_command(CLI::App& model, Session& session);    ///< model render
void add_model_tokenize_command(CLI::App& model, Session& session);  ///< model tokenize

void add_corpus_clean_command(CLI::App& corpus, Session& session);       ///< corpus clean
void add_corpus_tag_command(CLI::App& corpus, Session& session);         ///< corpus tag
void add_corpus_coverage_command(CLI::App& corpus, Session& session);    ///< corpus coverage
void add_corpus_synthesize_command(CLI::App& corpus, Session& session);  ///< corpus synthesize

/// The option --adapter of a command that opens a model.
inline void add_adapter_option(CLI::App& command, std::optional<std::string>* adapter) {
  command.add_option("--adapter", *adapter,
                     "A LoRA adapter to merge into it: PEFT's folder, a checkpoint or a run.");
}

}  // namespace nelumbo
