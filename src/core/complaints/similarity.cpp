#include <motcua/core/complaints/text_rules.hpp>
#include <motcua/core/text/fnv.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

namespace motcua::complaints {
namespace {

constexpr std::size_t words_compared = 400; // of each text; bounds the work

std::vector<std::string> word_pairs(std::string_view text)
{
    std::vector<std::string> pairs;
    std::string before = "^";
    std::string word;
    const auto end_word = [&] {
        if (word.empty() || pairs.size() == words_compared)
            return word.clear();
        pairs.push_back(before + ' ' + word);
        before = std::exchange(word, {});
    };
    for (const char c : text::fold(text)) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
            static_cast<unsigned char>(c) >= 0x80)
            word += c;
        else
            end_word();
    }
    end_word();
    std::ranges::sort(pairs);
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    return pairs;
}

constexpr std::size_t keys_of_text = 24;
constexpr std::size_t hashes_of_key = 2;

// The finaliser of splitmix64 (Steele, Lea, Flood 2014).
std::uint64_t mixed(std::uint64_t value)
{
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

} // namespace

std::vector<std::uint32_t> likeness_keys(std::string_view text)
{
    constexpr auto hashes = keys_of_text * hashes_of_key;
    std::array<std::uint64_t, hashes> least{};
    least.fill(std::numeric_limits<std::uint64_t>::max());
    const auto pairs = word_pairs(text);
    for (const auto& pair : pairs) {
        const auto hash = text::fnv(pair);
        for (std::size_t i = 0; i < hashes; ++i)
            least[i] = std::min(least[i], mixed(hash + i * 0x9e3779b97f4a7c15ULL));
    }
    std::vector<std::uint32_t> keys;
    for (std::size_t key = 0; !pairs.empty() && key < keys_of_text; ++key) {
        auto joined = mixed(key);
        for (std::size_t i = 0; i < hashes_of_key; ++i)
            joined = mixed(joined ^ least[key * hashes_of_key + i]);
        keys.push_back(static_cast<std::uint32_t>(joined));
    }
    return keys;
}

double similarity(std::string_view one, std::string_view other)
{
    const auto left = word_pairs(one);
    const auto right = word_pairs(other);
    if (left.empty() || right.empty())
        return 0;
    std::vector<std::string> common;
    std::ranges::set_intersection(left, right, std::back_inserter(common));
    return 2.0 * static_cast<double>(common.size()) /
           static_cast<double>(left.size() + right.size());
}

} // namespace motcua::complaints
