#include "features.hpp"

#include "hashing.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace motcua::understand {

namespace {

constexpr std::size_t longest_ngram = 5;
constexpr std::size_t shortest_ngram = 2;

std::uint64_t start_of(std::size_t block)
{
    return mixed(block + 1);
}

void add_words(
    const text::normalised& message,
    std::size_t block,
    std::string_view (*view)(const text::token&),
    std::vector<std::uint64_t>& keys)
{
    std::uint64_t before = fnv("\x02", start_of(block)); // the message's edge is a word of its own
    for (const text::token& token : message.tokens) {
        const std::string_view word = view(token);
        const std::uint64_t alone = fnv(word, start_of(block));
        keys.push_back(mixed(alone));
        keys.push_back(mixed(fnv(word, fnv(" ", before))));
        before = alone;
    }
    if (!message.tokens.empty())
        keys.push_back(mixed(fnv(" \x03", before)));
}

void add_characters(std::string_view word, std::size_t block, std::vector<std::uint64_t>& keys)
{
    // Byte offsets of the code points, with one mark before and after the word.
    std::vector<std::string_view> points;
    points.reserve(word.size() + 2);
    points.emplace_back("\x02");
    for (std::size_t begin = 0; begin < word.size();) {
        std::size_t end = begin + 1;
        while (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xc0U) == 0x80U)
            ++end;
        points.push_back(word.substr(begin, end - begin));
        begin = end;
    }
    points.emplace_back("\x03");
    for (std::size_t from = 0; from < points.size(); ++from) {
        std::uint64_t hash = start_of(block);
        for (std::size_t n = 1; n <= longest_ngram && from + n <= points.size(); ++n) {
            hash = fnv(points[from + n - 1], hash);
            if (n >= shortest_ngram)
                keys.push_back(mixed(hash));
        }
    }
}

std::vector<counted_feature> counted(std::vector<std::uint64_t>& keys)
{
    std::sort(keys.begin(), keys.end());
    std::vector<counted_feature> features;
    features.reserve(keys.size());
    for (std::size_t begin = 0; begin < keys.size();) {
        std::size_t end = begin + 1;
        while (end < keys.size() && keys[end] == keys[begin])
            ++end;
        const std::size_t count = end - begin;
        features.push_back(
            {keys[begin], count == 1 ? 1.0F : 1.0F + std::log(static_cast<float>(count))});
        begin = end;
    }
    keys.clear();
    return features;
}

} // namespace

feature_blocks count_features(const text::normalised& message)
{
    feature_blocks blocks;
    std::vector<std::uint64_t> keys;
    add_words(
        message, 0, [](const text::token& token) -> std::string_view { return token.text; }, keys);
    blocks[0] = counted(keys);
    for (const text::token& token : message.tokens)
        if (!token.placeholder)
            add_characters(token.text, 1, keys);
    blocks[1] = counted(keys);
    add_words(
        message,
        2,
        [](const text::token& token) -> std::string_view { return token.folded; },
        keys);
    blocks[2] = counted(keys);
    for (const text::token& token : message.tokens)
        if (!token.placeholder)
            add_characters(token.folded, 3, keys);
    blocks[3] = counted(keys);
    return blocks;
}

} // namespace motcua::understand
