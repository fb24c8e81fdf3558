// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <sstream>
#include <utility>

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "actors/openssl_handles.h"
#include "base/file.h"
#include "base/text.h"

namespace nelumbo {
namespace {

constexpr int64_t kMostFile = 64 << 10;
constexpr size_t kMostCertificate = 16 << 10;
constexpr size_t kMostPeers = 1024;
constexpr size_t kKey = 40;  // characters of Z85
constexpr const char* kRemedy = "; make new ones with 'nelumbo certs new'";

Error wrong(const std::string& path, const std::string& why) {
  return {Errc::kInvalidConfig, path + ": " + why};
}

/// A file without a name that holds the text, for libraries that read files alone.
class HeldFile {
 public:
  HeldFile() = default;
  ~HeldFile() {
    if (descriptor_ >= 0)
      ::close(descriptor_);
  }
  HeldFile(const HeldFile&) = delete;
  HeldFile& operator=(const HeldFile&) = delete;

  bool hold(std::string_view text) {
    descriptor_ = ::memfd_create("nelumbo", MFD_CLOEXEC);
    path_ = "/proc/self/fd/" + std::to_string(descriptor_);
    return descriptor_ >= 0 && ::write(descriptor_, text.data(), text.size()) == std::ssize(text);
  }
  const std::string& path() const { return path_; }

 private:
  int descriptor_ = -1;
  std::string path_;
};

Result<std::string> read(const std::string& path) {
  if (std::error_code none; !std::filesystem::exists(path, none))
    return wrong(path, "there is no such file" + std::string(kRemedy) +
                           ", or copy this participant's whole folder");
  return read_file(path, kMostFile);
}

Result<std::string> read_secret(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) == 0 && (about.st_mode & 077) != 0)
    return wrong(path, "others may read this secret; take their rights: chmod 600 " + path);
  return read(path);
}

std::string common_name(const X509* certificate) {
  std::array<char, 128> name{};
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName,
                                             name.data(), name.size());
  return {name.data(), static_cast<size_t>(size > 0 ? size : 0)};
}

std::string time_text(const ASN1_TIME* time) {
  const BioHandle memory(BIO_new(BIO_s_mem()));
  return ASN1_TIME_print(memory.get(), time) == 1 ? text_of(memory.get()) : "an unreadable time";
}

/// Whether that authority made the certificate for this purpose and it is valid now; else why not.
std::string fault_of(X509_STORE* authority, X509* certificate, int purpose) {
  const StoreContextHandle context(X509_STORE_CTX_new());
  if (!context || X509_STORE_CTX_init(context.get(), authority, certificate, nullptr) != 1 ||
      X509_STORE_CTX_set_purpose(context.get(), purpose) != 1)
    return openssl_complaint();
  if (X509_verify_cert(context.get()) == 1)
    return "";
  const int code = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  if (code == X509_V_ERR_CERT_HAS_EXPIRED)
    return "has expired on " + time_text(X509_get0_notAfter(certificate));
  if (code == X509_V_ERR_CERT_NOT_YET_VALID)
    return "is not valid before " + time_text(X509_get0_notBefore(certificate)) +
           "; look at the clocks of both machines";
  return std::string("is not of this run's authority (") + X509_verify_cert_error_string(code) +
         ")";
}

Result<std::vector<CurvePeer>> peers_in(const std::string& path, const std::string& text) {
  std::vector<CurvePeer> peers;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t space = line.find(' ');
    std::array<uint8_t, 32> raw{};
    if (space != kKey || line.size() == kKey + 1 || peers.size() == kMostPeers ||
        ::zmq_z85_decode(raw.data(), line.substr(0, kKey).c_str()) == nullptr)
      return wrong(path, "line " + std::to_string(peers.size() + 1) +
                             " is no public key with a name" + kRemedy);
    peers.push_back({line.substr(0, kKey), line.substr(kKey + 1)});
  }
  if (peers.empty())
    return wrong(path, "names nobody" + std::string(kRemedy));
  return peers;
}

}  // namespace

CertificateHandle certificate_of(const std::string& pem) {
  if (pem.size() > kMostCertificate)
    return nullptr;
  const BioHandle memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CertificateHandle certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return certificate;
}

struct Credentials::Held {
  std::string name, certificate, curve_public, curve_secret;
  std::vector<CurvePeer> peers;
  KeyHandle key;
  StoreHandle authority;
  HeldFile authority_file, certificate_file, key_file;

  Result<void> take_certificates(const std::string& folder);
  Result<void> take_key(const std::string& path);
  Result<void> take_curve(const std::string& folder);
};

