#include "model_file.hpp"

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
    return words;
}

} // namespace motcua::understand
