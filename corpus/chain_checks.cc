// SPDX-License-Identifier: Apache-2.0
#include "corpus/chain_checks.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "base/replace_all.h"
#include "corpus/coordinates.h"
#include "corpus/grid.h"

namespace nelumbo {
namespace {

constexpr double kLeastOverlap = 0.3;
constexpr size_t kLeastQuote = 3;

using Reason = std::optional<std::string>;

/// Lower case, each run of blanks one blank.
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isspace(byte) == 0)
      out += static_cast<char>(std::tolower(byte));
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (!out.empty() && out.back() == ' ')
    out.pop_back();
  return out;
}

bool is_word_sign(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

/// Whether `name` stands in `text` as whole words.
bool says(std::string_view text, std::string_view name) {
  const std::string where = folded(text), what = folded(name);
  if (what.empty())
    return false;
  for (size_t at = where.find(what); at != std::string::npos; at = where.find(what, at + 1)) {
    const size_t end = at + what.size();
    const bool begins = at == 0 || !is_word_sign(where[at - 1]) || !is_word_sign(what.front());
    const bool ends =
        end == where.size() || !is_word_sign(where[end]) || !is_word_sign(what.back());
    if (begins && ends)
      return true;
  }
  return false;
}

bool equal(std::string_view a, std::string_view b) {
  return folded(a) == folded(b);
}

bool is_same_fact(const RecalledEdge& a, const RecalledEdge& b) {
  return a.hop == b.hop && equal(a.from, b.from) && equal(a.to, b.to);
}

/// Whether text before the end gives the answer away.
class Reveal {
 public:
  Reveal(const ReasoningChain& chain, const ChainEvidence& evidence)
      : name_(chain.conclude), is_free_(says(evidence.question, chain.conclude)) {}

  bool operator()(std::string_view text) const {
    return says(text, "answer") || (!is_free_ && says(text, name_));
  }

 private:
  std::string_view name_;
  bool is_free_;
};

Reason misplaced(const ReasoningChain& chain, const ChainEvidence& evidence) {
  if (chain.extra.empty() || Reveal(chain, evidence)(chain.extra))
    return std::nullopt;
  return "'" + chain.extra + "' stands outside of the parts";
}

Reason peeking(const ReasoningChain& chain, const ChainEvidence& evidence) {
  const Reveal reveals(chain, evidence);
  if (reveals(chain.extra))
    return "the answer stands before the conclusion";
  if (reveals(chain.understand))
    return "understand names the answer";
  if (evidence.gold_path.empty())
    return std::nullopt;
  for (size_t i = 0; i + 1 < chain.recall.size(); ++i)
    if (reveals(chain.recall[i]))
      return "line " + std::to_string(i + 1) + " of recall names the answer";
  for (size_t i = 0; i + 1 < chain.reason.size(); ++i)
    if (reveals(chain.reason[i]))
      return "reason names the answer before its end";
  return std::nullopt;
}

/// “Curly” quotation marks as plain ones.
std::string with_plain_quotes(std::string_view text) {
  std::string plain(text);
  for (const std::string_view mark : {"\xE2\x80\x9C", "\xE2\x80\x9D"})
    replace_all(&plain, mark, "\"");
  return plain;
}

/// Whether `line` has a quotation, and all of its quotations stand in the evidence.
bool is_quoted(std::string_view said, const ChainEvidence& evidence) {
  const std::string line = with_plain_quotes(said);
  bool any = false;
  for (size_t open = line.find('"'); open != std::string_view::npos; open = line.find('"', open)) {
    const size_t close = line.find('"', open + 1);
    if (close == std::string_view::npos || close - open - 1 < kLeastQuote)
      return false;
    const std::string span = folded(std::string_view(line).substr(open + 1, close - open - 1));
    const auto holds = [&](const std::string& text) {
      return folded(text).find(span) != std::string::npos;
    };
    if (!holds(evidence.question) &&
        std::none_of(evidence.sources.begin(), evidence.sources.end(), holds))
      return false;
    any = true;
    open = close + 1;
  }
  return any;
}

/// Whether a line has a box, and the box shows something.
bool is_seen(std::string_view line, const ChainEvidence& evidence) {
  const size_t from = line.find("<g");
  if (from == std::string_view::npos)
    return false;
  const std::optional<GridBox> grid = read_grid(line.substr(from));
  if (!grid)
    return false;
  const Box box = box_from_grid(*grid);
  return evidence.boxes.empty() ||
         std::any_of(evidence.boxes.begin(), evidence.boxes.end(),
                     [&](const Box& other) { return iou(box, other) >= kLeastOverlap; });
}

Reason unsupported(const ReasoningChain& chain, const ChainEvidence& evidence) {
  for (const std::string& line : chain.recall) {
    const std::optional<RecalledEdge> edge = read_edge(line);
    const bool is_fact =
        edge && std::any_of(evidence.gold_path.begin(), evidence.gold_path.end(),
                            [&](const RecalledEdge& gold) { return is_same_fact(*edge, gold); });
    if (!is_fact && !has_evidence(line, evidence))
      return "'" + line + "' has no support";
  }
  return std::nullopt;
}

/// A step that the recalled facts do not lead: none goes from its first entity to its second. Only
/// that on which the first line would stand may have none, where the next one has.
Reason contradicted(const ReasoningChain& chain) {
  std::vector<RecalledEdge> facts;
  for (const std::string& line : chain.recall)
    if (const std::optional<RecalledEdge> edge = read_edge(line))
      facts.push_back(*edge);
  const auto begin_at = [&](const std::string& name) {
    return std::ranges::any_of(facts, [&](const auto& one) { return equal(one.from, name); });
  };
  for (size_t i = 0; !facts.empty() && i + 1 < chain.reason.size(); ++i) {
    const std::string &from = chain.reason[i], &to = chain.reason[i + 1];
    const bool is_led = std::ranges::any_of(
        facts, [&](const RecalledEdge& one) { return equal(one.from, from) && equal(one.to, to); });
    const bool is_left_out = i == 0 && !begin_at(from) && begin_at(to);
    if (!is_led && !is_left_out)
      return std::string("no fact that is recalled leads from '")
          .append(from)
          .append("' to '")
          .append(to)
          .append("'");
  }
  return std::nullopt;
}

Reason unfaithful(const ReasoningChain& chain, const std::optional<std::string>& answer) {
  if (Reason reason = contradicted(chain))
    return reason;
  if (!equal(chain.reason.back(), chain.conclude))
    return "the reasoning ends in '" + chain.reason.back() + "', not in '" + chain.conclude + "'";
  if (answer && !equal(*answer, chain.conclude))
    return "the answer is '" + *answer + "', the conclusion '" + chain.conclude + "'";
  return std::nullopt;
}

Reason order_of_gold(const ReasoningChain& chain, const std::vector<RecalledEdge>& gold) {
  if (chain.recall.size() != gold.size())
    return "there are " + std::to_string(chain.recall.size()) + " facts on a path of " +
           std::to_string(gold.size());
  if (chain.reason.size() != gold.size() + 1)
    return "the reasoning names " + std::to_string(chain.reason.size()) + " of " +
           std::to_string(gold.size() + 1) + " entities, with '->' between them";
  for (size_t i = 0; i < gold.size(); ++i) {
    const std::optional<RecalledEdge> edge = read_edge(chain.recall[i]);
    if (!edge || !is_same_fact(*edge, gold[i]))
      return "fact " + std::to_string(i + 1) + " is not '" + edge_line(gold[i]) + "'";
    if (!equal(chain.reason[i], gold[i].from) || !equal(chain.reason[i + 1], gold[i].to))
      return "the reasoning leaves the path after '" + gold[i].from + "'";
  }
  return std::nullopt;
}

Reason order(const ReasoningChain& chain, const ChainEvidence& evidence) {
  if (!evidence.gold_path.empty())
    return order_of_gold(chain, evidence.gold_path);
  std::set<std::string> seen;
  for (const std::string& line : chain.recall)
    if (!seen.insert(folded(line)).second)
      return "'" + line + "' is said twice";
  return std::nullopt;
}

}  // namespace

