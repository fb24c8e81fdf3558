// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nelumbo {

/// From now on SIGINT (Ctrl-C), SIGTERM and SIGHUP (its terminal is gone; where it is not ignored,
/// as by nohup) ask the program to stop instead of ending it; a second SIGINT ends it at once with
/// a line on stderr and exit code 130.
void install_stop_signals();

/// From now on they end it again: nothing is left to be saved. Where one has come, the process ends
/// within 10 s (SIGALRM), whether or not somebody reads what it says last.
void remove_stop_signals();

/// Whether a signal has asked the program to stop. Safe from any thread.
bool stop_requested();

/// Asks as a signal would.
void request_stop();

}  // namespace nelumbo
