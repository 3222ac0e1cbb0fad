#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Comma-separated values as of RFC 4180, line ends of any system.
namespace motcua::dossiers {

struct csv_record
{
    std::size_t line = 0; // 1-based, where it begins
    std::vector<std::string> cells;
};

inline constexpr std::size_t csv_cell_limit_bytes = 8UL * 1024;
inline constexpr std::size_t csv_cell_limit = 200; // of a record

// Reads record by record. Total: accepts any bytes.
class csv_reader
{
public:
    // `text` must outlive the reader.
    csv_reader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

    // The next record that is not an empty line; empty at the end, or at a fault.
    std::optional<csv_record> next();

    // Why reading stopped before the end: a quote that never closes, text behind a closing quote, a
    // limit. Empty if nothing is wrong.
    const std::string& fault() const { return fault_; }
    std::size_t fault_line() const { return line_; }

private:
    bool read_cell(std::string& cell);
    bool read_quoted(std::string& cell);
    bool at_line_end() const;
    void skip_line_end();

    std::string_view text_;
    char delimiter_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::string fault_;
};

// One cell as it is written, quoted where it must be.
std::string csv_cell(std::string_view value, char delimiter);

// Of the candidates, the one that occurs most often in the first line outside quotes; the first
// candidate if none does.
char guess_delimiter(std::string_view text, std::string_view candidates);

} // namespace motcua::dossiers
