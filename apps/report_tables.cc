// SPDX-License-Identifier: Apache-2.0
#include "apps/report_tables.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "apps/html_fields.h"
#include "base/text.h"
#include "evaluation/benchmark.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// "0.612 [0.55, 0.67] reward 0.7 steps 0.4"; a set that was not run is blank, not 0.
std::string with_interval(const json& set) {
  if (!number_of(set, "score"))
    return "";
  std::string text = figure_of(set, "score") + " <span class=\"soft\">[" + figure_of(set, "low") +
                     ", " + figure_of(set, "high") + "]";
  for (const char* figure : {"reward", "steps"})
    if (number_of(set, figure))
      text += std::string(" ") + figure + " " + figure_of(set, figure);
  return text + "</span>";
}

/// The set `name` asked in the way `mode` among the sets of a policy, or null.
const json& find_set(const json& policy, const std::string& name, const std::string& mode) {
  static const json kNull;
  for (const json& set : array_of(policy, "sets"))
    if (text_of(set, "name") == name && text_of(set, "mode") == mode)
      return set;
  return kNull;
}

void write_benchmark_row(std::ostream& out, const std::string& name, const std::string& set,
                         const json& scores) {
  out << "<tr><td>" << html_escape(name) << "</td><td>" << html_escape(set)
      << "</td><td class=\"n\">" << escaped_text_of(scores, "n") << "</td><td class=\"n\">"
      << with_interval(scores) << "</td>";
  for (const char* figure : {"baseline", "parse_fail", "truncated", "mean_length"})
    out << "<td class=\"n\">" << (number_of(scores, figure) ? figure_of(scores, figure) : "")
        << "</td>";
  out << "</tr>";
}

/// The classes of the benchmark with their sets, of the last policy that has them.
void write_benchmark(std::ostream& out, const json& evaluation) {
  const json& policies = array_of(evaluation, "policies");
  const auto last = std::find_if(policies.rbegin(), policies.rend(), [](const json& policy) {
    return member(policy, "benchmark").is_object();
  });
  if (last == policies.rend())
    return;
  const json& benchmark = member(*last, "benchmark");
  out << "<h3>Unified benchmark, " << escaped_text_of(*last, "name")
      << ", greedy</h3><div class=\"wide\"><table><tr><th>class</th><th>set</th>"
         "<th class=\"n\">n</th><th class=\"n\">score</th><th class=\"n\">baseline</th>"
         "<th class=\"n\">parse fail</th><th class=\"n\">truncated</th><th "
         "class=\"n\">tokens</th></tr>";
  for (const std::string& name : benchmark_classes()) {
    const json& scores = member(member(benchmark, "classes"), name);
    if (scores.is_null())
      continue;
    write_benchmark_row(out, name, "mean of its sets", scores);
    for (const auto& [set, score] : member(scores, "sets").items())
      write_benchmark_row(out, "", set, score);
  }
  out << "</table></div><p class=\"soft\">Mean over classes " << figure_of(benchmark, "overall")
      << ", over sets " << figure_of(benchmark, "overall_sets") << ".</p>";
}

void add_once(std::vector<std::string>& words, const std::string& word) {
  if (std::find(words.begin(), words.end(), word) == words.end())
    words.push_back(word);
}

void write_scores(std::ostream& out, const json& evaluation) {
  const json& policies = array_of(evaluation, "policies");
  std::vector<std::string> names, modes;
  for (const json& policy : policies)
    for (const json& set : array_of(policy, "sets")) {
      add_once(names, text_of(set, "name"));
      add_once(modes, text_of(set, "mode"));
    }
  out << "<div class=\"wide\"><table><tr><th>set</th><th>asked</th><th class=\"n\">n</th>";
  for (const json& policy : policies)
    out << "<th class=\"n\">" << escaped_text_of(policy, "name") << "</th>";
  out << "</tr>";
  for (const std::string& name : names)
    for (const std::string& mode : modes) {
      std::string cells, n;
      for (const json& policy : policies) {
        const json& set = find_set(policy, name, mode);
        n = set.is_null() ? n : escaped_text_of(set, "n");
        cells += "<td class=\"n\">" + with_interval(set) + "</td>";
      }
      if (!n.empty())
        out << "<tr><td>" << html_escape(name) << "</td><td>" << html_escape(mode)
            << "</td><td class=\"n\">" << n << "</td>" << cells << "</tr>";
    }
  out << "</table></div>";
}

