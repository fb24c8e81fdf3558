// SPDX-License-Identifier: Apache-2.0
#include "apps/curated_cache.h"

#include <chrono>
#include <filesystem>
#include <utility>

#include "apps/stage_keys.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/kill_point.h"
#include "base/log.h"
#include "corpus/curated_files.h"
#include "corpus/line_reader.h"
#include "corpus/pubmedqa.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInputs[] = {"pubmedqa/pqal_train.json",
                                   "medmcqa/dev.jsonl",
                                   "medqa/dev.jsonl",
                                   "mmlu_medical/dev.jsonl",
                                   "gsm8k/train.jsonl",
                                   "healthbench/calibration.jsonl",
                                   "disease-ontology/DO_rare_slim.obo",
                                   "mesh/terms.tsv",
                                   "mesh/tree-numbers.tsv"};

/// Line by line, so that one without an end is refused here.
Result<void> hash_lines(const std::string& path, Hasher* hasher) {
  Result<LineReader> reader = LineReader::open(path);
  if (!reader)
    return Error{Errc::kBadData, reader.error().message + ", or set data.root"};
  if (path.ends_with(".json")) {
    const Result<std::string> text = read_whole_json(path);
    if (!text)
      return text.error();
    hasher->update(text.value());
    return {};
  }
  for (std::string line;;) {
    const Result<bool> read = reader.value().next(&line);
    if (!read)
      return read.error();
    if (!read.value())
      return {};
    hasher->update(line + "\n");
  }
}

Result<std::string> key_of(const RunConfig& config, const std::string& root) {
  Hasher hasher;
  const Result<std::string> program = program_hash();
  if (!program)
    return program.error();
  hasher.update(program.value());
  for (const char* input : kInputs) {
    if (Result<void> hashed = hash_lines(root + "/" + input, &hasher); !hashed)
      return hashed.error();
    hasher.update("|");
  }
  RunConfig slice;
  slice.run.seed = config.run.seed;
  slice.tokenizer = config.tokenizer;
  slice.curate = config.curate;
  hasher.update(resolved_yaml(slice));
  return hasher.hex();
}

std::string cached(const RunConfig& config, const std::string& key) {
  return config.run.root + "/stages/" + key;
}

}  // namespace

Result<CuratedRun> obtain_curated(const RunConfig& config, const std::string& data_root,
                                  Reuse reuse) {
  const auto start = std::chrono::steady_clock::now();
  Result<std::string> key = key_of(config, data_root);
  if (!key)
    return key.error();
  CuratedRun run;
  run.key = std::move(key).value();
  std::error_code none;
  if (reuse == Reuse::kAllowed && fs::exists(cached(config, run.key), none)) {
    if (Result<Curated> read = read_curated(cached(config, run.key)); read) {
      run.data = std::make_shared<const Curated>(std::move(read).value());
      run.reused = true;
    } else {
      log_warn("what curate kept is damaged and is made anew: " + read.error().message);
    }
  }
  if (!run.data) {
    Result<Curated> made =
        curate(data_root, config.curate, config.tokenizer, static_cast<uint64_t>(config.run.seed));
    if (!made)
      return made.error();
    run.data = std::make_shared<const Curated>(std::move(made).value());
  }
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return run;
}

Result<void> keep_curated(const RunConfig& config, const CuratedRun& curated,
                          const std::string& run_folder, Reuse reuse) {
  std::vector<std::string> folders{run_folder + "/curate"};
  if (reuse == Reuse::kAllowed && !curated.reused)
    folders.push_back(cached(config, curated.key));
  for (const std::string& folder : folders) {
    if (Result<void> made = make_directories(folder); !made)
      return made;
    kill_point("curate/begun");
    if (Result<void> written = write_curated(folder, *curated.data); !written)
      return written;
  }
  return {};
}

}  // namespace nelumbo
