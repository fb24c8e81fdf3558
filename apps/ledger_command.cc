// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "actors/ledger.h"
#include "apps/commands.h"
#include "apps/ledger_events.h"
#include "base/terminal_text.h"

namespace nelumbo {
namespace {

using nlohmann::json;

struct LedgerWords {
  std::string run;
  std::string sample;
};

/// "GROUP/SAMPLE", of every process of the run, or "GROUP/SAMPLE/PROCESS".
struct SampleName {
  uint64_t group = 0;
  uint32_t sample = 0;
  uint32_t incarnation = 0;  ///< 0: any

  bool names(const SampleId& id) const {
    return id.group == group && id.sample == sample &&
           (incarnation == 0 || id.incarnation == incarnation);
  }
};

Result<SampleName> read_name(const std::string& text) {
  const Error wrong{Errc::kInvalidConfig, "runs ledger: --sample: '" + text +
                                              "' names no sample; write GROUP/SAMPLE as in a "
                                              "trace, or GROUP/SAMPLE/PROCESS"};
  std::vector<uint64_t> numbers;
  for (std::string_view rest = text; numbers.size() < 3;) {
    uint64_t number = 0;
    const char* const end = rest.data() + rest.size();
    const auto [behind, failure] = std::from_chars(rest.data(), end, number);
    if (failure != std::errc() || (behind != end && *behind != '/'))
      return wrong;
    numbers.push_back(number);
    if (behind == end)
      break;
    rest.remove_prefix(static_cast<size_t>(behind - rest.data()) + 1);
    if (numbers.size() == 3)
      return wrong;
  }
  if (numbers.size() < 2 || numbers[1] > UINT32_MAX ||
      (numbers.size() == 3 && numbers[2] > UINT32_MAX))
    return wrong;
  numbers.resize(3);
  return SampleName{numbers[0], static_cast<uint32_t>(numbers[1]),
                    static_cast<uint32_t>(numbers[2])};
}

/// Why samples were dropped, and how many for each reason.
std::map<std::string, int64_t> reasons_of(const LedgerReading& reading) {
  std::map<std::string, int64_t> reasons;
  for (const LedgerRecord& record : reading.records)
    if (record.fate == Fate::kDropped)
      ++reasons[record.reason];
  return reasons;
}

json summary_json(const LedgerReading& reading) {
  return {{"issued", reading.counts.issued},   {"committed", reading.counts.committed},
          {"dropped", reading.counts.dropped}, {"in_flight", reading.counts.in_flight},
          {"reasons", reasons_of(reading)},    {"events", reading.records.size()},
          {"processes", reading.incarnations}, {"torn_bytes", reading.torn_bytes}};
}

void print_summary(std::ostream& out, const LedgerReading& reading) {
  const LedgerCounts& n = reading.counts;
  out << "issued " << n.issued << " = committed " << n.committed << " + dropped " << n.dropped
      << " + in flight " << n.in_flight << '\n';
  for (const auto& [reason, count] : reasons_of(reading))
    out << "  dropped " << count << ": " << terminal_text(reason) << '\n';
  out << reading.records.size() << " events of " << reading.incarnations
      << (reading.incarnations == 1 ? " process" : " processes") << ", every hash right\n";
  if (reading.torn_bytes > 0)
    out << reading.torn_bytes
        << " bytes behind them are no whole event: a write goes on, or was cut short\n";
}

void print_event(std::ostream& out, const json& event) {
  out << event["group"] << '/' << event["sample"] << '/' << event["process"] << "  "
      << event["fate"].get<std::string>();
  for (const auto& [name, value] : event.items())
    if (name != "group" && name != "sample" && name != "process" && name != "fate")
      out << "  " << name << ' '
          << terminal_text(value.is_string() ? value.get<std::string>() : value.dump());
  out << '\n';
}

Result<void> show_history(Session& session, const LedgerReading& reading,
                          const LedgerWords& words) {
  const auto name = read_name(words.sample);
  if (!name)
    return name.error();
  json events = json::array();
  for (const LedgerRecord& record : reading.records)
    if (name.value().names(record.id))
      events.push_back(event_json(record));
  if (events.empty())
    return Error{Errc::kInvalidConfig, words.run + ": its ledger knows no sample " + words.sample};
  if (session.json)
    session.out << json{{"events", events}}.dump() << '\n';
  else
    for (const json& event : events)
      print_event(session.out, event);
  return {};
}

Result<void> show_ledger(Session& session, const LedgerWords& words) {
  const std::string path = words.run + "/ledger/ledger.bin";
  std::error_code none;
  if (!std::filesystem::exists(path, none))
    return Error{Errc::kInvalidConfig,
                 words.run + ": is no run directory with a ledger (" + path + " is missing)"};
  const Result<LedgerReading> reading = read_ledger(path);
  if (!reading)
    return reading.error();
  if (!words.sample.empty())
    return show_history(session, reading.value(), words);
  if (session.json)
    session.out << summary_json(reading.value()).dump() << '\n';
  else
    print_summary(session.out, reading.value());
  return {};
}

}  // namespace

void add_runs_commands(CLI::App& app, Session& session) {
  CLI::App* runs = app.add_subcommand("runs", "Looks at run directories.");
  runs->require_subcommand(1);
  auto words = std::make_shared<LedgerWords>();
  CLI::App* command = runs->add_subcommand(
      "ledger", "Says what became of every sample that a run issued, and checks its ledger.");
  command->add_option("RUN", words->run, "The run directory.")->required();
  command->add_option("--sample", words->sample,
                      "Only the events of this sample: GROUP/SAMPLE, as in a trace.");
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer(
      "Example:\n  nelumbo runs ledger runs/quickstart\n"
      "  nelumbo runs ledger runs/quickstart --sample 16777216/3");
  command->callback([&session, words] {
    session.action = [&session, words] { return show_ledger(session, *words); };
  });
}

}  // namespace nelumbo
