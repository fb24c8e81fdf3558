// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nelumbo {

/// Lets the calling thread give way from now on: beside threads that compute it gets a seventieth
/// of a core (nice 19), and all of one that is idle. For work that nobody waits for.
void work_in_background();

}  // namespace nelumbo
