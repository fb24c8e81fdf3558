// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "kernels/team.h"

namespace nelumbo {

/// Of this program.
constexpr const char* kVersion = "0.1.0";

/// The largest amount of memory that this process has held, in MB.
double peak_memory_mb();

/// What env.json says about the machine: processor, cores, instruction set, threads, calibrated
/// speed, version of this program.
nlohmann::json machine_json(Team& team);

}  // namespace nelumbo
