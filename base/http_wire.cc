// SPDX-License-Identifier: Apache-2.0
#include "base/http_wire.h"

#include <array>
#include <charconv>

namespace nelumbo {
namespace {

/// What a browser may load for an answer: for a page its own server's scripts, styles and answers,
/// for anything else nothing.
std::string_view policy_of(std::string_view type) {
  return type.starts_with("text/html")
             ? "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
               "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
             : "default-src 'none'";
}

std::string head(int status, const std::string& type, bool keep) {
  return "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_of(status)) +
         "\r\nContent-Type: " + type +
         "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff" +
         "\r\nContent-Security-Policy: " + std::string(policy_of(type)) +
         (keep ? "\r\nConnection: keep-alive" : "\r\nConnection: close") +
         (status == 401 ? "\r\nWWW-Authenticate: Bearer" : "") + "\r\n";
}

}  // namespace

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

std::string whole_answer(const HttpAnswer& answer, const HttpWireForm& form) {
  return head(answer.status, answer.type, form.keep) +
         (answer.allow.empty() ? "" : "Allow: " + answer.allow + "\r\n") +
         "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" +
         (form.bodyless ? "" : answer.body);
}

std::string head_of_pieces(const std::string& type, const HttpWireForm& form) {
  return head(200, type, form.keep && form.chunked) +
         (form.chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
}

std::string piece_of(std::string_view bytes, const HttpWireForm& form) {
  if (!form.chunked)
    return std::string(bytes);
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16);
  return std::string(size.data(), end.ptr) + "\r\n" + std::string(bytes) + "\r\n";
}

std::string end_of_pieces(const HttpWireForm& form) {
  return form.chunked ? "0\r\n\r\n" : "";
}

}  // namespace nelumbo
