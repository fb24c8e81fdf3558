// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "actors/certificates.h"
#include "apps/commands.h"

namespace nelumbo {
namespace {

struct CertsWords {
  std::string out;
  std::vector<std::string> names;
  int64_t hours = 72;
};

Result<void> make(Session& session, const CertsWords& words) {
  CertificateOrder order;
  order.folder = words.out;
  if (!words.names.empty())
    order.nodes = words.names;
  order.validity = std::chrono::hours(words.hours);
  if (auto made = make_certificates(order); !made)
    return made;
  if (session.json) {
    session.out << nlohmann::json{{"folder", order.folder},
                                  {"coordinator", kCoordinatorName},
                                  {"nodes", order.nodes},
                                  {"hours", words.hours}}
                       .dump()
                << '\n';
    return {};
  }
  session.out << order.folder << ": certificates for " << words.hours
              << " hours; keep coordinator/ here, and copy each other folder to the machines of "
                 "that node:\n";
  for (const std::string& node : order.nodes)
    session.out << "  " << order.folder << "/" << node << '\n';
  return {};
}

}  // namespace

void add_certs_command(CLI::App& app, Session& session) {
  auto words = std::make_shared<CertsWords>();
  CLI::App* certs = app.add_subcommand("certs", "Certificates of a run over several machines.");
  certs->require_subcommand(0, 1);
  CLI::App* command = certs->add_subcommand(
      "new", "Makes an authority of one run, and a folder of keys for each who takes part.");
  command->add_option("--out", words->out, "The new folder.")->required();
  command
      ->add_option("--name", words->names,
                   "A node; repeatable. One serves any number of processes. Default: node.")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--hours", words->hours, "How long they are valid; default 72.");
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer(
      "Example:\n"
      "  nelumbo certs new --out certs --name west --name east\n"
      "\n"
      "Nobody can add a certificate later: the authority's key is not kept (docs/cluster.md).");
  command->callback(
      [&session, words] { session.action = [&session, words] { return make(session, *words); }; });
}

}  // namespace nelumbo
