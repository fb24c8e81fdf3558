// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_print.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "model/jinja_case.h"
#include "model/jinja_operators.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

class Printer {
 public:
  explicit Printer(JinjaRun& run) : run_(run), out_(run) {}

  void print(const JinjaValue& value) {
    if (value.is_undefined())
      out_.add("Undefined");
    else if (value.is_text())
      print_text(value.text());
    else if (const auto* sequence = value.as<JinjaValue::Sequence>())
      print_sequence(**sequence);
    else if (const JinjaDict* dict = value.dict())
      print_dict(dict->entries);
    else if (const auto* space = value.as<JinjaValue::Namespace>())
      print_namespace(**space);
    else
      out_.add(scalar(value));
  }

  std::string take() { return run_.failed() ? std::string() : out_.take(); }

 private:
  std::string scalar(const JinjaValue& value) {
    if (value.is_none())
      return "None";
    if (const bool* flag = value.as<bool>())
      return *flag ? "True" : "False";
    if (const int64_t* whole = value.as<int64_t>())
      return std::to_string(*whole);
    if (const double* real = value.as<double>())
      return real_text(*real);
    run_.fail(std::string("a ") + value.type_name() +
              " has no text that means anything; a call or |list may be missing");
    return "";
  }

  void print_text(const std::string& text) {
    if (run_.scan(2 * std::ssize(text)))
      quote(text, [this](std::string_view part) { return out_.add(part); });
  }

  void print_sequence(const JinjaSequence& sequence) {
    using Kind = JinjaSequence::Kind;
    static constexpr std::array<std::array<const char*, 2>, 6> kBrackets = {
        {{"[", "]"},
         {"(", ")"},
         {"", ""},
         {"dict_keys([", "])"},
         {"dict_values([", "])"},
         {"dict_items([", "])"}}};
    if (sequence.kind == Kind::kRange) {
      const auto& [start, stop, step] = sequence.bounds;
      out_.add("range(" + std::to_string(start) + ", " + std::to_string(stop) +
               (step == 1 ? ")" : ", " + std::to_string(step) + ")"));
      return;
    }
    const auto& brackets = kBrackets.at(static_cast<size_t>(sequence.kind));
    out_.add(brackets[0]);
    bool first = true;
    for (const JinjaValue& item : sequence.items) {
      if (!out_.add(first ? "" : ", "))
        return;
      print(item);
      first = false;
    }
    if (sequence.kind == Kind::kTuple && sequence.items.size() == 1)
      out_.add(",");
    out_.add(brackets[1]);
  }

  void print_dict(const std::vector<std::pair<JinjaValue, JinjaValue>>& entries) {
    out_.add("{");
    bool first = true;
    for (const auto& [key, value] : entries) {
      if (!out_.add(first ? "" : ", "))
        return;
      print(key);
      out_.add(": ");
      print(value);
      first = false;
    }
    out_.add("}");
  }

  void print_namespace(const JinjaNamespace& space) {
    // A namespace may hold itself.
    if (++namespaces_ > kMostNamespaces) {
      run_.fail("a namespace that holds itself cannot be printed");
      return;
    }
    std::vector<std::pair<JinjaValue, JinjaValue>> entries;
    for (const auto& [name, value] : space.attributes)
      entries.emplace_back(run_.text(name), value);
    out_.add("<Namespace ");
    print_dict(entries);
    out_.add(">");
    --namespaces_;
  }

  static constexpr int kMostNamespaces = 4;

  JinjaRun& run_;
  JinjaWriter out_;
  int namespaces_ = 0;
};

std::string hex_escape(uint32_t unit) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text = "\\u";
  for (int shift = 12; shift >= 0; shift -= 4)
    text += kDigits[(unit >> static_cast<unsigned>(shift)) & 15U];
  return text;
}

class JsonPrinter {
 public:
  JsonPrinter(JinjaRun& run, const JinjaJsonStyle& style) : run_(run), style_(style), out_(run) {}

  void print(const JinjaValue& value) {
    if (value.is_text())
      print_text(value.text());
    else if (value.sequence(JinjaSequence::Kind::kList) != nullptr ||
             value.sequence(JinjaSequence::Kind::kTuple) != nullptr)
      print_list((*value.as<JinjaValue::Sequence>())->items);
    else if (const JinjaDict* dict = value.dict())
      print_dict(*dict);
    else
      out_.add(scalar(value));
  }

  std::string take() { return run_.failed() ? std::string() : out_.take(); }

