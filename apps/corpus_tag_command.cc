// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <string_view>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/output_file.h"
#include "base/file.h"
#include "corpus/entity_sampler.h"
#include "corpus/entity_tagger.h"
#include "corpus/entity_tree.h"
#include "corpus/entity_tree_json.h"
#include "corpus/naive_names.h"
#include "corpus/text_sources.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kMostListed = 20;

struct TagOptions {
  std::vector<std::string> in;
  std::string data = "data";
  std::string out, attachments;
  int64_t check = 0;
};

/// What one call found.
struct Tagged {
  EntityTree tree;
  int64_t names = 0;
  std::vector<Document> documents;
  TaggedCorpus corpus;
  std::vector<double> weights;
  SearchCheck check;
};

Result<Tagged> tag(const TagOptions& options) {
  Result<EntityTree> tree = read_entity_tree(options.data);
  if (!tree)
    return tree.error();
  Result<std::vector<Document>> documents = read_all_documents(options.in);
  if (!documents)
    return documents.error();
  Tagged tagged{std::move(tree.value()), 0, std::move(documents.value()), {}, {}, {}};
  const int64_t nodes = std::ssize(tagged.tree.nodes());
  const EntityTagger tagger(tagged.tree);
  tagged.names = tagger.matcher().names();
  tagged.corpus = tag_corpus(tagger, tagged.documents, nodes);
  tagged.weights = EntitySampler(tagged.corpus.documents, nodes, {}, 0).weights();
  if (options.check > 0) {
    std::vector<std::string_view> texts;
    for (const Document& document : tagged.documents)
      texts.emplace_back(document.text);
    tagged.check =
        check_search(tagger.matcher(), NaiveNames(tagged.tree.names()), texts, options.check);
  }
  return tagged;
}

/// One object a line: {"id", "weight", "entities": [{"id", "name", "mentions"}]}.
std::string document_lines(const Tagged& tagged) {
  std::string lines;
  for (size_t i = 0; i < tagged.documents.size(); ++i) {
    json entities = json::array();
    for (const EntityCount& count : tagged.corpus.documents[i]) {
      const EntityNode& node = tagged.tree.node(count.node);
      entities.push_back({{"id", node.id}, {"name", node.name}, {"mentions", count.mentions}});
    }
    lines += json{{"id", tagged.documents[i].name()},
                  {"weight", tagged.weights[i]},
                  {"entities", entities}}
                 .dump() +
             "\n";
  }
  return lines;
}

/// The nodes that most documents name.
std::vector<int64_t> commonest(const TaggedCorpus& corpus) {
  std::vector<int64_t> nodes(corpus.naming.size());
  std::iota(nodes.begin(), nodes.end(), 0);
  std::stable_sort(nodes.begin(), nodes.end(), [&](int64_t a, int64_t b) {
    return corpus.naming[static_cast<size_t>(a)] > corpus.naming[static_cast<size_t>(b)];
  });
  nodes.resize(std::min<size_t>(nodes.size(), kMostListed));
  std::erase_if(nodes, [&](int64_t n) { return corpus.naming[static_cast<size_t>(n)] == 0; });
  return nodes;
}

json report_json(const Tagged& tagged) {
  const TaggedCorpus& corpus = tagged.corpus;
  json most = json::array();
  for (const int64_t node : commonest(corpus))
    most.push_back({{"id", tagged.tree.node(node).id},
                    {"name", tagged.tree.node(node).name},
                    {"documents", corpus.naming[static_cast<size_t>(node)]},
                    {"mentions", corpus.mentions[static_cast<size_t>(node)]}});
  constexpr int64_t kAny = std::numeric_limits<int64_t>::max();
  const auto [least, heaviest] = std::minmax_element(tagged.weights.begin(), tagged.weights.end());
  json check;
  if (tagged.check.texts > 0)
    check = {{"texts", tagged.check.texts},
             {"hits", tagged.check.hits},
             {"different", tagged.check.different}};
  return {{"tree", tree_json(tagged.tree, tagged.names)},
          {"check", check},
          {"documents", std::ssize(tagged.documents)},
          {"bytes", corpus.bytes},
          {"hits", corpus.hits},
          {"entities", corpus.nodes_named(1, kAny)},
          {"buckets",
           {{"1", corpus.nodes_named(1, 1)},
            {"2-5", corpus.nodes_named(2, 5)},
            {"6-20", corpus.nodes_named(6, 20)},
            {"over 20", corpus.nodes_named(21, kAny)}}},
          {"weights", {{"least", *least}, {"most", *heaviest}}},
          {"commonest", most}};
}

