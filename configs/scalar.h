// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "configs/yaml_tree.h"

namespace nelumbo {

// A leaf value in YAML text, by the rules of YAML 1.2 and a little stricter: `yes` is text and no
// bool, `010` is ten, `1e3` is no whole number, and no number is infinite or NaN. The error's
// message is a reason without a place: "must be a whole number, not 'many'".

Result<void> read_leaf(const YamlNode& node, bool& value);
Result<void> read_leaf(const YamlNode& node, int64_t& value);
Result<void> read_leaf(const YamlNode& node, double& value);
Result<void> read_leaf(const YamlNode& node, std::string& value);
Result<void> read_leaf(const YamlNode& node, std::vector<std::string>& value);

/// The node that reads back as the same value.
YamlNode leaf_node(bool value);
YamlNode leaf_node(int64_t value);
YamlNode leaf_node(double value);
YamlNode leaf_node(const std::string& value);
YamlNode leaf_node(const std::vector<std::string>& value);

/// How a message names what stands at a node: "'many'", "a list", "a section".
std::string shown(const YamlNode& node);

}  // namespace nelumbo
