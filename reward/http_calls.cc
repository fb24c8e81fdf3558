// SPDX-License-Identifier: Apache-2.0
#include "reward/http_calls.h"

#include <array>
#include <cmath>
#include <map>
#include <utility>

#include <curl/curl.h>

#include "base/check.h"

namespace nelumbo {

namespace {

/// libcurl wants to be set up once, before threads use it.
void set_up_once() {
  static const CURLcode kDone = curl_global_init(CURL_GLOBAL_DEFAULT);
  NELUMBO_CHECK(kDone == CURLE_OK) << "libcurl cannot be set up";
}

struct UrlCloser {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

/// One part of a URL; empty where it has none.
std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK)
    return "";
  std::string out(text);
  curl_free(text);
  return out;
}

Error bad_url(const std::string& why) {
  return Error{Errc::kInvalidConfig, why + "; write one like http://127.0.0.1:8000/v1"};
}

/// One call that runs, at an address that stays: libcurl writes into it.
struct Running {
  size_t id = 0;
  CURL* handle = nullptr;
  curl_slist* headers = nullptr;
  std::string request, body;
  size_t most_bytes = 0;
  bool too_long = false;
  std::array<char, CURL_ERROR_SIZE> why{};

  Running() = default;
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    curl_easy_cleanup(handle);
    curl_slist_free_all(headers);
  }
};

size_t take_bytes(char* bytes, size_t size, size_t count, void* to) {
  auto* const running = static_cast<Running*>(to);
  if (running->body.size() + size * count > running->most_bytes) {
    running->too_long = true;
    return 0;  // libcurl ends the call
  }
  running->body.append(bytes, size * count);
  return size * count;
}

/// All that keeps a call to where it was sent.
void restrict_to_place(CURL* handle) {
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
}

void set_up(Running& running, const HttpCall& call) {
  CURL* const handle = running.handle;
  restrict_to_place(handle);
  running.headers = curl_slist_append(running.headers, "Content-Type: application/json");
  running.headers = curl_slist_append(running.headers, "Accept: application/json");
  running.headers = curl_slist_append(running.headers, "Expect:");
  if (call.key)
    running.headers =
        curl_slist_append(running.headers, ("Authorization: Bearer " + *call.key).c_str());
  const auto milliseconds = static_cast<long>(std::ceil(call.seconds * 1000));
  curl_easy_setopt(handle, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, call.connects_only ? 1L : 0L);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, running.headers);
  curl_easy_setopt(handle, CURLOPT_POST, 1L);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, running.request.c_str());
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(running.request.size()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds > 0 ? milliseconds : 1L);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "nelumbo");
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, running.why.data());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &take_bytes);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &running);
  curl_easy_setopt(handle, CURLOPT_PRIVATE, &running);
}

HttpResult result_of(Running& running, CURLcode code) {
  HttpResult result;
  result.id = running.id;
  curl_easy_getinfo(running.handle, CURLINFO_TOTAL_TIME, &result.seconds);
  if (running.too_long) {
    result.end = HttpResult::End::kTooLong;
    result.why = "the answer is longer than " + std::to_string(running.most_bytes) + " bytes";
    return result;
  }
  if (code != CURLE_OK) {
    const bool late = code == CURLE_OPERATION_TIMEDOUT;
    result.end = late ? HttpResult::End::kTimeout : HttpResult::End::kFailed;
    result.why = running.why[0] != '\0' ? running.why.data() : curl_easy_strerror(code);
    return result;
  }
  long status = 0;
  curl_off_t wait = 0;
  curl_easy_getinfo(running.handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(running.handle, CURLINFO_RETRY_AFTER, &wait);
  result.end = HttpResult::End::kAnswered;
  result.status = static_cast<int>(status);
  result.body = std::move(running.body);
  if (wait > 0)
    result.retry_after = static_cast<double>(wait);
  return result;
}

}  // namespace

struct HttpCalls::State {
  CURLM* multi = nullptr;
  std::map<Running*, std::unique_ptr<Running>> running;
};

Result<HttpPlace> http_place(const std::string& url) {
  set_up_once();
  const std::unique_ptr<CURLU, UrlCloser> parsed(curl_url());
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return bad_url("is no URL");
  const std::string scheme = part_of(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https")
    return bad_url("must begin with http:// or https://");
  if (!part_of(parsed.get(), CURLUPART_USER).empty() ||
      !part_of(parsed.get(), CURLUPART_PASSWORD).empty())
    return bad_url("must not hold a user or a password; name a key by 'key'");
  if (!part_of(parsed.get(), CURLUPART_QUERY).empty() ||
      !part_of(parsed.get(), CURLUPART_FRAGMENT).empty())
    return bad_url("must have neither query nor fragment");
  HttpPlace place;
  place.url = part_of(parsed.get(), CURLUPART_URL);
  while (place.url.ends_with('/'))
    place.url.pop_back();
  place.host = part_of(parsed.get(), CURLUPART_HOST);
  place.is_secure = scheme == "https";
  place.is_loopback =
      place.host == "localhost" || place.host == "127.0.0.1" || place.host == "[::1]";
  return place;
}

HttpCalls::HttpCalls() : state_(std::make_unique<State>()) {
  set_up_once();
  state_->multi = curl_multi_init();
  NELUMBO_CHECK(state_->multi != nullptr) << "libcurl has no memory";
}

HttpCalls::~HttpCalls() {
  for (const auto& [running, owner] : state_->running)
    curl_multi_remove_handle(state_->multi, running->handle);
  state_->running.clear();
  curl_multi_cleanup(state_->multi);
}

void HttpCalls::start(size_t id, const HttpCall& call) {
  auto running = std::make_unique<Running>();
  running->id = id;
  running->handle = curl_easy_init();
  NELUMBO_CHECK(running->handle != nullptr) << "libcurl has no memory";
  running->request = call.body;
  running->most_bytes = static_cast<size_t>(call.most_bytes);
  set_up(*running, call);
  curl_multi_add_handle(state_->multi, running->handle);
  Running* const place = running.get();
  state_->running.emplace(place, std::move(running));
}

std::vector<HttpResult> HttpCalls::wait(double seconds) {
  int left = 0;
  curl_multi_perform(state_->multi, &left);
  if (left == std::ssize(state_->running)) {
    curl_multi_poll(state_->multi, nullptr, 0, static_cast<int>(std::ceil(seconds * 1000)),
                    nullptr);
    curl_multi_perform(state_->multi, &left);
  }
  std::vector<HttpResult> ended;
  for (int more = 0; const CURLMsg* message = curl_multi_info_read(state_->multi, &more);) {
    if (message->msg != CURLMSG_DONE)
      continue;
    CURL* const handle = message->easy_handle;
    const CURLcode code = message->data.result;
    Running* running = nullptr;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &running);
    ended.push_back(result_of(*running, code));
    curl_multi_remove_handle(state_->multi, handle);
    state_->running.erase(running);
  }
  return ended;
}

int64_t HttpCalls::running() const {
  return std::ssize(state_->running);
}

}  // namespace nelumbo
