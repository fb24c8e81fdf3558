// SPDX-License-Identifier: Apache-2.0
#include "model/peft_adapter.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "model/adapter_names.h"
#include "model/config_section.h"
#include "model/low_rank.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kConfig = "adapter_config.json";
constexpr const char* kTensors = "adapter_model.safetensors";
constexpr const char* kBase = "base.json";
constexpr int64_t kLongestConfig = 10'000'000;
constexpr int64_t kMostRank = 65536;

std::string in(const std::string& directory, const char* file) {
  return (fs::path(directory) / file).string();
}

bool exists(const std::string& path) {
  std::error_code none;
  return fs::exists(path, none);
}

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

Error bad_tensor(const std::string& place, const std::string& tensor, const std::string& what) {
  return bad(place, "tensor '" + shortened(tensor) + "': " + what);
}

std::string shown(const std::vector<int64_t>& shape) {
  return json(shape).dump();
}

Result<json> read_object(const std::string& path) {
  const Result<std::string> text = read_file(path, kLongestConfig);
  if (!text)
    return Error{Errc::kBadData, text.error().message};
  Result<json> document = parse_json(text.value(), path);
  if (document && !document.value().is_object())
    return bad(path, "must be an object");
  return document;
}

/// Rank and scale, and that nothing else is asked for.
Result<PeftAdapter> parse_config(const json& document, const std::string& path) {
  std::optional<std::string> complaint;
  const ConfigSection config(document, complaint);
  if (const std::string type = config.word("peft_type", ""); type != "LORA")
    config.complain("peft_type must be \"LORA\", not \"" + shortened(type) + "\"");
  PeftAdapter adapter;
  adapter.rank = config.whole("r", kMostRank);
  adapter.alpha = config.positive("lora_alpha");
  config.only("bias", {"none"});
  for (const char* flag : {"use_dora", "fan_in_fan_out", "lora_bias", "use_qalora"})
    config.only_value(flag, false);
  for (const char* map : {"rank_pattern", "alpha_pattern"})
    config.only_value(map, json::object());
  config.only_value("modules_to_save", json::array());
  const bool by_root = config.flag("use_rslora", false);
  if (complaint)
    return bad(path, *complaint);
  adapter.scale =
      by_root ? static_cast<float>(adapter.alpha / std::sqrt(static_cast<double>(adapter.rank)))
              : adapter_scale(adapter.alpha, adapter.rank);
  return adapter;
}

/// Puts one tensor of the file in its place.
Result<void> add_factor(NamedTensor tensor, const std::string& path, PeftAdapter* adapter) {
  const std::string root = kAdapterRoot;
  const bool is_a = tensor.name.ends_with(kFactorA);
  if (!tensor.name.starts_with(root) || (!is_a && !tensor.name.ends_with(kFactorB)))
    return bad_tensor(path, tensor.name, "is no factor (lora_A, lora_B) of a linear layer");
  if (tensor.shape.size() != 2)
    return bad_tensor(path, tensor.name, "must have two dimensions, not " + shown(tensor.shape));
  const int64_t rank = tensor.shape[is_a ? 0 : 1];
  if (rank != adapter->rank)
    return bad_tensor(path, tensor.name,
                      "has rank " + std::to_string(rank) + ", but " + kConfig + " says " +
                          std::to_string(adapter->rank));
  const std::string module =
      tensor.name.substr(root.size(), tensor.name.size() - root.size() -
                                          std::string(is_a ? kFactorA : kFactorB).size());
  LowRankFactors& factors = adapter->factors[module + ".weight"];
  (is_a ? factors.a : factors.b) = std::move(tensor);
  return {};
}

