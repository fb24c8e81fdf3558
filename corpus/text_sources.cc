// SPDX-License-Identifier: Apache-2.0
#include "corpus/text_sources.h"

#include <filesystem>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "corpus/exam_items.h"
#include "corpus/jsonl.h"
#include "corpus/obo.h"
#include "corpus/pubmedqa.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// The text of one object, none where this object has no text to give.
using TextOf = Result<std::optional<std::string>> (*)(const json& object, const Place& place);

std::optional<std::string> joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts)
    all += (all.empty() ? "" : "\n") + part;
  return all;
}

Result<std::optional<std::string>> text_of_members(const json& object,
                                                   std::initializer_list<const char*> keys,
                                                   const Place& place) {
  std::vector<std::string> parts;
  for (const char* key : keys) {
    Result<std::string> text = text_member(object, key, place.text());
    if (!text)
      return text.error();
    parts.push_back(std::move(text).value());
  }
  return joined(parts);
}

Result<std::optional<std::string>> generic_text(const json& object, const Place& place) {
  if (!object.contains("id"))
    return Error{Errc::kBadData, place.text() + ": no field 'id'; add it or drop the line"};
  return text_of_members(object, {"text"}, place);
}

Result<std::optional<std::string>> problem_text(const json& object, const Place& place) {
  return text_of_members(object, {"question", "answer"}, place);
}

Result<std::optional<std::string>> talk_text(const json& object, const Place& place) {
  const auto messages = object.find("messages");
  if (messages == object.end() || !messages->is_array() || messages->empty())
    return Error{Errc::kBadData, place.text() + ": no list 'messages'; add it or drop the line"};
  std::vector<std::string> parts;
  for (const json& message : *messages) {
    Result<std::string> content = text_member(message, "content", place.text());
    if (!content)
      return content.error();
    parts.push_back(std::move(content).value());
  }
  return joined(parts);
}

Result<std::optional<std::string>> exam_text(const json& object, const Place& place) {
  const Result<ExamItem> item = parse_exam_item(object, "", place);
  if (!item)
    return item.error();
  return std::optional(item.value().text());
}

Result<std::optional<std::string>> rationale_text(const json& object, const Place& place) {
  Result<ExamItem> item = parse_exam_item(object, "", place);
  if (!item)
    return item.error();
  return std::move(item.value().rationale);
}

Result<std::optional<std::string>> refused(const json& /*object*/, const Place& place) {
  return Error{Errc::kBadData,
               place.text() +
                   ": a talk of HealthBench is for evaluation only; compare with it "
                   "(--against), never train on it"};
}

struct Format {
  std::vector<const char*> keys;
  TextOf trained, evaluated;
};

/// The first whose keys the first object has.
const std::vector<Format>& formats() {
  static const std::vector<Format> kFormats{
      {{"text"}, generic_text, generic_text},
      {{"messages"}, refused, talk_text},
      {{"question", "answer"}, problem_text, problem_text},
      {{"question", "label_rationale"}, rationale_text, exam_text},
      {{"question", "label"}, exam_text, exam_text},
  };
  return kFormats;
}

Result<const Format*> format_of(const json& object, const Place& place) {
  for (const Format& format : formats()) {
    bool fits = true;
    for (const char* key : format.keys)
      fits = fits && object.contains(key);
    if (fits)
      return &format;
  }
  return Error{Errc::kBadData,
               place.text() + ": unknown fields; use 'id' and 'text', or a form of data/"};
}

std::string source_of(const std::string& path) {
  const std::filesystem::path full = std::filesystem::absolute(path);
  return full.parent_path().filename().string();
}

/// Collects the documents of one file and refuses an id that stands twice.
class Collector {
 public:
  explicit Collector(std::string path) : path_(std::move(path)), source_(source_of(path_)) {}

  /// `source` is said by the object itself, or the file's.
  Result<void> add(std::string id, std::optional<std::string> text, const Place& place,
                   const std::optional<std::string>& source = std::nullopt) {
    const auto [first, is_new] = lines_.emplace(id, place.line);
    if (!is_new)
      return Error{Errc::kBadData, place.text() + ": id '" + id + "' stands also in line " +
                                       std::to_string(first->second) +
                                       "; give each document its own"};
    if (text)
      documents_.push_back({std::move(id), source.value_or(source_), std::move(*text), place});
    return {};
  }

