// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "apps/trace.h"
#include "base/metrics.h"
#include "base/zstd.h"
#include "reward/reward.h"

namespace nelumbo {

inline void put_file(const std::string& path, const std::string& bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Two answers to "locate the white cell": one boxed after a zoom, one that is no score.
inline ScoredGroup sample_group(const Image& picture, GroupId id = GroupId{7}) {
  auto prompt = std::make_shared<Prompt>();
  prompt->id = "val/BloodImage_00007/locate/0";
  prompt->task = "locate";
  prompt->reward = "locate";
  prompt->text = "Where is the white cell?";
  prompt->image = std::make_shared<const Image>(picture);
  prompt->view = {0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height)};
  prompt->truth = {{"box", {200.0, 120.0, 380.0, 300.0}}, {"cells", {"WBC", "RBC"}}};

  Trajectory good;
  good.group = id;
  good.version = PolicyVersion{12};
  good.tokens = {5, 6, 7, 8};
  good.sampled = {1, 1, 0, 1};
  good.logprobs = {-0.25F, -0.5F, 0, -1};
  good.entropies = {1, 1, 0, 1};
  good.pixels = {
      std::make_shared<const Picture>(Picture{8, 8, std::vector<float>(3 * 8 * 8, 1.0F)})};
  ToolCall zoom;
  zoom.name = "zoom";
  zoom.box = Box{250, 200, 650, 700};
  zoom.original_box = Box{160, 96, 416, 336};
  zoom.last_token = 2;
  good.calls = {zoom};
  good.text = "<tool>zoom</tool><answer>box</answer>";
  good.answer = "box";
  good.answered = true;
  good.answer_box = Box{210, 130, 390, 290};

  Trajectory bad = good;
  bad.sample = 1;
  ToolCall unreadable;
  unreadable.error = "no tool of this name: <script>";
  bad.calls = {unreadable};
  bad.pixels.clear();
  bad.text = "\xff<script>alert(1)</script>";
  bad.answered = false;
  bad.answer_box.reset();
  bad.finish = Finish::kLength;

  auto group = std::make_shared<Group>();
  group->id = id;
  group->prompt = prompt;
  group->trajectories = {good, bad};

  Outcome score;
  score.total = 0.74;
  score.rule = 0.8;
  score.rubric = 0.6;
  score.has_rubric = true;
  score.process = 0.9;
  score.components = {{"iou", "rule", 0.8, 0.7, "answer [210, 130, 390, 290] against truth"},
                      {"looked", "rubric", 1, 0.3, "zoom covered the cell"}};
  score.steps = {{0, 2, 0.9, "unused tool"}};
  Outcome invalid;
  invalid.kind = Outcome::Kind::kInvalid;
  invalid.reason = "no answer";
  return {group, {score, invalid}};
}

inline Image gray_picture(int64_t width, int64_t height) {
  return {width, height, std::vector<uint8_t>(width * height * 3, 180)};
}

/// Metrics of a run of three stages, 40 steps each.
inline void put_metrics(const std::string& path) {
  auto file = MetricsFile::open(path);
  for (int64_t step = 1; step <= 120; ++step) {
    const double t = static_cast<double>(step);
    const std::string stage = step <= 40 ? "pretrain" : step <= 80 ? "sft" : "rl";
    std::map<std::string, double> row = {{"optim/loss", 3 * std::exp(-t / 40) + 0.1 * std::sin(t)},
                                         {"optim/grad_norm", 1 + std::cos(t / 3)},
                                         {"time/step", 0.3 + 0.05 * std::sin(t / 5)}};
    if (step % 10 == 0) {
      row["eval/caption/accuracy"] = 1 - std::exp(-t / 50);
      row["eval/caption/white_recall"] = step < 40 ? 0 : 0.93;
      row["eval/locate/iou"] = 0.2 + 0.004 * t;
    }
    if (stage == "rl") {
      row["reward/mean"] = 0.4 + 0.003 * (t - 80);
      row["reward/iou/mean"] = 0.39 + 0.003 * (t - 80);
      row["reward/looked/mean"] = 0.6;
      row["policy/entropy"] = 1.2 - 0.01 * (t - 80);
      row["mismatch/logprob_abs_max"] = 0;
      row["reward/zero_spread_groups"] = step % 4;
      row["perf/tokens_per_s"] = 9000;
    }
    if (!file.ok() || !file.value().write(stage, step, row).ok())
      return;
  }
}

/// A finished run as it lies on disk.
inline void put_sample_run(const std::string& folder, const Image& picture) {
  put_file(folder + "/STATUS", "done all stages finished\n");
  put_file(folder + "/config.resolved.yaml", "run:\n  name: quick\n");
  put_file(folder + "/env.json",
           R"({"seed":1,"cpu":"a processor","isa":"avx512","gflops":412.5,"parameters":941000,
               "config_hash":"0123456789abcdef0123456789abcdef","version":"0.1.0"})");
  put_file(folder + "/summary.json",
           R"({"exit_code":0,"seconds":311.2,"weights_hash":"ffeeddccbbaa99887766554433221100",
               "stages":[{"name":"pretrain","planned":40,"done":40,"seconds":55.1},
                         {"name":"sft","planned":40,"done":40,"seconds":80},
                         {"name":"rl","planned":40,"done":40,"seconds":170.5}],
               "ledger":{"issued":5120,"committed":5000,"dropped":120,"in_flight":0}})");
  put_file(folder + "/evaluation.json",
           R"({"policies":[
                {"name":"before RL","sets":[
                 {"name":"locate","mode":"sampled","n":87,"score":0.39,"low":0.34,"high":0.44},
                 {"name":"locate","mode":"blank","n":87,"score":0.08,"low":0.05,"high":0.1}]},
                {"name":"after RL","sets":[
                 {"name":"locate","mode":"sampled","n":87,"score":0.53,"low":0.48,"high":0.58}]}],
               "paired":[{"name":"locate","compared":"sampled, after - before","n":87,
                          "difference":0.14,"low":0.1,"high":0.18}],
               "baselines":[{"set":"locate","name":"mean box","score":0.2}]})");
  put_metrics(folder + "/metrics.jsonl");
  for (int64_t step : {81, 90, 120}) {
    const ScoredGroup group = sample_group(picture, GroupId{static_cast<uint64_t>(step)});
    const std::string lines =
        illustrated_trace(group).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
        "\n";
    put_file(folder + "/traces/rl/step_" + std::to_string(step) + ".jsonl.zst",
             zstd_compress(lines));
  }
}

}  // namespace nelumbo
