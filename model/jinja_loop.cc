// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_loop.h"

#include <algorithm>

#include "model/jinja_operators.h"

namespace nelumbo {
namespace {

/// Whether an element follows; pulls it when that is not known yet.
bool has_next(JinjaLoop& loop) {
  if (!loop.ahead.empty())
    return true;
  JinjaValue value;
  if (!loop.pull || !loop.pull(value))
    return false;
  loop.ahead.push_back(std::move(value));
  return true;
}

/// Pulls all that is left.
int64_t length(JinjaRun& run, JinjaLoop& loop) {
  constexpr int64_t kPulledBytes = 64;
  JinjaValue value;
  JinjaValues pulled;
  if (loop.ahead.size() <= 1)
    loop.charge = run.hold(0);
  while (loop.pull && run.fits(kPulledBytes) && loop.pull(value)) {
    pulled.push_back(std::move(value));
    loop.charge.resize(kPulledBytes * std::ssize(pulled));
  }
  loop.ahead.insert(loop.ahead.begin(), std::make_move_iterator(pulled.rbegin()),
                    std::make_move_iterator(pulled.rend()));
  return loop.index0 + 1 + std::ssize(loop.ahead);
}

JinjaValue cycle(JinjaRun& run, const JinjaLoop& loop, const JinjaArguments& arguments) {
  if (arguments.positional.empty())
    return run.fail("no items for cycling given");
  const auto turn = std::max<int64_t>(loop.index0, 0);
  return arguments.positional[static_cast<size_t>(turn % std::ssize(arguments.positional))];
}

JinjaValue changed(JinjaRun& run, JinjaLoop& loop, const JinjaArguments& arguments) {
  const JinjaValues& now = arguments.positional;
  const bool same =
      loop.changed_before &&
      std::equal(now.begin(), now.end(), loop.last_changed.begin(), loop.last_changed.end(),
                 [&](const JinjaValue& a, const JinjaValue& b) { return jinja_equal(run, a, b); });
  if (loop.pull) {  // a loop that was left holds nothing, lest it hold itself
    loop.last_changed = now;
    loop.changed_before = true;
  }
  return JinjaValue::boolean(!same);
}

}  // namespace

void jinja_loop_leave(JinjaLoop& loop) {
  loop.pull = nullptr;
  loop.recurse = nullptr;
  loop.ahead.clear();
  loop.charge = JinjaCharge();
  loop.last_changed.clear();
  loop.previous = loop.current = JinjaValue();
}

bool jinja_loop_advance(JinjaLoop& loop) {
  if (!has_next(loop))
    return false;
  loop.previous = std::move(loop.current);
  loop.current = std::move(loop.ahead.back());
  loop.ahead.pop_back();
  ++loop.index0;
  return true;
}

std::optional<JinjaValue> jinja_loop_attribute(JinjaRun& run, const JinjaValue::Loop& loop,
                                               const std::string& name) {
  if (name == "index")
    return JinjaValue::integer(loop->index0 + 1);
  if (name == "index0")
    return JinjaValue::integer(loop->index0);
  if (name == "first")
    return JinjaValue::boolean(loop->index0 == 0);
  if (name == "last")
    return JinjaValue::boolean(!has_next(*loop));
  if (name == "length")
    return JinjaValue::integer(length(run, *loop));
  if (name == "revindex")
    return JinjaValue::integer(length(run, *loop) - loop->index0);
  if (name == "revindex0")
    return JinjaValue::integer(length(run, *loop) - loop->index0 - 1);
  if (name == "depth")
    return JinjaValue::integer(loop->depth0 + 1);
  if (name == "depth0")
    return JinjaValue::integer(loop->depth0);
  if (name == "previtem")
    return loop->index0 > 0 ? loop->previous : JinjaValue::undefined("there is no previous item");
  if (name == "nextitem")
    return has_next(*loop) ? loop->ahead.back() : JinjaValue::undefined("there is no next item");
  if (name == "cycle")
    return run.function({name,
                         [loop](JinjaRun& inner, JinjaArguments& arguments) {
                           return cycle(inner, *loop, arguments);
                         },
                         1});
  if (name == "changed")
    return run.function({name,
                         [loop](JinjaRun& inner, JinjaArguments& arguments) {
                           return changed(inner, *loop, arguments);
                         },
                         1});
  return std::nullopt;
}

}  // namespace nelumbo
