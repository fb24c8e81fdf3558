// SPDX-License-Identifier: Apache-2.0
#include "actors/tls_probe.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "actors/openssl_handles.h"

namespace nelumbo {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kOneSet =
    "; both sides need folders of one 'nelumbo certs new', made within its hours";

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;

  int number() const { return number_; }
  /// Whether it can be read or written before the deadline.
  bool wait(short events, Clock::time_point until) const {
    pollfd one{number_, events, 0};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    return ::poll(&one, 1, static_cast<int>(std::max<int64_t>(0, left))) == 1;
  }

 private:
  int number_;
};

Error nobody(const Address& address, const std::string& why) {
  return {Errc::kUnavailable, "no coordinator answers at " + text_of(address) + ": " + why};
}

Result<Descriptor> connect(const Address& address, Clock::time_point until) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code =
      ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (code != 0)
    return nobody(address, ::gai_strerror(code));
  Descriptor descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int begun = ::connect(descriptor.number(), found->ai_addr, found->ai_addrlen);
  int why = begun == 0 ? 0 : errno;
  ::freeaddrinfo(found);
  if (why == EINPROGRESS) {
    if (!descriptor.wait(POLLOUT, until))
      return nobody(address, "the time is over");
    socklen_t size = sizeof why;
    ::getsockopt(descriptor.number(), SOL_SOCKET, SO_ERROR, &why, &size);
  }
  if (why != 0)
    return nobody(address, std::strerror(why));
  return descriptor;
}

/// Calls a function of OpenSSL until it is done (0), fails, or the time is over.
template <class Call>
int repeat(SSL* tls, const Descriptor& descriptor, Clock::time_point until, Call call) {
  while (true) {
    ERR_clear_error();
    const int result = call();
    if (result > 0)
      return SSL_ERROR_NONE;
    const int why = SSL_get_error(tls, result);
    const bool waits = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
    if (!waits || !descriptor.wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, until))
      return why;
  }
}

/// What stands behind a failed handshake, or the end of the connection behind one.
Error trouble(const Address& address, SSL* tls, int why) {
  const std::string where = "the coordinator at " + text_of(address);
  const long verified = SSL_get_verify_result(tls);
  const unsigned long code = ERR_peek_last_error();
  if (verified != X509_V_OK) {
    ERR_clear_error();
    return {Errc::kInvalidConfig, where + " shows a certificate that is not good here (" +
                                      X509_verify_cert_error_string(verified) + ")" + kOneSet};
  }
  if (why == SSL_ERROR_SSL && ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET)
    return {Errc::kInvalidConfig,
            where + " refuses this node's certificate (" + openssl_complaint() + ")" + kOneSet};
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
    return nobody(address, "the time is over");
  return nobody(address, "what answers there does not speak TLS (" + openssl_complaint() +
                             "); was the run started with --certs?");
}

TlsContextHandle context_of(const Credentials& credentials) {
  TlsContextHandle context(SSL_CTX_new(TLS_client_method()));
  const bool ready = context &&
                     SSL_CTX_use_certificate_chain_file(
                         context.get(), credentials.certificate_path().c_str()) == 1 &&
                     SSL_CTX_use_PrivateKey_file(context.get(), credentials.key_path().c_str(),
                                                 SSL_FILETYPE_PEM) == 1 &&
                     SSL_CTX_load_verify_locations(
                         context.get(), credentials.authority_path().c_str(), nullptr) == 1;
  if (!ready)
    return nullptr;
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

}  // namespace

Result<void> probe_tcp(const Address& address, std::chrono::milliseconds limit) {
  auto connection = connect(address, Clock::now() + limit);
  if (!connection)
    return connection.error();
  return {};
}

Result<void> probe_tls(const Address& address, const Credentials& credentials,
                       std::chrono::milliseconds limit) {
  const auto until = Clock::now() + limit;
  const TlsContextHandle context = context_of(credentials);
  if (!context)
    return Error{Errc::kEnvironment, "TLS cannot begin: " + openssl_complaint()};
  auto connection = connect(address, until);
  if (!connection)
    return connection.error();
  const TlsHandle tls(SSL_new(context.get()));
  if (!tls || SSL_set_fd(tls.get(), connection.value().number()) != 1)
    return Error{Errc::kEnvironment, "TLS cannot begin: " + openssl_complaint()};
  int why = repeat(tls.get(), connection.value(), until, [&] { return SSL_connect(tls.get()); });
  // A server of TLS 1.3 looks at our certificate after that; then it speaks first, or ends.
  char first = 0;
  if (why == SSL_ERROR_NONE)
    why = repeat(tls.get(), connection.value(), until,
                 [&] { return SSL_read(tls.get(), &first, 1); });
  if (why != SSL_ERROR_NONE)
    return trouble(address, tls.get(), why);
  return {};
}

}  // namespace nelumbo
