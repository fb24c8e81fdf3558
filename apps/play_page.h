// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace nelumbo {

// The page of `reward play`, the same for every run: what it shows comes from /overview and
// /step/N. It asks nobody but the server that it came from, and puts all text in as text, never as
// markup. The token stands behind the # of its address, which browsers do not send.

extern const std::string_view kPlayPage;    ///< /
extern const std::string_view kPlayStyle;   ///< /play.css
extern const std::string_view kPlayScript;  ///< /play.js

}  // namespace nelumbo
