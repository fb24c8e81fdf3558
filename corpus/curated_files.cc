// SPDX-License-Identifier: Apache-2.0
#include "corpus/curated_files.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/file.h"
#include "corpus/jsonl.h"
#include "corpus/multi_hop_json.h"
#include "corpus/name_matcher.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kMostBytes = int64_t{256} << 20;
constexpr const char* kCorpus = "/corpus.jsonl";
constexpr const char* kTraining = "/multihop_train.jsonl";
constexpr const char* kValidation = "/multihop_validation.jsonl";
constexpr const char* kReading = "/multihop_reading.jsonl";
constexpr const char* kTokenizer = "/tokenizer.json";
constexpr const char* kReport = "/report.json";

std::string corpus_lines(const Curated& curated) {
  std::string lines;
  for (size_t i = 0; i < curated.documents.size(); ++i) {
    const Document& document = curated.documents[i];
    json entities = json::array();
    for (const EntityCount& count : curated.entities[i])
      entities.push_back({count.node, count.mentions});
    lines += json{{"id", document.name()},
                  {"source", document.source},
                  {"text", document.text},
                  {"entities", entities}}
                 .dump() +
             "\n";
  }
  return lines;
}

std::string item_lines(const std::vector<MultiHopItem>& items) {
  std::string lines;
  for (const MultiHopItem& item : items)
    lines += multi_hop_line(item) + "\n";
  return lines;
}

Result<std::vector<EntityCount>> read_entities(const json& object, int64_t nodes,
                                               const Place& place) {
  const auto list = object.find("entities");
  const auto is_count = [&](const json& pair) {
    return pair.is_array() && pair.size() == 2 && pair[0].is_number_unsigned() &&
           pair[1].is_number_unsigned() && pair[0].get<int64_t>() < nodes;
  };
  if (list == object.end() || !list->is_array() ||
      !std::all_of(list->begin(), list->end(), is_count))
    return Error{Errc::kBadData, place.text() +
                                     ": entities must be pairs of a node of the tree and how often "
                                     "it is named; remove the folder, it is made again"};
  std::vector<EntityCount> entities;
  for (const json& pair : *list)
    entities.push_back({pair[0].get<int64_t>(), pair[1].get<int64_t>()});
  return entities;
}

Result<void> read_corpus(const std::string& path, Curated* out) {
  std::unordered_map<std::string, int64_t> lines;
  return for_each_object(path, [&](const json& object, const Place& place) -> Result<void> {
    Document document{.id = "", .source = "", .text = "", .place = place};
    for (const auto& [key, member] :
         {std::pair{"id", &document.id}, std::pair{"source", &document.source},
          std::pair{"text", &document.text}}) {
      Result<std::string> text = text_member(object, key, place.text());
      if (!text)
        return text.error();
      *member = std::move(text).value();
    }
    if (const auto [first, is_new] = lines.emplace(document.id, place.line); !is_new)
      return Error{Errc::kBadData, place.text() + ": the id stands also in line " +
                                       std::to_string(first->second) + "; remove one of the two"};
    Result<std::vector<EntityCount>> entities = read_entities(object, out->nodes, place);
    if (!entities)
      return entities.error();
    out->documents.push_back(std::move(document));
    out->entities.push_back(std::move(entities).value());
    return {};
  });
}

/// A file of a folder that is whole.
Result<std::string> read_part(const std::string& path) {
  std::error_code none;
  if (!std::filesystem::exists(path, none))
    return Error{Errc::kBadData, path + ": is not there; remove the folder, it is made again"};
  return read_file(path, kMostBytes);
}

Result<std::vector<MultiHopItem>> read_items(const std::string& path) {
  const Result<std::string> text = read_part(path);
  if (!text)
    return text.error();
  return read_multi_hop(text.value(), path);
}

}  // namespace

