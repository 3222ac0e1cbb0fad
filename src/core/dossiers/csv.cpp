#include <motcua/core/dossiers/csv.hpp>

#include <algorithm>

namespace motcua::dossiers {

bool csv_reader::at_line_end() const
{
    return at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r');
}

void csv_reader::skip_line_end()
{
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n')
        ++at_;
    ++at_;
    ++line_;
}

std::optional<csv_record> csv_reader::next()
{
    while (at_line_end())
        skip_line_end();
    if (!fault_.empty() || at_ >= text_.size())
        return std::nullopt;
    csv_record record{.line = line_, .cells = {}};
    for (;;) {
        if (record.cells.size() == csv_cell_limit) {
            fault_ = "too many cells in one line";
            return std::nullopt;
        }
        if (!read_cell(record.cells.emplace_back()))
            return std::nullopt;
        if (at_ >= text_.size())
            return record;
        if (at_line_end()) {
            skip_line_end();
            return record;
        }
        ++at_; // the delimiter
    }
}

bool csv_reader::read_cell(std::string& cell)
{
    if (at_ < text_.size() && text_[at_] == '"')
        return read_quoted(cell);
    const auto begin = at_;
    while (at_ < text_.size() && text_[at_] != delimiter_ && !at_line_end())
        ++at_;
    if (at_ - begin > csv_cell_limit_bytes) {
        fault_ = "a cell is too long";
        return false;
    }
    cell = text_.substr(begin, at_ - begin);
    return true;
}

bool csv_reader::read_quoted(std::string& cell)
{
    const auto opened_at = line_;
    for (++at_; at_ < text_.size(); ++at_) {
        const char letter = text_[at_];
        if (letter == '"') {
            if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') {
                ++at_;
                if (at_ < text_.size() && text_[at_] != delimiter_ && !at_line_end()) {
                    fault_ = "text behind a closing quote";
                    return false;
                }
                return true;
            }
            ++at_; // a doubled quote stands for one
        }
        if (letter == '\n')
            ++line_;
        if (cell.size() == csv_cell_limit_bytes) {
            fault_ = "a cell is too long";
            return false;
        }
        cell += letter;
    }
    line_ = opened_at;
    fault_ = "a quote that never closes";
    return false;
}

std::string csv_cell(std::string_view value, char delimiter)
{
    const bool plain = value.find_first_of("\"\r\n") == std::string_view::npos &&
                       value.find(delimiter) == std::string_view::npos && !value.empty();
    if (plain)
        return std::string(value);
    std::string quoted = "\"";
    for (const char letter : value) {
        quoted += letter;
        if (letter == '"')
            quoted += letter;
    }
    return quoted + '"';
}

char guess_delimiter(std::string_view text, std::string_view candidates)
{
    std::vector<std::size_t> counts(candidates.size(), 0);
    bool quoted = false;
    for (const char letter : text) {
        if (letter == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (letter == '\n' || letter == '\r')
            break;
        if (const auto which = candidates.find(letter); which != std::string_view::npos)
            ++counts[which];
    }
    const auto most = std::max_element(counts.begin(), counts.end());
    return most == counts.end() ? ',' : candidates[static_cast<std::size_t>(most - counts.begin())];
}

} // namespace motcua::dossiers
