// SPDX-License-Identifier: Apache-2.0
#include "actors/listening.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "actors/certificates.h"

namespace nelumbo {
namespace {

std::optional<in_addr> numeric(const std::string& host) {
  in_addr address{};
  if (::inet_pton(AF_INET, host.c_str(), &address) != 1)
    return std::nullopt;
  return address;
}

bool is_host(const std::string& text) {
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-';
  });
}

/// Whether this process may listen there, by trying it.
Result<void> try_port(const std::string& host, uint16_t port) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(port);
  place.sin_addr = *numeric(host);
  const int one = 1;
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  const bool free = ::bind(socket, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0 &&
                    ::listen(socket, 1) == 0;
  const int code = errno;
  ::close(socket);
  if (free)
    return {};
  const std::string where = "--listen " + text_of({host, port}) + ": ";
  if (code == EADDRINUSE)
    return Error{Errc::kEnvironment, where +
                                         "this port is taken; choose another (a run needs the "
                                         "port and the one behind it)"};
  if (code == EADDRNOTAVAIL)
    return Error{Errc::kInvalidConfig, where +
                                           "this machine has no such address; 0.0.0.0 stands "
                                           "for all that it has"};
  return Error{Errc::kEnvironment, where + std::strerror(code)};
}

}  // namespace

std::string text_of(const Address& address) {
  return address.host + ":" + std::to_string(address.port);
}

Result<Address> read_address(const std::string& option, const std::string& text) {
  const auto wrong = [&](const std::string& why) {
    return Error{Errc::kInvalidConfig, option + " " + text + ": " + why};
  };
  const size_t colon = text.rfind(':');
  Address address;
  address.host = text.substr(0, colon);
  if (colon == std::string::npos || !is_host(address.host))
    return wrong("must be HOST:PORT, the host an IPv4 address or a name");
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + colon + 1, end, address.port);
  if (read.ec != std::errc() || read.ptr != end)
    return wrong("'" + text.substr(colon + 1) + "' is no port; it is a number from 1 to 65535");
  return address;
}

bool is_loopback(const std::string& host) {
  const auto address = numeric(host);
  return host == "localhost" || (address && ntohl(address->s_addr) >> 24 == 127);
}

Result<Listening> plan_listening(const std::string& listen, const std::string& certs) {
  Listening plan;
  if (!listen.empty()) {
    auto address = read_address("--listen", listen);
    if (!address)
      return address.error();
    plan.address = std::move(address).value();
  }
  const Address& address = plan.address;
  if (!numeric(address.host))
    return Error{Errc::kInvalidConfig,
                 "--listen " + listen + ": must be an IPv4 address of this machine, or 0.0.0.0"};
  if (address.port == 65535)
    return Error{Errc::kInvalidConfig,
                 "--listen " + listen + ": the port behind it is needed, too; 65534 is the last"};
  if (certs.empty() && !is_loopback(address.host))
    return Error{Errc::kInvalidConfig,
                 "--listen " + listen +
                     ": other machines join a run with certificates alone, since what passes is "
                     "neither encrypted nor authenticated without; make them with 'nelumbo certs "
                     "new --out certs' and give --certs certs"};
  if (!certs.empty()) {
    auto own = Credentials::load(certs + "/" + kCoordinatorName);
    if (!own)
      return own.error();
    plan.certs = certs;
    plan.credentials = std::move(own).value();
  }
  for (const uint16_t port : {address.port, plan.bulk_port()})
    if (port != 0)
      if (auto free = try_port(address.host, port); !free)
        return free.error();
  return plan;
}

}  // namespace nelumbo
