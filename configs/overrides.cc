// SPDX-License-Identifier: Apache-2.0
#include "configs/overrides.h"

#include <charconv>
#include <utility>
#include <vector>

#include "base/text.h"
#include "configs/field_visitors.h"

namespace nelumbo {
namespace {

using Kind = YamlNode::Kind;

/// One override on its way down the tree.
struct Descent {
  std::string place;         ///< "--set a.b=v"
  std::string path;          ///< how far down it is
  YamlNode* node;            ///< what stands there
  const YamlNode* defaults;  ///< what stands there in the whole configuration, or nullptr

  Error error(const std::string& reason) const {
    return {Errc::kInvalidConfig, place + ": " + (path.empty() ? "" : path + ": ") + reason};
  }
};

Result<std::vector<std::string>> parts_of(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (const std::string& part : parts)
    if (part.empty())
      return Error{Errc::kInvalidConfig, "must have the form key.path=value"};
  return parts;
}

Result<void> enter_item(Descent& at, const std::string& part) {
  size_t index = 0;
  const auto done = std::from_chars(part.data(), part.data() + part.size(), index);
  if (done.ec != std::errc() || done.ptr != part.data() + part.size())
    return at.error("is a list; name an item by its index, not '" + part + "'");
  if (index >= at.node->items.size())
    return at.error("has " + std::to_string(at.node->items.size()) +
                    " items, numbered from 0; there is no item " + part);
  at.node = &at.node->items[index];
  at.defaults = nullptr;
  at.path += "." + part;
  return {};
}

Result<void> enter_key(Descent& at, const std::string& part) {
  if (at.node->kind == Kind::kNull)
    at.node->kind = Kind::kMapping;
  if (at.node->kind != Kind::kMapping || (at.defaults && at.defaults->kind != Kind::kMapping))
    return at.error("has no keys below it, so there is no '" + part + "'");
  at.defaults = at.defaults ? at.defaults->find(part) : nullptr;
  at.path = joined_path(at.path, part);
  YamlNode* found = at.node->find(part);
  const bool is_default_list = at.defaults && at.defaults->kind == Kind::kSequence;
  YamlNode fresh = is_default_list ? *at.defaults : YamlNode{};
  fresh.place = at.place;
  at.node = found != nullptr ? found : &at.node->add(part, std::move(fresh));
  return {};
}

void set_place(YamlNode& node, const std::string& place) {
  node.place = place;
  for (YamlNode& item : node.items)
    set_place(item, place);
  node.key_places.assign(node.keys.size(), place);
}

}  // namespace

Result<void> apply_override(YamlNode& root, const YamlNode& defaults, const std::string& text) {
  const std::string place = "--set " + valid_utf8(text);
  Descent at{place, "", &root, &defaults};
  const size_t equals = text.find('=');
  const auto parts = parts_of(text.substr(0, equals));
  if (equals == std::string::npos || !parts)
    return at.error("must have the form key.path=value");
  for (const std::string& part : parts.value()) {
    const bool is_list = at.node->kind == Kind::kSequence;
    if (auto done = is_list ? enter_item(at, part) : enter_key(at, part); !done)
      return done;
  }
  if (at.defaults && at.defaults->kind == Kind::kMapping)
    return at.error("is a section; set its keys one by one");
  auto value = parse_yaml(text.substr(equals + 1), place);
  if (!value)
    return value.error();
  // An empty text is an empty document, which reads as an empty section.
  const bool is_nothing = value.value().kind == Kind::kMapping && value.value().items.empty();
  *at.node = is_nothing ? YamlNode{} : std::move(value).value();
  set_place(*at.node, place);
  return {};
}

}  // namespace nelumbo
