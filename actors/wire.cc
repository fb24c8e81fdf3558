// SPDX-License-Identifier: Apache-2.0
#include "actors/wire.h"

#include <bit>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <msgpack.hpp>
#include <nlohmann/json.hpp>

#include "actors/wire_fields.h"
#include "base/check.h"

namespace nelumbo {
namespace {

static_assert(std::endian::native == std::endian::little, "rows of numbers are little-endian");

/// A struct of the configuration has its list already.
template <class W>
struct FieldsOf {
  W& w;
  template <class T, class... Rest>
  void operator()(T& value, const Rest&... /*name, description, check*/) {
    w.one(value);
  }
};
struct FieldCount {
  uint32_t fields = 0;
  template <class T, class... Rest>
  void operator()(T& /*value*/, const Rest&... /*rest*/) {
    ++fields;
  }
};
template <class T>
concept Configuration = requires(T& x, FieldCount& count) {
  x.fields(count);
};

/// The last value of an enumeration; none: every number is one.
template <class T>
constexpr std::optional<int> kLast = std::nullopt;
template <>
constexpr std::optional<int> kLast<Finish> = static_cast<int>(Finish::kTurns);
template <>
constexpr std::optional<int> kLast<PreferenceKind> = static_cast<int>(PreferenceKind::kStepJudge);
template <>
constexpr std::optional<int> kLast<Outcome::Kind> = static_cast<int>(Outcome::Kind::kTimeout);
template <>
constexpr std::optional<int> kLast<StepCredit> = static_cast<int>(StepCredit::kToken);

/// Rows of these are one block of bytes.
template <class T>
concept RowNumber = std::is_same_v<T, int32_t> || std::is_same_v<T, uint8_t> ||
    std::is_same_v<T, float> || std::is_same_v<T, int64_t>;

struct BytesSink {
  Bytes& bytes;
  void write(const char* data, size_t size) { bytes.insert(bytes.end(), data, data + size); }
};

class Writer {
 public:
  static constexpr bool kReads = false;

  explicit Writer(Bytes& bytes) : sink_{bytes}, packer_(sink_) {}

  template <class... Ts>
  void operator()(Ts&... fields) {
    packer_.pack_array(sizeof...(fields));
    (one(fields), ...);
  }

  template <class T>
  void one(T& x) {
    if constexpr (std::is_enum_v<T>)
      packer_.pack(static_cast<std::underlying_type_t<T>>(x));
    else if constexpr (std::is_floating_point_v<T>)
      bits(x);
    else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>)
      packer_.pack(x);
    else if constexpr (Configuration<T>)
      configuration(x);
    else
      list(*this, x);
  }
  void one(nlohmann::json& x) { packer_.pack(x.dump()); }
  template <class T>
  void one(std::vector<T>& xs) {
    if constexpr (RowNumber<T>) {
      const size_t size = xs.size() * sizeof(T);
      packer_.pack_bin(size32(size))
          .pack_bin_body(reinterpret_cast<const char*>(xs.data()), size32(size));
    } else {
      packer_.pack_array(size32(xs.size()));
      for (T& x : xs)
        one(x);
    }
  }
  template <class T>
  void one(std::optional<T>& x) {
    if (x)
      one(*x);
    else
      packer_.pack_nil();
  }
  /// What is shared is written like a value; whoever reads it may not write it.
  template <class T>
  void one(std::shared_ptr<const T>& x) {
    if (x)
      one(const_cast<T&>(*x));
    else
      packer_.pack_nil();
  }
  void one(Metrics& x) {
    packer_.pack_map(size32(x.size()));
    for (auto& [name, value] : x) {
      packer_.pack(name);
      bits(value);
    }
  }

 private:
  /// All of them, the sign of zero, too: the packer's own way writes what it can as a whole number.
  template <class T>
  void bits(T x) {
    using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
    const Bits little = std::bit_cast<Bits>(x);
    char written[1 + sizeof(Bits)] = {static_cast<char>(sizeof(T) == 4 ? 0xca : 0xcb)};
    for (size_t i = 0; i < sizeof(Bits); ++i)
      written[sizeof(Bits) - i] = static_cast<char>(little >> (8 * i));
    sink_.write(written, sizeof(written));
  }
  static uint32_t size32(size_t size) {
    NELUMBO_CHECK(size < (size_t{1} << 32)) << size << " bytes in one field";
    return static_cast<uint32_t>(size);
  }
  template <class T>
  void configuration(T& x) {
    FieldCount count;
    x.fields(count);
    packer_.pack_array(count.fields);
    FieldsOf<Writer> fields{*this};
    x.fields(fields);
  }

  BytesSink sink_;
  msgpack::packer<BytesSink> packer_;
};

/// Reads one object after another out of arrays; the first thing that is not as expected ends it.
class Reader {
 public:
  static constexpr bool kReads = true;

  explicit Reader(const msgpack::object& root) : place_{&root, 1} {}

  bool failed() const { return failed_; }

  template <class... Ts>
  void operator()(Ts&... fields) {
    inside(sizeof...(fields), [&] { (one(fields), ...); });
  }

