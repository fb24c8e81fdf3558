// SPDX-License-Identifier: Apache-2.0
#include "reward/term.h"

namespace nelumbo {

Box Scene::picture() const {
  if (!prompt.image)
    return prompt.view;
  return {0, 0, static_cast<double>(prompt.image->width),
          static_cast<double>(prompt.image->height)};
}

}  // namespace nelumbo
