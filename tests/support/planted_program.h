// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "base/file.h"
#include "base/hash.h"
#include "base/sandbox.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {

/// Writes a Python program that has read `request` from a line (a dict; `line` is its text) and has
/// `reply(value)` to answer it, and for each line does `body`.
inline std::string planted_python(const TemporaryFolder& folder, const std::string& name,
                                  const std::string& body) {
  std::string indented = "    ";
  for (const char c : body)
    indented += c == '\n' ? "\n    " : std::string(1, c);
  const std::string path = folder / name;
  std::ofstream(path) << "#!/usr/bin/python3\n"
                         "import ctypes, json, os, signal, socket, subprocess, sys, time\n"
                         "def reply(value, **more):\n"
                         "    print(json.dumps({'id': request['id'], 'value': value, **more}), "
                         "flush=True)\n"
                         "for line in sys.stdin:\n"
                         "    request = json.loads(line)\n"
                      << indented << "\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

/// The program of that path, run in its folder.
inline ForeignProgram program_at(const std::string& path) {
  ForeignProgram program;
  program.command = {path};
  program.folder = std::filesystem::path(path).parent_path();
  program.files = {{path, xxh3_128_hex(bytes_of(read_file(path, 1 << 20).value()))}};
  return program;
}

}  // namespace nelumbo
