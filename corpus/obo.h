// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// How a synonym relates to the name of its term.
enum class SynonymScope { kExact, kNarrow, kBroad, kRelated };

struct OboSynonym {
  std::string text;
  SynonymScope scope = SynonymScope::kRelated;

  bool operator==(const OboSynonym&) const = default;
};

/// One [Term] of an OBO file, as far as we use it. Escapes are undone.
///
///     [Term]
///     id: DOID:0050052
///     name: Rocky Mountain spotted fever
///     def: "A spotted fever that has_material_basis_in Rickettsia rickettsii." [url:http\://x]
///     synonym: "Tick typhus" EXACT []
///     xref: MESH:D012373
///     is_a: DOID:11104 ! spotted fever
struct OboTerm {
  std::string id;          ///< "DOID:0050052"; unique in its file
  std::string name;        ///< never empty
  std::string definition;  ///< without the list of references; "" where there is none
  std::vector<OboSynonym> synonyms;
  std::vector<std::string> is_a;   ///< ids; a slim may name terms that it does not hold
  std::vector<std::string> xrefs;  ///< "MESH:D012373"
  bool obsolete = false;
  int64_t line = 0;  ///< where its [Term] stands
};

/// Reads the terms of an OBO 1.2 or 1.4 file (Disease Ontology, HPO) in their order, obsolete ones
/// included; other stanzas and unknown tags are skipped. kBadData is "FILE:LINE: what; fix": a line
/// that is no "tag: value", a torn quote, an unknown scope, a term without id or name, an id twice,
/// a file without terms, and all that LineReader refuses.
Result<std::vector<OboTerm>> read_obo(const std::string& path);

}  // namespace nelumbo