  Result<std::vector<Document>> finish() {
    if (documents_.empty())
      return Error{Errc::kBadData, path_ + ":1: holds no document; give a file that does"};
    return std::move(documents_);
  }

 private:
  std::string path_;
  std::string source_;
  std::unordered_map<std::string, int64_t> lines_;
  std::vector<Document> documents_;
};

Result<std::string> id_of(const json& object, const Place& place) {
  if (!object.contains("id"))
    return "line-" + std::to_string(place.line);
  return text_member(object, "id", place.text());
}

Result<std::vector<Document>> read_lines(const std::string& path, TextOf Format::*text_of) {
  Collector collector(path);
  const Format* format = nullptr;
  const auto use = [&](const json& object, const Place& place) -> Result<void> {
    if (format == nullptr) {
      Result<const Format*> found = format_of(object, place);
      if (!found)
        return found.error();
      format = found.value();
    }
    Result<std::optional<std::string>> text = (format->*text_of)(object, place);
    if (!text)
      return text.error();
    Result<std::string> id = id_of(object, place);
    if (!id)
      return id.error();
    std::optional<std::string> source;
    if (const auto found = object.find("source"); found != object.end() && found->is_string())
      source = found->get<std::string>();
    return collector.add(std::move(id).value(), std::move(text).value(), place, source);
  };
  if (Result<void> read = for_each_object(path, use); !read)
    return read.error();
  return collector.finish();
}

Result<std::vector<Document>> read_abstracts(const std::string& path, bool whole) {
  Result<std::vector<PubmedqaRecord>> records = read_pubmedqa(path);
  if (!records)
    return records.error();
  Collector collector(path);
  for (PubmedqaRecord& record : records.value()) {
    std::vector<std::string> parts = std::move(record.contexts);
    if (whole) {
      parts.insert(parts.begin(), std::move(record.question));
      parts.push_back(std::move(record.long_answer));
    }
    if (Result<void> added = collector.add(std::move(record.id), joined(parts), record.place);
        !added)
      return added.error();
  }
  return collector.finish();
}

Result<std::vector<Document>> read_definitions(const std::string& path) {
  Result<std::vector<OboTerm>> terms = read_obo(path);
  if (!terms)
    return terms.error();
  Collector collector(path);
  for (OboTerm& term : terms.value()) {
    std::optional<std::string> definition;
    if (!term.obsolete && !term.definition.empty())
      definition = std::move(term.definition);
    if (Result<void> added =
            collector.add(std::move(term.id), std::move(definition), {path, term.line});
        !added)
      return added.error();
  }
  return collector.finish();
}

enum class Use { kTraining, kReference };

Result<std::vector<Document>> read_texts(const std::string& path, Use use) {
  if (path.ends_with(".json"))
    return read_abstracts(path, use == Use::kReference);
  if (path.ends_with(".obo"))
    return read_definitions(path);
  return read_lines(path, use == Use::kTraining ? &Format::trained : &Format::evaluated);
}

}  // namespace

Result<std::vector<Document>> read_documents(const std::string& path) {
  return read_texts(path, Use::kTraining);
}

Result<std::vector<Document>> read_reference_texts(const std::string& path) {
  return read_texts(path, Use::kReference);
}

Result<std::vector<Document>> read_all_documents(const std::vector<std::string>& paths) {
  std::vector<Document> all;
  std::unordered_map<std::string, Place> places;
  for (const std::string& path : paths) {
    Result<std::vector<Document>> documents = read_documents(path);
    if (!documents)
      return documents.error();
    for (Document& document : documents.value()) {
      const auto [first, is_new] = places.emplace(document.name(), document.place);
      if (!is_new)
        return Error{Errc::kBadData, document.place.text() + ": '" + first->first +
                                         "' stands also at " + first->second.text() +
                                         "; give each file once"};
      all.push_back(std::move(document));
    }
  }
  return all;
}

Result<void> write_documents(const std::string& path, const std::vector<Document>& documents) {
  std::string lines;
  for (const Document& document : documents)
    lines +=
        json{{"id", document.name()}, {"source", document.source}, {"text", document.text}}.dump() +
        "\n";
  return write_file_atomic(path, lines);
}

}  // namespace nelumbo
