// SPDX-License-Identifier: Apache-2.0
#include "learner/network_units.h"

#include <algorithm>

namespace nelumbo {
namespace {

/// Ops that compute nothing and note which parameters they were asked with: what a unit needs is
/// what the one definition of the network says.
class NotingOps {
 public:
  struct Tensor {};

  explicit NotingOps(const Network& network) : network_(network) {}

  const Network& network() const { return network_; }
  std::vector<UnitParameter> noted;

  Tensor linear(Tensor, const LinearSlot& slot) {
    if (slot.bias)
      note(*slot.bias, false);
    return note(slot.weight, true);
  }
  Tensor rms_norm(Tensor, ParameterId weight, double) { return note(weight, false); }
  Tensor head_norm(Tensor, ParameterId weight, int64_t, double) { return note(weight, false); }
  Tensor layer_norm(Tensor, const LayerNormSlot& slot, double) {
    note(slot.bias, false);
    return note(slot.weight, false);
  }
  Tensor add_positions(Tensor, ParameterId table) { return note(table, false); }
  Tensor embed(const std::optional<Tensor>&) { return note(network_.token_embedding, false); }
  Tensor head(Tensor) { return note(network_.head, true); }

  Tensor gelu(Tensor) { return {}; }
  Tensor exact_gelu(Tensor) { return {}; }
  Tensor silu_mul(Tensor, Tensor) { return {}; }
  Tensor add(Tensor, Tensor) { return {}; }
  Tensor patches(std::span<const Pixels>) { return {}; }
  Tensor pixel_shuffle(Tensor) { return {}; }
  Tensor picture_attention(Tensor, Tensor, Tensor, Reach) { return {}; }
  Tensor third(Tensor, int64_t) { return {}; }
  Tensor picture_rope(Tensor) { return {}; }
  Tensor join_patches(Tensor) { return {}; }
  Tensor raster_order(Tensor) { return {}; }
  Tensor rope(Tensor, int64_t) { return {}; }
  Tensor attention(int64_t, Tensor, Tensor, Tensor) { return {}; }

 private:
  Tensor note(ParameterId id, bool matrix) {
    if (std::ranges::find(noted, id, &UnitParameter::id) == noted.end())
      noted.push_back({id, matrix});
    return {};
  }

  const Network& network_;
};

std::vector<UnitParameter> parameters_of(const Network& network, const NetworkUnit& unit,
                                         const std::optional<LinearSlot>& score) {
  NotingOps ops(network);
  if (unit.kind != UnitKind::kEnd) {
    unit_output(ops, unit, NotingOps::Tensor(), {});
    return ops.noted;
  }
  const auto hidden = final_hidden(ops, network, {});
  score ? ops.linear(hidden, *score) : ops.head(hidden);
  return ops.noted;
}

}  // namespace

std::vector<NetworkUnit> network_units(const Network& network, std::optional<LinearSlot> score) {
  std::vector<NetworkUnit> units;
  if (network.config.sees) {
    units.push_back({UnitKind::kPictureRows, 0, {}});
    for (int64_t i = 0; i < picture_layers(network); ++i)
      units.push_back({UnitKind::kPictureLayer, i, {}});
    units.push_back({UnitKind::kPictureTokens, 0, {}});
  }
  units.push_back({UnitKind::kEmbed, 0, {}});
  for (int64_t i = 0; i < std::ssize(network.decoder); ++i)
    units.push_back({UnitKind::kDecoderLayer, i, {}});
  units.push_back({UnitKind::kEnd, 0, {}});
  for (NetworkUnit& unit : units)
    unit.parameters = parameters_of(network, unit, score);
  return units;
}

std::vector<int64_t> first_units(const Network& network, const std::vector<NetworkUnit>& units) {
  std::vector<int64_t> first(network.parameters.size(), std::ssize(units));
  for (size_t u = units.size(); u-- > 0;)
    for (const UnitParameter& parameter : units[u].parameters)
      first[static_cast<size_t>(parameter.id)] = static_cast<int64_t>(u);
  return first;
}

}  // namespace nelumbo
