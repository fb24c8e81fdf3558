// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include "apps/commands.h"
#include "apps/facts_text.h"
#include "apps/model_facts.h"

namespace nelumbo {
namespace {

/// A vocabulary without some bytes is sound, but loses what is written with them.
std::string losses(const nlohmann::json& facts) {
  const auto lost = facts.value("/tokenizer/lost_bytes"_json_pointer, nlohmann::json::array());
  return lost.empty() ? ""
                      : ", but no token stands for " + std::to_string(lost.size()) +
                            " of the bytes that texts consist of, so texts with them are cut";
}

}  // namespace

void add_model_inspect_command(CLI::App& model, Session& session) {
  auto path = std::make_shared<std::string>();
  auto verify = std::make_shared<bool>(false);
  CLI::App* command = model.add_subcommand(
      "inspect", "Says what a model consists of, once every part of it has been checked.");
  command
      ->add_option("PATH", *path,
                   "A Hugging Face directory, a GGUF or safetensors file, a tokenizer.json, a "
                   "checkpoint or a run.")
      ->required();
  command->add_flag("--verify", *verify,
                    "Only say whether all shapes, offsets, values, the index, the tokenizer and "
                    "the chat template are sound: exit code 0 or 4.");
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer(
      "memory: of the weights, to serve in fp32 or bf16 and to train in fp32, without keys, "
      "values\n"
      "and activations.\n"
      "Example:\n  nelumbo model inspect runs/quickstart --json");
  command->callback([&session, path, verify] {
    session.action = [&session, path, verify]() -> Result<void> {
      const Result<nlohmann::json> facts = model_facts(*path);
      if (!facts)
        return facts.error();
      if (session.json)
        session.out
            << (*verify ? nlohmann::json{{"path", *path}, {"sound", true}} : facts.value()).dump()
            << '\n';
      else if (*verify)
        session.out << *path << ": sound" << losses(facts.value()) << '\n';
      else
        session.out << facts_text(facts.value());
      return {};
    };
  });
}

}  // namespace nelumbo
