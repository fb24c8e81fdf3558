// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "apps/play_data.h"
#include "base/http_server.h"

namespace nelumbo {

/// What `reward play` serves: the page, its style and its script to everybody on this machine, who
/// learn nothing of the run by them; /overview and /step/N to those who bear the token. Errors are
/// {"error": sentence}. Copies what it is given.
HttpService play_service(const PlayData& data, const std::string& token);

}  // namespace nelumbo
