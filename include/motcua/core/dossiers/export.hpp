#pragma once

#include <motcua/core/dossiers/dossier.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the one-stop system exports, read into dossiers. Pure.
namespace motcua::dossiers {

enum class column : std::uint8_t
{
    code,
    procedure,
    unit,
    status,
    received,
    due,
    finished,
    note,
    phone,
};
inline constexpr std::array all_columns{
    column::code,
    column::procedure,
    column::unit,
    column::status,
    column::received,
    column::due,
    column::finished,
    column::note,
    column::phone};
std::string_view name(column value);
// Without these a dossier cannot be told of.
bool is_required(column value);

// How an export is written: data/dossiers.yml.
struct export_format
{
    std::string delimiters = ",;\t";                     // the one that fits the first line is used
    std::string encoding = "utf-8";                      // of a file without a byte order mark
    std::map<std::string, column, std::less<>> columns;  // by header, as comparable() writes it
    std::map<std::string, status, std::less<>> statuses; // by word, the same
};
// Headers and words are compared so: folded, punctuation and blanks as one blank.
std::string comparable(std::string_view text);

// Seals a proof with a key that is not here.
using seal = std::function<std::string(std::string_view)>;

struct row_fault
{
    std::size_t line = 0; // 1-based; 0 = of the whole
    std::string why;      // no content of the row
};

// A dossier from named values, or why it is none.
using named_values = std::vector<std::pair<column, std::string>>;
struct read_row
{
    std::optional<dossier> what;
    std::string why;
};
read_row read_dossier(
    const named_values& values,
    const export_format& format,
    const proof_rule& rule,
    const seal& make_seal);

inline constexpr std::size_t export_row_limit = 500'000;
inline constexpr std::size_t faults_kept = 200;

struct read_export
{
    std::vector<dossier> rows;     // each code once
    std::vector<row_fault> faults; // the first faults_kept
    std::size_t fault_count = 0;
    std::size_t unprovable = 0; // rows without a usable telephone number
};

// Reads a whole file of UTF-8. It is good if fault_count is 0; a row that is repeated word for word
// counts once, the same code with something else is a fault.
read_export read_export_text(
    std::string_view utf8,
    const export_format& format,
    const proof_rule& rule,
    const seal& make_seal);

// "24/11/2026", "24/11/2026 16:30", "2026-11-24", "2026-11-24T16:30:00+07:00". Empty if it is none.
std::optional<local_day> read_day(std::string_view text);

} // namespace motcua::dossiers
