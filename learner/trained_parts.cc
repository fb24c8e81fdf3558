// SPDX-License-Identifier: Apache-2.0
#include "learner/trained_parts.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/adapter_names.h"
#include "model/score_model.h"

namespace nelumbo {
namespace {

/// Which part of the network a parameter belongs to.
std::string part_of(const Network& network, size_t id) {
  const std::string& name = network.parameters[id].name;
  const auto has = [&](const char* word) { return name.find(word) != std::string::npos; };
  if (has("connector.") || has("visual.merger."))
    return "connector";
  if (has("vision_model.") || has("visual."))
    return "vision";
  if (is_score(name))
    return "score";
  const auto parameter = static_cast<ParameterId>(id);
  if (parameter == network.token_embedding)
    return "embeddings";
  return parameter == network.head ? "head" : "decoder";
}

std::vector<ParameterId> linear_weights(const Network& network) {
  std::vector<ParameterId> all;
  for (const VisionLayer& layer : network.vision)
    for (const LinearSlot* slot :
         {&layer.q, &layer.k, &layer.v, &layer.out, &layer.fc1, &layer.fc2})
      all.push_back(slot->weight);
  if (network.windows)
    for (const WindowLayer& layer : network.windows->layers)
      for (const LinearSlot* slot : {&layer.qkv, &layer.out, &layer.gate, &layer.up, &layer.down})
        all.push_back(slot->weight);
  if (network.windows)
    all.insert(all.end(), {network.windows->merge1.weight, network.windows->merge2.weight});
  else if (network.config.sees)
    all.push_back(network.connector.weight);
  for (const DecoderLayer& layer : network.decoder)
    for (const LinearSlot* slot :
         {&layer.q, &layer.k, &layer.v, &layer.o, &layer.gate, &layer.up, &layer.down})
      all.push_back(slot->weight);
  return all;
}

bool ends_with_module(const std::string& name, const std::string& word) {
  return name == word || name.ends_with("." + word);
}

bool begins_with_module(const std::string& name, const std::string& word) {
  return name == word || name.starts_with(word + ".");
}

Error names_nothing(const std::string& key, size_t index, const std::string& what,
                    const std::string& word, const std::set<std::string>& known) {
  const std::vector<std::string> words(known.begin(), known.end());
  return {Errc::kInvalidConfig, key + "." + std::to_string(index) + ": the policy has no " + what +
                                    " '" + word + "'" + did_you_mean(word, words)};
}

/// Every beginning of a parameter's name that ends before a dot, and the name.
void add_beginnings(const std::string& name, std::set<std::string>* words) {
  for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1))
    words->insert(name.substr(0, dot));
  words->insert(name);
}

Result<void> freeze(const Network& network, const std::vector<std::string>& words,
                    std::vector<Treatment>* out) {
  std::set<std::string> known;
  for (size_t id = 0; id < network.parameters.size(); ++id) {
    known.insert(part_of(network, id));
    add_beginnings(network.parameters[id].name, &known);
  }
  for (size_t i = 0; i < words.size(); ++i) {
    if (!known.contains(words[i]))
      return names_nothing("freeze", i, "part or parameters", words[i], known);
    for (size_t id = 0; id < network.parameters.size(); ++id)
      if (part_of(network, id) == words[i] ||
          begins_with_module(network.parameters[id].name, words[i]))
        (*out)[id] = Treatment::kFrozen;
  }
  return {};
}

/// Adapters for what `targets` name and is not frozen; everything else is then frozen, but for the
/// head of a score model, which begins as zeros.
Result<void> adapt(const Network& network, const std::vector<std::string>& targets,
                   std::vector<Treatment>* out) {
  std::set<std::string> known;
  std::vector<Treatment> all(out->size(), Treatment::kFrozen);
  std::vector<bool> used(targets.size());
  for (const ParameterId weight : linear_weights(network)) {
    const auto id = static_cast<size_t>(weight);
    const std::string module = module_of(network.parameters[id].name);
    const std::string part = part_of(network, id);
    known.insert({part, module, module.substr(module.rfind('.') + 1)});
    for (size_t i = 0; i < targets.size(); ++i) {
      if (part != targets[i] && !ends_with_module(module, targets[i]))
        continue;
      used[i] = true;
      if ((*out)[id] != Treatment::kFrozen)
        all[id] = Treatment::kAdapted;
    }
  }
  for (size_t i = 0; i < targets.size(); ++i)
    if (!used[i])
      return names_nothing("adapter.targets", i, "linear layer", targets[i], known);
  for (size_t id = 0; id < all.size(); ++id)
    if (is_score(network.parameters[id].name))
      all[id] = (*out)[id];
  *out = all;
  return {};
}

}  // namespace

Result<std::vector<Treatment>> treatments(const Network& network, const TrainingConfig& config) {
  std::vector<Treatment> all(network.parameters.size(), Treatment::kTrained);
  if (auto done = freeze(network, config.freeze, &all); !done)
    return done.error();
  if (config.adapter.rank > 0)
    if (auto done = adapt(network, config.adapter.targets, &all); !done)
      return done.error();
  if (std::ranges::all_of(all, [](Treatment t) { return t == Treatment::kFrozen; }))
    return Error{Errc::kInvalidConfig, "freeze: leaves nothing to train"};
  return all;
}

}  // namespace nelumbo