Result<void> read_factors(const std::string& directory, PeftAdapter* adapter) {
  const std::string path = in(directory, kTensors);
  if (!exists(path) && exists(in(directory, "adapter_model.bin")))
    return bad(in(directory, "adapter_model.bin"),
               "pickled weights can run code and are never opened; save it as safetensors");
  Result<WeightSet> tensors = read_safetensors(path);
  if (!tensors)
    return Error{Errc::kBadData, tensors.error().message};
  if (auto sound = check_finite(tensors.value(), path); !sound)
    return sound;
  for (NamedTensor& tensor : tensors.value())
    if (auto done = add_factor(std::move(tensor), path, adapter); !done)
      return done;
  if (adapter->factors.empty())
    return bad(path, "holds no tensor");
  for (const auto& [name, factors] : adapter->factors)
    for (const auto& [tensor, factor] :
         {std::pair(&factors.a, kFactorA), std::pair(&factors.b, kFactorB)})
      if (tensor->name.empty())
        return bad_tensor(path, factor_name(name, factor), "is missing");
  return {};
}

/// PEFT opens no factor of a layer whose name does not end as one of the list says. (Its other
/// forms, a pattern or "all-linear", are left to the factors.)
Result<void> check_targets(const json& targets, const std::string& directory,
                           const PeftAdapter& adapter) {
  if (!targets.is_array())
    return {};
  for (const auto& [name, factors] : adapter.factors) {
    const std::string layer = "." + module_of(name);
    const bool named = std::ranges::any_of(targets, [&](const json& target) {
      return target.is_string() && layer.ends_with("." + target.get<std::string>());
    });
    if (!named)
      return bad_tensor(in(directory, kTensors), factors.a.name,
                        std::string("target_modules of ") + kConfig + " does not name its layer");
  }
  return {};
}

Result<void> read_base(const std::string& directory, PeftAdapter* adapter) {
  const std::string path = in(directory, kBase);
  if (!exists(path))
    return {};
  const Result<json> document = read_object(path);
  if (!document)
    return document.error();
  const json& base = document.value();
  if (!base.contains("weights_hash") || !base["weights_hash"].is_string())
    return bad(path, "weights_hash: must be a text");
  adapter->base_hash = base["weights_hash"].get<std::string>();
  return {};
}

/// ", those of checkpoint step_40 of its run", where the file says so.
std::string named_base(const std::string& directory) {
  const Result<json> document = read_object(in(directory, kBase));
  if (!document || !document.value().contains("checkpoint"))
    return "";
  const json& name = document.value()["checkpoint"];
  return name.is_string() ? ", those of checkpoint " + name.get<std::string>() + " of its run" : "";
}

Result<void> check_base(const PeftAdapter& adapter, const std::string& directory,
                        const WeightSet& weights) {
  if (!adapter.base_hash || *adapter.base_hash == weights_hash(weights))
    return {};
  return bad(in(directory, kBase),
             "the adapter belongs to other weights than the model's (" + *adapter.base_hash +
                 named_base(directory) +
                 "); name its base, or remove this file to merge it all the same");
}

Result<void> check_factor(const NamedTensor& factor, const std::string& directory,
                          const NamedTensor& weight, const std::vector<int64_t>& fitting) {
  if (factor.shape == fitting)
    return {};
  return bad_tensor(in(directory, kTensors), factor.name,
                    "has the shape " + shown(factor.shape) + ", but '" + weight.name + "' " +
                        shown(weight.shape) + " needs " + shown(fitting));
}

/// Also that no factor is left over.
Result<void> check_fits(const PeftAdapter& adapter, const std::string& directory,
                        const WeightSet& weights) {
  std::map<std::string, const NamedTensor*> by_name;
  for (const NamedTensor& tensor : weights)
    by_name.emplace(tensor.name, &tensor);
  for (const auto& [name, factors] : adapter.factors) {
    const auto at = by_name.find(name);
    if (at == by_name.end() || at->second->shape.size() != 2)
      return bad_tensor(in(directory, kTensors), factors.a.name,
                        "the model has no linear layer '" + shortened(module_of(name)) + "'");
    const NamedTensor& weight = *at->second;
    if (auto fits = check_factor(factors.a, directory, weight, {adapter.rank, weight.shape[1]});
        !fits)
      return fits;
    if (auto fits = check_factor(factors.b, directory, weight, {weight.shape[0], adapter.rank});
        !fits)
      return fits;
  }
  return {};
}

