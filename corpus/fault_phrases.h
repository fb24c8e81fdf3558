// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace nelumbo::fault_phrases {

// What corpus/faults.h plants: written for it, and not what the rules of cleaning look for.

/// Lines that stand around the text of a page.
const std::vector<std::string>& open_furniture();
const std::vector<std::string>& held_out_furniture();

/// Sentences about medicine, one list for each language.
const std::vector<std::vector<std::string>>& open_languages();
const std::vector<std::vector<std::string>>& held_out_languages();

}  // namespace nelumbo::fault_phrases
