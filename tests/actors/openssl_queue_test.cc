// SPDX-License-Identifier: Apache-2.0
#include "actors/openssl_queue.h"

#include <array>

#include <gtest/gtest.h>

#include "actors/openssl_handles.h"

namespace nelumbo {
namespace {

TEST(OpensslQueue, HasTheLoadersEar) {
  EXPECT_TRUE(tls_calls_are_ours());
}

TEST(OpensslQueue, AnErrorLeftOverIsNobodyElses) {
  const TlsContextHandle context(SSL_CTX_new(TLS_client_method()));
  const TlsHandle tls(SSL_new(context.get()));
  SSL_set_bio(tls.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(tls.get());
  std::array<char, 8> bytes{};
  ERR_raise(ERR_LIB_SSL, SSL_R_TLSV1_ALERT_UNKNOWN_CA);  // of another connection
  const int read = SSL_read(tls.get(), bytes.data(), bytes.size());
  EXPECT_EQ(SSL_get_error(tls.get(), read), SSL_ERROR_WANT_READ);
  ERR_raise(ERR_LIB_SSL, SSL_R_TLSV1_ALERT_UNKNOWN_CA);
  const int written = SSL_write(tls.get(), "x", 1);
  EXPECT_EQ(SSL_get_error(tls.get(), written), SSL_ERROR_WANT_READ);
  ERR_raise(ERR_LIB_SSL, SSL_R_TLSV1_ALERT_UNKNOWN_CA);
  const int connected = SSL_connect(tls.get());
  EXPECT_EQ(SSL_get_error(tls.get(), connected), SSL_ERROR_WANT_READ);
  ERR_clear_error();
}

}  // namespace
}  // namespace nelumbo
