// SPDX-License-Identifier: Apache-2.0
#include "model/metaspace.h"

#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "model/step_fields.h"

namespace nelumbo {

Result<Metaspace> Metaspace::parse(const nlohmann::json& step, const std::string& place) {
  const Result<std::string> mark = character_field(step, "replacement", place);
  if (!mark)
    return mark.error();
  // Files write an unset field as null.
  const auto flag = [&](const char* name) -> Result<bool> {
    return step.contains(name) && step[name].is_null() ? Result<bool>(true)
                                                       : flag_field(step, name, true, place);
  };
  const Result<bool> cuts = flag("split");
  const Result<bool> adds = flag("add_prefix_space");
  if (!cuts || !adds)
    return cuts ? adds.error() : cuts.error();
  Metaspace metaspace{mark.value(), Prepend::kAlways, cuts.value()};
  const nlohmann::json scheme = step.value("prepend_scheme", nlohmann::json("always"));
  if (scheme == "first")
    metaspace.prepend = Prepend::kFirst;
  else if (scheme == "never")
    metaspace.prepend = Prepend::kNever;
  else if (scheme != "always")
    return bad_data(place, "the prepend_scheme " + excerpt(scheme) +
                               " is not supported; always, first and never are");
  if (!adds.value())
    metaspace.prepend = Prepend::kNever;
  return metaspace;
}

std::string Metaspace::spelt(std::string_view word, bool is_first) const {
  std::string made;
  const bool begins_with_mark = word.starts_with(' ') || word.starts_with(mark);
  if (!begins_with_mark &&
      (prepend == Prepend::kAlways || (prepend == Prepend::kFirst && is_first)))
    made = mark;
  for (const char c : word)
    if (c == ' ')
      made += mark;
    else
      made += c;
  return made;
}

std::vector<Words::Range> Metaspace::cut(std::string_view word) const {
  std::vector<Words::Range> words;
  for (size_t begin = 0; begin < word.size();) {
    const size_t end = std::min(word.find(mark, begin + 1), word.size());
    words.push_back({static_cast<int64_t>(begin), static_cast<int64_t>(end)});
    begin = end;
  }
  return words;
}

std::string Metaspace::unspelt(std::string_view token, bool is_first) const {
  std::string made;
  for (size_t at = 0; at < token.size();) {
    if (token.substr(at).starts_with(mark)) {
      made += is_first && prepend != Prepend::kNever ? "" : " ";
      at += mark.size();
    } else {
      made += token[at++];
    }
  }
  return made;
}

}  // namespace nelumbo
