// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "actors/credentials.h"
#include "actors/membership.h"
#include "base/error.h"

namespace nelumbo {

/// What a door asks its visitors to sign: random, another for each run. kEnvironment when there is
/// no randomness.
Result<std::string> new_challenge();

/// Adds certificate and signature to a request. TLS let this process in, but says to nobody under
/// which certificate: the request carries that, and proves it.
Result<void> prove(const Credentials& credentials, const std::string& challenge,
                   JoinRequest* request);

/// Whether the request was signed with a certificate of this run, whose name the worker's begins
/// with ("NAME/..."); a learner shows the coordinator's own, since ranks meet on its machine.
/// kInvalidConfig names the worker, the cause and the remedy.
Result<void> check_proof(const Credentials& credentials, const std::string& challenge,
                         const JoinRequest& request);

}  // namespace nelumbo
