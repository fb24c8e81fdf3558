// SPDX-License-Identifier: Apache-2.0
//
// The input is a GGUF file. Whatever it is sound in is read, even where it is no model as a whole.

#include <cstdint>
#include <utility>

#include "model/chat_directory.h"
#include "model/gguf_policy.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/tokenizer_use.h"

namespace {

void read_tokenizer(const nelumbo::GgufMetadata& metadata) {
  const auto documents = nelumbo::tokenizer_documents(metadata, "fuzz");
  if (!documents)
    return;
  const auto tokenizer = nelumbo::Tokenizer::parse(documents.value().tokenizer, "fuzz");
  if (tokenizer) {
    nelumbo::use_tokenizer(tokenizer.value());
    (void)nelumbo::tokenizer_metadata(documents.value(), tokenizer.value().size() + 3, "fuzz");
  }
  (void)nelumbo::parse_chat_config(documents.value().tokenizer_config, "fuzz");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const nelumbo::MemoryFile file(data, size);
  const auto read = nelumbo::GgufFile::open(file.path());
  if (!read)
    return 0;
  for (const nelumbo::GgufTensor& tensor : read.value().tensors())
    (void)read.value().read(tensor);
  (void)nelumbo::read_gguf_config(read.value());
  read_tokenizer(read.value().metadata());
  if (const auto policy = nelumbo::GgufPolicy::open(file.path()))
    for (const nelumbo::GgufParameter& parameter : policy.value().parameters())
      (void)policy.value().read(parameter.hf_name);
  return 0;
}
