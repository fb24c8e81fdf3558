// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "actors/credentials.h"
#include "base/error.h"

namespace nelumbo {

inline constexpr const char* kLoopback = "127.0.0.1";

/// A place in the network.
struct Address {
  std::string host = kLoopback;  ///< an IPv4 address, or the name of a machine
  uint16_t port = 0;
};

/// "HOST:PORT".
std::string text_of(const Address& address);

/// Reads "HOST:PORT"; `option` is named in errors.
Result<Address> read_address(const std::string& option, const std::string& text);

/// Whether nothing that is sent there leaves this machine.
bool is_loopback(const std::string& host);

/// Where worker processes join a run.
struct Listening {
  Address address;    ///< port 0: any that is free
  std::string certs;  ///< folder of all certificates; empty: nothing is encrypted
  std::shared_ptr<const Credentials> credentials;  ///< the coordinator's, from there

  /// Where the bulk channel listens: behind the port of the address; 0: any.
  uint16_t bulk_port() const {
    return address.port == 0 ? uint16_t{0} : static_cast<uint16_t>(address.port + 1);
  }
  /// Where processes of this machine find it.
  std::string local_host() const { return address.host == "0.0.0.0" ? kLoopback : address.host; }
};

/// Reads what `nelumbo run` was told, and finds out before the run whether it can listen there:
/// kInvalidConfig for no address, none of the loopback interface without certificates, or
/// certificates that are no good; kEnvironment when a port is taken.
Result<Listening> plan_listening(const std::string& listen, const std::string& certs);

}  // namespace nelumbo