json config_of(const PeftAdapter& adapter) {
  json targets = json::array();
  for (const auto& [name, factors] : adapter.factors)
    targets.push_back(module_of(name));
  const bool whole = adapter.alpha == std::floor(adapter.alpha) && adapter.alpha < 1e9;
  return {{"peft_type", "LORA"},
          {"task_type", "CAUSAL_LM"},
          {"base_model_name_or_path", nullptr},
          {"inference_mode", true},
          {"r", adapter.rank},
          {"lora_alpha", whole ? json(static_cast<int64_t>(adapter.alpha)) : json(adapter.alpha)},
          {"lora_dropout", 0.0},
          {"bias", "none"},
          {"fan_in_fan_out", false},
          {"use_rslora", false},
          {"target_modules", targets}};
}

}  // namespace

float adapter_scale(double alpha, int64_t rank) {
  return static_cast<float>(alpha / static_cast<double>(rank));
}

Result<std::string> adapter_directory(const std::string& adapter) {
  for (const char* inside : {"", "/adapter", "/checkpoints/latest/adapter"})
    if (exists(adapter + inside + "/" + kConfig))
      return adapter + inside;
  return Error{
      Errc::kInvalidConfig,
      in(adapter, kConfig) + ": missing; name the folder of an adapter, a checkpoint or a run"};
}

Result<PeftAdapter> read_peft_adapter(const std::string& directory) {
  const Result<json> config = read_object(in(directory, kConfig));
  if (!config)
    return config.error();
  Result<PeftAdapter> adapter = parse_config(config.value(), in(directory, kConfig));
  if (!adapter)
    return adapter;
  if (auto done = read_factors(directory, &adapter.value()); !done)
    return done.error();
  if (auto named =
          check_targets(config.value().value("target_modules", json()), directory, adapter.value());
      !named)
    return named.error();
  if (auto done = read_base(directory, &adapter.value()); !done)
    return done.error();
  return adapter;
}

Result<void> merge_adapter(Team& team, const PeftAdapter& adapter, const std::string& directory,
                           WeightSet* weights) {
  if (auto fits = check_fits(adapter, directory, *weights); !fits)
    return fits;
  if (auto same = check_base(adapter, directory, *weights); !same)
    return same;
  for (NamedTensor& weight : *weights) {
    const auto at = adapter.factors.find(weight.name);
    if (at == adapter.factors.end())
      continue;
    const LowRank change{.out = weight.shape[0],
                         .in = weight.shape[1],
                         .rank = adapter.rank,
                         .scale = adapter.scale,
                         .a = at->second.a.values,
                         .b = at->second.b.values};
    std::vector<float> merged(weight.values.size());
    merge_low_rank(team, change, weight.values.data(), merged.data());
    weight.values = std::move(merged);
  }
  return check_finite(*weights, directory);
}

Result<void> write_peft_adapter(const std::string& folder, const PeftAdapter& adapter) {
  WeightSet tensors;
  for (const auto& [name, factors] : adapter.factors)
    for (const NamedTensor* factor : {&factors.a, &factors.b})
      tensors.push_back(*factor);
  if (auto done = write_safetensors(in(folder, kTensors), tensors); !done)
    return done.error();
  if (adapter.base_hash)
    if (auto done = write_file_atomic(in(folder, kBase),
                                      json{{"weights_hash", *adapter.base_hash}}.dump(2) + "\n");
        !done)
      return done;
  return write_file_atomic(in(folder, kConfig), config_of(adapter).dump(2) + "\n");
}

}  // namespace nelumbo
