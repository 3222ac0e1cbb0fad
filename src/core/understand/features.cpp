#include "features.hpp"

#include "gist.hpp"
#include "hashing.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace motcua::understand {

namespace {

constexpr std::size_t shortest_ngram = 3;
constexpr std::size_t longest_ngram = 5;
constexpr std::size_t pair_reach = 4; // words
constexpr std::size_t gist_reach = 2;

std::uint64_t start_of(std::size_t block)
{
    return mixed(block + 1);
}

void add_words(const text::normalised& message, std::size_t block, std::vector<std::uint64_t>& keys)
{
    std::uint64_t before = fnv("\x02", start_of(block)); // the message's edge is a word of its own
    for (const text::token& token : message.tokens) {
        const std::uint64_t alone = fnv(token.text, start_of(block));
        keys.push_back(mixed(alone));
        keys.push_back(mixed(fnv(token.text, fnv(" ", before))));
        before = alone;
    }
    if (!message.tokens.empty())
        keys.push_back(mixed(fnv(" \x03", before)));
}

void add_pairs(const text::normalised& message, std::size_t block, std::vector<std::uint64_t>& keys)
{
    std::vector<std::uint64_t> words;
    words.reserve(message.tokens.size());
    for (const text::token& token : message.tokens)
        words.push_back(fnv(token.folded, start_of(block)));
    for (std::size_t left = 0; left < words.size(); ++left) {
        keys.push_back(mixed(words[left]));
        const std::size_t end = std::min(words.size(), left + pair_reach + 1);
        for (std::size_t right = left + 1; right < end; ++right)
            keys.push_back(mixed(words[left] + words[right]));
    }
}

void add_characters(
    const text::normalised& message, std::size_t block, std::vector<std::uint64_t>& keys)
{
    std::string run;
    for (const text::token& token : message.tokens)
        run += token.folded;
    for (std::size_t from = 0; from < run.size(); ++from) {
        std::uint64_t hash = start_of(block);
        const std::size_t end = std::min(run.size(), from + longest_ngram);
        for (std::size_t at = from; at < end; ++at) {
            hash = fnv(std::string_view(run).substr(at, 1), hash);
            if (at - from + 1 >= shortest_ngram)
                keys.push_back(mixed(hash));
        }
    }
}

void add_gist(const text::normalised& message, std::size_t block, std::vector<std::uint64_t>& keys)
{
    std::vector<std::uint64_t> words{fnv("\x02", start_of(block))};
    for (const std::string_view word : gist_of(message.tokens))
        words.push_back(fnv(word, start_of(block)));
    words.push_back(fnv("\x03", start_of(block)));
    if (message.tokens.empty())
        return;
    for (std::size_t left = 0; left < words.size(); ++left) {
        if (left != 0 && left + 1 != words.size()) // the edges count beside other words only
            keys.push_back(mixed(words[left]));
        const std::size_t end = std::min(words.size(), left + gist_reach + 1);
        for (std::size_t right = left + 1; right < end; ++right)
            keys.push_back(mixed(words[left] * 3 + words[right]));
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
    add_words(message, 0, keys);
    blocks[0] = counted(keys);
    add_pairs(message, 1, keys);
    blocks[1] = counted(keys);
    add_characters(message, 2, keys);
    blocks[2] = counted(keys);
    add_gist(message, 3, keys);
    blocks[3] = counted(keys);
    return blocks;
}

} // namespace motcua::understand
