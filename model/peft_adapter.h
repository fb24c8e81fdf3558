// SPDX-License-Identifier: Apache-2.0
#pragma once

// An adapter on the disk, as the library PEFT writes it:
//
//   adapter_config.json        rank, alpha, what it is for
//   adapter_model.safetensors  the factors, named as model/adapter_names.h says
//   base.json                  of ours alone: the hash of the weights that it belongs to

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "kernels/team.h"
#include "model/weights.h"

namespace nelumbo {

/// A factor pair of one weight.
struct LowRankFactors {
  NamedTensor a;  ///< [rank, in]
  NamedTensor b;  ///< [out, rank]
};

/// An adapter of a policy: each weight named in `factors` gets scale * B A added.
struct PeftAdapter {
  int64_t rank = 0;
  double alpha = 0;
  float scale = 0;                                ///< alpha / rank, or as the file wants it
  std::map<std::string, LowRankFactors> factors;  ///< by the weight's Hugging Face name
  std::optional<std::string> base_hash;           ///< weights_hash of what it belongs to, if told
};

/// alpha / rank, in the one way in which it is rounded.
float adapter_scale(double alpha, int64_t rank);

/// Where ADAPTER lies: ADAPTER itself, `adapter` in a checkpoint, the latest checkpoint's in a run.
/// kInvalidConfig when there is none.
Result<std::string> adapter_directory(const std::string& adapter);

/// Reads an adapter of linear layers. kBadData names the file, and the key or tensor, that is
/// malformed or asks for what is not served (DoRA, biases, ranks that differ).
Result<PeftAdapter> read_peft_adapter(const std::string& directory);

/// Adds the adapter's changes to `weights`. kBadData when it belongs to another base, names a
/// weight that is not there or has a factor that does not fit; `directory` is what the message
/// names.
Result<void> merge_adapter(Team& team, const PeftAdapter& adapter, const std::string& directory,
                           WeightSet* weights);

/// Writes the three files into a folder.
Result<void> write_peft_adapter(const std::string& folder, const PeftAdapter& adapter);

}  // namespace nelumbo
