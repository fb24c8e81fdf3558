// SPDX-License-Identifier: Apache-2.0
#include "apps/report_stages.h"

#include <sstream>
#include <vector>

#include "apps/html_fields.h"
#include "base/text.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// Two columns: what was measured, and how much.
class Facts {
 public:
  explicit Facts(const std::string& title) {
    out_ << "<div class=\"wide\"><table><tr><th>" << html_escape(title)
         << "</th><th class=\"n\"></th></tr>";
  }
  void add(const std::string& what, const std::string& figure) {
    out_ << "<tr><td>" << html_escape(what) << "</td><td class=\"n\">" << html_escape(figure)
         << "</td></tr>";
  }
  void add_all(const json& counts) {
    for (const auto& [name, count] : counts.items())
      add(name, figure_of(counts, name));
  }
  std::string html() const { return out_.str() + "</table></div>"; }

 private:
  std::ostringstream out_;
};

std::string texts_html(const json& report) {
  const json& cleaning = member(report, "cleaning");
  Facts cleaned("texts");
  cleaned.add("read", figure_of(cleaning, "read"));
  for (const auto& [reason, count] : member(cleaning, "removed").items())
    if (count != 0)
      cleaned.add("removed: " + reason, figure_of(member(cleaning, "removed"), reason));
  cleaned.add("normalised", figure_of(cleaning, "normalised"));
  for (const char* kind : {"texts", "exams"}) {
    const json& found = member(member(report, "decontamination"), kind);
    cleaned.add(std::string(kind) + " too near to evaluation, left out",
                figure_of(found, "dropped"));
    cleaned.add("largest share of common 13-grams, " + std::string(kind),
                figure_of(found, "largest"));
  }
  Facts sources("documents by source");
  sources.add_all(member(member(report, "texts"), "sources"));
  return cleaned.html() + sources.html();
}

std::string entities_html(const json& report) {
  Facts tree("entities");
  tree.add("nodes of the tree", figure_of(member(report, "tree"), "nodes"));
  tree.add("names and synonyms", figure_of(member(report, "tree"), "names"));
  tree.add("attached to the skeleton", figure_of(member(report, "tree"), "attached"));
  tree.add("mentions in the texts", figure_of(member(report, "texts"), "mentions"));
  for (const auto& [bucket, count] : member(member(report, "texts"), "named").items())
    tree.add("entities that " + bucket + " texts name",
             figure_of(member(member(report, "texts"), "named"), bucket));
  const json& coverage = member(report, "coverage");
  for (const char* direction : {"forward", "backward"})
    tree.add(std::string("coverage ") + direction + ", exact (by spelling)",
             figure_of(member(coverage, direction), "exact") + " (" +
                 figure_of(member(coverage, direction), "embedding") + ")");
  std::vector<std::string> weak;
  for (const json& row : array_of(coverage, "rarest"))
    weak.push_back(text_of(row, "name") + " (" + text_of(row, "mentions") + ")");
  return tree.html() + "<details><summary>asked for and least named in the texts</summary><p>" +
         html_escape(joined(weak, ", ")) + "</p></details>";
}

std::string questions_html(const json& report) {
  const json& multihop = member(report, "multihop");
  Facts made("multi-hop questions");
  made.add("entities they are about", figure_of(member(report, "knowledge"), "entities"));
  made.add("facts between them", figure_of(member(report, "knowledge"), "facts"));
  made.add("made and audited", figure_of(multihop, "items"));
  made.add("to train on", figure_of(multihop, "training"));
  made.add("about a single fact", figure_of(member(report, "facts"), "items"));
  made.add("with notes to read", figure_of(member(report, "reading"), "items"));
  made.add("to be asked", figure_of(multihop, "validation"));
  for (const auto& [hops, count] : member(multihop, "hidden_hops").items())
    made.add(hops + " hops to find out", figure_of(member(multihop, "hidden_hops"), hops));
  int64_t faults = 0;
  for (const auto& [fault, count] : member(multihop, "faults").items())
    faults += count.is_number_integer() ? count.get<int64_t>() : 0;
  made.add("faults that the audit found", std::to_string(faults));
  return made.html();
}

std::string why(const json& gates) {
  std::vector<std::string> reasons;
  for (const json& rejected : array_of(gates, "rejected"))
    reasons.push_back(text_of(rejected, "reason") + " " + text_of(rejected, "attempts"));
  return joined(reasons, ", ");
}

}  // namespace

std::string curate_html(const json& report) {
  if (!report.is_object())
    return "<p class=\"soft\">Not a stage of this run.</p>";
  return texts_html(report) + entities_html(report) + questions_html(report);
}

std::string gates_html(const json& gates) {
  if (array_of(gates, "draws").empty())
    return "";
  std::ostringstream out;
  out << "<h2>Traces drawn by midtrain</h2><div class=\"wide\"><table><tr><th>draw</th><th "
         "class=\"n\">temperature</th><th>task</th><th class=\"n\">answers</th><th "
         "class=\"n\">right</th><th class=\"n\">of those, soundly thought</th><th>why "
         "not</th></tr>";
  for (const json& draw : array_of(gates, "draws"))
    for (const json& row : array_of(draw, "gates"))
      out << "<tr><td>" << html_escape(text_of(draw, "draw")) << "</td><td class=\"n\">"
          << figure_of(row, "temperature") << "</td><td>" << html_escape(text_of(row, "task"))
          << "</td><td class=\"n\">" << figure_of(row, "attempts") << "</td><td class=\"n\">"
          << figure_of(row, "outcome_rate") << "</td><td class=\"n\">"
          << figure_of(row, "thinking_rate") << "</td><td>" << html_escape(why(row))
          << "</td></tr>";
  out << "</table></div>";
  return out.str();
}

}  // namespace nelumbo
