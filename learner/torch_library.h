// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nelumbo {

/// LibTorch takes a quarter of a second of a core to load, and most processes of a run, and most
/// commands, never need it. The sources that use it (TORCH in CMakeLists.txt) are therefore a
/// library of their own, libnelumbo_torch.so, which is loaded when the first learner begins. This
/// is its function of that name, with C linkage; what else the sources define is called through
/// virtual functions alone. REQUIRES: the program was linked by `nelumbo_loads_torch`, and the
/// library lies where it was built.
void* torch_symbol(const char* name);

/// The same, as a function: torch_function<decltype(&f)>("nelumbo_torch_f")(..).
template <class Function>
Function torch_function(const char* name) {
  return reinterpret_cast<Function>(torch_symbol(name));
}

}  // namespace nelumbo
