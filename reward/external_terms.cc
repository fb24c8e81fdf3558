// SPDX-License-Identifier: Apache-2.0
#include "reward/external_terms.h"

#include <atomic>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include <unistd.h>

#include "base/file.h"
#include "base/foreign_pool.h"
#include "base/hash.h"
#include "reward/external_protocol.h"
#include "reward/quarantine.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kLargestFile = int64_t{1} << 30;
constexpr size_t kRemembered = 4096;
constexpr int64_t kAttempts = 2;  // a program that died is asked once more

struct ExternalKeys {
  std::vector<std::string> command, files, folders, needs;
  double wall = 5, cpu = 5, start = 0;
  int64_t memory_mb = 512, output_kb = 64;
  std::string sandbox = "any";

  template <class V>
  void fields(V& v) {
    v(command, "command", "The program and its arguments.", NotEmpty{});
    v(files, "files", "What it reads beside the system's files.");
    v(folders, "folders", "Whole folders that it reads; what is in them is not part of the hash.");
    v(needs, "needs", "Fields of the truth without which it cannot judge.");
    v(wall, "wall", "Seconds for one answer.", Between{0.01, 3600});
    v(cpu, "cpu", "Seconds of CPU time for one answer.", Between{0.01, 3600});
    v(start, "start", "Seconds more of both for the first answer of a new process.",
      Between{0, 3600});
    v(memory_mb, "memory_mb", "Memory that it may take.", Between{32, 1 << 20});
    v(output_kb, "output_kb", "Length of a reply.", Between{1, 1 << 16});
    v(sandbox, "sandbox", "What it must run behind.", OneOf{"any", "bubblewrap"});
  }
};

/// The verdicts of the last requests. Any thread.
class Recent {
 public:
  std::optional<Verdict> find(const std::string& key) const {
    const std::lock_guard lock(guard_);
    const auto at = verdicts_.find(key);
    return at == verdicts_.end() ? std::nullopt : std::optional(at->second);
  }
  void add(const std::string& key, const Verdict& verdict) {
    const std::lock_guard lock(guard_);
    if (!verdicts_.emplace(key, verdict).second)
      return;
    order_.push_back(key);
    if (order_.size() <= kRemembered)
      return;
    verdicts_.erase(order_.front());
    order_.pop_front();
  }

 private:
  mutable std::mutex guard_;
  std::unordered_map<std::string, Verdict> verdicts_;
  std::deque<std::string> order_;  ///< the oldest first
};

/// No two requests of this process have the same.
std::string next_id() {
  static std::atomic<uint64_t> number{0};
  return std::to_string(::getpid()) + "-" + std::to_string(++number);
}

