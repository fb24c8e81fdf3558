// SPDX-License-Identifier: Apache-2.0
#include "corpus/gene_phrases.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.h"

namespace nelumbo {
namespace {

constexpr std::array<std::string_view, 9> kNoGenes{"DNA",  "RNA", "MRNA", "ATP", "GTP",
                                                   "NADH", "HIV", "THE",  "OMIM"};
constexpr std::array<std::string_view, 9> kHereditary{"mutation", "inherit",     "chromosom",
                                                      "deletion", "duplication", "variation",
                                                      " gene",    "zygous",      "allel"};
constexpr size_t kMostSymbol = 10;

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ')
      words.emplace_back();
    else if (c != '(' && c != ')' && c != ',' && c != ';')
      words.back() += c;
  }
  std::erase_if(words, [](const std::string& word) { return word.empty(); });
  for (std::string& word : words)
    while (word.ends_with('.'))
      word.pop_back();
  return words;
}

/// Capitals and digits, at least two signs, at least one capital first: "CNGB3", "C9orf72",
/// "HLA-DQB1".
bool is_symbol(std::string_view word) {
  if (word.size() < 2 || word.size() > kMostSymbol || !is_ascii_capital(word[0]))
    return false;
  std::string plain(word);
  if (const size_t orf = plain.find("orf"); orf != std::string::npos)
    plain.replace(orf, 3, "ORF");
  const bool fits = std::all_of(plain.begin(), plain.end(), [](char c) {
    return is_ascii_capital(c) || is_digit(c) || c == '-';
  });
  return fits && !plain.ends_with('-') &&
         std::find(kNoGenes.begin(), kNoGenes.end(), plain) == kNoGenes.end();
}

bool is_about_genes(const std::string& word) {
  return word == "gene" || word == "genes";
}

/// Whether the words behind `at` say that a symbol there is a gene: "CNGB3 gene", "CNGB3 on
/// chromosome 8q21", "CNGB3 on 8q21", "CNGB3 gene", also across "and" and "or" between symbols.
bool is_named_gene(const std::vector<std::string>& words, size_t at) {
  for (size_t next = at + 1; next < words.size(); ++next) {
    const std::string& word = words[next];
    if (is_about_genes(word) || (word == "on" && next + 1 < words.size()))
      return is_about_genes(word) || words[next + 1] == "chromosome" ||
             !band_of(words[next + 1]).empty();
    if (word != "and" && word != "or" && word != "and/or" && !is_symbol(word))
      return false;
  }
  return false;
}

void add_once(std::vector<std::string>* all, std::string one) {
  if (std::find(all->begin(), all->end(), one) == all->end())
    all->push_back(std::move(one));
}

}  // namespace

std::string band_of(std::string_view word) {
  size_t at = 0;
  if (!word.empty() && (word[0] == 'X' || word[0] == 'Y'))
    at = 1;
  else
    while (at < word.size() && at < 2 && is_digit(word[at]))
      ++at;
  if (at == 0 || at >= word.size() || (word[at] != 'p' && word[at] != 'q'))
    return "";
  size_t end = at + 1;
  while (end < word.size() && is_digit(word[end]))
    ++end;
  if (end != at + 3)
    return "";
  // A range of bands ("3p26-p25") is no one band.
  if (end < word.size() && word[end] == '.') {
    const std::string_view rest = word.substr(end + 1);
    if (!std::all_of(rest.begin(), rest.end(), is_digit))
      return "";
  } else if (end < word.size()) {
    return "";
  }
  return std::string(word.substr(0, end));
}

GeneBasis gene_basis(std::string_view text) {
  GeneBasis basis;
  const std::vector<std::string> words = words_in(text);
  bool gene_before = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const bool in_parentheses = text.find("(" + words[i] + ")") != std::string_view::npos;
    if (is_symbol(words[i]) && (is_named_gene(words, i) || (in_parentheses && gene_before)))
      add_once(&basis.genes, words[i]);
    if (std::string band = band_of(words[i]); !band.empty())
      add_once(&basis.bands, std::move(band));
    gene_before = gene_before || is_about_genes(words[i]);
  }
  basis.hereditary =
      !basis.genes.empty() ||
      std::any_of(kHereditary.begin(), kHereditary.end(),
                  [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
  return basis;
}

}  // namespace nelumbo
