// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nelumbo {

/// From now on SIGINT (Ctrl-C) and SIGTERM ask the program to stop instead of ending it; a second
/// SIGINT ends it at once with exit code 130.
void install_stop_signals();

/// Whether a signal has asked the program to stop. Safe from any thread.
bool stop_requested();

/// Asks as a signal would.
void request_stop();

}  // namespace nelumbo