bool has_evidence(std::string_view line, const ChainEvidence& evidence) {
  return is_quoted(line, evidence) || is_seen(line, evidence);
}

ChainEvidence evidence_of(const MultiHopItem& item) {
  ChainEvidence evidence;
  evidence.question = item.question;
  for (size_t i = 0; i < item.hops.size(); ++i)
    evidence.gold_path.push_back({item.path[i].name, item.hops[i], item.path[i + 1].name});
  return evidence;
}

std::vector<ChainComplaint> check_chain(std::string_view text, const ChainEvidence& evidence,
                                        const std::optional<std::string>& answer) {
  const std::optional<ReasoningChain> chain = read_chain(text);
  if (!chain || chain->recall.empty() || chain->conclude.find('\n') != std::string::npos)
    return {{ChainFault::kForm, "not the four parts, each once, in order and filled"}};
  std::vector<ChainComplaint> complaints;
  const auto add = [&](ChainFault fault, Reason reason) {
    if (reason)
      complaints.push_back({fault, std::move(*reason)});
  };
  add(ChainFault::kForm, misplaced(*chain, evidence));
  add(ChainFault::kPeeking, peeking(*chain, evidence));
  add(ChainFault::kUnsupported, unsupported(*chain, evidence));
  add(ChainFault::kUnfaithful, unfaithful(*chain, answer));
  add(ChainFault::kOrder, order(*chain, evidence));
  return complaints;
}

}  // namespace nelumbo
