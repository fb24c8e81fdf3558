// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <atomic>
#include <cstdio>
#include <string>

#include "base/terminal_text.h"

namespace nelumbo {
namespace {

std::atomic<bool> line_is_open = false;

void write_line(std::string_view start, std::string_view text) {
  std::string line = line_is_open.exchange(false) ? "\r\x1b[K" : "";
  line.append(start).append(terminal_lines(text)).append("\n");
  std::fwrite(line.data(), 1, line.size(), stderr);  // one call: lines of two threads never mix
}

}  // namespace

void log_info(std::string_view text) {
  write_line("", text);
}

void log_warn(std::string_view text) {
  write_line("warning: ", text);
}

void log_error(std::string_view text) {
  write_line("error: ", text);
}

void set_open_line(bool open) {
  line_is_open = open;
}

}  // namespace nelumbo
