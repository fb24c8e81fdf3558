// SPDX-License-Identifier: Apache-2.0
#include "base/progress.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"

namespace nelumbo {
namespace {

constexpr double kTerminalPeriod = 0.2;
constexpr double kPlainPeriod = 10;
constexpr int64_t kBarWidth = 20;
constexpr double kLeastElapsed = 0.5;  // seconds; a speed measured in less is a guess

int screen = STDERR_FILENO;

void write_to_stderr(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  char text[32];
  if (whole < 60)
    std::snprintf(text, sizeof text, "%lds", static_cast<long>(whole));
  else if (whole < 3600)
    std::snprintf(text, sizeof text, "%ldm%02lds", static_cast<long>(whole / 60),
                  static_cast<long>(whole % 60));
  else
    std::snprintf(text, sizeof text, "%ldh%02ldm", static_cast<long>(whole / 3600),
                  static_cast<long>(whole / 60 % 60));
  return text;
}

}  // namespace

void set_progress_screen(int descriptor) {
  screen = descriptor;
}

ProgressTarget standard_progress_target(bool silent) {
  ProgressTarget target;
  target.write = write_to_stderr;
  target.seconds = steady_seconds;
  target.silent = silent;
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  target.terminal = ::isatty(screen) == 1 && !dumb;
  const char* no_color = std::getenv("NO_COLOR");
  target.color = target.terminal && (no_color == nullptr || *no_color == '\0');
  winsize size{};
  if (::ioctl(screen, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    target.columns = size.ws_col;
  return target;
}

Progress::Progress(std::string title, int64_t first, int64_t total, ProgressTarget target)
    : title_(std::move(title)),
      first_(first),
      total_(total),
      done_(first),
      target_(std::move(target)),
      start_(target_.seconds()) {}

void Progress::update(int64_t done, std::string_view text) {
  done_ = done;
  const double period = target_.terminal ? kTerminalPeriod : kPlainPeriod;
  const double now = target_.seconds();
  if (target_.silent || (shown_ && now - *shown_ < period))
    return;
  shown_ = now;
  show(text);
}

void Progress::finish(std::string_view text) {
  if (target_.silent)
    return;
  show(text);
  if (target_.terminal)
    target_.write("\n");
  width_ = 0;
  set_open_line(false);
}

void Progress::show(std::string_view text) {
  std::string now = line(text);
  if (!target_.terminal) {
    if (now != written_)
      target_.write(now + "\n");
    written_ = std::move(now);
    return;
  }
  now.resize(std::min(now.size(), static_cast<size_t>(std::max<int64_t>(target_.columns - 1, 1))));
  const size_t width = now.size();
  if (width < width_)
    now.append(width_ - width, ' ');
  if (const size_t head = title_.size(); target_.color && width > head)
    now = "\x1b[1m" + now.substr(0, head) + "\x1b[0m" + now.substr(head);
  target_.write("\r" + now);
  width_ = width;
  set_open_line(true);
}

std::string Progress::line(std::string_view text) const {
  const double share =
      total_ > 0 ? std::clamp(static_cast<double>(done_) / static_cast<double>(total_), 0.0, 1.0)
                 : 1;
  std::string all = title_ + " " + std::to_string(done_) + "/" + std::to_string(total_);
  if (target_.terminal) {
    const auto full = static_cast<size_t>(share * kBarWidth);
    all += " [" + std::string(full, '#') + std::string(kBarWidth - full, '.') + "]";
  }
  char percent[16];
  std::snprintf(percent, sizeof percent, " %3.0f %%", std::floor(share * 100));
  all += percent;
  const double elapsed = target_.seconds() - start_;
  if (done_ > first_ && done_ < total_ && elapsed >= kLeastElapsed) {
    const double seconds_each = elapsed / static_cast<double>(done_ - first_);
    all += "  eta " + duration_text(seconds_each * static_cast<double>(total_ - done_));
  }
  if (!text.empty())
    all.append("  ").append(text);
  return all;
}

}  // namespace nelumbo
