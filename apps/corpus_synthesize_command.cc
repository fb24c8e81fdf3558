// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <iomanip>
#include <limits>
#include <map>
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/output_file.h"
#include "base/file.h"
#include "corpus/chain_checks.h"
#include "corpus/multi_hop_audit.h"
#include "corpus/multi_hop_json.h"
#include "corpus/multi_hop_turns.h"

namespace nelumbo {
namespace {

struct SynthesizeOptions {
  std::string data = "data";
  std::string output;
  MultiHopPlan plan;
};

/// What a synthesis did.
struct Synthesis {
  Relations relations;
  std::vector<MultiHopItem> items;
  MultiHopAudit audit;
  std::vector<std::string> chain_complaints;
  double seconds = 0;

  bool ok() const { return audit.ok() && chain_complaints.empty(); }
};

Error too_many(int64_t most) {
  return {Errc::kInvalidConfig,
          "--count: these entities give at most " + std::to_string(most) + " items; ask for fewer"};
}

Result<Synthesis> synthesize_items(const SynthesizeOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  Result<Relations> relations = read_relations(options.data);
  if (!relations)
    return relations.error();
  Synthesis done;
  done.relations = std::move(relations).value();
  const KnowledgeGraph graph(done.relations);
  const std::vector<double> weights = weights_by_scarcity(graph);
  if (const int64_t most = most_multi_hop(weights); options.plan.count > most)
    return too_many(most);
  done.items = make_multi_hop(graph, weights, options.plan);
  if (std::ssize(done.items) < options.plan.count)
    return too_many(std::ssize(done.items));
  done.audit = audit_multi_hop(done.relations, done.items);
  for (const MultiHopItem& item : done.items)
    for (const ChainComplaint& complaint :
         check_chain(chain_of(item).text(), evidence_of(item), item.answer()))
      done.chain_complaints.push_back(item.id + ": " + complaint.reason);
  done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return done;
}

nlohmann::json report_json(const Synthesis& done, const SynthesizeOptions& options) {
  nlohmann::json relations, markers;
  const auto by_relation = done.relations.count_by_relation();
  for (const RelationWords& words : kRelationWords)
    relations[std::string(words.name)] = by_relation[static_cast<size_t>(words.relation)];
  for (size_t i = 0; i < kMarkers; ++i) {
    const MarkerCount& count = done.relations.markers[i];
    markers[std::string(kMarkerNames[i])] = {
        {"underscored", count.underscored}, {"phrases", count.phrases}, {"terms", count.terms}};
  }
  nlohmann::json report = to_json(done.audit);
  report.update({{"ok", done.ok()},
                 {"output", options.output},
                 {"entities", done.relations.entities.size()},
                 {"triples", done.relations.triples.size()},
                 {"relations", relations},
                 {"markers", markers},
                 {"faulty_chains", done.chain_complaints.size()},
                 {"seconds", done.seconds}});
  return report;
}

void print(const Synthesis& done, const SynthesizeOptions& options, std::ostream& out) {
  out << "graph: " << done.relations.entities.size() << " entities, "
      << done.relations.triples.size() << " facts\n";
  out << "items: " << done.audit.items << ", hidden hops";
  for (const auto& [hops, count] : done.audit.by_hidden_hops)
    out << ' ' << hops << ':' << count;
  out << "\naudit:";
  for (size_t i = 0; i < kMultiHopFaults; ++i)
    out << ' ' << kMultiHopFaultNames[i] << ' ' << done.audit.faults[i] << ',';
  out << " faulty chains " << done.chain_complaints.size() << '\n';
  if (done.ok())
    out << "wrote " << options.output << " in " << std::fixed << std::setprecision(1)
        << done.seconds << " s\n";
}

/// Nothing is written when the audit says no.
Result<void> synthesize(Session& session, const SynthesizeOptions& options) {
  if (Result<void> other =
          require_other_file("--output", options.output, vocabulary_files(options.data));
      !other)
    return other;
  Result<Synthesis> synthesis = synthesize_items(options);
  if (!synthesis)
    return synthesis.error();
  const Synthesis& done = synthesis.value();
  if (done.ok()) {
    std::string lines;
    for (const MultiHopItem& item : done.items)
      lines += multi_hop_line(item) + "\n";
    if (Result<void> written = write_file_atomic(options.output, lines); !written)
      return written.error();
  }
  if (session.json)
    session.out << report_json(done, options).dump() << '\n';
  else
    print(done, options, session.out);
  if (done.ok())
    return {};
  return Error{Errc::kCheckFailed, "the audit says no, and nothing was written: " +
                                       (done.audit.ok() ? done.chain_complaints.front()
                                                        : done.audit.complaints.front())};
}

}  // namespace

void add_corpus_synthesize_command(CLI::App& corpus, Session& session) {
  auto options = std::make_shared<SynthesizeOptions>();
  CLI::App* command = corpus.add_subcommand(
      "synthesize",
      "Makes multi-hop questions over the knowledge graph, with gold paths and chains of thought, "
      "and audits them; exits 6 if the audit says no.");
  command->add_option("-o,--output", options->output, "The JSONL file to write.")->required();
  command->add_option("--data", options->data, "Folder with the data sets.");
  command->add_option("--count", options->plan.count, "How many questions.")
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--seed", options->plan.seed, "Same seed, same bytes.")
      ->check(CLI::Range(int64_t{0}, std::numeric_limits<int64_t>::max()));
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer(
      "Example:\n  nelumbo corpus synthesize --data data --count 1000 --seed 1 -o items.jsonl");
  command->callback([&session, options] {
    session.action = [&session, options] { return synthesize(session, *options); };
  });
}

}  // namespace nelumbo
