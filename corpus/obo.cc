// SPDX-License-Identifier: Apache-2.0
#include "corpus/obo.h"

#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "corpus/line_reader.h"

namespace nelumbo {
namespace {

/// "\n" is a newline, "\t" a tab, "\W" a space; any other character stands for itself.
std::string unescaped(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    const char c = text[++i];
    plain += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'W' ? ' ' : c;
  }
  return plain;
}

/// Where `wanted` first stands without a backslash in front.
size_t find_plain(std::string_view text, char wanted, size_t from = 0) {
  for (size_t i = from; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == wanted)
      return i;
  }
  return std::string_view::npos;
}

/// The value without its trailing modifier, {source="x"}, and comment, ! x.
std::string_view without_trailer(std::string_view value) {
  value = trimmed(value.substr(0, find_plain(value, '!')));
  const size_t brace = find_plain(value, '{');
  if (value.ends_with('}') && brace != std::string_view::npos &&
      value.find('=', brace) != std::string_view::npos)
    value = trimmed(value.substr(0, brace));
  return value;
}

/// The first word of a value: an id, with what describes it left out.
std::string identifier(std::string_view value) {
  value = without_trailer(value);
  return unescaped(value.substr(0, value.find(' ')));
}

/// A quoted string and what follows it.
struct Quoted {
  std::string text;
  std::string_view rest;
};

std::optional<Quoted> quoted(std::string_view value) {
  if (!value.starts_with('"'))
    return std::nullopt;
  const size_t end = find_plain(value, '"', 1);
  if (end == std::string_view::npos)
    return std::nullopt;
  return Quoted{unescaped(value.substr(1, end - 1)), trimmed(value.substr(end + 1))};
}

/// A synonym without a scope is a related one, as the format says.
std::optional<SynonymScope> scope_of(std::string_view rest) {
  const std::string_view word = rest.substr(0, rest.find_first_of(" ["));
  if (word == "EXACT")
    return SynonymScope::kExact;
  if (word == "NARROW")
    return SynonymScope::kNarrow;
  if (word == "BROAD")
    return SynonymScope::kBroad;
  if (word == "RELATED" || word.empty())
    return SynonymScope::kRelated;
  return std::nullopt;
}

/// Collects the terms of one file, line by line.
class OboParser {
 public:
  explicit OboParser(LineReader reader) : reader_(std::move(reader)) {}

  Result<std::vector<OboTerm>> parse() {
    std::string line;
    for (;;) {
      const Result<bool> read = reader_.next(&line);
      if (!read)
        return read.error();
      if (!read.value())
        break;
      if (Result<void> taken = take(trimmed(line)); !taken)
        return taken.error();
    }
    if (Result<void> closed = close_term(); !closed)
      return closed.error();
    if (terms_.empty())
      return reader_.bad("the file has no [Term]; give an OBO file");
    return std::move(terms_);
  }

 private:
  Result<void> take(std::string_view line) {
    if (line.empty() || line.starts_with('!'))
      return {};
    if (line.starts_with('['))
      return open_stanza(line);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return bad("is no 'tag: value'");
    if (!in_term_)
      return {};
    return take_tag(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }

  Result<void> open_stanza(std::string_view line) {
    if (Result<void> closed = close_term(); !closed)
      return closed;
    if (!line.ends_with(']'))
      return bad("is no stanza head such as [Term]");
    in_term_ = line == "[Term]";
    term_ = OboTerm{};
    term_.line = reader_.number();
    return {};
  }

  Result<void> close_term() {
    if (!in_term_)
      return {};
    in_term_ = false;
    if (term_.id.empty())
      return reader_.bad_at(term_.line, "the term has no id; add 'id: ...' or delete the term");
    if (term_.name.empty())
      return reader_.bad_at(
          term_.line, "the term " + term_.id + " has no name; add 'name: ...' or delete the term");
    terms_.push_back(std::move(term_));
    return {};
  }

  Result<void> take_tag(std::string_view tag, std::string_view value) {
    if (tag == "id")
      return take_id(value);
    if (tag == "name")
      return take_name(value);
    if (tag == "def")
      return take_definition(value);
    if (tag == "synonym")
      return take_synonym(value);
    if (tag == "is_a")
      return take_reference(value, "is_a", &term_.is_a);
    if (tag == "xref")
      return take_reference(value, "xref", &term_.xrefs);
    if (tag == "is_obsolete")
      return take_obsolete(value);
    return {};
  }

  Result<void> take_id(std::string_view value) {
    const std::string id = identifier(value);
    if (id.empty())
      return bad("the id is empty");
    if (!term_.id.empty())
      return bad("the term " + term_.id + " has a second id");
    if (!ids_.insert(id).second)
      return bad("the id " + id + " stands in the file twice");
    term_.id = id;
    return {};
  }

  Result<void> take_name(std::string_view value) {
    if (!term_.name.empty())
      return bad("the term has a second name");
    term_.name = unescaped(without_trailer(value));
    if (is_blank(term_.name))
      return bad("the name is empty");
    return {};
  }

  Result<void> take_definition(std::string_view value) {
    std::optional<Quoted> definition = quoted(value);
    if (!definition)
      return bad("the definition is not in a pair of quotes");
    term_.definition = std::move(definition->text);
    return {};
  }

  Result<void> take_synonym(std::string_view value) {
    std::optional<Quoted> synonym = quoted(value);
    if (!synonym)
      return bad("the synonym is not in a pair of quotes");
    if (trimmed(synonym->text).empty())
      return bad("the synonym is empty");
    const std::optional<SynonymScope> scope = scope_of(synonym->rest);
    if (!scope)
      return bad("the scope of a synonym is EXACT, NARROW, BROAD or RELATED");
    term_.synonyms.push_back({std::move(synonym->text), *scope});
    return {};
  }

  Result<void> take_reference(std::string_view value, const std::string& tag,
                              std::vector<std::string>* references) {
    std::string id = identifier(value);
    if (id.empty())
      return bad("the " + tag + " names nothing");
    references->push_back(std::move(id));
    return {};
  }

  Result<void> take_obsolete(std::string_view value) {
    value = without_trailer(value);
    if (value != "true" && value != "false")
      return bad("is_obsolete is neither true nor false");
    term_.obsolete = value == "true";
    return {};
  }

  Error bad(const std::string& what) const {
    return reader_.bad(what + "; correct or delete the line");
  }

  LineReader reader_;
  OboTerm term_;
  bool in_term_ = false;
  std::unordered_set<std::string> ids_;
  std::vector<OboTerm> terms_;
};

}  // namespace

Result<std::vector<OboTerm>> read_obo(const std::string& path) {
  Result<LineReader> reader = LineReader::open(path);
  if (!reader)
    return reader.error();
  return OboParser(std::move(reader.value())).parse();
}

}  // namespace nelumbo
