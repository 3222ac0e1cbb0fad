#include "model_file.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace motcua::understand {

namespace {

void write_texts(const std::vector<std::string>& texts, byte_writer& out)
{
    out.put(static_cast<std::uint32_t>(texts.size()));
    for (const std::string& text : texts)
        out.put(std::string_view(text));
}

std::vector<std::string> read_texts(byte_reader& in)
{
    std::vector<std::string> texts;
    const auto count = in.get<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && in.ok(); ++i)
        texts.emplace_back(in.get_text());
    return texts;
}

} // namespace

double confidence_of(const calibration& fitted, const evidence& seen)
{
    return 1 / (1 + std::exp(
                        -(static_cast<double>(fitted.margin) * seen.margin +
                          static_cast<double>(fitted.gap) * seen.gap +
                          static_cast<double>(fitted.known_words) * seen.known_words +
                          static_cast<double>(fitted.foreign_gap) * seen.foreign_gap +
                          static_cast<double>(fitted.offset))));
}

evidence evidence_of(
    const std::vector<float>& margins, std::optional<std::size_t> foreign, double known_words)
{
    const auto best = std::max_element(margins.begin(), margins.end());
    float second = -std::numeric_limits<float>::max();
    for (auto one = margins.begin(); one != margins.end(); ++one)
        if (one != best)
            second = std::max(second, *one);
    return {
        .margin = static_cast<double>(*best),
        .gap = static_cast<double>(*best - second),
        .known_words = known_words,
        .foreign_gap = foreign ? static_cast<double>(*best - margins[*foreign]) : 0.0};
}

void write_lexicon(const text::lexicon& words, byte_writer& out)
{
    out.put(static_cast<std::uint32_t>(words.abbreviations.size()));
    for (const text::abbreviation& row : words.abbreviations) {
        out.put(std::string_view(row.shorthand));
        out.put(std::string_view(row.expansion));
        write_texts(row.context, out);
    }
    write_texts(words.loanwords, out);
    write_texts(words.vocabulary, out);
    write_texts(words.common_phrases, out);
}

text::lexicon read_lexicon(byte_reader& in)
{
    text::lexicon words;
    const auto count = in.get<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
        text::abbreviation row;
        row.shorthand = in.get_text();
        row.expansion = in.get_text();
        row.context = read_texts(in);
        words.abbreviations.push_back(std::move(row));
    }
    words.loanwords = read_texts(in);
    words.vocabulary = read_texts(in);
    words.common_phrases = read_texts(in);
    return words;
}

} // namespace motcua::understand
