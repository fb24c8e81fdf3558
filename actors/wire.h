// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "actors/crew.h"
#include "base/error.h"

namespace nelumbo {

using Bytes = std::vector<char>;

/// What processes of a run tell each other in bulk, as MessagePack: structs and lists are arrays,
/// numbers in rows are binary (little-endian). `T` is GroupRequest, Group, WeightSet, TokenJob,
/// PolicyJob, PreferenceJob, PreferenceScores, Metrics, TokenValidation or a list of TrainingGroup.
/// A picture is written once for each time that it is named, and a group without its prompt, which
/// whoever asked has.
template <class T>
Bytes to_wire(const T& value);

/// The way back. kBadData for anything else than the bytes of a `T`: no length in them is believed
/// before as many bytes are seen.
template <class T>
Result<T> from_wire(std::span<const char> bytes);

}  // namespace nelumbo
