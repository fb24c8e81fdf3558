// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// What the material basis of a hereditary disease names.
struct GeneBasis {
  std::vector<std::string> genes;  ///< symbols: "CNGB3"
  std::vector<std::string> bands;  ///< "8q21": without the part behind a dot
  bool hereditary = false;         ///< speaks of mutations, regions or inheritance
};

/// Reads "homozygous or compound heterozygous mutation in the CNGB3 gene on chromosome 8q21.3". A
/// symbol is a word in capitals and digits before "gene" or before "on chromosome", or behind
/// "gene" in parentheses; what an abbreviation stands for elsewhere (DNA, RNA) is none.
GeneBasis gene_basis(std::string_view text);

/// A chromosome band without the part behind its dot, "Xq28" or "8q21" of "8q21.3"; empty when
/// `word` is none.
std::string band_of(std::string_view word);

}  // namespace nelumbo
