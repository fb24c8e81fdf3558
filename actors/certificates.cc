// SPDX-License-Identifier: Apache-2.0
#include "actors/certificates.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <string_view>

#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "actors/openssl_handles.h"
#include "base/draft.h"
#include "base/file.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostName = 48;
constexpr int64_t kMostHours = 24 * 366;
constexpr size_t kZ85 = 41;  // 40 characters and a zero

/// Bad input of nobody: the library refuses what it always grants.
Error refused(const std::string& what) {
  return {Errc::kEnvironment, what + ": OpenSSL refuses: " + openssl_complaint()};
}

struct Identity {
  KeyHandle key;
  CertificateHandle certificate;
};

/// What a certificate may be used for, as the extensions of X.509 say it.
struct Use {
  const char* constraints;
  const char* key_usage;
  const char* extended = nullptr;
};
constexpr Use kAuthority{"critical,CA:TRUE,pathlen:0", "critical,keyCertSign"};
constexpr Use kServer{"critical,CA:FALSE", "critical,digitalSignature", "serverAuth,clientAuth"};
constexpr Use kClient{"critical,CA:FALSE", "critical,digitalSignature", "clientAuth"};

bool extend(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool number(X509* certificate) {
  BIGNUM* serial = BN_new();
  const bool set = serial != nullptr && BN_rand(serial, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
                   BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(serial);
  return set;
}

bool name(X509* certificate, const std::string& common) {
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common.data()),
                                    static_cast<int>(common.size()), -1, 0) == 1;
}

/// A new key and its certificate, signed by `by`, or by itself when there is none.
Result<Identity> identity(const std::string& common, const Use& use, const CertificateOrder& order,
                          const Identity* by) {
  Identity made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.certificate.reset(X509_new());
  X509* certificate = made.certificate.get();
  if (!made.key || certificate == nullptr)
    return refused(common);
  const Identity& issuer = by == nullptr ? made : *by;
  const bool filled =
      X509_set_version(certificate, X509_VERSION_3) == 1 && number(certificate) &&
      name(certificate, common) &&
      X509_gmtime_adj(X509_getm_notBefore(certificate), -order.begins_ago.count()) != nullptr &&
      X509_gmtime_adj(X509_getm_notAfter(certificate),
                      (order.validity - order.begins_ago).count()) != nullptr &&
      X509_set_pubkey(certificate, made.key.get()) == 1 &&
      X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate.get())) == 1;
  const bool extended =
      filled &&
      extend(certificate, issuer.certificate.get(), NID_basic_constraints, use.constraints) &&
      extend(certificate, issuer.certificate.get(), NID_key_usage, use.key_usage) &&
      (use.extended == nullptr ||
       extend(certificate, issuer.certificate.get(), NID_ext_key_usage, use.extended));
  if (!extended || X509_sign(certificate, issuer.key.get(), EVP_sha256()) == 0)
    return refused(common);
  return made;
}

Result<void> write_new(const std::string& path, std::string_view text, mode_t mode) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const bool written = file >= 0 && ::write(file, text.data(), text.size()) == std::ssize(text) &&
                       ::fsync(file) == 0;
  const Error error{Errc::kEnvironment, path + ": cannot be written: " + std::strerror(errno)};
  if (file >= 0)
    ::close(file);
  if (!written)
    return error;
  return {};
}

std::string pem_of(X509* certificate) {
  const BioHandle memory(BIO_new(BIO_s_mem()));
  return PEM_write_bio_X509(memory.get(), certificate) == 1 ? text_of(memory.get()) : "";
}

std::string pem_of(EVP_PKEY* key) {
  const BioHandle memory(BIO_new(BIO_s_mem()));
  return PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1
             ? text_of(memory.get())
             : "";
}

struct CurvePair {
  std::array<char, kZ85> open{}, secret{};
};

