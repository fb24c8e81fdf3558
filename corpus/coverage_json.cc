// SPDX-License-Identifier: Apache-2.0
#include "corpus/coverage_json.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "corpus/coverage.h"
#include "corpus/entity_tagger.h"
#include "corpus/pubmedqa.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kWeakest = 20;

/// The headings of a benchmark, each once, with how many records have it, and its texts.
struct Benchmark {
  std::vector<EntityNames> headings;
  std::vector<int64_t> records;
  std::vector<Document> texts;
};

Result<Benchmark> read_benchmark(const std::string& path) {
  Result<std::vector<PubmedqaRecord>> records = read_pubmedqa(path);
  if (!records)
    return records.error();
  std::map<std::string, int64_t> headings;
  Benchmark benchmark;
  for (const PubmedqaRecord& record : records.value()) {
    for (const std::string& heading : record.headings)
      ++headings[heading];
    std::string text;
    for (const std::string& part : record.contexts)
      text += part + "\n";
    benchmark.texts.push_back({record.id, "pubmedqa", text, record.place});
  }
  for (const auto& [heading, count] : headings) {
    benchmark.headings.push_back({heading});
    benchmark.records.push_back(count);
  }
  if (benchmark.headings.empty())
    return Error{Errc::kBadData, path + ": no record has a heading; give a PubMedQA file"};
  return benchmark;
}

/// The least covered headings, the nearest entity beside each.
json weakest_json(const Coverage& forward, const std::vector<EntityNames>& headings,
                  const std::vector<EntityNames>& known) {
  json rows = json::array();
  for (const int64_t i : forward.weakest(kWeakest)) {
    const Covered& covered = forward.entities[static_cast<size_t>(i)];
    json nearest;
    if (covered.nearest >= 0)
      nearest = known[static_cast<size_t>(covered.nearest)].front();
    rows.push_back({{"heading", headings[static_cast<size_t>(i)].front()},
                    {"likeness", covered.likeness},
                    {"nearest", nearest}});
  }
  return rows;
}

/// The entities that are asked for, which the texts name least often, and of those the ones that
/// are asked for most often: the weak ones.
json rarest_json(const Coverage& exact, const Benchmark& benchmark, const EntityTree& tree) {
  const TaggedCorpus tagged =
      tag_corpus(EntityTagger(tree), benchmark.texts, std::ssize(tree.nodes()));
  std::map<int64_t, int64_t> asked;
  for (size_t i = 0; i < exact.entities.size(); ++i)
    if (exact.entities[i].nearest >= 0)
      asked[exact.entities[i].nearest + std::ssize(mesh_branches())] += benchmark.records[i];
  std::vector<std::array<int64_t, 3>> order;  // mentions, minus records, node
  for (const auto& [node, records] : asked)
    order.push_back({tagged.mentions[static_cast<size_t>(node)], -records, node});
  std::sort(order.begin(), order.end());
  order.resize(std::min<size_t>(order.size(), kWeakest));
  json rows = json::array();
  for (const auto& [mentions, records, node] : order)
    rows.push_back({{"id", tree.node(node).id},
                    {"name", tree.node(node).name},
                    {"mentions", mentions},
                    {"records", -records}});
  return rows;
}

}  // namespace

Result<json> coverage_json(const EntityTree& tree, const std::string& path) {
  const Result<Benchmark> read = read_benchmark(path);
  if (!read)
    return read.error();
  const Benchmark& benchmark = read.value();
  const std::vector<EntityNames> known = entity_names(tree);
  json report{{"headings", std::ssize(benchmark.headings)}, {"entities", std::ssize(known)}};
  const Coverage exact = cover(benchmark.headings, known, Likeness::kExact);
  const Coverage embedded = cover(benchmark.headings, known, Likeness::kEmbedding);
  report["forward"] = {{"exact", exact.amcs()}, {"embedding", embedded.amcs()}};
  report["backward"] = {
      {"exact", cover(known, benchmark.headings, Likeness::kExact).amcs()},
      {"embedding", cover(known, benchmark.headings, Likeness::kEmbedding).amcs()}};
  report["weakest"] = weakest_json(embedded, benchmark.headings, known);
  report["rarest"] = rarest_json(exact, benchmark, tree);
  return report;
}

}  // namespace nelumbo
