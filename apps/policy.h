// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "apps/open_model.h"
#include "base/error.h"
#include "corpus/dialogue.h"
#include "rollout/environment.h"

namespace nelumbo {

/// A policy that a run of ours trained: it speaks as Dialogue does.
struct Policy : Model {
  std::shared_ptr<const Dialogue> dialogue;
  std::shared_ptr<const Environment> environment;  ///< pictures and tools
};

/// Whether a model is a policy of ours: has the control tokens of Dialogue.
bool is_policy(const Tokenizer& tokenizer);

/// The policy that a model is. kBadData names the file that is malformed.
Result<Policy> policy_of(Model model);

/// Reads the policy of MODEL, as `model_directory` finds it. kBadData names the file that is
/// malformed.
Result<Policy> open_policy(const std::string& model,
                           const std::optional<std::string>& adapter = {});

}  // namespace nelumbo