/// "<span>0.12</span> [0.08, 0.16]", coloured where the interval leaves 0 out.
std::string difference(const json& pair) {
  const double low = number_of(pair, "low").value_or(0), high = number_of(pair, "high").value_or(0);
  const char* direction = low > 0 ? "up" : high < 0 ? "down" : "";
  return std::string("<span class=\"") + direction + "\">" + figure_of(pair, "difference") +
         "</span> <span class=\"soft\">[" + figure_of(pair, "low") + ", " +
         figure_of(pair, "high") + "]</span>";
}

bool is_control(const json& pair) {
  return !member(pair, "control").is_null();
}

void write_differences(std::ostream& out, const json& evaluation) {
  const json& paired = array_of(evaluation, "paired");
  if (std::all_of(paired.begin(), paired.end(), is_control))
    return;
  out << "<h3>Paired difference, prompt by prompt, 95 % interval</h3><div class=\"wide\"><table>"
         "<tr><th>set</th><th>compared</th><th class=\"n\">n</th><th class=\"n\">difference</th>"
         "</tr>";
  for (const json& p : paired)
    if (!is_control(p))
      out << "<tr><td>" << escaped_text_of(p, "name") << "</td><td>"
          << escaped_text_of(p, "compared") << "</td><td class=\"n\">" << escaped_text_of(p, "n")
          << "</td><td class=\"n\">" << difference(p) << "</td></tr>";
  out << "</table></div>";
}

void write_controls(std::ostream& out, const json& evaluation) {
  const json& paired = array_of(evaluation, "paired");
  if (std::none_of(paired.begin(), paired.end(), is_control))
    return;
  out << "<h3>Controls, prompt by prompt, 95 % interval</h3><div class=\"wide\"><table>"
         "<tr><th>set</th><th>compared</th><th class=\"n\">n</th><th class=\"n\">as asked</th>"
         "<th class=\"n\">control</th><th class=\"n\">difference</th>"
         "<th class=\"n\">same option chosen</th></tr>";
  for (const json& p : paired)
    if (is_control(p))
      out << "<tr><td>" << escaped_text_of(p, "name") << "</td><td>"
          << escaped_text_of(p, "compared") << "</td><td class=\"n\">" << escaped_text_of(p, "n")
          << "</td><td class=\"n\">" << figure_of(p, "after") << "</td><td class=\"n\">"
          << figure_of(p, "before") << "</td><td class=\"n\">" << difference(p)
          << "</td><td class=\"n\">"
          << (number_of(p, "consistency") ? figure_of(p, "consistency") : "") << "</td></tr>";
  out << "</table></div>";
}

void write_baselines(std::ostream& out, const json& evaluation) {
  const json& baselines = array_of(evaluation, "baselines");
  if (baselines.empty())
    return;
  out << "<h3>What a constant answer scores</h3><div class=\"wide\"><table>";
  for (const json& b : baselines)
    out << "<tr><td>" << escaped_text_of(b, "set") << "</td><td>" << escaped_text_of(b, "name")
        << "</td><td class=\"n\">" << figure_of(b, "score") << "</td></tr>";
  out << "</table></div>";
}

}  // namespace

std::string evaluation_html(const json& evaluation) {
  if (!evaluation.is_object())
    return "<p class=\"soft\">Not evaluated yet.</p>";
  std::ostringstream out;
  if (!member(evaluation, "note").is_null())
    out << "<p class=\"soft\">" << escaped_text_of(evaluation, "note") << "</p>";
  write_benchmark(out, evaluation);
  write_scores(out, evaluation);
  write_differences(out, evaluation);
  write_controls(out, evaluation);
  write_baselines(out, evaluation);
  return out.str();
}

std::string stages_html(const json& summary) {
  std::ostringstream out;
  out << "<div class=\"wide\"><table><tr><th>stage</th><th class=\"n\">steps planned</th>"
         "<th class=\"n\">done</th><th class=\"n\">seconds</th></tr>";
  for (const json& stage : array_of(summary, "stages"))
    out << "<tr><td>" << escaped_text_of(stage, "name") << "</td><td class=\"n\">"
        << escaped_text_of(stage, "planned") << "</td><td class=\"n\">"
        << escaped_text_of(stage, "done") << "</td><td class=\"n\">"
        << (member(stage, "reused") == true ? "reused" : figure_of(stage, "seconds"))
        << "</td></tr>";
  out << "</table></div>";
  const json& ledger = member(summary, "ledger");
  if (ledger.is_object())
    out << "<p class=\"soft\">Samples: " << escaped_text_of(ledger, "issued")
        << " issued = " << escaped_text_of(ledger, "committed") << " committed + "
        << escaped_text_of(ledger, "dropped") << " dropped + "
        << escaped_text_of(ledger, "in_flight") << " in flight.</p>";
  return out.str();
}

}  // namespace nelumbo
