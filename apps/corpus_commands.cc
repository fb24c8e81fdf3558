// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.h"

namespace nelumbo {

void add_corpus_commands(CLI::App& app, Session& session) {
  CLI::App* corpus =
      app.add_subcommand("corpus", "Cleans, inspects and synthesizes training text.");
  corpus->require_subcommand(0, 1);
  corpus->footer("Example:\n  nelumbo corpus clean data/gsm8k/train.jsonl -o gsm8k.jsonl");
  add_corpus_clean_command(*corpus, session);
  add_corpus_tag_command(*corpus, session);
  add_corpus_coverage_command(*corpus, session);
  add_corpus_synthesize_command(*corpus, session);
}

}  // namespace nelumbo
