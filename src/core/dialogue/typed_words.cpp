#include "typed_words.hpp"

#include <motcua/core/text/syllables.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <cctype>

namespace motcua::dialogue {
namespace {

std::vector<std::string> words_of(std::string_view utf8)
{
    std::vector<std::string> words;
    bool gap = true;
    for (const char letter : text::lower(text::to_nfc(utf8))) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool keeps = byte >= 0x80 || std::isalnum(byte) != 0;
        if (keeps && gap)
            words.emplace_back();
        gap = !keeps;
        if (keeps)
            words.back() += letter;
    }
    return words;
}

} // namespace

typed_words::typed_words(std::string_view utf8) : words_(words_of(utf8))
{
    for (const auto& word : words_)
        folded_ += (folded_.empty() ? "" : " ") + text::fold(word);
}

bool typed_words::are(std::string_view meant) const
{
    return !words_.empty() && std::ranges::equal(words_, words_of(meant), text::can_mean);
}

bool typed_words::hold(std::string_view meant) const
{
    const auto wanted = words_of(meant);
    return std::search(
               words_.begin(), words_.end(), wanted.begin(), wanted.end(), text::can_mean) !=
           words_.end();
}

} // namespace motcua::dialogue
