// SPDX-License-Identifier: Apache-2.0
#include "apps/run_options.h"

namespace nelumbo {

void add_run_options(CLI::App& command, RunOptions& options, bool& json) {
  command.add_option("CONFIG", options.config, "The YAML file.")->required();
  command.add_option("--set", options.overrides, "Overrides one key: a.b=value; repeatable.")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option(
      "--resume", options.resume,
      "auto: go on from the newest checkpoint or behind finished stages; never: refuse a "
      "run that exists, compute every stage; or "
      "the path of a checkpoint.");
  command.add_option("--max-hours", options.max_hours, "Stop, resumable, after so many hours.")
      ->check(CLI::Range(1e-6, 1e6))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeFirst);
  command.add_option(
      "--listen", options.listen,
      "ADDRESS:PORT where worker processes join, for bulk data also the port behind; "
      "other machines need --certs. Default: 127.0.0.1, any port.");
  command.add_option(
      "--certs", options.certs,
      "The folder that 'nelumbo certs new' made: encrypts, and admits its nodes alone.");
  command.add_option(
      "--replay", options.replay,
      "The folder of an asynchronous run (rl.max_staleness of 2 or more): draws and trains what it "
      "did, under another run.name, and ends with the same weights or says from where on not.");
  command.add_option("--summary", options.summary, "Also write summary.json to this file.");
  command
      .add_option("--restarts", options.restarts,
                  "How often within five minutes the run goes on by itself, from its newest "
                  "checkpoint, when its "
                  "process dies or loses a worker for good. 0: nobody watches over it. Default: 5.")
      ->check(CLI::Range(0, 1'000'000));
  command
      .add_option("--hung-after", options.hung_after,
                  "Seconds without a sign of life (its process is stopped, or gets no processor) "
                  "after which it is killed and goes on like that. 0: never. Default: 30.")
      ->check(CLI::Range(0.0, 1e6));
  command
      .add_option("--attempt", options.attempt,
                  "Which process of the run this is; from its parent.")
      ->group("");
  command.add_flag("--json", json, "Print summary.json as one line.");
}

}  // namespace nelumbo
