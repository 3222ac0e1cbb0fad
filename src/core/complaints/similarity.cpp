#include <motcua/core/complaints/text_rules.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <iterator>
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

} // namespace

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
