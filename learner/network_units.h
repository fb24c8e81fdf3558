// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/forward.h"

// The network as a chain of units, each from one hidden state to the next: what is gathered,
// computed and freed as one where no rank holds the whole (learner/unit_shards.h).

namespace nelumbo {

enum class UnitKind { kPictureRows, kPictureLayer, kPictureTokens, kEmbed, kDecoderLayer, kEnd };

/// A parameter of a unit.
struct UnitParameter {
  ParameterId id = 0;
  bool matrix = false;  ///< it is multiplied with, and so packed; else its values are read
};

struct NetworkUnit {
  UnitKind kind = UnitKind::kEnd;
  int64_t layer = 0;  ///< of kPictureLayer and kDecoderLayer
  std::vector<UnitParameter> parameters;

  /// Whether only batches with pictures pass it.
  bool of_pictures() const { return kind < UnitKind::kEmbed; }
};

/// The units in the order of a forward pass. The last takes hidden states behind the decoder to
/// what is learnt from: log-probs, or scores with that head.
std::vector<NetworkUnit> network_units(const Network& network, std::optional<LinearSlot> score);

/// The first unit that uses each parameter; the number of units where none does.
std::vector<int64_t> first_units(const Network& network, const std::vector<NetworkUnit>& units);

/// What any unit but the last makes of the hidden state before it, which the first has not, and
/// which kEmbed has where the batch has pictures.
template <class Ops>
typename Ops::Tensor unit_output(Ops& ops, const NetworkUnit& unit,
                                 const std::optional<typename Ops::Tensor>& x,
                                 std::span<const Pixels> pictures) {
  const Network& net = ops.network();
  switch (unit.kind) {
    case UnitKind::kPictureRows:
      return picture_rows(ops, net, pictures);
    case UnitKind::kPictureLayer:
      return picture_layer(ops, net, unit.layer, *x);
    case UnitKind::kPictureTokens:
      return picture_tokens(ops, net, *x);
    case UnitKind::kEmbed:
      return ops.embed(x);
    default:
      return decoder_layer(ops, net.config.decoder, net.decoder[static_cast<size_t>(unit.layer)],
                           unit.layer, *x);
  }
}

}  // namespace nelumbo
