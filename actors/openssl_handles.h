// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/error.h"

namespace nelumbo {

template <auto Free>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

// Owners of OpenSSL's objects.
using BioHandle = std::unique_ptr<BIO, OpensslFree<BIO_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using DigestHandle = std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>>;
using CertificateHandle = std::unique_ptr<X509, OpensslFree<X509_free>>;
using StoreHandle = std::unique_ptr<X509_STORE, OpensslFree<X509_STORE_free>>;
using StoreContextHandle = std::unique_ptr<X509_STORE_CTX, OpensslFree<X509_STORE_CTX_free>>;
using TlsContextHandle = std::unique_ptr<SSL_CTX, OpensslFree<SSL_CTX_free>>;
using TlsHandle = std::unique_ptr<SSL, OpensslFree<SSL_free>>;

/// What the library last complained of on this thread; its list of complaints is then empty.
inline std::string openssl_complaint() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "no reason given" : reason;
}

/// What was written into a memory BIO.
inline std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<size_t>(size > 0 ? size : 0)};
}

/// The first certificate in PEM text; none when it holds none.
CertificateHandle certificate_of(const std::string& pem);

}  // namespace nelumbo
