#pragma once

#include <motcua/core/text/normaliser.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The model file, little-endian throughout, nothing aligned:
//   magic, u32 format version, u64 checksum of all that follows,
//   u64 content hash, calibration (7 x f32), f32 raise of out_of_scope by unknown words, u32
//   intents, u64 features, per intent: name, f32 bias, f32 scale, lexicon, then features x u64 key
//   (ascending), features x f32 inverse document frequency, features x intents x i8 weight.
// A string is a u32 length and its bytes.
namespace motcua::understand {

static_assert(std::endian::native == std::endian::little, "model files are mapped as they are");

inline constexpr std::string_view model_magic = "MOTCUALM";
inline constexpr std::uint32_t model_format_version = 7;
inline constexpr std::size_t model_checksum_offset = 12;
inline constexpr std::size_t model_body_offset = 20;
inline constexpr std::size_t most_intents = 10'000;
inline constexpr std::size_t most_features = 100'000'000;

// What speaks for the best intent.
struct evidence
{
    double margin = 0;      // of the best intent
    double gap = 0;         // to the second
    double known_words = 0; // 0..1, share of the pairs view's squared length that the model knows
    double foreign_gap = 0; // to out_of_scope; 0 if that is the best or no intent of the model
};

// Confidence of the best intent = logistic(sum of weight x evidence + offset).
struct calibration
{
    float margin = 2;
    float gap = 2;
    float known_words = 0;
    float foreign_gap = 0;
    float offset = 1;
    float answer_from = 0.9F; // thresholds of decide()
    float ask_from = 0.3F;
};

double confidence_of(const calibration& fitted, const evidence& seen);

// From the margins of all intents. `foreign` is the index of out_of_scope.
evidence evidence_of(
    const std::vector<float>& margins, std::optional<std::size_t> foreign, double known_words);

template <class T>
T load_as(const char* from)
{
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

class byte_writer
{
public:
    template <class T>
    void put(T value)
    {
        std::array<char, sizeof(T)> bytes;
        std::memcpy(bytes.data(), &value, sizeof value);
        bytes_.append(bytes.data(), bytes.size());
    }

    void put(std::string_view text)
    {
        put(static_cast<std::uint32_t>(text.size()));
        bytes_ += text;
    }

    void put_raw(std::string_view bytes) { bytes_ += bytes; }

    std::string& bytes() { return bytes_; }

private:
    std::string bytes_;
};

// Reads within bounds; after the first failure everything reads as zero and ok() is false.
class byte_reader
{
public:
    explicit byte_reader(std::string_view bytes) : rest_(bytes) {}

    template <class T>
    T get()
    {
        const std::string_view bytes = take(sizeof(T));
        return ok_ ? load_as<T>(bytes.data()) : T{};
    }

    std::string_view get_text() { return take(get<std::uint32_t>()); }

    std::string_view take(std::uint64_t size)
    {
        if (!ok_ || size > rest_.size()) {
            ok_ = false;
            return {};
        }
        const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(size));
        rest_.remove_prefix(static_cast<std::size_t>(size));
        return taken;
    }

    bool ok() const { return ok_; }
    std::size_t left() const { return rest_.size(); }

private:
    std::string_view rest_;
    bool ok_ = true;
};

void write_lexicon(const text::lexicon& words, byte_writer& out);
text::lexicon read_lexicon(byte_reader& in);

} // namespace motcua::understand
