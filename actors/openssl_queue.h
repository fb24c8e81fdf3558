// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nelumbo {

/// OpenSSL keeps the errors of a thread in a queue, which must be empty before each call that reads
/// or writes: else SSL_get_error() takes what is left over for an error of that call. CAF serves
/// all connections of a process on one thread and leaves the queue as it is, so that one stranger
/// whose handshake fails would end every other connection. This program therefore has SSL_accept,
/// SSL_connect, SSL_read and SSL_write of its own, which empty the queue and call the library's;
/// the loader binds CAF's calls to them.
///
/// Says whether it did.
bool tls_calls_are_ours();

}  // namespace nelumbo
