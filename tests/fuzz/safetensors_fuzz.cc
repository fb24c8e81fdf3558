// SPDX-License-Identifier: Apache-2.0
//
// The input is a safetensors file, or, where it begins with '{', the index of shards beside it, of
// which there is one: a.safetensors with the tensors x and y.

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/check.h"
#include "model/safetensors_writer.h"
#include "model/weight_files.h"
#include "model/weights.h"
#include "tests/fuzz/memory_file.h"

namespace {

/// A folder that is removed when the process ends.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "nelumbo_fuzz_XXXXXX").string();
    NELUMBO_CHECK(::mkdtemp(name.data()) != nullptr) << "no folder " << name;
    path_ = name;
    const auto done = nelumbo::write_safetensors(path_ + "/a.safetensors",
                                                 {{"x", {2}, {1, 2}}, {"y", {1, 1}, {3}}},
                                                 nelumbo::StoredType::kF32);
    NELUMBO_CHECK(done.ok()) << done.error().message;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void read_index(const uint8_t* data, size_t size) {
  static const Folder kFolder;
  std::ofstream(kFolder.path() + "/model.safetensors.index.json", std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto files = nelumbo::WeightFiles::open(kFolder.path());
  if (!files)
    return;
  for (const auto& [name, shape] : files.value().shapes())
    (void)files.value().read(name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 0 && data[0] == '{')
    read_index(data, size);
  const nelumbo::MemoryFile file(data, size);
  (void)nelumbo::read_safetensors(file.path());
  return 0;
}
