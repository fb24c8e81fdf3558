// SPDX-License-Identifier: Apache-2.0
//
// Takes the place of libFuzzer where a build has none: gives the target each file of a folder,
// once. Exit code 2: there is no file to read.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  int files = 0;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(argc > 1 ? argv[1] : ".", failed)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    ++files;
  }
  std::printf("%d files were read\n", files);
  return files > 0 ? 0 : 2;
}
