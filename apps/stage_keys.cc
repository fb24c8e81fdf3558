// SPDX-License-Identifier: Apache-2.0
#include "apps/stage_keys.h"

#include "base/file.h"
#include "base/hash.h"
#include "kernels/kernels.h"

namespace nelumbo {
namespace {

constexpr int64_t kMostProgramBytes = int64_t{1} << 30;

/// Of everything but the configuration and the reward.
Result<std::string> inputs_hash(const std::string& data) {
  const Result<std::string> program = program_hash();
  if (!program)
    return program.error();
  Hasher hasher;
  hasher.update(program.value());
  hasher.update(to_string(isa()));
  hasher.update(data);
  return hasher.hex();
}

/// Copies the sections that decide what a stage gives.
void add_stage(const std::string& stage, const RunConfig& from, RunConfig& to) {
  to.pipeline.push_back(stage);
  if (stage == "filter") {
    to.filter = from.filter;
    to.sampling = from.sampling;
  }
  if (stage == "pretrain")
    to.pretrain = from.pretrain;
  if (stage == "midtrain") {
    to.midtrain = from.midtrain;
    to.sampling = from.sampling;  // of the traces that it draws
  }
  if (stage == "sft")
    to.sft = from.sft;
  if (stage == "reward_model" || stage == "dpo")
    to.preferences = from.preferences;
  if (stage == "reward_model")
    to.reward_model = from.reward_model;
  if (stage == "prm")
    to.prm = from.prm;
  if (stage == "dpo")
    to.dpo = from.dpo;
  if (stage != "rl")
    return;
  to.rl = from.rl;
  to.sampling = from.sampling;
  to.tasks = from.tasks;
  to.reward = from.reward;
  to.reward.spec = "hashed apart";
  if (!from.has_stage("evaluate"))
    return;
  to.evaluate.samples = from.evaluate.samples;  // of the answers that rl gives before it begins
  if (from.model.from.empty())                  // open models are asked none
    to.evaluate.controls = from.evaluate.controls;
}

}  // namespace

Result<std::string> program_hash() {
  const Result<std::string> program = read_file("/proc/self/exe", kMostProgramBytes);
  if (!program)
    return program.error();
  return xxh3_128_hex(bytes_of(program.value()));
}

Result<std::vector<std::string>> stage_keys(const RunConfig& config, const StageInputs& inputs) {
  const Result<std::string> read = inputs_hash(inputs.data);
  if (!read)
    return read.error();
  RunConfig slice;
  slice.pipeline.clear();
  slice.run.seed = config.run.seed;
  slice.tokenizer = config.tokenizer;
  slice.model = config.model;
  slice.chat = config.chat;
  std::vector<std::string> keys;
  std::string reward;
  for (const std::string& stage : config.pipeline) {
    if (stage == "curate")
      continue;
    add_stage(stage, config, slice);
    if (stage == "rl")  // which looks at itself before it begins, for an evaluate stage
      reward = inputs.reward + (config.has_stage("evaluate") ? "compared" : "");
    const std::string all = read.value() + reward + resolved_yaml(slice);
    keys.push_back(stage == "evaluate" ? "" : xxh3_128_hex(bytes_of(all)));
  }
  return keys;
}

}  // namespace nelumbo
