// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace nelumbo {

/// The choices of a question and, where these are letters, what each stands for.
struct ChoiceList {
  std::vector<std::string> choices;
  std::vector<std::string> options{};  ///< empty, or one text for each choice

  /// The choice that an answer names as a whole: as choice_of() has it, also in \boxed{} or bold;
  /// with options also by an option's text. Letter and text side by side must agree: "(B) Bladder",
  /// "B - Bladder" and "B (Bladder)" are B, "A) Bladder" nothing. None also where two options have
  /// the same text. Letters that look like Latin ones are those, unless the choices have some of
  /// their scripts.
  std::optional<std::string> named_in(std::string_view answer) const;

  /// Why an answer names none, as far as that can be told; empty: it is about something else.
  std::string why_none(std::string_view answer) const;

 private:
  std::string as_seen(std::string_view answer) const;
  bool is_text(std::string_view text) const;
  std::optional<std::string> by_text(std::string_view text) const;
  std::optional<std::string> by_letter_and_text(std::string_view text) const;
};

/// Reads the truth fields; kBadData where there are not as many options as choices.
Result<ChoiceList> choice_list(const nlohmann::json& truth, const std::string& choices,
                               const std::optional<std::string>& options);

}  // namespace nelumbo
