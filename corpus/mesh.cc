// SPDX-License-Identifier: Apache-2.0
#include "corpus/mesh.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "corpus/entity_kind.h"
#include "corpus/line_reader.h"

namespace nelumbo {
namespace {

constexpr std::string_view kTermsHead = "mesh_id\tmesh_name";
constexpr std::string_view kTreeHead = "mesh_id\tmesh_name\tmesh_tree_number";

using Fields = std::vector<std::string_view>;
/// Reads one row; what it returns is what is wrong with it, or nothing.
using TakeRow = std::function<std::string(const Fields& fields, int64_t line)>;

/// Reads a table whose first line is `head`; `reader` is left behind its last line.
Result<void> read_table(LineReader& reader, std::string_view head, const TakeRow& take_row) {
  const size_t columns = tab_fields(head).size();
  std::string line;
  for (;;) {
    const Result<bool> read = reader.next(&line);
    if (!read)
      return read.error();
    if (!read.value())
      break;
    if (reader.number() == 1) {
      if (line != head)
        return reader.bad("the heading line is not '" + std::string(head) + "'; restore the file");
      continue;
    }
    const Fields fields = tab_fields(line);
    if (fields.size() != columns)
      return reader.bad("has " + std::to_string(fields.size()) + " columns, not " +
                        std::to_string(columns) + "; correct the line");
    if (const std::string wrong = take_row(fields, reader.number()); !wrong.empty())
      return reader.bad(wrong + "; correct or delete the line");
  }
  if (reader.number() < 2)
    return reader.bad("the table has no rows; restore the file");
  return {};
}

bool all_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_branch(char letter) {
  const auto branches = mesh_branches();
  return std::any_of(branches.begin(), branches.end(),
                     [letter](const MeshBranch& branch) { return branch.letter == letter; });
}

/// The letter of a branch and two digits, then groups of three digits: "C04.588.180".
bool is_tree_number(std::string_view text) {
  if (text.size() < 3 || !is_branch(text[0]) || !all_digits(text.substr(1, 2)))
    return false;
  for (text.remove_prefix(3); !text.empty(); text.remove_prefix(4))
    if (text.size() < 4 || text[0] != '.' || !all_digits(text.substr(1, 3)))
      return false;
  return true;
}

/// The descriptors of one folder while they are read.
class MeshTables {
 public:
  std::string take_term(const Fields& fields, int64_t line) {
    const std::string id(fields[0]);
    if (is_blank(id))
      return "the id is empty";
    if (is_blank(fields[1]))
      return "the name of " + id + " is empty";
    if (!index_.emplace(id, descriptors_.size()).second)
      return "the id " + id + " stands in the file twice";
    descriptors_.push_back({id, std::string(fields[1]), {}, line});
    return "";
  }

  std::string take_place(const Fields& fields, int64_t line) {
    const auto found = index_.find(std::string(fields[0]));
    if (found == index_.end())
      return "terms.tsv has no id '" + std::string(fields[0]) + "'";
    MeshDescriptor& descriptor = descriptors_[found->second];
    if (fields[1] != descriptor.name)
      return descriptor.id + " is '" + descriptor.name + "' in terms.tsv, not '" +
             std::string(fields[1]) + "'";
    const std::string number(fields[2]);
    if (!is_tree_number(number))
      return "'" + number + "' is no tree number such as C04.588";
    if (!places_.emplace(number, line).second)
      return "the tree number " + number + " stands in the file twice";
    descriptor.tree_numbers.push_back(number);
    return "";
  }

  /// After all places were read: each but the topmost hangs under another.
  Result<void> check_places(const LineReader& reader) const {
    for (const MeshDescriptor& descriptor : descriptors_)
      for (const std::string& number : descriptor.tree_numbers) {
        const size_t dot = number.rfind('.');
        if (dot != std::string::npos && !places_.contains(number.substr(0, dot)))
          return reader.bad_at(places_.at(number), "no place " + number.substr(0, dot) +
                                                       " is above " + number +
                                                       "; add it or delete the line");
      }
    return {};
  }

  std::vector<MeshDescriptor> take() { return std::move(descriptors_); }

 private:
  std::vector<MeshDescriptor> descriptors_;
  std::unordered_map<std::string, size_t> index_;    ///< by id
  std::unordered_map<std::string, int64_t> places_;  ///< tree number to its line
};

}  // namespace

Result<std::vector<MeshDescriptor>> read_mesh(const std::string& folder) {
  Result<LineReader> terms = LineReader::open(folder + "/terms.tsv");
  if (!terms)
    return terms.error();
  Result<LineReader> places = LineReader::open(folder + "/tree-numbers.tsv");
  if (!places)
    return places.error();
  MeshTables tables;
  if (Result<void> read = read_table(
          terms.value(), kTermsHead,
          [&](const Fields& fields, int64_t line) { return tables.take_term(fields, line); });
      !read)
    return read.error();
  if (Result<void> read = read_table(
          places.value(), kTreeHead,
          [&](const Fields& fields, int64_t line) { return tables.take_place(fields, line); });
      !read)
    return read.error();
  if (Result<void> whole = tables.check_places(places.value()); !whole)
    return whole.error();
  return tables.take();
}

}  // namespace nelumbo
