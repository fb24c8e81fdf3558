// SPDX-License-Identifier: Apache-2.0
#include "corpus/entity_tree_json.h"

#include <array>

namespace nelumbo {

using nlohmann::json;

json tree_json(const EntityTree& tree, int64_t names) {
  json kinds = json::object(), rules = json::object();
  std::array<int64_t, 5> levels{};
  for (int64_t i = 0; i < std::ssize(tree.nodes()); ++i) {
    const std::string kind(to_string(tree.node(i).kind));
    kinds[kind] = kinds.value(kind, int64_t{0}) + 1;
    ++levels[tree.working_path(i).size() - 1];
  }
  for (const Attachment& attachment : tree.attachments()) {
    const std::string rule(to_string(attachment.rule));
    rules[rule] = rules.value(rule, int64_t{0}) + 1;
  }
  return {{"nodes", std::ssize(tree.nodes())},
          {"names", names},
          {"kinds", kinds},
          {"levels", levels},
          {"attached", std::ssize(tree.attachments())},
          {"rules", rules}};
}

std::string attachment_lines(const EntityTree& tree) {
  std::string lines;
  for (const Attachment& attachment : tree.attachments()) {
    json above = json::array();
    for (const int64_t parent : tree.node(attachment.node).parents)
      above.push_back(tree.node(parent).id);
    lines += json{{"id", attachment.id},
                  {"node", tree.node(attachment.node).id},
                  {"above", above},
                  {"rule", to_string(attachment.rule)},
                  {"reason", attachment.reason}}
                 .dump() +
             "\n";
  }
  return lines;
}

}  // namespace nelumbo
