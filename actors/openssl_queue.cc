// SPDX-License-Identifier: Apache-2.0
#include "actors/openssl_queue.h"

#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace {

/// The library's function of that name.
template <class Function>
Function* theirs(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

// NOLINTBEGIN(readability-identifier-naming): the library's names

int SSL_accept(SSL* tls) {
  static auto* const call = theirs<int(SSL*)>("SSL_accept");
  ERR_clear_error();
  return call(tls);
}

int SSL_connect(SSL* tls) {
  static auto* const call = theirs<int(SSL*)>("SSL_connect");
  ERR_clear_error();
  return call(tls);
}

int SSL_read(SSL* tls, void* bytes, int size) {
  static auto* const call = theirs<int(SSL*, void*, int)>("SSL_read");
  ERR_clear_error();
  return call(tls, bytes, size);
}

int SSL_write(SSL* tls, const void* bytes, int size) {
  static auto* const call = theirs<int(SSL*, const void*, int)>("SSL_write");
  ERR_clear_error();
  return call(tls, bytes, size);
}

// NOLINTEND(readability-identifier-naming)

}  // extern "C"

namespace nelumbo {

bool tls_calls_are_ours() {
  // What the loader gives to a library that asks for the name.
  return ::dlsym(RTLD_DEFAULT, "SSL_accept") == reinterpret_cast<void*>(&SSL_accept) &&
         ::dlsym(RTLD_DEFAULT, "SSL_connect") == reinterpret_cast<void*>(&SSL_connect) &&
         ::dlsym(RTLD_DEFAULT, "SSL_read") == reinterpret_cast<void*>(&SSL_read) &&
         ::dlsym(RTLD_DEFAULT, "SSL_write") == reinterpret_cast<void*>(&SSL_write) &&
         theirs<int(SSL*)>("SSL_accept") != &SSL_accept;
}

}  // namespace nelumbo
