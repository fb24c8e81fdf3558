// SPDX-License-Identifier: Apache-2.0
#include "corpus/markup.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "corpus/unicode.h"

namespace nelumbo {
namespace {

constexpr std::array kInline{"b", "i", "u", "em", "strong", "sub", "sup", "br", "p", "small"};
constexpr std::array kStructural{
    "a",       "article", "aside", "body",  "button", "div",    "footer", "form",
    "h1",      "h2",      "h3",    "h4",    "head",   "header", "html",   "img",
    "input",   "label",   "li",    "link",  "meta",   "nav",    "ol",     "script",
    "section", "span",    "style", "table", "tbody",  "td",     "th",     "thead",
    "title",   "tr",      "ul",    "font",  "center", "iframe", "option", "select"};
constexpr std::array kMarkers{"[[",      "{{",       "]]",     "}}",       "[/",
                              "http://", "https://", "www.",   "\\begin{", "\\end{",
                              "\\cite",  "\\textbf", "\\ref{", "&nbsp"};
constexpr size_t kLongestTag = 500;

struct Entity {
  const char* name;
  char32_t character;
};
constexpr std::array<Entity, 12> kEntities{{{"amp", '&'},
                                            {"lt", '<'},
                                            {"gt", '>'},
                                            {"quot", '"'},
                                            {"apos", '\''},
                                            {"nbsp", ' '},
                                            {"ndash", 0x2013},
                                            {"mdash", 0x2014},
                                            {"deg", 0xB0},
                                            {"plusmn", 0xB1},
                                            {"micro", 0xB5},
                                            {"beta", 0x3B2}}};

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const char* known) { return name == known; });
}

struct Tag {
  std::string name;  ///< lower case, without the slash; "" for a comment
  size_t size = 0;
  bool closes = false;
};

/// The name runs to a space, a slash or the end; behind it attributes have "=" or there are none.
std::optional<Tag> tag_at(std::string_view text) {
  if (text.starts_with("<!--")) {
    const size_t end = text.find("-->");
    return Tag{"", end == std::string_view::npos ? 4 : end + 3, false};
  }
  const size_t end = text.substr(0, kLongestTag).find('>');
  if (end == std::string_view::npos)
    return std::nullopt;
  std::string_view inside = text.substr(1, end - 1);
  const bool closes = inside.starts_with('/');
  if (closes)
    inside.remove_prefix(1);
  if (inside.starts_with("!DOCTYPE") || inside.starts_with("!doctype") ||
      inside.starts_with("?xml"))
    return Tag{"html", end + 1, false};
  const size_t name_end = std::min(inside.find_first_of(" /\n\t"), inside.size());
  std::string name = lower_case(inside.substr(0, name_end));
  const std::string_view rest = inside.substr(name_end);
  const bool attributes = rest.find_first_not_of(" /\n\t") != std::string_view::npos;
  if (!is_one_of(kInline, name) && !is_one_of(kStructural, name))
    return std::nullopt;
  if (attributes && rest.find('=') == std::string_view::npos)
    return std::nullopt;
  return Tag{std::move(name), end + 1, closes};
}

struct Character {
  char32_t code;
  size_t size;
};

std::optional<Character> entity_at(std::string_view text) {
  const size_t end = text.substr(0, 10).find(';');
  if (end == std::string_view::npos || end < 3)
    return std::nullopt;
  std::string_view name = text.substr(1, end - 1);
  for (const Entity& entity : kEntities)
    if (name == entity.name)
      return Character{entity.character, end + 1};
  if (!name.starts_with('#'))
    return std::nullopt;
  name.remove_prefix(1);
  const bool hex = name.starts_with('x') || name.starts_with('X');
  if (hex)
    name.remove_prefix(1);
  uint32_t code = 0;
  const auto [stop, fault] =
      std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
  const bool valid = fault == std::errc() && stop == name.data() + name.size() && code >= 0x20 &&
                     code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
  return valid ? std::optional(Character{code, end + 1}) : std::nullopt;
}

int64_t markers_in(std::string_view text) {
  int64_t count = 0;
  for (const std::string_view marker : kMarkers)
    for (size_t at = text.find(marker); at != std::string_view::npos;
         at = text.find(marker, at + marker.size()))
      ++count;
  return count;
}

/// Bytes from the end of an opening script or style tag to its closing one.
size_t hidden_size(const Tag& tag, std::string_view behind) {
  if (tag.closes || (tag.name != "script" && tag.name != "style"))
    return 0;
  const size_t end = behind.find("</" + tag.name);
  return end == std::string_view::npos ? 0 : end;
}

}  // namespace

Unmarked without_markup(std::string_view text) {
  Unmarked result{.markers = markers_in(text)};
  while (!text.empty()) {
    if (const auto tag = text[0] == '<' ? tag_at(text) : std::nullopt) {
      ++result.tags;
      result.structural += is_one_of(kStructural, tag->name) ? 1 : 0;
      if (!is_one_of(kInline, tag->name) || tag->name == "p" || tag->name == "br")
        result.text += '\n';
      text.remove_prefix(tag->size + hidden_size(*tag, text.substr(tag->size)));
    } else if (const auto entity = text[0] == '&' ? entity_at(text) : std::nullopt) {
      append_utf8(result.text, entity->code);
      text.remove_prefix(entity->size);
    } else {
      result.text += text[0];
      text.remove_prefix(1);
    }
  }
  return result;
}

}  // namespace nelumbo
