// SPDX-License-Identifier: Apache-2.0
#include "apps/gallery.h"

#include <utility>

#include <unistd.h>

namespace nelumbo {

Result<ShownImages> Gallery::see(const std::vector<std::string>& pictures) {
  ShownImages shown;
  for (const std::string& picture : pictures) {
    auto at = seen_.find(picture);
    if (at == seen_.end()) {
      Result<ShownImages> fresh = look_at(picture);
      if (!fresh)
        return fresh.error();
      at = seen_.emplace(picture, std::move(fresh).value()).first;
    }
    shown.mark = at->second.mark;
    shown.framed_mark = at->second.framed_mark;
    shown.images.push_back(at->second.images.front());
  }
  return shown;
}

Result<ShownImages> Gallery::look_at(const std::string& picture) {
  Result<ShownImages> fresh = sight_.see({picture});
  if (!fresh)
    return fresh;
  for (const Pixels& pixels : pixels_of(fresh.value()))
    bytes_ += pixels->values.size() * sizeof(float);
  const auto memory =
      static_cast<size_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  if (bytes_ <= memory / 2)
    return fresh;
  return Error{Errc::kInvalidConfig,
               "the pictures up to here take more than half of the machine's memory, " +
                   std::to_string(memory >> 20) + " MB; lower chat.train_limit, or shrink them"};
}

}  // namespace nelumbo
