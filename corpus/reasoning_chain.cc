// SPDX-License-Identifier: Apache-2.0
#include "corpus/reasoning_chain.h"

#include <algorithm>

#include "base/replace_all.h"
#include "base/text.h"

namespace nelumbo {
namespace {

constexpr std::string_view kDrawnArrow = "\u2192";

std::string opening(std::string_view tag) {
  return "<" + std::string(tag) + ">";
}

std::string closing(std::string_view tag) {
  return "</" + std::string(tag) + ">";
}

/// The pieces between marks, trimmed; empty ones are kept.
std::vector<std::string> split(std::string_view text, std::string_view mark) {
  std::vector<std::string> pieces;
  for (size_t from = 0; from <= text.size();) {
    const size_t at = std::min(text.find(mark, from), text.size());
    pieces.emplace_back(trimmed(text.substr(from, at - from)));
    from = at + mark.size();
  }
  return pieces;
}

/// Takes the part of `tag` off the front of `rest`; what stood before it goes to `extra`.
std::optional<std::string> take_part(std::string_view tag, std::string_view* rest,
                                     std::string* extra) {
  const std::string open = opening(tag), close = closing(tag);
  const size_t from = rest->find(open);
  if (from == std::string_view::npos)
    return std::nullopt;
  const size_t end = rest->find(close, from);
  if (end == std::string_view::npos)
    return std::nullopt;
  *extra += trimmed(rest->substr(0, from));
  const size_t begin = from + open.size();
  std::string part(trimmed(rest->substr(begin, end - begin)));
  rest->remove_prefix(end + close.size());
  return part;
}

bool holds_tag(std::string_view text) {
  return std::any_of(kChainTags.begin(), kChainTags.end(), [&](std::string_view tag) {
    return text.find(opening(tag)) != std::string_view::npos ||
           text.find(closing(tag)) != std::string_view::npos;
  });
}

}  // namespace

std::vector<std::string> chain_tokens() {
  std::vector<std::string> tokens;
  for (const std::string_view tag : kChainTags) {
    tokens.push_back(opening(tag));
    tokens.push_back(closing(tag));
  }
  return tokens;
}

std::string ReasoningChain::text() const {
  const std::array<std::string, 4> parts{understand, joined(recall, "\n "),
                                         joined(reason, kChainArrow), conclude};
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i)
    text += (i > 0 ? "\n" : "") + opening(kChainTags[i]) + " " + parts[i] + closing(kChainTags[i]);
  return text;
}

ReasoningChain chain_of(const MultiHopItem& item) {
  ReasoningChain chain;
  std::vector<std::string> wanted;
  for (size_t hop = 0; hop < item.hops.size(); ++hop) {
    const std::string& from = item.path[hop].name;
    chain.recall.push_back(edge_line({from, item.hops[hop], item.path[hop + 1].name}));
    chain.reason.push_back(from);
    wanted.emplace_back(hop_word(item.hops[hop]));
  }
  chain.reason.push_back(item.answer());
  chain.understand = item.path.front().name + ": " + joined(wanted, ", ");
  chain.conclude = item.answer();
  return chain;
}

std::optional<ReasoningChain> read_chain(std::string_view text) {
  ReasoningChain chain;
  std::array<std::string, 4> parts;
  for (size_t i = 0; i < parts.size(); ++i) {
    std::optional<std::string> part = take_part(kChainTags[i], &text, &chain.extra);
    if (!part || part->empty() || holds_tag(*part))
      return std::nullopt;
    parts[i] = std::move(*part);
  }
  if (holds_tag(chain.extra) || holds_tag(text))
    return std::nullopt;
  chain.understand = parts[0];
  chain.recall = split(parts[1], "\n");
  std::erase(chain.recall, "");
  replace_all(&parts[2], kDrawnArrow, trimmed(kChainArrow));
  chain.reason = split(parts[2], trimmed(kChainArrow));
  chain.conclude = parts[3];
  return chain;
}

std::optional<RecalledEdge> read_edge(std::string_view line) {
  const std::vector<std::string> fields = split(line, trimmed(kChainFieldMark));
  if (fields.size() != 3 || fields[0].empty() || fields[2].empty())
    return std::nullopt;
  const std::optional<Hop> hop = hop_of(fields[1]);
  if (!hop)
    return std::nullopt;
  return RecalledEdge{fields[0], *hop, fields[2]};
}

std::string edge_line(const RecalledEdge& edge) {
  return joined({edge.from, std::string(hop_word(edge.hop)), edge.to}, kChainFieldMark);
}

}  // namespace nelumbo
