// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/jinja_ast.h"
#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// Renders a template with these variables. Functions of the environment (range, namespace, ...)
/// are variables too. The run has failed, or the answer is what the template prints.
std::string interpret_jinja(JinjaRun& run, const JinjaBody& body,
                            std::vector<std::pair<std::string, JinjaValue>> variables);

}  // namespace nelumbo
