// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <vector>

#include <nlohmann/json.hpp>

#include "apps/chat_model.h"
#include "apps/commands.h"
#include "base/file.h"
#include "base/text.h"
#include "bench/bulk.h"
#include "bench/decode.h"
#include "bench/divergence.h"
#include "bench/encode.h"
#include "bench/figure.h"
#include "bench/learner_step.h"
#include "bench/limits.h"
#include "bench/logprob.h"
#include "bench/prefill.h"
#include "bench/replay.h"
#include "bench/reward_checks.h"
#include "bench/schedule.h"
#include "bench/synthetic.h"
#include "bench/tagging.h"

namespace nelumbo {
namespace {

struct BenchOptions {
  std::string name;
  std::string data = "data";
  std::string model = "models/smollm2";
  std::string spec = "configs/rewards/medical.yaml";
  int64_t threads = 2;
  int64_t batch = 32;
  int64_t prompt = 128;
  int64_t answer = 64;
  int64_t samples = 1;
  std::string dtype = "bf16";
  int64_t repeats = 5;
};

struct Benchmark {
  const char* name;
  const char* about;
  Result<Figure> (*measure)(const BenchOptions& options);
};

/// fp32 speed of `linear` on all threads against one: what run times are scaled by.
Result<Figure> calibrate(const BenchOptions& options) {
  Team one(1), all(static_cast<int>(options.threads));
  const double anchor = product_rate(one, Precision::kFloat32, options.repeats);
  const double own = product_rate(all, Precision::kFloat32, options.repeats);
  const double bf16 = product_rate(all, Precision::kBfloat16, options.repeats);
  Figure figure{.name = "calibrate",
                .unit = "GFLOP/s",
                .own = {"fp32, " + std::to_string(options.threads) + " threads", own},
                .anchor = {"one thread", anchor}};
  figure.details = {{"bf16_gflops", bf16}, {"threads", options.threads}};
  return figure;
}

Result<Figure> tagging(const BenchOptions& options) {
  return measure_tagging(options.data, options.repeats);
}

Result<Figure> encode(const BenchOptions& options) {
  return measure_encode(options.model, options.data, options.repeats);
}

Result<Figure> rewards(const BenchOptions& options) {
  return measure_reward_checks(options.data, options.repeats);
}

Result<Figure> decode(const BenchOptions& options) {
  Team team(static_cast<int>(options.threads));
  return measure_decode(
      team, smollm2_shape(),
      {.batch = options.batch, .prompt = options.prompt, .answer = options.answer},
      options.dtype == "int8" ? DecodeSides::kInt8BesideBf16 : DecodeSides::kBf16BesideFp32,
      options.repeats);
}

/// Behind the first lines of gsm8k.
Result<Figure> divergence(const BenchOptions& options) {
  constexpr size_t kPrompts = 16;
  const auto exact = open_chat_model(options.model, {}, StoredType::kBf16);
  const auto rounded = open_chat_model(options.model, {}, StoredType::kBf16, EngineProducts::kInt8);
  if (!exact || !rounded)
    return exact ? rounded.error() : exact.error();
  const auto text = read_file(options.data + "/gsm8k/train.jsonl", int64_t{64} << 20);
  if (!text)
    return text.error();
  std::vector<std::vector<int32_t>> prompts;
  for (std::string_view rest = text.value(); prompts.size() < kPrompts && !rest.empty();)
    prompts.push_back(
        exact.value().tokenizer->encode(take_until("\n", &rest), Tokenizer::Control::kPlain));
  Team team(static_cast<int>(options.threads));
  return measure_divergence(team, {&rounded.value().network, rounded.value().packed},
                            {&exact.value().network, exact.value().packed}, prompts,
                            {.answer = options.answer}, options.repeats);
}

Result<Figure> prefill(const BenchOptions& options) {
  Team team(static_cast<int>(options.threads));
  return measure_prefill(team, smollm2_shape(), options.prompt, options.repeats);
}

Result<Figure> schedule(const BenchOptions& options) {
  Team team(static_cast<int>(options.threads));
  return measure_schedule(team, smollm2_shape(), {}, options.repeats);
}

StoredType type_of(const BenchOptions& options) {
  return options.dtype == "bf16" ? StoredType::kBf16 : StoredType::kF32;
}

/// 32 answers, so many to each prompt.
Result<Figure> learner(const BenchOptions& options) {
  constexpr int64_t kAnswers = 32;
  Team team(static_cast<int>(options.threads));
  return measure_learner_step(team, smollm2_shape(),
                              {.prompts = kAnswers / options.samples,
                               .prompt = options.prompt,
                               .answers = options.samples,
                               .answer = options.answer},
                              type_of(options), options.repeats);
}

Result<Figure> logprob(const BenchOptions& options) {
  Team team(static_cast<int>(options.threads));
  return measure_logprob(team, {}, precision_of(type_of(options)), options.repeats);
}

Result<Figure> replay(const BenchOptions& options) {
  return measure_replay(options.spec, options.repeats);
}

Result<Figure> bulk(const BenchOptions& options) {
  return measure_bulk(kSmollm2Bytes, options.repeats);
}

constexpr Benchmark kBenchmarks[] = {
    {"calibrate", "speed of the matrix kernel", calibrate},
    {"tagging", "speed of the entity matcher", tagging},
    {"encode", "speed of the tokenizer of --model", encode},
    {"rewards", "answers to word problems that one rule judges", rewards},
    {"decode", "the rollout engine on the shape of SmolLM2-135M, --batch sequences", decode},
    {"divergence", "what int8 changes in --model: speed, and KL for each token drawn", divergence},
    {"prefill", "the same, a prompt of --prompt tokens up to the first token", prefill},
    {"schedule", "the same, 256 answers of log-normal lengths, 32 at a time", schedule},
    {"learner", "an optimizer step on that shape: 32 answers, --samples to each prompt", learner},
    {"logprob", "log-probs of given tokens out of hidden states, that vocabulary", logprob},
    {"bulk", "the bytes of that model in bf16 to one and two engines, beside TCP", bulk},
    {"replay", "answers of a run scored again by --spec, one thread", replay},
};

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const Benchmark& benchmark : kBenchmarks)
    names.emplace_back(benchmark.name);
  return names;
}

