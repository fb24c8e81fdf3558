// SPDX-License-Identifier: Apache-2.0
#include "corpus/curation.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/rng.h"
#include "corpus/chain_checks.h"
#include "corpus/cleaning.h"
#include "corpus/coverage_json.h"
#include "corpus/decontamination.h"
#include "corpus/dialogue.h"
#include "corpus/entity_tree.h"
#include "corpus/entity_tree_json.h"
#include "corpus/exam_sets.h"
#include "corpus/holdout.h"
#include "corpus/knowledge_world.h"
#include "corpus/multi_hop_audit.h"
#include "corpus/question_text.h"
#include "corpus/reasoning_chain.h"
#include "corpus/smear_words.h"
#include "corpus/text_sources.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kFactsInDocument = 8;
/// Bytes of each source that a tokenizer is trained on, and how often the questions about pictures
/// are said beside them.
constexpr int64_t kTokenizerBytes = 200'000;
constexpr int kTokenizerCopies = 20;

/// Makes a Curated, one step behind the other.
class Curator {
 public:
  Curator(const std::string& root, const CurateConfig& config, uint64_t seed)
      : root_(root), config_(config), seed_(seed) {}

  Result<Curated> run(const TokenizerConfig& tokenizer) {
    if (auto done = read_texts(); !done)
      return done.error();
    if (auto done = decontaminate(); !done)
      return done.error();
    if (auto done = tag(); !done)
      return done.error();
    if (auto done = ask(); !done)
      return done.error();
    if (auto done = train(tokenizer); !done)
      return done.error();
    return std::move(*this).take();
  }

 private:
  json& report() { return out_.report; }

  Result<void> read_texts() {
    Result<std::vector<Document>> read = read_all_documents(
        {root_ + "/pubmedqa/pqal_train.json", root_ + "/medmcqa/dev.jsonl",
         root_ + "/gsm8k/train.jsonl", root_ + "/disease-ontology/DO_rare_slim.obo"});
    if (!read)
      return read.error();
    std::erase_if(read.value(), [](const Document& document) {
      const bool scored = document.source == "pubmedqa" || document.source == "medmcqa";
      return scored && part_of(document.id) == Part::kDevelopment;
    });
    CleanedTexts cleaned = clean(std::move(read).value(), {}, seed_);
    out_.documents = std::move(cleaned.documents);
    report()["cleaning"] = to_json(cleaned.report);
    return {};
  }

  Result<void> decontaminate() {
    const Result<std::vector<Document>> evaluation = read_evaluation_texts(root_);
    if (!evaluation)
      return evaluation.error();
    const DecontaminationReport found = compare_texts(out_.documents, evaluation.value());
    report()["decontamination"]["texts"] = {{"references", found.references},
                                            {"sharing", found.sharing},
                                            {"largest", found.largest.share},
                                            {"flagged", std::ssize(found.found)},
                                            {"dropped", found.dropped()}};
    drop_contaminated(out_.documents, found);
    const Result<ExamSets> exams = read_exam_sets(root_);
    if (!exams)
      return exams.error();
    report()["decontamination"]["exams"] = exams.value().report;
    return {};
  }

