// SPDX-License-Identifier: Apache-2.0
#include "corpus/multi_hop_audit.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/ascii.h"

namespace nelumbo {
namespace {

constexpr size_t kMostComplaints = 20, kMostPaths = 100000;

using Words = std::vector<std::string>;

/// Letters and digits in lower case; a plural s goes.
Words words_of_text(const std::string& text) {
  Words words;
  std::string word;
  for (const char c : text + " ") {
    if (is_ascii_alphanumeric(c) || !is_ascii({&c, 1})) {
      word += ascii_lower(c);
    } else if (c != '\'' && !word.empty()) {
      if (word.size() > 3 && word.back() == 's' && word[word.size() - 2] != 's')
        word.pop_back();
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

bool holds(const Words& text, const Words& name) {
  return !name.empty() &&
         std::search(text.begin(), text.end(), name.begin(), name.end()) != text.end();
}

/// "Eye Neoplasms" of "Neoplasms, Eye".
std::optional<std::string> turned_round(const std::string& name) {
  const size_t comma = name.find(", ");
  if (comma == std::string::npos || name.find(',', comma + 1) != std::string::npos)
    return std::nullopt;
  return name.substr(comma + 2) + " " + name.substr(0, comma);
}

class Auditor {
 public:
  explicit Auditor(const Relations& relations) : beside_(relations.entities.size()) {
    for (const Entity& entity : relations.entities) {
      numbers_.emplace(entity.id, numbers_.size());
      entities_[entity.id] = &entity;
    }
    for (const Triple& triple : relations.triples) {
      const std::string& subject = relations.entities[static_cast<size_t>(triple.subject)].id;
      const std::string& object = relations.entities[static_cast<size_t>(triple.object)].id;
      facts_[{subject, triple.relation, false}].insert(object);
      facts_[{object, triple.relation, true}].insert(subject);
      beside_[numbers_.at(subject)].push_back(numbers_.at(object));
      beside_[numbers_.at(object)].push_back(numbers_.at(subject));
    }
  }

  void look_at(const MultiHopItem& item) {
    ++audit_.items;
    if (!is_well_formed(item))
      return complain(item, MultiHopFault::kForm, "is malformed or asked twice");
    count(item);
    const int hops = static_cast<int>(item.hops.size());
    if (const int apart = hops_between(item.path.back().id, item.path.front().id, hops);
        apart != hops)
      complain(item, MultiHopFault::kShortcut, "is only " + std::to_string(apart) + " hops long");
    const auto telling = std::count_if(item.hops.begin(), item.hops.end(), [](Hop hop) {
      return hop.relation != Relation::kIsA && hop.relation != Relation::kSameAs;
    });
    if (telling < (hops + 1) / 2)
      complain(item, MultiHopFault::kHierarchy, "climbs the hierarchy for most of its way");
    if (!has_one_path(item))
      complain(item, MultiHopFault::kAmbiguous, "does not have exactly one path");
    if (const std::optional<std::string> name = leaked(item))
      complain(item, MultiHopFault::kLeak, "says '" + *name + "'");
    if (!has_fair_choices(item))
      complain(item, MultiHopFault::kChoices, "has unfair choices");
  }

  MultiHopAudit take() { return std::move(audit_); }

 private:
  using Fact = std::tuple<std::string, Relation, bool>;

  void complain(const MultiHopItem& item, MultiHopFault fault, const std::string& what) {
    ++audit_.faults[static_cast<size_t>(fault)];
    if (audit_.complaints.size() < kMostComplaints)
      audit_.complaints.push_back(item.id + ": " + what);
  }

  void count(const MultiHopItem& item) {
    ++audit_.by_hops[static_cast<int>(item.hops.size())];
    ++audit_.by_hidden_hops[item.hidden_hops()];
    ++audit_.by_difficulty[item.difficulty()];
    for (const Hop hop : item.hops)
      ++audit_.by_relation[std::string(words_of(hop.relation).name)];
  }

  bool is_well_formed(const MultiHopItem& item) {
    const size_t hops = item.hops.size();
    if (hops < 1 || item.path.size() != hops + 1 || !asked_.insert(item.question).second)
      return false;
    if (!item.path.front().shown || item.path.back().shown ||
        (hops > 1 && item.path[hops - 1].shown))
      return false;
    const Words said = words_of_text(item.question);
    for (size_t i = 0; i <= hops; ++i) {
      const PathStop& stop = item.path[i];
      const auto entity = entities_.find(stop.id);
      if (entity == entities_.end() || entity->second->name != stop.name)
        return false;
      if (stop.shown && !holds(said, words_of_text(stop.name)))
        return false;
      if (i < hops && !leads(stop.id, item.hops[i], item.path[i + 1].id))
        return false;
    }
    return true;
  }

  bool leads(const std::string& from, Hop hop, const std::string& to) const {
    const auto found = facts_.find({from, hop.relation, hop.inverse});
    return found != facts_.end() && found->second.contains(to);
  }

  /// Breadth-first from `from`, over all facts, in rings; `most` + 1 when it is farther.
  int hops_between(const std::string& from, const std::string& to, int most) const {
    std::vector<bool> seen(beside_.size(), false);
    std::vector<size_t> ring{numbers_.at(from)};
    for (int hops = 0; hops <= most; ++hops) {
      std::vector<size_t> next;
      for (const size_t at : ring) {
        if (at == numbers_.at(to))
          return hops;
        for (const size_t around : beside_[at])
          if (!seen[around]) {
            seen[around] = true;
            next.push_back(around);
          }
      }
      ring = std::move(next);
    }
    return most + 1;
  }

  /// All paths that fit, step by step; whether the gold path is the only one.
  bool has_one_path(const MultiHopItem& item) const {
    std::vector<std::vector<std::string>> paths{{item.path.front().id}};
    for (size_t step = 0; step < item.hops.size(); ++step) {
      std::vector<std::vector<std::string>> longer;
      for (const auto& path : paths) {
        const auto next =
            facts_.find({path.back(), item.hops[step].relation, item.hops[step].inverse});
        if (next == facts_.end())
          continue;
        for (const std::string& id : next->second) {
          const bool fits = !item.path[step + 1].shown || item.path[step + 1].id == id;
          if (!fits || std::find(path.begin(), path.end(), id) != path.end())
            continue;
          longer.push_back(path);
          longer.back().push_back(id);
        }
      }
      paths = std::move(longer);
      if (paths.size() > kMostPaths)
        return false;
    }
    return paths.size() == 1 && paths[0].back() == item.path.back().id;
  }

  std::optional<std::string> leaked(const MultiHopItem& item) const {
    const Words said = words_of_text(item.question);
    for (const PathStop& stop : item.path) {
      if (stop.shown)
        continue;
      std::vector<std::string> names = entities_.at(stop.id)->synonyms;
      names.push_back(stop.name);
      for (const std::string& name : names) {
        if (holds(said, words_of_text(name)))
          return name;
        std::optional<std::string> turned = turned_round(name);
        if (turned && holds(said, words_of_text(*turned)))
          return turned;
      }
    }
    return std::nullopt;
  }

  static bool has_fair_choices(const MultiHopItem& item) {
    const Words said = words_of_text(item.question);
    std::set<Words> different;
    for (const std::string& choice : item.choices)
      if (holds(said, words_of_text(choice)) || !different.insert(words_of_text(choice)).second)
        return false;
    return item.choices.size() >= 2 &&
           std::count(item.choices.begin(), item.choices.end(), item.path.back().name) == 1;
  }

  std::map<std::string, const Entity*> entities_;
  std::map<Fact, std::set<std::string>> facts_;
  std::map<std::string, size_t> numbers_;
  std::vector<std::vector<size_t>> beside_;  ///< by number
  std::set<std::string> asked_;
  MultiHopAudit audit_;
};

nlohmann::json counts_json(const std::map<int, int64_t>& counts) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [key, count] : counts)
    object[std::to_string(key)] = count;
  return object;
}

}  // namespace

MultiHopAudit audit_multi_hop(const Relations& relations, std::span<const MultiHopItem> items) {
  Auditor auditor(relations);
  for (const MultiHopItem& item : items)
    auditor.look_at(item);
  return auditor.take();
}

nlohmann::json to_json(const MultiHopAudit& audit) {
  nlohmann::json faults;
  for (size_t i = 0; i < kMultiHopFaults; ++i)
    faults[std::string(kMultiHopFaultNames[i])] = audit.faults[i];
  return {{"items", audit.items},
          {"faults", faults},
          {"hops", counts_json(audit.by_hops)},
          {"hidden_hops", counts_json(audit.by_hidden_hops)},
          {"difficulty", counts_json(audit.by_difficulty)},
          {"hops_by_relation", audit.by_relation}};
}

}  // namespace nelumbo
