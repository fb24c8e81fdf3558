// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// The folder of the coordinator among those of a run's certificates; no node may have this name.
inline constexpr const char* kCoordinatorName = "coordinator";

/// Which certificates a run between machines needs.
struct CertificateOrder {
  std::string folder;                      ///< new, or empty
  std::vector<std::string> nodes{"node"};  ///< names; each may serve any number of processes
  std::chrono::hours validity{72};         ///< from when they begin
  std::chrono::seconds begins_ago{300};    ///< clocks of machines differ
};

/// Makes `folder` with one folder for the coordinator and one for each node:
///
///     ca.pem      certificate of the authority that signed all of them, and nothing else
///     cert.pem    its own certificate
///     key.pem     the key of that (0600)
///     curve.key   secret key of the bulk channel, 40 characters of Z85 (0600)
///     peers.txt   whom it talks to on the bulk channel: a public key in Z85 and a name a line
///
/// The authority's key is never written: nobody can add a certificate later. Only the coordinator's
/// certificate may stand for a server. All files come at once or none: kInvalidConfig for an order
/// that makes no sense or a folder that holds something, kEnvironment when the system refuses.
Result<void> make_certificates(const CertificateOrder& order);

}  // namespace nelumbo