  Result<void> tag() {
    const Result<EntitySources> vocabularies = read_entity_sources(root_);
    if (!vocabularies)
      return vocabularies.error();
    Result<EntityTree> tree = EntityTree::build(vocabularies.value());
    if (!tree)
      return tree.error();
    tree_.emplace(std::move(tree).value());
    Result<json> coverage = coverage_json(*tree_, root_ + "/pubmedqa/pqal_train.json");
    if (!coverage)
      return coverage.error();
    report()["coverage"] = std::move(coverage).value();
    relations_ = extract_relations(vocabularies.value().terms, vocabularies.value().mesh);
    const EntityTagger tagger(*tree_);
    out_.nodes = std::ssize(tree_->nodes());
    const TaggedCorpus before = tag_corpus(tagger, out_.documents, out_.nodes);
    world_ = choose_world(relations_, weakness(relations_, before),
                          {.entities = config_.entities, .forks = config_.forks, .seed = seed_});
    std::vector<Document> facts = fact_documents(world_, kFactsInDocument);
    std::move(facts.begin(), facts.end(), std::back_inserter(out_.documents));
    tagged_ = tag_corpus(tagger, out_.documents, out_.nodes);
    out_.attachments = attachment_lines(*tree_);
    report()["tree"] = tree_json(*tree_, tagger.matcher().names());
    constexpr int64_t kAny = std::numeric_limits<int64_t>::max();
    report()["texts"] = {{"documents", std::ssize(out_.documents)},
                         {"bytes", tagged_.bytes},
                         {"mentions", tagged_.hits},
                         {"entities", tagged_.nodes_named(1, kAny)},
                         {"named",
                          {{"1", tagged_.nodes_named(1, 1)},
                           {"2-5", tagged_.nodes_named(2, 5)},
                           {"6-20", tagged_.nodes_named(6, 20)},
                           {">20", tagged_.nodes_named(21, kAny)}}}};
    std::map<std::string, int64_t> sources;
    for (const Document& document : out_.documents)
      ++sources[document.source];
    report()["texts"]["sources"] = sources;
    report()["knowledge"] = {{"entities", std::ssize(world_.entities)},
                             {"facts", std::ssize(world_.triples)}};
    return {};
  }

  /// 1 / (1 + documents that name it); an entity that is not in the tree counts as never named.
  std::vector<double> weakness(const Relations& relations, const TaggedCorpus& tagged) const {
    constexpr std::string_view kMesh = "MESH:";
    std::vector<double> weights;
    weights.reserve(relations.entities.size());
    for (const Entity& entity : relations.entities) {
      const std::string id =
          entity.id.starts_with(kMesh) ? entity.id.substr(kMesh.size()) : entity.id;
      const std::optional<int64_t> node = tree_->find(id);
      const int64_t named = node ? tagged.naming[static_cast<size_t>(*node)] : 0;
      weights.push_back(1.0 / static_cast<double>(1 + named));
    }
    return weights;
  }

  Result<void> ask() {
    MultiHopPlan plan{.count = config_.questions, .seed = seed_, .forks = config_.forks};
    plan.most_hops = static_cast<int>(config_.most_hops);
    Result<std::vector<MultiHopItem>> items = audited(world_, plan, "multihop");
    if (!items)
      return items.error();
    plan.count = config_.reading;
    Result<std::vector<MultiHopItem>> reading = audited(relations_, plan, "reading");
    if (!reading)
      return reading.error();
    plan.count = config_.questions;
    plan.least_hops = plan.most_hops = 1;
    Result<std::vector<MultiHopItem>> facts = audited(world_, plan, "facts");
    if (!facts)
      return facts.error();
    split(std::move(items).value());
    std::move(facts.value().begin(), facts.value().end(), std::back_inserter(out_.training));
    out_.reading = apart_from_validation(std::move(reading).value());
    return out_.training.empty() || out_.validation.empty()
               ? Result<void>(Error{Errc::kInvalidConfig,
                                    "curate.questions: these entities give too few questions to "
                                    "train on and to ask; raise curate.entities"})
               : Result<void>();
  }

  /// Items over `relations`, reported under `name`. kCheckFailed when one is not sound.
  Result<std::vector<MultiHopItem>> audited(const Relations& relations, const MultiHopPlan& plan,
                                            const char* name) {
    std::vector<MultiHopItem> items =
        make_multi_hop(KnowledgeGraph(relations), weakness(relations, tagged_), plan);
    const MultiHopAudit audit = audit_multi_hop(relations, items);
    report()[name] = to_json(audit);
    if (!audit.ok())
      return Error{Errc::kCheckFailed, std::string("curate: the audit of the questions '") + name +
                                           "' says no: " + audit.complaints.front()};
    int64_t faulty = 0;
    for (const MultiHopItem& item : items)
      faulty +=
          check_chain(chain_of(item).text(), evidence_of(item), item.answer()).empty() ? 0 : 1;
    report()[name]["faulty_chains"] = faulty;
    return items;
  }

