// SPDX-License-Identifier: Apache-2.0
#include "corpus/gene_phrases.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Texts = std::vector<std::string>;

TEST(GenePhrases, ReadAGeneAndItsBand) {
  const GeneBasis basis = gene_basis(
      "homozygous or compound heterozygous mutation in the CNGB3 gene on chromosome 8q21.3");
  EXPECT_EQ(basis.genes, Texts{"CNGB3"});
  EXPECT_EQ(basis.bands, Texts{"8q21"});
  EXPECT_TRUE(basis.hereditary);
}

TEST(GenePhrases, ReadAGeneWithoutTheWord) {
  EXPECT_EQ(gene_basis("heterozygous mutation in GJA1 on 6q22.31").genes, Texts{"GJA1"});
  EXPECT_EQ(gene_basis("mutation in C9orf72 on chromosome 9p21").genes, Texts{"C9orf72"});
}

TEST(GenePhrases, ReadTheSymbolBehindAFullName) {
  EXPECT_EQ(
      gene_basis("mutation in the gene encoding the alpha-5 chain of collagen type IV (COL4A5)")
          .genes,
      Texts{"COL4A5"});
  EXPECT_EQ(
      gene_basis("heterozygous mutation in the myelin protein-zero gene (MPZ) on chromosome 1q23")
          .genes,
      Texts{"MPZ"});
}

TEST(GenePhrases, ReadSeveralGenes) {
  EXPECT_EQ(gene_basis("mutation in the FGFR1 and FGFR2 gene").genes, (Texts{"FGFR1", "FGFR2"}));
}

TEST(GenePhrases, TakeNoOtherAbbreviationForAGene) {
  EXPECT_TRUE(gene_basis("deletion of mitochondrial DNA").genes.empty());
  const GeneBasis agent = gene_basis("Rickettsia rickettsii");
  EXPECT_TRUE(agent.genes.empty());
  EXPECT_FALSE(agent.hereditary);
}

TEST(GenePhrases, KnowABand) {
  EXPECT_EQ(band_of("Xq28"), "Xq28");
  EXPECT_EQ(band_of("17p13.3"), "17p13");
  EXPECT_EQ(band_of("1p36.11"), "1p36");
  for (const char* none : {"", "p13", "17", "17p", "5q2", "3p26-p25", "100q11", "Zq11", "1p36.x"})
    EXPECT_EQ(band_of(none), "") << none;
}

}  // namespace
}  // namespace nelumbo
