// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "kernels/kernels.h"

namespace nelumbo {

/// Rows of a weight that share a panel: a matrix may be packed panel by panel, by several threads.
inline constexpr int64_t kPanelRows = 64;

/// Floats, or what takes as many bytes, of a packed matrix.
int64_t packed_size(int64_t n, int64_t k, Precision precision);

/// A matrix of that shape whose panels are still to be packed.
PackedMatrix unpacked(int64_t n, int64_t k, Precision precision = Precision::kFloat32);

/// Packs the panel that begins at row `first` from its rows, [min(kPanelRows, n - first), K].
/// REQUIRES: `first` is a multiple of kPanelRows below n.
void pack_panel(const float* rows, int64_t first, PackedMatrix& out);

/// Row `row` of the weight again, K floats, bit for bit as they were packed: in bf16 and int8,
/// rounded.
void unpack_row(const PackedMatrix& w, int64_t row, float* out_K);

}  // namespace nelumbo
