// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/output_file.h"
#include "corpus/cleaning.h"
#include "corpus/decontamination.h"
#include "corpus/holdout.h"
#include "corpus/planted_faults.h"
#include "corpus/text_sources.h"

namespace nelumbo {
namespace {

using nlohmann::json;

struct CleanOptions {
  std::vector<std::string> in, against;
  std::string out;
  std::string part = "all";
  int64_t planted = 0;
  uint64_t seed = 0;
  uint64_t seeds = 1;
};

/// All that the command found out, and the texts that are left.
struct Outcome {
  std::vector<Document> documents;
  CleaningReport cleaning;
  std::optional<json> decontamination;
  std::optional<json> planted;
};

Result<std::vector<Document>> read_part(const CleanOptions& options) {
  Result<std::vector<Document>> documents = read_all_documents(options.in);
  if (!documents || options.part == "all")
    return documents;
  const Part part = options.part == "train" ? Part::kTrain : Part::kDevelopment;
  std::erase_if(documents.value(), [&](const Document& d) { return part_of(d.id) != part; });
  return documents;
}

Result<std::vector<Document>> read_references(const std::vector<std::string>& paths) {
  std::vector<Document> all;
  for (const std::string& path : paths) {
    Result<std::vector<Document>> texts = read_reference_texts(path);
    if (!texts)
      return texts.error();
    std::move(texts.value().begin(), texts.value().end(), std::back_inserter(all));
  }
  return all;
}

json pair_json(const Contamination& pair, const std::vector<Document>& training,
               const std::vector<Document>& evaluation) {
  return {{"id", training[static_cast<size_t>(pair.document)].name()},
          {"place", evaluation[static_cast<size_t>(pair.reference)].place.text()},
          {"against", evaluation[static_cast<size_t>(pair.reference)].name()},
          {"share", pair.share},
          {"equal", pair.equal},
          {"dropped", pair.dropped()}};
}

/// Compares, drops, and tells the pairs by name while the texts are still there.
Result<json> decontaminate(std::vector<Document>& documents,
                           const std::vector<std::string>& against) {
  const Result<std::vector<Document>> references = read_references(against);
  if (!references)
    return references.error();
  const DecontaminationReport report = compare_texts(documents, references.value());
  json pairs = json::array();
  for (const Contamination& pair : report.found)
    pairs.push_back(pair_json(pair, documents, references.value()));
  json found{
      {"references", report.references},     {"sharing", report.sharing},   {"largest", nullptr},
      {"flagged", std::ssize(report.found)}, {"dropped", report.dropped()}, {"pairs", pairs}};
  if (report.largest.share > 0)
    found["largest"] = pair_json(report.largest, documents, references.value());
  drop_contaminated(documents, report);
  return found;
}

/// What became of planted faults, over all seeds that were tried.
class PlantedTrials {
 public:
  void add(const PlantedScore& score, const std::vector<Document>& texts) {
    ++seeds_;
    least_recall_ = std::min(least_recall_, score.recall());
    most_false_ = std::max(most_false_, score.false_removals());
    for (const RemovedText& text : score.falsely_removed)
      ++lost_[{texts[static_cast<size_t>(text.document)].name(), removal_name(text.reason)}];
    sum_.add(score);
  }

  json report() const {
    json faults = json::object(), lost = json::array();
    for (const auto& [fault, caught] : sum_.faults)
      faults[fault_name(fault)] = {{"planted", caught.planted}, {"caught", caught.caught}};
    for (const auto& [text, times] : lost_)
      lost.push_back({{"id", text.first}, {"reason", text.second}, {"times", times}});
    return {{"seeds", seeds_},
            {"recall", least_recall_},
            {"false_removals", most_false_},
            {"sound", sum_.sound},
            {"born_faulty", sum_.born_faulty},
            {"falsely_removed", std::ssize(sum_.falsely_removed)},
            {"removed_sound", lost},
            {"faults", faults}};
  }

