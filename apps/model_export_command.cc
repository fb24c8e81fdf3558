// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/model_export.h"
#include "apps/open_model.h"

namespace nelumbo {
namespace {

const std::map<std::string, GgufType> kGgufTypes{{"f32", GgufType::kF32},
                                                 {"f16", GgufType::kF16},
                                                 {"bf16", GgufType::kBf16},
                                                 {"q8_0", GgufType::kQ80}};

struct ExportOptions {
  std::string model, output;
  std::optional<std::string> adapter;
  std::string gguf;  ///< a key of kGgufTypes, where a GGUF file is asked for
  std::string dtype = "fp32";
  bool hf = false;
};

Result<void> write_model(const ModelSource& source, const ExportOptions& options) {
  return options.hf ? export_hf(source, stored_type(options.dtype), options.output)
                    : export_gguf(source, kGgufTypes.at(options.gguf), options.output);
}

Result<void> export_model(Session& session, const ExportOptions& options) {
  if (!options.hf && options.gguf.empty())
    return Error{Errc::kInvalidConfig, "model export: say what to write: --gguf TYPE or --hf"};
  const Result<ModelSource> source = open_model_source(options.model, options.adapter);
  if (!source)
    return source.error();
  if (auto done = write_model(source.value(), options); !done)
    return done;
  const size_t tensors = source.value().tensors.size();
  if (session.json)
    session.out << nlohmann::json{{"path", options.output},
                                  {"architecture", source.value().config.architecture},
                                  {"tensors", tensors}}
                       .dump()
                << '\n';
  else
    session.out << options.output << ": " << tensors << " tensors written\n";
  return {};
}

}  // namespace

void add_model_export_command(CLI::App& model, Session& session) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = model.add_subcommand(
      "export", "Writes a model as a GGUF file, or as a Hugging Face directory.");
  command
      ->add_option("MODEL", options->model,
                   "A Hugging Face directory, a GGUF file, a checkpoint or a run.")
      ->required();
  add_adapter_option(*command, &options->adapter);
  CLI::Option* gguf =
      command->add_option("--gguf", options->gguf, "A GGUF file: f32, f16, bf16 or q8_0 matrices.")
          ->check(CLI::IsMember(kGgufTypes));
  CLI::Option* hf =
      command->add_flag("--hf", options->hf, "A Hugging Face directory.")->excludes(gguf);
  command
      ->add_option("--dtype", options->dtype, "Of the directory's weights: fp32 (default) or bf16.")
      ->check(CLI::IsMember({"fp32", "bf16"}))
      ->needs(hf);
  command->add_option("-o,--output", options->output, "Where to: nothing may be there yet.")
      ->required();
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer(
      "Tokenizer and chat template go along. A model that sees pictures has no GGUF form.\n"
      "Example:\n  nelumbo model export models/smollm2 --gguf q8_0 -o smollm2.gguf");
  command->callback([&session, options] {
    session.action = [&session, options] { return export_model(session, *options); };
  });
}

}  // namespace nelumbo