  template <class T>
  void one(T& x) {
    if constexpr (std::is_enum_v<T>) {
      std::underlying_type_t<T> number = 0;
      convert(number);
      failed_ = failed_ ||
                (kLast<T> && (std::cmp_less(number, 0) || std::cmp_greater(number, *kLast<T>)));
      x = static_cast<T>(number);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      convert(x);
    } else if constexpr (Configuration<T>) {
      FieldCount count;
      x.fields(count);
      FieldsOf<Reader> fields{*this};
      inside(count.fields, [&] { x.fields(fields); });
    } else {
      list(*this, x);
    }
  }
  void one(nlohmann::json& x) {
    std::string text;
    convert(text);
    x = nlohmann::json::parse(text, nullptr, false);
    failed_ = failed_ || x.is_discarded();
  }
  template <class T>
  void one(std::vector<T>& xs) {
    xs.clear();
    if constexpr (RowNumber<T>)
      rows(xs);
    else
      inside(std::nullopt, [&] {
        while (place_.left > 0 && !failed_)
          one(xs.emplace_back());
      });
  }
  template <class T>
  void one(std::optional<T>& x) {
    if (is_nil())
      x.reset();
    else
      one(x.emplace());
  }
  template <class T>
  void one(std::shared_ptr<const T>& x) {
    x.reset();
    if (is_nil())
      return;
    auto made = std::make_shared<T>();
    one(*made);
    x = std::move(made);
  }
  void one(Metrics& x) { convert(x); }

 private:
  /// What is left of an array.
  struct Place {
    const msgpack::object* next;
    size_t left;
  };

  const msgpack::object* take() {
    failed_ = failed_ || place_.left == 0;
    if (failed_)
      return nullptr;
    --place_.left;
    return place_.next++;
  }
  bool is_nil() {
    const bool nil = !failed_ && place_.left > 0 && place_.next->type == msgpack::type::NIL;
    if (nil)
      (void)take();
    return nil;
  }
  template <class T>
  void rows(std::vector<T>& xs) {
    const msgpack::object* object = take();
    if (!expect(object, msgpack::type::BIN))
      return;
    const auto& bin = object->via.bin;
    failed_ = bin.size % sizeof(T) != 0;
    xs.resize(bin.size / sizeof(T));
    if (!xs.empty())
      std::memcpy(xs.data(), bin.ptr, xs.size() * sizeof(T));
  }
  bool expect(const msgpack::object* object, msgpack::type::object_type type) {
    failed_ = failed_ || object == nullptr || object->type != type;
    return !failed_;
  }
  template <class T>
  void convert(T& x) {
    if (const msgpack::object* object = take())
      object->convert(x);  // throws; `from_wire` catches
  }
  /// Does `work` on the elements of the next array, all of which it must take.
  template <class Work>
  void inside(std::optional<size_t> size, const Work& work) {
    const msgpack::object* object = take();
    if (!expect(object, msgpack::type::ARRAY))
      return;
    const auto& array = object->via.array;
    const Place outside = std::exchange(place_, {array.ptr, array.size});
    failed_ = size && array.size != *size;
    if (!failed_)
      work();
    failed_ = failed_ || place_.left != 0;
    place_ = outside;
  }

  Place place_;
  bool failed_ = false;
};

/// Counts the elements that arrays and maps announce. Each takes a byte at least, so that bytes
/// which announce more than they are must not be believed: MessagePack makes room for what is
/// announced.
class Announced : public msgpack::null_visitor {
 public:
  explicit Announced(size_t bytes) : left_(bytes) {}
  bool start_array(uint32_t elements) { return take(elements); }
  bool start_map(uint32_t pairs) { return take(uint64_t{2} * pairs); }

 private:
  bool take(uint64_t elements) {
    const bool believable = elements <= left_;
    left_ -= believable ? elements : 0;
    return believable;
  }
  uint64_t left_;
};

/// All that a type of ours needs; more is an attack.
const msgpack::unpack_limit kLimits(/*array*/ 1U << 24, /*map*/ 1U << 16, /*str*/ 1U << 28,
                                    /*bin*/ 0xffffffffU, /*ext*/ 0, /*depth*/ 16);

}  // namespace

template <class T>
Bytes to_wire(const T& value) {
  Bytes bytes;
  Writer(bytes).one(const_cast<T&>(value));  // NOLINT: writers only read
  return bytes;
}

template <class T>
Result<T> from_wire(std::span<const char> bytes) {
  const Error malformed{Errc::kBadData, "bytes of another process are not what they should be"};
  try {
    bool referenced = false;
    size_t end = 0;
    Announced announced(bytes.size());
    if (!msgpack::parse(bytes.data(), bytes.size(), end, announced))
      return malformed;
    end = 0;
    const auto in_place = [](auto...) { return true; };
    const msgpack::object_handle root =
        msgpack::unpack(bytes.data(), bytes.size(), end, referenced, in_place, nullptr, kLimits);
    T value{};
    Reader reader(root.get());
    reader.one(value);
    if (reader.failed() || end != bytes.size())
      return malformed;
    return value;
  } catch (const std::exception&) {  // MessagePack's, or a length beyond memory
    return malformed;
  }
}

#define NELUMBO_ON_THE_WIRE(T)         \
  template Bytes to_wire<T>(const T&); \
  template Result<T> from_wire<T>(std::span<const char>)

NELUMBO_ON_THE_WIRE(GroupRequest);
NELUMBO_ON_THE_WIRE(Group);
NELUMBO_ON_THE_WIRE(WeightSet);
NELUMBO_ON_THE_WIRE(TokenJob);
NELUMBO_ON_THE_WIRE(PolicyJob);
NELUMBO_ON_THE_WIRE(PreferenceJob);
NELUMBO_ON_THE_WIRE(PreferenceScores);
NELUMBO_ON_THE_WIRE(Metrics);
NELUMBO_ON_THE_WIRE(TokenValidation);
NELUMBO_ON_THE_WIRE(std::vector<TrainingGroup>);

#undef NELUMBO_ON_THE_WIRE

}  // namespace nelumbo
