// SPDX-License-Identifier: Apache-2.0
#include "apps/report.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "apps/json_fields.h"
#include "apps/report_charts.h"
#include "apps/report_stages.h"
#include "apps/report_style.h"
#include "apps/report_tables.h"
#include "apps/trace_view.h"
#include "base/file.h"
#include "base/text.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kMostTracesShown = 6;        // groups of one step
constexpr int64_t kMostTrajectoriesShown = 2;  // of one group

void write_fact(std::ostream& out, const std::string& name, const std::string& value) {
  if (!value.empty())
    out << "<div class=\"fact\"><span>" << name << "</span><b>" << html_escape(value)
        << "</b></div>";
}

std::string in_units(const json& object, const std::string& key, const std::string& unit) {
  const std::optional<double> value = number_of(object, key);
  return value ? short_number(*value) + unit : "";
}

void write_head(std::ostream& out, const RunRecord& run) {
  out << "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
         "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\"><meta "
         "name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>"
      << html_escape(run.name) << " · Nelumbo</title><style>" << kPageStyle
      << "</style></head><body><h1>" << html_escape(run.name) << "</h1><p class=\"soft\">"
      << html_escape(run.status) << "</p>";
}

void write_facts(std::ostream& out, const RunRecord& run) {
  out << "<div class=\"facts\">";
  write_fact(out, "seed", text_of(run.env, "seed"));
  write_fact(out, "parameters", text_of(run.env, "parameters"));
  write_fact(out, "time", in_units(run.summary, "seconds", " s"));
  write_fact(out, "peak memory", in_units(run.summary, "peak_rss_mb", " MB"));
  write_fact(out, "calibrated speed, fp32", in_units(run.env, "gflops", " GFLOP/s"));
  write_fact(out, "processor", text_of(run.env, "cpu"));
  write_fact(out, "instruction set", text_of(run.env, "isa"));
  write_fact(out, "version", text_of(run.env, "version"));
  write_fact(out, "configuration (XXH3)", text_of(run.env, "config_hash"));
  write_fact(out, "weights (XXH3)", text_of(run.summary, "weights_hash"));
  out << "</div>";
}

void write_warnings(std::ostream& out, const RunRecord& run) {
  for (const json& warning : array_of(run.summary, "warnings"))
    if (warning.is_string())
      out << "<p class=\"soft\">warning: " << html_escape(warning.get<std::string>()) << "</p>";
}

void write_trace_file(std::ostream& out, const TraceFile& file, bool open) {
  out << "<details" << (open ? " open" : "") << "><summary>" << html_escape(file.stage) << ", step "
      << file.step << "</summary>";
  std::map<std::string, int64_t> shown;  // of each task
  for (const json& trace : file.traces)
    if (shown[text_of(member(trace, "prompt"), "task")]++ < kMostTracesShown)
      out << trace_html(trace, kMostTrajectoriesShown);
  out << "</details>";
}

/// Folded but for the final greedy answers and, before there are any, the last.
void write_traces(std::ostream& out, const RunRecord& run) {
  const TraceFile* open = nullptr;
  for (const TraceFile& file : run.traces)
    if (open == nullptr || open->stage != "evaluate_greedy")
      open = &file;
  for (const TraceFile& file : run.traces)
    write_trace_file(out, file, &file == open);
  if (run.traces.empty())
    out << "<p class=\"soft\">No traces yet.</p>";
}

}  // namespace

std::string report_html(const RunRecord& run) {
  std::ostringstream out;
  write_head(out, run);
  write_facts(out, run);
  write_warnings(out, run);
  out << "<h2>Evaluation</h2>" << evaluation_html(run.evaluation) << "<h2>Curves</h2>"
      << charts_html(run.metrics) << "<h2>Stages</h2>" << stages_html(run.summary);
  if (run.curate.is_object())
    out << "<h2>Curated data</h2>" << curate_html(run.curate);
  out << gates_html(run.gates) << "<h2>Sample traces</h2>";
  write_traces(out, run);
  out << "<h2>Configuration</h2>";
  if (run.env.contains("algorithm"))
    out << "<details><summary>algorithm of the stage rl</summary><pre>"
        << html_escape(text_of(run.env, "algorithm")) << "</pre></details>";
  out << "<details><summary>config.resolved.yaml</summary><pre>" << html_escape(run.config)
      << "</pre></details></body></html>\n";
  return out.str();
}

Result<void> write_report(const std::string& run_directory) {
  const Result<RunRecord> run = read_run(run_directory);
  if (!run)
    return run.error();
  return write_file_atomic(run_directory + "/report.html", report_html(run.value()));
}

}  // namespace nelumbo