/// One line; bytes that are no UTF-8, as truths may have, are U+FFFD.
std::string json_line(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class External final : public Term {
 public:
  External(const std::string& name, ForeignProgram program, std::vector<TruthField> needs)
      : program_hash_(hash_of(program)),
        needs_(std::move(needs)),
        quarantine_(name),
        pool_(best_wall(), std::move(program)) {}

  Result<Verdict> judge(const Scene& scene) const override {
    nlohmann::json request = external_request(scene);
    const std::string key = xxh3_128_hex(bytes_of(json_line(request)));
    if (auto known = recent_.find(key))
      return std::move(*known);
    Exchange last;
    for (int64_t attempt = 0; attempt < kAttempts; ++attempt) {
      if (auto refusal = quarantine_.refusal(key))
        return Error{Errc::kUnavailable, std::move(*refusal)};
      if (auto verdict = ask(key, request, last))
        return std::move(*verdict);
      if (last.end == Exchange::End::kTimeout)
        return Error{kOutOfTime, last.text};
    }
    return Error{Errc::kUnavailable, quarantine_.refusal(key).value_or(last.text)};
  }

  std::vector<TruthField> needs() const override { return needs_; }
  std::string depends_on() const override { return program_hash_; }
  void keep_dumps(const std::string& folder) const override { quarantine_.keep_dumps(folder); }

 private:
  static std::string hash_of(const ForeignProgram& program) {
    std::string all;
    for (const ProgramFile& file : program.files)
      all += file.hash;
    return all;
  }

  /// One attempt: a verdict, or what came of it in `last`.
  std::optional<Verdict> ask(const std::string& key, nlohmann::json& request,
                             Exchange& last) const {
    const std::string id = next_id();
    request["id"] = id;
    std::optional<Verdict> verdict;
    last = pool_.exchange(json_line(request), [&](const std::string& line) -> Result<void> {
      auto read = external_verdict(line, id);
      if (!read)
        return read.error();
      verdict = std::move(read.value());
      return {};
    });
    if (verdict)
      recent_.add(key, *verdict);
    else if (last.end != Exchange::End::kNotStarted)
      quarantine_.note_death(key, last.text, request);
    return verdict;
  }

  std::string program_hash_;
  std::vector<TruthField> needs_;
  mutable Recent recent_;
  mutable Quarantine quarantine_;
  mutable ForeignPool pool_;
};

/// Reads the files of one term.
class ProgramReader {
 public:
  ProgramReader(const SpecNode& node, const ExternalKeys& keys) : node_(node), keys_(keys) {
    std::error_code none;
    const fs::path folder = fs::path(node.file()).parent_path();
    program_.folder = fs::absolute(folder.empty() ? "." : folder, none).lexically_normal().string();
    if (program_.folder.size() > 1 && program_.folder.ends_with('/'))
      program_.folder.pop_back();
  }

  Result<ForeignProgram> read() && {
    if (auto done = read_command(); !done)
      return done.error();
    if (auto done = read_list("files"); !done)
      return done.error();
    if (auto done = read_list("folders"); !done)
      return done.error();
    program_.limits = {.wall_seconds = keys_.wall,
                       .cpu_seconds = keys_.cpu,
                       .start_seconds = keys_.start,
                       .memory_bytes = keys_.memory_mb << 20,
                       .reply_bytes = keys_.output_kb << 10};
    return std::move(program_);
  }

 private:
  std::string absolute(const std::string& path) const {
    return (fs::path(program_.folder) / path).lexically_normal().string();
  }

  Result<void> read_command() {
    const auto at = node_.at("command");
    if (!at)
      return at.error();
    const auto words = at.value().items();
    if (!words)
      return words.error();
    program_.command = keys_.command;
    std::string& program = program_.command.front();
    program = absolute(program);
    std::error_code none;
    if (!fs::is_regular_file(program, none))
      return words.value().front().error("there is no program " + program +
                                         "; a path is relative to the folder of this file");
    if (::access(program.c_str(), X_OK) != 0)
      return words.value().front().error(program +
                                         " is not executable; chmod +x it, or name its "
                                         "interpreter first, as /usr/bin/python3");
    if (auto done = add_file(words.value().front(), program); !done)
      return done;
    for (size_t i = 1; i < keys_.command.size(); ++i)
      if (const std::string path = absolute(keys_.command[i]); fs::is_regular_file(path, none))
        if (auto done = add_file(words.value()[i], path); !done)
          return done;
    return {};
  }

  Result<void> read_list(const char* key) {
    if (!node_.has(key))
      return {};
    const auto items = node_.at(key).value().items();
    if (!items)
      return items.error();
    for (const SpecNode& item : items.value()) {
      std::string path;
      if (auto done = item.read(path); !done)
        return done;
      path = absolute(path);
      std::error_code none;
      if (key == std::string_view("files")) {
        if (auto done = add_file(item, path); !done)
          return done;
      } else if (!fs::is_directory(path, none)) {
        return item.error("there is no folder " + path);
      } else {
        program_.folders.push_back(path);
      }
    }
    return {};
  }

  Result<void> add_file(const SpecNode& at, const std::string& path) {
    const auto bytes = read_file(path, kLargestFile);
    if (!bytes)
      return at.error(bytes.error().message);
    program_.files.push_back({path, xxh3_128_hex(bytes_of(bytes.value()))});
    return {};
  }

  const SpecNode& node_;
  const ExternalKeys& keys_;
  ForeignProgram program_;
};

}  // namespace

Result<TermPtr> read_external(const SpecNode& node, TermHeader& header) {
  ExternalKeys keys;
  if (auto done = read_fields(node, {}, header, keys); !done)
    return done.error();
  auto program = ProgramReader(node, keys).read();
  if (!program)
    return program.error();
  if (keys.sandbox == "bubblewrap" && best_wall() != Wall::kBubblewrap)
    return node.at("sandbox").value().error(
        "bubblewrap is not there or does not work here; install the package bubblewrap, or set "
        "any");
  std::vector<TruthField> needs;
  for (const std::string& field : keys.needs)
    needs.push_back({field, TruthShape::kAny, node.place_of("needs")});
  const std::string name = header.name.empty() ? header.kind : header.name;
  return TermPtr(std::make_unique<External>(name, std::move(program.value()), std::move(needs)));
}

}  // namespace nelumbo
