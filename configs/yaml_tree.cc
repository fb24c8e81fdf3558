// SPDX-License-Identifier: Apache-2.0
#include "configs/yaml_tree.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "base/plain_text.h"
#include "base/text.h"

namespace nelumbo {
namespace {

constexpr size_t kMaxDepth = 32;
constexpr int64_t kMaxNodes = 20000;

std::string place_of(const std::string& file, const YAML::Mark& mark) {
  if (mark.is_null())
    return file;
  return file + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

/// Builds the tree from the parser's events. The parser cannot be stopped from here: after the
/// first error its events are ignored.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string file) : file_(std::move(file)) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1)
      fail(mark, "a second document starts here; a configuration is one document");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    accept(mark, "", anchor, {.place = place_of(file_, mark)});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    fail(mark, "aliases (*name) are not served; write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    accept(mark, tag, anchor,
           {.kind = YamlNode::Kind::kScalar,
            .text = value,
            .quoted = tag == "!",
            .place = place_of(file_, mark)});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, YamlNode::Kind::kSequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, YamlNode::Kind::kMapping);
  }
  void OnMapEnd() override { close(); }

  Result<YamlNode> finish() && {
    if (error_)
      return *std::move(error_);
    return std::move(root_);
  }

 private:
  /// A mapping or sequence whose end has not come yet.
  struct Open {
    YamlNode node;
    std::optional<YamlNode> key;  ///< the key whose value comes next
  };

  void fail(const YAML::Mark& mark, const std::string& reason) {
    fail(place_of(file_, mark), reason);
  }
  void fail(const std::string& place, const std::string& reason) {
    if (!error_)
      error_ = Error{Errc::kInvalidConfig, place + ": " + reason};
  }

  /// What is common to all nodes: no anchor, no tag but the parser's own, not too many.
  bool allowed(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0)
      fail(mark, "anchors (&name) are not served; write the value out");
    else if (!tag.empty() && tag != "?" && tag != "!")
      fail(mark, "tags (!name) are not served");
    else if (++nodes_ > kMaxNodes)
      fail(mark, "more than " + std::to_string(kMaxNodes) + " values");
    return !error_;
  }

  void accept(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              YamlNode node) {
    if (allowed(mark, tag, anchor))
      put(std::move(node));
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YamlNode::Kind kind) {
    if (open_.size() == kMaxDepth)
      fail(mark, "nested deeper than " + std::to_string(kMaxDepth) + " levels");
    if (allowed(mark, tag, anchor))
      open_.push_back({{.kind = kind, .place = place_of(file_, mark)}, std::nullopt});
  }

  void close() {
    if (error_)
      return;
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    put(std::move(node));
  }

  void put(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::kSequence) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.key) {
      parent.node.key_places.push_back(parent.key->place);
      parent.node.keys.push_back(std::move(parent.key->text));
      parent.node.items.push_back(std::move(node));
      parent.key.reset();
    } else if (node.kind != YamlNode::Kind::kScalar) {
      fail(node.place, "a key must be a word");
    } else if (node.text == "<<") {
      fail(node.place, "merge keys (<<) are not served; write the values out");
    } else {
      parent.key = std::move(node);
    }
  }

  std::string file_;
  std::optional<Error> error_;
  YamlNode root_{.kind = YamlNode::Kind::kMapping};
  std::vector<Open> open_;
  int64_t nodes_ = 0;
  int documents_ = 0;
};

/// Text that YAML would read in a surprising way or not at all.
Result<void> check_plain_text(const std::string& text, const std::string& file) {
  if (auto plain = require_plain_utf8(text, file); !plain)
    return plain;
  for (size_t start = 0; start < text.size();) {
    const size_t word = std::min(text.find_first_not_of(" \t\r", start), text.size());
    const std::string_view indent = std::string_view(text).substr(start, word - start);
    if (const size_t tab = indent.find('\t');
        tab != std::string_view::npos && word < text.size() && text[word] != '\n')
      return text_error(text, file, start + tab, "a tab indents this line; indent with spaces");
    start = std::min(text.find('\n', word), text.size() - 1) + 1;
  }
  return {};
}

bool is_safe_word(const std::string& text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '/' || c == '.' || c == '-';
  };
  const bool letter_first = !text.empty() && ((text[0] >= 'a' && text[0] <= 'z') ||
                                              (text[0] >= 'A' && text[0] <= 'Z') || text[0] == '_');
  const std::vector<std::string> taken = {"true", "false", "null", "yes", "no",
                                          "on",   "off",   "y",    "n"};
  std::string lower;
  for (const char c : text)
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return letter_first && std::all_of(text.begin(), text.end(), plain) &&
         std::find(taken.begin(), taken.end(), lower) == taken.end();
}

std::string scalar_text(const YamlNode& node) {
  if (!node.quoted || is_safe_word(node.text))
    return node.text;
  std::string quoted = "\"";
  for (const char c : node.text) {
    if (c == '"' || c == '\\')
      quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

void write_block(const YamlNode& node, const std::string& indent, std::ostream& out) {
  for (size_t i = 0; i < node.items.size(); ++i) {
    const YamlNode& item = node.items[i];
    out << indent << (node.kind == YamlNode::Kind::kMapping ? node.keys[i] + ":" : "-");
    if (item.kind == YamlNode::Kind::kScalar) {
      out << " " << scalar_text(item) << "\n";
    } else if (item.items.empty()) {
      out << (item.kind == YamlNode::Kind::kSequence ? " []\n" : "\n");
    } else {
      out << "\n";
      write_block(item, indent + "  ", out);
    }
  }
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::find(keys.begin(), keys.end(), key);
  return found == keys.end() ? nullptr : &items[static_cast<size_t>(found - keys.begin())];
}

YamlNode* YamlNode::find(std::string_view key) {
  return const_cast<YamlNode*>(std::as_const(*this).find(key));
}

YamlNode& YamlNode::add(std::string key, YamlNode value) {
  keys.push_back(std::move(key));
  key_places.push_back(value.place);
  items.push_back(std::move(value));
  return items.back();
}

Result<YamlNode> parse_yaml(const std::string& text, const std::string& file) {
  if (auto plain = check_plain_text(text, file); !plain)
    return plain.error();
  TreeBuilder builder(file);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    // A second document is an error, and what follows it does not matter. (On some malformed texts
    // the parser finds documents for ever.)
    for (int document = 0; document < 2 && parser.HandleNextDocument(builder); ++document) {
    }
  } catch (const YAML::Exception& e) {
    return Error{Errc::kInvalidConfig,
                 place_of(file, e.mark) + ": cannot be read as YAML: " + e.msg};
  }
  return std::move(builder).finish();
}

std::string yaml_text(const YamlNode& node) {
  std::ostringstream out;
  write_block(node, "", out);
  return out.str();
}

}  // namespace nelumbo
