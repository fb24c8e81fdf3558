// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// How a name is looked for in a text.
enum class NameRule {
  kAnyCase,  ///< upper and lower case are the same
  kAsIs,     ///< only as it is written: it would otherwise be found in ordinary words
  kNever,    ///< not at all
};

/// Which rule a name goes by; the first that fits:
///
/// | name | example | rule |
/// |---|---|---|
/// | one word of up to 8 characters with two or more capitals or with a capital behind its first
/// character, letters in part | AIDS, DIL, OI1, mRNA | kAsIs | | a function word of English | Will,
/// May | kNever | | one or two characters | Id, Qi | kAsIs | | all else | Sickle Cell Anemia, Ear |
/// kAnyCase |
///
/// So the abbreviation WAS of a syndrome is found and the verb is not. Other
/// common words that name an entity (Ear, Family, Art) are found wherever they stand.
NameRule name_rule(std::string_view name);

/// Other ways to write a name, the name itself not among them:
///
/// - a heading of two parts, turned: "Anemia, Sickle Cell" gives "Sickle Cell Anemia"; of three
///   parts or more, all turned: "Rhinitis, Allergic, Seasonal" gives "Seasonal Allergic Rhinitis".
///   A heading with "and" or "or" is a list, and stays;
/// - the singular of a plural last word: "Breast Neoplasms" gives "Breast Neoplasm", "Biopsies"
///   gives "Biopsy"; and the plural of a singular one: "Biopsy" gives "Biopsies".
///
/// A guess that is no word ("Diabete") does no harm: no text has it. A guess shorter than four
/// letters or under another rule than kAnyCase is left out.
std::vector<std::string> name_variants(const std::string& name);

}  // namespace nelumbo
