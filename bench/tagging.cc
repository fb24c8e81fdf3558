// SPDX-License-Identifier: Apache-2.0
#include "bench/tagging.h"

#include <algorithm>

#include "corpus/entity_tree.h"
#include "corpus/fold.h"
#include "corpus/name_rules.h"
#include "corpus/text_sources.h"

namespace nelumbo {
namespace {

/// The hash table is slow: it searches so much of the text.
constexpr int64_t kSampleBytes = 200'000;

/// MB/s of the best repeat; `hits` are those of the last.
template <class Matcher>
double speed(const Matcher& matcher, const std::vector<std::string_view>& texts, int64_t repeats,
             std::vector<NameHit>* hits) {
  double best = 0;
  for (int64_t i = 0; i < repeats; ++i) {
    hits->clear();
    int64_t bytes = 0;
    const double start = processor_seconds();
    for (const std::string_view text : texts) {
      const std::vector<NameHit> found = matcher.find(text);
      hits->insert(hits->end(), found.begin(), found.end());
      bytes += std::ssize(text);
    }
    best = std::max(best, static_cast<double>(bytes) / 1e6 / (processor_seconds() - start));
  }
  return best;
}

}  // namespace

HashedNames::HashedNames(const std::vector<OwnedName>& names) {
  for (const OwnedName& name : names)
    if (name_rule(name.text) != NameRule::kNever) {
      names_[folded(name.text)].push_back(name);
      longest_ = std::max(longest_, name.text.size());
    }
}

const OwnedName* HashedNames::at(std::string_view folded_name, std::string_view written) const {
  const auto found = names_.find(std::string(folded_name));
  if (found == names_.end())
    return nullptr;
  const OwnedName* any_case = nullptr;
  for (const OwnedName& name : found->second) {
    if (name_rule(name.text) == NameRule::kAnyCase)
      any_case = any_case == nullptr ? &name : any_case;
    else if (name.text == written)
      return &name;
  }
  return any_case;
}

std::vector<NameHit> HashedNames::find(std::string_view text) const {
  const std::string plain = folded(text);
  std::vector<NameHit> hits;
  const auto boundary = [&](size_t i) {
    return i == 0 || i == plain.size() || is_boundary(plain[i - 1], plain[i]);
  };
  for (size_t begin = 0; begin < plain.size();) {
    size_t next = begin + 1;
    size_t end = boundary(begin) ? std::min(plain.size(), begin + longest_) : begin;
    for (; end > begin; --end) {
      if (!boundary(end))
        continue;
      const size_t length = end - begin;
      if (const OwnedName* name =
              at(std::string_view(plain).substr(begin, length), text.substr(begin, length))) {
        hits.push_back({static_cast<int64_t>(begin), static_cast<int64_t>(end), name->owner});
        next = end;
        break;
      }
    }
    begin = next;
  }
  return hits;
}

Result<Figure> measure_tagging(const std::string& root, int64_t repeats) {
  const Result<EntityTree> tree = read_entity_tree(root);
  if (!tree)
    return tree.error();
  const Result<std::vector<Document>> documents = read_all_documents(
      {root + "/pubmedqa/pqal_train.json", root + "/disease-ontology/DO_rare_slim.obo",
       root + "/medmcqa/dev.jsonl"});
  if (!documents)
    return documents.error();
  int64_t bytes = 0, sample_bytes = 0;
  std::vector<std::string_view> all, sample;
  for (const Document& document : documents.value()) {
    all.push_back(document.text);
    bytes += std::ssize(document.text);
    if (sample_bytes < kSampleBytes) {
      sample.push_back(document.text);
      sample_bytes += std::ssize(document.text);
    }
  }
  const std::vector<OwnedName> names = tree.value().names();
  const NameMatcher matcher(names);
  const HashedNames hashed(names);
  std::vector<NameHit> hits, sample_hits, anchor_hits;
  const double own = speed(matcher, all, repeats, &hits);
  const double anchor = speed(hashed, sample, 1, &anchor_hits);
  speed(matcher, sample, 1, &sample_hits);
  if (sample_hits != anchor_hits)
    return Error{Errc::kCheckFailed, "nelumbo bench: matcher and hash table find different names"};
  Figure figure{.name = "tagging",
                .unit = "MB/s",
                .own = {"matcher, one core", own},
                .anchor = {"hash table of all names", anchor}};
  figure.details = {{"names", matcher.names()},
                    {"bytes", bytes},
                    {"sample_bytes", sample_bytes},
                    {"hits", hits.size()}};
  return figure;
}

}  // namespace nelumbo
