// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// A public key of the bulk channel, and who holds it.
struct CurvePeer {
  std::string key;  ///< 40 characters of Z85
  std::string name;
};

/// What one participant of a run between machines shows the others and trusts: a folder that
/// `make_certificates` made, read and checked once. Later changes of the files change nothing.
class Credentials {
 public:
  /// kInvalidConfig, naming file and remedy: something is missing, readable by others, malformed,
  /// expired, or not of one set.
  static Result<std::shared_ptr<const Credentials>> load(const std::string& folder);
  ~Credentials();
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;

  /// Whom the certificate names.
  const std::string& name() const;
  /// The certificate, in PEM.
  const std::string& certificate() const;
  /// Where other libraries read what was checked, for as long as this object lives.
  const std::string& authority_path() const;
  const std::string& certificate_path() const;
  const std::string& key_path() const;

  /// Keys of the bulk channel in Z85, and whom it may talk to.
  const std::string& curve_public() const;
  const std::string& curve_secret() const;
  const std::vector<CurvePeer>& peers() const;

  /// A signature of `text` by the certificate's key.
  Result<std::string> sign(std::string_view text) const;
  /// Whom `certificate` (PEM) names, if our authority made it, it is valid now, and its key signed
  /// `text`. Errors are sentences without a subject: kInvalidConfig.
  Result<std::string> signer(const std::string& certificate, std::string_view text,
                             std::string_view signature) const;

 private:
  struct Held;
  explicit Credentials(std::unique_ptr<Held> held);

  std::unique_ptr<Held> held_;
};

}  // namespace nelumbo
