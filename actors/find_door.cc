// SPDX-License-Identifier: Apache-2.0
#include "actors/find_door.h"

#include <set>
#include <string>

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/scoped_actor.hpp>

#include "actors/tls_probe.h"

namespace nelumbo {

Result<DoorActor> find_door(caf::actor_system& system, const Address& address,
                            const Credentials* credentials, std::chrono::milliseconds limit) {
  // CAF's connects queue behind one another, wait two minutes for an address where nothing
  // answers, and say nothing of certificates.
  if (auto answers = credentials != nullptr ? probe_tls(address, *credentials, limit)
                                            : probe_tcp(address, limit);
      !answers)
    return answers.error();
  const caf::io::middleman_actor& dialer = credentials != nullptr
                                               ? system.openssl_manager().actor_handle()
                                               : system.middleman().actor_handle();
  const auto wanted = system.message_types(caf::detail::type_list<DoorActor>());
  Result<DoorActor> door =
      Error{Errc::kUnavailable, "no coordinator answers at " + text_of(address)};
  caf::scoped_actor self(system);
  self->request(dialer, limit, caf::connect_atom::value, address.host, address.port)
      .receive(
          [&](const caf::node_id&, const caf::strong_actor_ptr& found,
              const std::set<std::string>& kind) {
            if (!found)
              return;
            if (system.assignable(kind, wanted))
              door = caf::actor_cast<DoorActor>(found);
            else
              door = Error{Errc::kInvalidConfig, "the coordinator at " + text_of(address) +
                                                     " speaks another protocol than this node (" +
                                                     std::to_string(kNodeProtocol) +
                                                     "); run the same version of nelumbo on both"};
          },
          [&](const caf::error& error) {
            door = from_caf_error(error, "no coordinator answers at " + text_of(address));
            if (credentials == nullptr && door.error().code == Errc::kUnavailable)
              door = Error{Errc::kUnavailable,
                           door.error().message + "; a run with --certs is joined with --certs"};
          });
  return door;
}

}  // namespace nelumbo
