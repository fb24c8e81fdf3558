// SPDX-License-Identifier: Apache-2.0
#include "base/foreign_pool.h"

#include <optional>
#include <utility>

namespace nelumbo {

Exchange ForeignPool::exchange(const std::string& line, const Check& check) {
  auto process = take();
  if (!process)
    return {Exchange::End::kNotStarted, process.error().message};
  Exchange result = process.value()->exchange(line);
  if (result.end != Exchange::End::kReply)
    return result;
  if (const auto sound = check(result.text); !sound)
    return {Exchange::End::kFailed, sound.error().message};
  const std::lock_guard lock(guard_);
  idle_.push_back(std::move(process.value()));
  return result;
}

Result<std::unique_ptr<ForeignProcess>> ForeignPool::take() {
  while (true) {
    std::unique_ptr<ForeignProcess> idle;
    {
      const std::lock_guard lock(guard_);
      if (idle_.empty())
        break;
      idle = std::move(idle_.back());
      idle_.pop_back();
    }
    if (idle->is_ready())
      return idle;
  }
  std::optional<Result<std::unique_ptr<ForeignProcess>>> started;
  launcher_.run([&] { started = ForeignProcess::start(wall_, program_); });
  return std::move(*started);
}

}  // namespace nelumbo