 private:
  std::string scalar(const JinjaValue& value) {
    if (value.is_none())
      return "null";
    if (const bool* flag = value.as<bool>())
      return *flag ? "true" : "false";
    if (const int64_t* whole = value.as<int64_t>())
      return std::to_string(*whole);
    if (const double* real = value.as<double>()) {
      if (std::isnan(*real))
        return "NaN";
      if (std::isinf(*real))
        return *real < 0 ? "-Infinity" : "Infinity";
      return real_text(*real);
    }
    run_.fail(std::string("Object of type ") + value.type_name() + " is not JSON serializable");
    return "";
  }

  void add_escaped(std::string_view point, std::string& out) const {
    const bool plain = point.size() == 1 ? point[0] >= ' ' && point[0] != '"' && point[0] != '\\'
                                         : !style_.ascii_only;
    if (plain)
      out += point;
    else
      out += escaped(point);
  }

  std::string escaped(std::string_view point) const {
    const uint32_t value = code_point_value(point);
    switch (value) {
      case '"':
        return "\\\"";
      case '\\':
        return "\\\\";
      case '\n':
        return "\\n";
      case '\r':
        return "\\r";
      case '\t':
        return "\\t";
      case '\f':
        return "\\f";
      case '\b':
        return "\\b";
      default:
        break;
    }
    if (value < 0x20 || (style_.ascii_only && value >= 0x7F && value < 0x10000 && value != 0x7F))
      return hex_escape(value);
    if (style_.ascii_only && value >= 0x10000)
      return hex_escape(0xD800 + ((value - 0x10000) >> 10)) +
             hex_escape(0xDC00 + ((value - 0x10000) & 0x3FFU));
    return std::string(point);
  }

  void print_text(const std::string& text) {
    if (!run_.scan((style_.ascii_only ? 4 : 2) * std::ssize(text)))
      return;
    std::string out = "\"";
    for (std::string_view rest = text; !rest.empty() && out_.add(out);) {
      out.clear();
      for (const std::string_view point : code_points(take_chunk(rest)))
        add_escaped(point, out);
    }
    out_.add(out + "\"");
  }

  void new_line() {
    if (!style_.has_lines)
      return;
    out_.add("\n");
    for (int i = 0; i < level_; ++i)
      out_.add(style_.indent);
  }

  void print_list(const JinjaValues& items) {
    if (items.empty()) {
      out_.add("[]");
      return;
    }
    out_.add("[");
    ++level_;
    for (size_t i = 0; i < items.size() && !run_.failed(); ++i) {
      if (i > 0)
        out_.add(style_.item_mark);
      new_line();
      print(items[i]);
    }
    --level_;
    new_line();
    out_.add("]");
  }

  void print_dict(const JinjaDict& dict) {
    if (dict.entries.empty()) {
      out_.add("{}");
      return;
    }
    const JinjaCharge held = run_.hold(2 * std::ssize(dict.entries) * int64_t{sizeof(void*)});
    std::vector<const std::pair<JinjaValue, JinjaValue>*> entries;
    for (const auto& entry : dict.entries)
      entries.push_back(&entry);
    if (style_.sorts_keys)
      jinja_sort(run_, entries, false,
                 [](const auto* entry) -> const JinjaValue& { return entry->first; });
    out_.add("{");
    ++level_;
    for (size_t i = 0; i < entries.size() && !run_.failed(); ++i) {
      if (i > 0)
        out_.add(style_.item_mark);
      new_line();
      print_key(entries[i]->first);
      out_.add(style_.key_mark);
      print(entries[i]->second);
    }
    --level_;
    new_line();
    out_.add("}");
  }

  void print_key(const JinjaValue& key) {
    if (key.is_text())
      print_text(key.text());
    else if (key.is_none() || key.is_number())
      print_text(scalar(key));
    else
      run_.fail(std::string("keys must be str, int, float, bool or None, not ") + key.type_name());
  }

  JinjaRun& run_;
  const JinjaJsonStyle& style_;
  JinjaWriter out_;
  int level_ = 0;
};

}  // namespace

JinjaValue jinja_str(JinjaRun& run, const JinjaValue& value) {
  static const JinjaValue kNothing = JinjaValue::literal("");
  if (value.is_text())
    return value;
  if (value.is_undefined())
    return kNothing;
  const JinjaValue printed = run.text(jinja_repr(run, value));
  return printed.is_text() ? printed : kNothing;
}

std::string jinja_repr(JinjaRun& run, const JinjaValue& value) {
  Printer printer(run);
  printer.print(value);
  return printer.take();
}

std::string jinja_json(JinjaRun& run, const JinjaValue& value, const JinjaJsonStyle& style) {
  JsonPrinter printer(run, style);
  printer.print(value);
  return printer.take();
}

}  // namespace nelumbo
