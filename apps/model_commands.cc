// SPDX-License-Identifier: Apache-2.0
#include "apps/commands.h"

namespace nelumbo {

void add_model_commands(CLI::App& app, Session& session) {
  CLI::App* model =
      app.add_subcommand("model", "Looks at models on disk, converts them, and speaks as they do.");
  model->require_subcommand(0, 1);
  model->footer("Example:\n  nelumbo model inspect runs/quickstart");
  add_model_inspect_command(*model, session);
  add_model_export_command(*model, session);
  add_model_score_command(*model, session);
  add_model_render_command(*model, session);
  add_model_tokenize_command(*model, session);
}

}  // namespace nelumbo