 private:
  int64_t seeds_ = 0;
  double least_recall_ = 1, most_false_ = 0;
  PlantedScore sum_;
  std::map<std::pair<std::string, std::string>, int64_t> lost_;
};

/// How many faults cleaning finds that are known: those of the held-out set, so that no limit was
/// chosen by looking at them.
Result<json> try_planted(const std::vector<Document>& documents, const CleanOptions& options) {
  if (std::ssize(documents) / 2 < options.planted)
    return Error{Errc::kInvalidConfig, "--planted: " + std::to_string(options.planted) +
                                           " faults need twice as many "
                                           "texts, but there are " +
                                           std::to_string(documents.size()) + "; plant fewer"};
  PlantedTrials trials;
  for (uint64_t i = 0; i < options.seeds; ++i) {
    const uint64_t seed = options.seed + i;
    const PlantedCorpus planted =
        plant_faults(documents, options.planted, FaultSet::kHeldOut, seed);
    trials.add(score_cleaning(planted, clean(planted.documents, {}, seed)), planted.documents);
  }
  return trials.report();
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%", 100 * share);
  return text;
}

json outcome_json(const Outcome& outcome, const CleanOptions& options) {
  json all = to_json(outcome.cleaning);
  all["clean"] = outcome.cleaning.kept;
  all["kept"] = std::ssize(outcome.documents);
  all["out"] = options.out.empty() ? json() : json(options.out);
  all["written"] = options.out.empty() ? 0 : std::ssize(outcome.documents);
  all["decontamination"] = outcome.decontamination.value_or(json());
  all["planted"] = outcome.planted.value_or(json());
  return all;
}

void print_planted(const json& planted, std::ostream& out) {
  out << "planted faults, " << planted["seeds"] << (planted["seeds"] == 1 ? " seed" : " seeds")
      << ": least recall " << percent(planted["recall"].get<double>()) << ", most false removals "
      << percent(planted["false_removals"].get<double>()) << '\n';
  for (const auto& [kind, caught] : planted["faults"].items())
    out << "  " << kind << ": " << caught["caught"] << " of " << caught["planted"] << '\n';
  for (const json& text : planted["removed_sound"])
    out << "  removed without a planted fault, " << text["reason"].get<std::string>() << ": "
        << text["id"].get<std::string>() << '\n';
}

void print(const Outcome& outcome, const CleanOptions& options, std::ostream& out) {
  const CleaningReport& report = outcome.cleaning;
  out << report.read << " texts read, " << report.kept << " clean, " << report.normalised
      << " of them normalised\n";
  for (const auto& [reason, count] : report.counts())
    if (count > 0)
      out << "  removed, " << removal_name(reason) << ": " << count << '\n';
  if (outcome.decontamination) {
    const json& found = *outcome.decontamination;
    out << "compared with " << found["references"] << " evaluation texts: " << found["flagged"]
        << " flagged, " << found["dropped"] << " dropped";
    if (!found["largest"].is_null())
      out << ", largest share of 13-grams " << percent(found["largest"]["share"].get<double>());
    out << '\n';
    for (const json& pair : found["pairs"])
      out << "  " << (pair["dropped"].get<bool>() ? "dropped " : "flagged ")
          << pair["id"].get<std::string>() << " for " << pair["against"].get<std::string>() << ": "
          << percent(pair["share"].get<double>()) << '\n';
    out << outcome.documents.size() << " kept\n";
  }
  if (outcome.planted)
    print_planted(*outcome.planted, out);
  if (!options.out.empty())
    out << options.out << ": " << outcome.documents.size() << " texts\n";
}

/// Nothing that is read may be what is written.
Result<void> check_output(const CleanOptions& options) {
  std::vector<std::string> read = options.in;
  read.insert(read.end(), options.against.begin(), options.against.end());
  return require_other_file("--out", options.out, read);
}

Result<void> clean_corpus(Session& session, const CleanOptions& options) {
  if (Result<void> other = check_output(options); !other)
    return other;
  Result<std::vector<Document>> documents = read_part(options);
  if (!documents)
    return documents.error();
  Outcome outcome;
  if (options.planted > 0) {
    Result<json> score = try_planted(documents.value(), options);
    if (!score)
      return score.error();
    outcome.planted = std::move(score).value();
  }
  CleanedTexts cleaned = clean(std::move(documents).value(), {}, options.seed);
  outcome.documents = std::move(cleaned.documents);
  outcome.cleaning = std::move(cleaned.report);
  if (!options.against.empty()) {
    Result<json> found = decontaminate(outcome.documents, options.against);
    if (!found)
      return found.error();
    outcome.decontamination = std::move(found).value();
  }
  if (!options.out.empty())
    if (Result<void> written = write_documents(options.out, outcome.documents); !written)
      return written;
  if (session.json)
    session.out << outcome_json(outcome, options).dump() << '\n';
  else
    print(outcome, options, session.out);
  return {};
}

}  // namespace

void add_corpus_clean_command(CLI::App& corpus, Session& session) {
  auto options = std::make_shared<CleanOptions>();
  CLI::App* command = corpus.add_subcommand(
      "clean", "Removes duplicates, damaged and worthless texts, and says how many and why.");
  command
      ->add_option("IN", options->in,
                   "Files of texts: JSON Lines with id and text, or the files of data/.")
      ->required();
  command->add_option("-o,--out", options->out, "Write what is left here, as JSON Lines.");
  command->add_option("--against", options->against,
                      "Evaluation files; texts that contain one of theirs are dropped.");
  command
      ->add_option("--part", options->part,
                   "Use only this part of each file, by hash of the ids: train (80 %), "
                   "development (20 %) or all.")
      ->check(CLI::IsMember({"all", "train", "development"}));
  command
      ->add_option("--planted", options->planted,
                   "Also plant so many faults of eight kinds in a copy and report how many are "
                   "found and how many sound texts leave; needs twice as many texts (500: 1,000).")
      ->check(CLI::Range(0, 1'000'000));
  command->add_option("--seed", options->seed, "Of the classifier and the planted faults.")
      ->check(CLI::Range(int64_t{0}, std::numeric_limits<int64_t>::max()));
  command
      ->add_option("--seeds", options->seeds,
                   "Plant with so many seeds, from --seed on, and report the worst of each figure.")
      ->check(CLI::Range(1, 1000));
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer(
      "Example:\n"
      "  nelumbo corpus clean data/gsm8k/train.jsonl data/medmcqa/dev.jsonl -o text.jsonl "
      "--against data/medqa/dev.jsonl");
  command->callback([&session, options] {
    session.action = [&session, options] { return clean_corpus(session, *options); };
  });
}

}  // namespace nelumbo