Result<void> bench(Session& session, const BenchOptions& options) {
  for (const Benchmark& benchmark : kBenchmarks) {
    if (options.name != benchmark.name)
      continue;
    if (options.dtype == "int8" && options.name != "decode")
      return Error{Errc::kInvalidConfig, "nelumbo bench: --dtype int8 is for decode alone"};
    const ForeignUse foreign;
    Result<Figure> figure = benchmark.measure(options);
    if (!figure)
      return figure.error();
    figure.value().details["repeats"] = options.repeats;
    figure.value().details["foreign_cpu"] = foreign.share();
    session.out << (session.json ? to_json(figure.value()).dump() : to_line(figure.value()))
                << '\n';
    return {};
  }
  return Error{Errc::kInvalidConfig, "nelumbo bench: no benchmark is called '" + options.name +
                                         "'" + did_you_mean(options.name, names()) +
                                         "; there are: " + joined(names(), ", ")};
}

std::string about() {
  std::string about;
  for (const Benchmark& benchmark : kBenchmarks)
    about += std::string(about.empty() ? "" : ". ") + benchmark.name + ": " + benchmark.about;
  return about + ".";
}

}  // namespace

void add_bench_command(CLI::App& app, Session& session) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command = app.add_subcommand("bench", "Runs a benchmark on this machine.");
  command->add_option("NAME", options->name, about())->required();
  command->add_option("--threads", options->threads, "Compute threads.")->check(CLI::Range(1, 256));
  command->add_option("--batch", options->batch, "Sequences that decode together.")
      ->check(CLI::Range(1, 256));
  command->add_option("--prompt", options->prompt, "Tokens of the prompt.")
      ->check(CLI::Range(1, 4096));
  command->add_option("--answer", options->answer, "Tokens of each answer that decodes.")
      ->check(CLI::Range(2, 4096));
  command->add_option("--samples", options->samples, "Answers to each prompt that train.")
      ->check(CLI::IsMember({1, 2, 4, 8, 16, 32, 64}));
  command->add_option("--dtype", options->dtype, "What learner, logprob and decode compute in.")
      ->check(CLI::IsMember({"fp32", "bf16", "int8"}));
  command->add_option("--repeats", options->repeats, "Repeats, whose median or best counts.")
      ->check(CLI::Range(1, 100));
  command->add_option("--model", options->model, "Directory of the model whose tokenizer encodes.");
  command->add_option("--spec", options->spec, "The reward specification that replay scores by.");
  command->add_option("--data", options->data, "Folder with the data sets.");
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo bench decode --batch 8 --json");
  command->callback([&session, options] {
    session.action = [&session, options] { return bench(session, *options); };
  });
}

}  // namespace nelumbo