Result<void> Credentials::Held::take_certificates(const std::string& folder) {
  const std::string ca_path = folder + "/ca.pem", path = folder + "/cert.pem";
  const auto ca = read(ca_path), own = read(path);
  if (!ca || !own)
    return ca ? own.error() : ca.error();
  certificate = own.value();
  const CertificateHandle root = certificate_of(ca.value()), leaf = certificate_of(certificate);
  if (!root || !leaf)
    return wrong(root ? path : ca_path, "is no certificate in PEM" + std::string(kRemedy));
  authority.reset(X509_STORE_new());
  if (!authority || X509_STORE_add_cert(authority.get(), root.get()) != 1)
    return wrong(ca_path, openssl_complaint());
  if (const std::string why = fault_of(authority.get(), leaf.get(), X509_PURPOSE_SSL_CLIENT);
      !why.empty())
    return wrong(path, "this certificate " + why + kRemedy);
  name = common_name(leaf.get());
  if (!authority_file.hold(ca.value()) || !certificate_file.hold(certificate))
    return Error{Errc::kEnvironment, path + ": no file descriptor or memory is left"};
  return {};
}

/// REQUIRES: the certificate is here.
Result<void> Credentials::Held::take_key(const std::string& path) {
  const auto text = read_secret(path);
  if (!text)
    return text.error();
  const BioHandle memory(
      BIO_new_mem_buf(text.value().data(), static_cast<int>(text.value().size())));
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  key.reset(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr));
  const CertificateHandle leaf = certificate_of(certificate);
  const bool fits = key && X509_check_private_key(leaf.get(), key.get()) == 1;
  ERR_clear_error();
  if (!fits)
    return wrong(path, (key ? "is not the key of cert.pem beside it"
                            : "is no key in PEM without a passphrase") +
                           std::string(kRemedy));
  if (!key_file.hold(text.value()))
    return Error{Errc::kEnvironment, path + ": no file descriptor or memory is left"};
  return {};
}

Result<void> Credentials::Held::take_curve(const std::string& folder) {
  const std::string path = folder + "/curve.key", peers_path = folder + "/peers.txt";
  const auto secret = read_secret(path), all = read(peers_path);
  if (!secret || !all)
    return secret ? all.error() : secret.error();
  curve_secret = std::string(trimmed(secret.value()));
  std::array<char, kKey + 1> open{};
  if (curve_secret.size() != kKey || ::zmq_curve_public(open.data(), curve_secret.c_str()) != 0)
    return wrong(path, "is no secret key of 40 characters" + std::string(kRemedy));
  curve_public = open.data();
  auto read_peers = peers_in(peers_path, all.value());
  if (!read_peers)
    return read_peers.error();
  peers = std::move(read_peers).value();
  return {};
}

Credentials::Credentials(std::unique_ptr<Held> held) : held_(std::move(held)) {}

Credentials::~Credentials() = default;

Result<std::shared_ptr<const Credentials>> Credentials::load(const std::string& folder) {
  if (std::error_code none; !std::filesystem::is_directory(folder, none))
    return wrong(folder, "there is no such folder of certificates" + std::string(kRemedy));
  auto held = std::make_unique<Held>();
  if (auto taken = held->take_certificates(folder); !taken)
    return taken.error();
  if (auto taken = held->take_key(folder + "/key.pem"); !taken)
    return taken.error();
  if (auto taken = held->take_curve(folder); !taken)
    return taken.error();
  return std::shared_ptr<const Credentials>(new Credentials(std::move(held)));
}

const std::string& Credentials::name() const {
  return held_->name;
}
const std::string& Credentials::certificate() const {
  return held_->certificate;
}
const std::string& Credentials::authority_path() const {
  return held_->authority_file.path();
}
const std::string& Credentials::certificate_path() const {
  return held_->certificate_file.path();
}
const std::string& Credentials::key_path() const {
  return held_->key_file.path();
}
const std::string& Credentials::curve_public() const {
  return held_->curve_public;
}
const std::string& Credentials::curve_secret() const {
  return held_->curve_secret;
}
const std::vector<CurvePeer>& Credentials::peers() const {
  return held_->peers;
}

Result<std::string> Credentials::sign(std::string_view text) const {
  const DigestHandle digest(EVP_MD_CTX_new());
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  size_t size = 0;
  std::string signature;
  bool done =
      digest &&
      EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, held_->key.get()) == 1 &&
      EVP_DigestSign(digest.get(), nullptr, &size, data, text.size()) == 1;
  if (done) {
    signature.resize(size);
    done = EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                          data, text.size()) == 1;
    signature.resize(size);
  }
  if (!done)
    return Error{Errc::kEnvironment, "the certificate's key does not sign: " + openssl_complaint()};
  return signature;
}

Result<std::string> Credentials::signer(const std::string& certificate, std::string_view text,
                                        std::string_view signature) const {
  const CertificateHandle leaf = certificate_of(certificate);
  if (!leaf)
    return Error{Errc::kInvalidConfig, "it shows no certificate"};
  if (const std::string why = fault_of(held_->authority.get(), leaf.get(), X509_PURPOSE_SSL_CLIENT);
      !why.empty())
    return Error{Errc::kInvalidConfig, "its certificate " + why};
  const DigestHandle digest(EVP_MD_CTX_new());
  const bool signed_by_it =
      digest &&
      EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr,
                           X509_get0_pubkey(leaf.get())) == 1 &&
      EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size()) == 1;
  ERR_clear_error();
  if (!signed_by_it)
    return Error{Errc::kInvalidConfig, "it does not hold the key of its certificate"};
  return common_name(leaf.get());
}

}  // namespace nelumbo
