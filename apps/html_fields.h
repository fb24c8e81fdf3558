// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "apps/json_fields.h"
#include "apps/svg_chart.h"
#include "base/text.h"

namespace nelumbo {

// Fields of JSON as a page shows them.

/// The member `key` as text whose marks a page takes for no tags; "" where there is none.
inline std::string escaped_text_of(const nlohmann::json& object, const std::string& key) {
  return html_escape(text_of(object, key));
}

/// The number `key` as people read it; a dash where there is none.
inline std::string figure_of(const nlohmann::json& object, const std::string& key) {
  const std::optional<double> value = number_of(object, key);
  return value ? short_number(*value) : "–";
}

}  // namespace nelumbo