  /// The validation items are drawn at random; of the others those train that keep apart from them.
  void split(std::vector<MultiHopItem> items) {
    Random random(seed_, Purpose::kData, 0, kSplitStream);
    for (int64_t i = std::ssize(items) - 1; i > 0; --i)
      std::swap(items[static_cast<size_t>(i)], items[static_cast<size_t>(random.below(i + 1))]);
    const auto kept = static_cast<std::ptrdiff_t>(
        std::min<int64_t>(config_.validation_questions, std::ssize(items) / 3));
    out_.validation.assign(items.begin(), items.begin() + kept);
    out_.training = apart_from_validation({items.begin() + kept, items.end()});
    report()["multihop"]["training"] = std::ssize(out_.training);
    report()["multihop"]["validation"] = std::ssize(out_.validation);
    report()["multihop"]["left_out"] = std::ssize(items) - kept - std::ssize(out_.training);
  }

  /// Those items whose path holds none of validation, in either direction.
  std::vector<MultiHopItem> apart_from_validation(std::vector<MultiHopItem> items) const {
    std::set<std::vector<std::string>> paths;
    for (const MultiHopItem& item : out_.validation) {
      paths.insert(stops_of(item, 0, item.path.size()));
      std::vector<std::string> back = stops_of(item, 0, item.path.size());
      std::reverse(back.begin(), back.end());
      paths.insert(std::move(back));
    }
    std::erase_if(items, [&](const MultiHopItem& item) { return holds_one(item, paths); });
    return items;
  }

  static std::vector<std::string> stops_of(const MultiHopItem& item, size_t first, size_t last) {
    std::vector<std::string> ids;
    for (size_t i = first; i < last; ++i)
      ids.push_back(item.path[i].id);
    return ids;
  }

  static bool holds_one(const MultiHopItem& item, const std::set<std::vector<std::string>>& paths) {
    for (size_t first = 0; first < item.path.size(); ++first)
      for (size_t last = first + 1; last <= item.path.size(); ++last)
        if (paths.contains(stops_of(item, first, last)))
          return true;
    return false;
  }

  Result<void> train(const TokenizerConfig& config) {
    std::vector<std::string> texts;
    const std::vector<std::string> said = tokenizer_texts();
    for (int copy = 0; copy < kTokenizerCopies; ++copy)
      texts.insert(texts.end(), said.begin(), said.end());
    std::map<std::string, int64_t> read;
    for (const Document& document : out_.documents)
      if ((read[document.source] += std::ssize(document.text)) <= kTokenizerBytes)
        texts.push_back(document.text);
    for (const MultiHopItem& item : out_.training)
      texts.push_back(item.question + "\n" + choices_text(item.choices) + "\n" +
                      chain_of(item).understand);
    Result<Tokenizer> trained = train_tokenizer(texts, {.vocab_size = config.vocab_size,
                                                        .special_tokens = special_tokens(),
                                                        .added_tokens = added_tokens()});
    if (!trained)
      return trained.error();
    tokenizer_.emplace(std::move(trained).value());
    report()["tokenizer"] = {{"size", tokenizer_->size()}};
    return {};
  }

  Curated take() && {
    out_.entities = std::move(tagged_.documents);
    out_.tokenizer = std::move(*tokenizer_);
    return std::move(out_);
  }

  static constexpr uint32_t kSplitStream = 0x53706C;

  const std::string& root_;
  const CurateConfig& config_;
  uint64_t seed_;
  std::optional<EntityTree> tree_;
  Relations relations_;  ///< the whole graph
  Relations world_;      ///< the part of it that is to be known
  TaggedCorpus tagged_;
  std::optional<Tokenizer> tokenizer_;
  Curated out_;
};

}  // namespace

Result<Curated> curate(const std::string& root, const CurateConfig& config,
                       const TokenizerConfig& tokenizer, uint64_t seed) {
  return Curator(root, config, seed).run(tokenizer);
}

}  // namespace nelumbo
