// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "corpus/coverage_json.h"
#include "corpus/entity_tree.h"

namespace nelumbo {
namespace {

using nlohmann::json;

struct CoverageOptions {
  std::string data = "data";
  std::string benchmark;
};

std::string three_digits(const json& value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", value.get<double>());
  return text.data();
}

void print(const json& report, std::ostream& out) {
  out << report["headings"] << " headings, " << report["entities"] << " entities\n";
  for (const char* direction : {"forward", "backward"})
    out << direction << ": " << three_digits(report[direction]["exact"]) << " exact, "
        << three_digits(report[direction]["embedding"]) << " by spelling\n";
  out << "least covered headings:\n";
  for (const json& row : report["weakest"])
    out << "  " << three_digits(row["likeness"]) << "  " << row["heading"].get<std::string>()
        << (row["nearest"].is_null() ? "" : " ~ " + row["nearest"].dump()) << '\n';
  out << "asked for and least named in the texts:\n";
  for (const json& row : report["rarest"])
    out << "  " << row["mentions"] << " mentions, " << row["records"] << " records  "
        << row["name"].get<std::string>() << '\n';
}

Result<void> show_coverage(Session& session, const CoverageOptions& options) {
  const Result<EntityTree> tree = read_entity_tree(options.data);
  if (!tree)
    return tree.error();
  const std::string path =
      options.benchmark.empty() ? options.data + "/pubmedqa/pqal_train.json" : options.benchmark;
  const Result<json> read = coverage_json(tree.value(), path);
  if (!read)
    return read.error();
  const json& report = read.value();
  if (session.json)
    session.out << report.dump() << '\n';
  else
    print(report, session.out);
  return {};
}

}  // namespace

void add_corpus_coverage_command(CLI::App& corpus, Session& session) {
  auto options = std::make_shared<CoverageOptions>();
  CLI::App* command = corpus.add_subcommand(
      "coverage", "How well the Medical Entity Tree knows what a benchmark asks, and conversely.");
  command->add_option("BENCHMARK", options->benchmark,
                      "A PubMedQA file; without one, that of the data folder.");
  command->add_option("--data", options->data, "Folder with mesh/ and disease-ontology/.");
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer("Example:\n  nelumbo corpus coverage data/pubmedqa/pqal_train.json --json");
  command->callback([&session, options] {
    session.action = [&session, options] { return show_coverage(session, *options); };
  });
}

}  // namespace nelumbo
