// SPDX-License-Identifier: Apache-2.0
#include "rollout/request_size.h"

#include <string>

#include "kernels/kernels.h"
#include "rollout/environment.h"

namespace nelumbo {

RequestSize request_size(const GroupRequest& request, int64_t longest_observation) {
  const int64_t observations =
      (most_turns(*request.prompt, request.sampling) - 1) * longest_observation;
  const int64_t prompt = std::ssize(request.prompt->tokens);
  RequestSize size;
  size.positions = prompt + most_new_tokens(*request.prompt, request.sampling) + observations;
  const int64_t shared = prompt / kKeyBlock;
  size.key_blocks = shared + 1 + request.samples * (size.positions / kKeyBlock + 1 - shared);
  return size;
}

Result<void> require_room(const RequestSize& size, const Network& network,
                          const EngineConfig& config) {
  const int64_t positions = network.config.decoder.max_positions;
  if (size.positions > positions)
    return Error{Errc::kInvalidConfig, "sampling.max_new_tokens: an answer may take " +
                                           std::to_string(size.positions) +
                                           " positions with its prompt and observations, but "
                                           "model.decoder.max_positions is " +
                                           std::to_string(positions) +
                                           "; lower sampling.max_new_tokens or sampling.max_turns"};
  if (size.key_blocks > config.key_blocks)
    return Error{Errc::kInvalidConfig,
                 "engine.key_blocks: the answers to one prompt may take " +
                     std::to_string(size.key_blocks) + " blocks, there are " +
                     std::to_string(config.key_blocks) +
                     "; raise it, or lower rl.group_size, evaluate.samples or "
                     "sampling.max_new_tokens"};
  return {};
}

}  // namespace nelumbo