/// Everything of one participant but whom it talks to.
Result<CurvePair> write_identity(const std::string& folder, const std::string& authority,
                                 const Identity& own) {
  CurvePair curve;
  if (::mkdir(folder.c_str(), 0700) != 0)
    return Error{Errc::kEnvironment, folder + ": cannot be made: " + std::strerror(errno)};
  if (::zmq_curve_keypair(curve.open.data(), curve.secret.data()) != 0)
    return Error{Errc::kEnvironment, folder + ": this libzmq has no CURVE"};
  const std::string certificate = pem_of(own.certificate.get()), key = pem_of(own.key.get());
  if (certificate.empty() || key.empty())
    return refused(folder);
  Result<void> done = write_new(folder + "/ca.pem", authority, 0644);
  if (done)
    done = write_new(folder + "/cert.pem", certificate, 0644);
  if (done)
    done = write_new(folder + "/key.pem", key, 0600);
  if (done)
    done = write_new(folder + "/curve.key", std::string(curve.secret.data()) + "\n", 0600);
  if (!done)
    return done.error();
  return curve;
}

std::string peer_line(const CurvePair& peer, const std::string& common) {
  return std::string(peer.open.data()) + " " + common + "\n";
}

Result<void> write_all(const std::string& folder, const CertificateOrder& order) {
  if (::mkdir(folder.c_str(), 0700) != 0)
    return Error{Errc::kEnvironment, folder + ": cannot be made: " + std::strerror(errno)};
  const Result<Identity> authority = identity("nelumbo run", kAuthority, order, nullptr);
  if (!authority)
    return authority.error();
  const std::string ca = pem_of(authority.value().certificate.get());
  const Result<Identity> lead = identity(kCoordinatorName, kServer, order, &authority.value());
  if (!lead)
    return lead.error();
  const std::string home = folder + "/" + kCoordinatorName;
  const Result<CurvePair> server = write_identity(home, ca, lead.value());
  if (!server)
    return server.error();
  // Processes that the coordinator starts itself show its own certificate.
  const std::string line = peer_line(server.value(), kCoordinatorName);
  std::string clients = line;
  for (const std::string& node : order.nodes) {
    const Result<Identity> own = identity(node, kClient, order, &authority.value());
    if (!own)
      return own.error();
    const Result<CurvePair> client = write_identity(folder + "/" + node, ca, own.value());
    if (!client)
      return client.error();
    if (auto done = write_new(folder + "/" + node + "/peers.txt", line, 0644); !done)
      return done;
    clients += peer_line(client.value(), node);
  }
  return write_new(home + "/peers.txt", clients, 0644);
}

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= kMostName && text[0] != '.' &&
         std::ranges::all_of(text, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
         });
}

Result<void> check(const CertificateOrder& order) {
  const auto wrong = [](const std::string& what) { return Error{Errc::kInvalidConfig, what}; };
  if (order.validity.count() < 1 || order.validity.count() > kMostHours)
    return wrong("--hours: must be 1 to " + std::to_string(kMostHours));
  std::set<std::string> names = {kCoordinatorName};
  for (const std::string& node : order.nodes) {
    if (!is_name(node))
      return wrong("--name: '" + node + "' is no name; it has 1 to " + std::to_string(kMostName) +
                   " letters, digits, '-', '_' or '.', the first not '.'");
    if (!names.insert(node).second)
      return wrong("--name " + node + ": is taken; each name stands once, and '" +
                   kCoordinatorName + "' is the coordinator's");
  }
  if (order.nodes.empty())
    return wrong("--name: no node is named");
  return {};
}

}  // namespace

Result<void> make_certificates(const CertificateOrder& order) {
  if (auto sensible = check(order); !sensible)
    return sensible;
  std::string folder = order.folder;
  while (folder.size() > 1 && folder.back() == '/')
    folder.pop_back();
  std::error_code none;
  if (fs::exists(fs::symlink_status(folder, none)) &&
      !(fs::is_directory(folder, none) && fs::is_empty(folder, none)))
    return Error{Errc::kInvalidConfig,
                 folder +
                     ": is there already; certificates are never overwritten: name another "
                     "folder, or remove it once no run needs it"};
  if (const std::string above = fs::path(folder).parent_path().string(); !above.empty())
    if (auto made = make_directories(above); !made)
      return made;
  const Draft draft(folder);
  if (auto written = write_all(draft.name(), order); !written)
    return written;
  return draft.put();
}

}  // namespace nelumbo