void print(const json& report, std::ostream& out) {
  const json& tree = report["tree"];
  out << "tree: " << tree["nodes"] << " nodes, " << tree["names"] << " names; attached "
      << tree["attached"] << ", by rule:";
  for (const auto& [rule, count] : tree["rules"].items())
    out << ' ' << rule << ' ' << count;
  out << '\n'
      << report["documents"] << " texts, " << report["bytes"] << " bytes: " << report["hits"]
      << " mentions of " << report["entities"] << " entities\n"
      << "entities by texts that name them: " << report["buckets"]["1"] << " in 1, "
      << report["buckets"]["2-5"] << " in 2-5, " << report["buckets"]["6-20"] << " in 6-20, "
      << report["buckets"]["over 20"] << " in more\n"
      << "commonest:\n";
  for (const json& entity : report["commonest"])
    out << "  " << entity["documents"] << "  " << entity["name"].get<std::string>() << '\n';
  if (const json& check = report["check"]; check.is_object())
    out << "check against a naive search: " << check["texts"] << " texts, " << check["hits"]
        << " mentions, " << check["different"] << " texts differ\n";
}

Result<void> check_outputs(const TagOptions& options) {
  std::vector<std::string> others = vocabulary_files(options.data);
  others.insert(others.end(), options.in.begin(), options.in.end());
  if (Result<void> other = require_other_file("--out", options.out, others); !other)
    return other;
  others.push_back(options.out);
  return require_other_file("--attachments", options.attachments, others);
}

Result<void> verdict(const Tagged& tagged) {
  if (!tagged.check.first_different)
    return {};
  const auto first = static_cast<size_t>(*tagged.check.first_different);
  return Error{Errc::kCheckFailed, tagged.documents[first].place.text() +
                                       ": a naive search finds other names in this text; " +
                                       std::to_string(tagged.check.different) + " differ"};
}

/// Nothing is written when the check says no.
Result<void> tag_corpus_files(Session& session, const TagOptions& options) {
  if (Result<void> other = check_outputs(options); !other)
    return other;
  const Result<Tagged> tagged = tag(options);
  if (!tagged)
    return tagged.error();
  if (Result<void> good = verdict(tagged.value()); !good)
    return good;
  if (!options.out.empty())
    if (Result<void> done = write_file_atomic(options.out, document_lines(tagged.value())); !done)
      return done;
  if (!options.attachments.empty())
    if (Result<void> done =
            write_file_atomic(options.attachments, attachment_lines(tagged.value().tree));
        !done)
      return done;
  const json report = report_json(tagged.value());
  if (session.json)
    session.out << report.dump() << '\n';
  else
    print(report, session.out);
  return {};
}

}  // namespace

void add_corpus_tag_command(CLI::App& corpus, Session& session) {
  auto options = std::make_shared<TagOptions>();
  CLI::App* command = corpus.add_subcommand(
      "tag", "Builds the Medical Entity Tree and counts its entities in texts.");
  command
      ->add_option("IN", options->in,
                   "Files of texts: JSON Lines with id and text, or the files of data/.")
      ->required();
  command->add_option("--data", options->data, "Folder with mesh/ and disease-ontology/.");
  command->add_option("-o,--out", options->out,
                      "Write the entities and the sampling weight of each text here.");
  command->add_option("--attachments", options->attachments,
                      "Write here where each term was attached to the tree, and why.");
  command
      ->add_option("--check", options->check,
                   "Search so many of the texts again by a naive search, which takes a tenth of a "
                   "second for each; exits 6, and writes nothing, if it finds anything else.")
      ->check(CLI::Range(0, 1'000'000));
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo corpus tag data/pubmedqa/pqal_train.json -o tagged.jsonl");
  command->callback([&session, options] {
    session.action = [&session, options] { return tag_corpus_files(session, *options); };
  });
}

}  // namespace nelumbo
