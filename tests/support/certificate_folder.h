// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "actors/certificates.h"
#include "actors/credentials.h"
#include "base/check.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {

/// Certificates of one run in a folder of one test.
class CertificateFolder {
 public:
  explicit CertificateFolder(std::vector<std::string> nodes = {"node"},
                             std::chrono::hours begins_ago = std::chrono::hours(1),
                             std::chrono::hours validity = std::chrono::hours(72)) {
    const auto made = make_certificates({.folder = path(),
                                         .nodes = std::move(nodes),
                                         .validity = validity,
                                         .begins_ago = begins_ago});
    NELUMBO_CHECK(made.ok()) << made.error().message;
  }

  std::string path() const { return folder_ / "certs"; }
  std::string of(const std::string& name) const { return path() + "/" + name; }
  std::shared_ptr<const Credentials> load(const std::string& name) const {
    auto loaded = Credentials::load(of(name));
    NELUMBO_CHECK(loaded.ok()) << loaded.error().message;
    return loaded.value();
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace nelumbo