std::vector<int64_t> rarest_named(const std::vector<MultiHopItem>& items,
                                  const std::vector<Document>& documents) {
  std::map<std::string, int64_t> owners;
  std::vector<OwnedName> names;
  for (const MultiHopItem& item : items)
    for (const PathStop& stop : item.path)
      if (owners.emplace(stop.name, std::ssize(names)).second)
        names.push_back({stop.name, std::ssize(names)});
  std::vector<int64_t> named(names.size());
  const NameMatcher matcher(names);
  for (const Document& document : documents) {
    std::set<int64_t> here;
    for (const NameHit& hit : matcher.find(document.text))
      here.insert(hit.owner);
    for (const int64_t owner : here)
      ++named[static_cast<size_t>(owner)];
  }
  std::vector<int64_t> rarest;
  for (const MultiHopItem& item : items) {
    int64_t least = std::ssize(documents);
    for (const PathStop& stop : item.path)
      if (!stop.shown)
        least = std::min(least, named[static_cast<size_t>(owners[stop.name])]);
    rarest.push_back(least);
  }
  return rarest;
}

std::vector<double> share_factors(const std::vector<Document>& documents,
                                  const TextShares& shares) {
  const std::map<std::string, double> kinds{{"knowledge", shares.knowledge},
                                            {"disease-ontology", shares.definitions},
                                            {"pubmedqa", shares.abstracts},
                                            {"medmcqa", shares.rationales},
                                            {"gsm8k", shares.problems}};
  std::map<std::string, double> counts;
  for (const Document& document : documents)
    ++counts[document.source];
  std::vector<double> factors;
  factors.reserve(documents.size());
  for (const Document& document : documents) {
    const auto kind = kinds.find(document.source);
    NELUMBO_CHECK(kind != kinds.end()) << "no share for texts of '" << document.source << "'";
    factors.push_back(kind->second / counts[document.source]);
  }
  return factors;
}

Result<void> write_curated(const std::string& folder, const Curated& curated) {
  json report = curated.report;
  report["nodes"] = curated.nodes;
  for (const auto& [name, text] : {std::pair{kCorpus, corpus_lines(curated)},
                                   std::pair{kTraining, item_lines(curated.training)},
                                   std::pair{kValidation, item_lines(curated.validation)},
                                   std::pair{kReading, item_lines(curated.reading)},
                                   std::pair{kTokenizer, curated.tokenizer.json()},
                                   std::pair{"/attachments.jsonl", curated.attachments},
                                   std::pair{kReport, report.dump(2) + "\n"}})
    if (Result<void> written = write_file_atomic(folder + name, text); !written)
      return written;
  return {};
}

Result<Curated> read_curated(const std::string& folder) {
  std::error_code none;
  if (!std::filesystem::is_directory(folder, none))
    return Error{Errc::kInvalidConfig,
                 folder +
                     ": is no folder that the stage curate wrote; name one, such as "
                     "runs/quickstart/curate"};
  const Result<std::string> text = read_part(folder + kReport);
  if (!text)
    return text.error();
  json report = json::parse(text.value(), nullptr, false);
  if (!report.is_object() || !report.contains("nodes") || !report["nodes"].is_number_integer())
    return Error{Errc::kBadData,
                 folder + kReport + ": is damaged; remove the folder, it is made again"};
  Result<Tokenizer> tokenizer = Tokenizer::read(folder + kTokenizer);
  if (!tokenizer)
    return tokenizer.error();
  const auto nodes = report["nodes"].get<int64_t>();
  Curated curated{.documents = {},
                  .entities = {},
                  .nodes = nodes,
                  .training = {},
                  .validation = {},
                  .reading = {},
                  .tokenizer = std::move(tokenizer).value(),
                  .attachments = "",
                  .report = std::move(report)};
  if (Result<void> read = read_corpus(folder + kCorpus, &curated); !read)
    return read.error();
  for (const auto& [name, items] :
       {std::pair{kTraining, &curated.training}, std::pair{kValidation, &curated.validation},
        std::pair{kReading, &curated.reading}}) {
    Result<std::vector<MultiHopItem>> read = read_items(folder + name);
    if (!read)
      return read.error();
    *items = std::move(read).value();
  }
  return curated;
}

}  // namespace nelumbo
