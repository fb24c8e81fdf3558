// SPDX-License-Identifier: Apache-2.0
#include "actors/system_config.h"

#include <chrono>

#include <caf/atom.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>

#include "actors/node_protocol.h"
#include "actors/openssl_queue.h"
#include "base/check.h"

namespace nelumbo {

SystemConfig::SystemConfig() {
  register_messages(*this);
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", size_t{2});
}

void SystemConfig::admit_processes(const Credentials* credentials) {
  add_message_types<caf::id_block::nelumbo_nodes>();
  load<caf::io::middleman>();
  if (credentials != nullptr) {
    NELUMBO_CHECK(tls_calls_are_ours()) << "one stranger would end all connections";
    load<caf::openssl::manager>();
    // With these set it verifies whoever connects, and whom it connects to.
    openssl_cafile = credentials->authority_path();
    openssl_certificate = credentials->certificate_path();
    openssl_key = credentials->key_path();
  }
  // Frees the sockets of processes that are gone; who takes part, the door decides. Both are
  // needed, and the same in all processes.
  set("middleman.heartbeat-interval", caf::timespan(std::chrono::seconds(2)));
  set("middleman.connection-timeout", caf::timespan(std::chrono::seconds(60)));
}

}  // namespace nelumbo
