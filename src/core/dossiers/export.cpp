#include <motcua/core/dossiers/csv.hpp>
#include <motcua/core/dossiers/export.hpp>
#include <motcua/core/text/unicode.hpp>

#include <cctype>
#include <charconv>
#include <set>
#include <unordered_map>

namespace motcua::dossiers {
namespace {

constexpr std::size_t words_limit = 300; // code points of names
constexpr std::size_t note_limit = 600;

std::string clean(std::string_view raw, std::size_t limit)
{
    auto nfc = text::to_nfc(raw);
    const auto begin = nfc.find_first_not_of(" \t\n\r");
    if (begin == std::string::npos)
        return {};
    nfc = nfc.substr(begin, nfc.find_last_not_of(" \t\n\r") - begin + 1);
    return std::string(text::prefix(nfc, limit));
}

std::optional<int> number(std::string_view text, std::size_t most_digits)
{
    int value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || text.size() > most_digits || error != std::errc{} ||
        stop != text.data() + text.size() || value < 0)
        return std::nullopt;
    return value;
}

std::optional<local_day>
day_of(std::optional<int> year, std::optional<int> month, std::optional<int> day)
{
    constexpr int first_year = 1990;
    constexpr int last_year = 2100;
    if (!year || !month || !day || *year < first_year || *year > last_year)
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year{*year},
        std::chrono::month{static_cast<unsigned>(*month)},
        std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok())
        return std::nullopt;
    return local_day(date);
}

std::optional<status> read_status(std::string_view text, const export_format& format)
{
    const auto word = comparable(text);
    if (const auto known = format.statuses.find(word); known != format.statuses.end())
        return known->second;
    const auto digits = number(word, 2);
    return digits ? status_from_number(*digits) : std::nullopt;
}

// The columns of the header; a fault if one is repeated or a required one is missing.
std::vector<std::optional<column>>
read_header(const csv_record& header, const export_format& format, std::string& why)
{
    std::vector<std::optional<column>> found;
    std::set<column> seen;
    for (const auto& cell : header.cells) {
        const auto known = format.columns.find(comparable(cell));
        found.push_back(
            known == format.columns.end() ? std::nullopt : std::optional(known->second));
        if (found.back() && !seen.insert(*found.back()).second)
            why = "the column for '" + std::string(name(*found.back())) + "' is there twice";
    }
    for (const auto one : all_columns)
        if (is_required(one) && !seen.contains(one))
            why = "no column for '" + std::string(name(one)) +
                  "'; name its header in data/dossiers.yml";
    return found;
}

class collector
{
public:
    void fault(std::size_t line, std::string why)
    {
        ++out.fault_count;
        if (out.faults.size() < faults_kept)
            out.faults.push_back({line, std::move(why)});
    }
    void add(dossier row, std::size_t line)
    {
        const auto [place, is_new] = places_.try_emplace(row.code, out.rows.size(), line);
        const auto [index, first_line] = place->second;
        if (!is_new) {
            if (out.rows[index] != row)
                fault(line, "the code of line " + std::to_string(first_line) + " again, differing");
            return;
        }
        if (row.proof.empty())
            ++out.unprovable;
        out.rows.push_back(std::move(row));
    }

    read_export out;

private:
    std::unordered_map<std::string, std::pair<std::size_t, std::size_t>> places_;
};

} // namespace

std::string_view name(column value)
{
    switch (value) {
    case column::code:
        return "code";
    case column::procedure:
        return "procedure";
    case column::unit:
        return "unit";
    case column::status:
        return "status";
    case column::received:
        return "received";
    case column::due:
        return "due";
    case column::finished:
        return "finished";
    case column::note:
        return "note";
    case column::phone:
        return "phone";
    }
    return "unknown";
}

bool is_required(column value)
{
    return value == column::code || value == column::status || value == column::phone;
}

std::string comparable(std::string_view text)
{
    const auto nfc = text::to_nfc(text);
    std::string out;
    bool gap = false;
    for (const char letter : text::fold(nfc)) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool keeps = byte >= 0x80 || std::isalnum(byte) != 0;
        if (keeps && gap && !out.empty())
            out += ' ';
        gap = !keeps;
        if (keeps)
            out += letter;
    }
    return out;
}

std::optional<local_day> read_day(std::string_view text)
{
    // A time of day may follow; it is of no use to the citizen.
    text = text.substr(0, text.find_first_of(" T"));
    if (text.size() == 10 && text[4] == '-' && text[7] == '-')
        return day_of(
            number(text.substr(0, 4), 4), number(text.substr(5, 2), 2), number(text.substr(8), 2));
    const auto first = text.find_first_of("/-.");
    const auto second = first == std::string_view::npos ? first : text.find(text[first], first + 1);
    if (second == std::string_view::npos)
        return std::nullopt;
    return day_of(
        number(text.substr(second + 1), 4),
        number(text.substr(first + 1, second - first - 1), 2),
        number(text.substr(0, first), 2));
}

read_row read_dossier(
    const named_values& values,
    const export_format& format,
    const proof_rule& rule,
    const seal& make_seal)
{
    dossier made;
    std::optional<status> at;
    std::string phone;
    std::string why;
    const auto day = [&why](column which, const std::string& text) -> std::optional<local_day> {
        if (text.empty())
            return std::nullopt;
        auto read = read_day(text);
        if (!read)
            why = "'" + std::string(name(which)) + "' is no day (24/11/2026 or 2026-11-24)";
        return read;
    };
    for (const auto& [which, raw] : values) {
        const auto value = clean(raw, which == column::note ? note_limit : words_limit);
        switch (which) {
        case column::code:
            made.code = canonical_code(value);
            break;
        case column::procedure:
            made.procedure = value;
            break;
        case column::unit:
            made.unit = value;
            break;
        case column::status:
            at = read_status(value, format);
            break;
        case column::received:
            made.received = day(which, value);
            break;
        case column::due:
            made.due = day(which, value);
            break;
        case column::finished:
            made.finished = day(which, value);
            break;
        case column::note:
            made.note = value;
            break;
        case column::phone:
            phone = value;
            break;
        }
    }
    if (made.code.empty())
        return {std::nullopt, "'code' is no dossier code"};
    if (!at)
        return {std::nullopt, "'status' is none that data/dossiers.yml knows"};
    if (!why.empty())
        return {std::nullopt, why};
    made.at = *at;
    if (const auto proof = held_proof(phone, rule); !proof.empty())
        made.proof = make_seal(to_be_sealed(made.code, proof, rule));
    return {std::move(made), {}};
}

read_export read_export_text(
    std::string_view utf8,
    const export_format& format,
    const proof_rule& rule,
    const seal& make_seal)
{
    collector into;
    csv_reader lines(utf8, guess_delimiter(utf8, format.delimiters));
    const auto header = lines.next();
    if (!header) {
        into.fault(1, lines.fault().empty() ? "the file is empty" : lines.fault());
        return std::move(into.out);
    }
    std::string why;
    const auto columns = read_header(*header, format, why);
    if (!why.empty()) {
        into.fault(header->line, why);
        return std::move(into.out);
    }
    std::size_t count = 0;
    while (const auto record = lines.next()) {
        if (++count > export_row_limit) {
            into.fault(record->line, "more rows than " + std::to_string(export_row_limit));
            break;
        }
        if (record->cells.size() != columns.size()) {
            into.fault(
                record->line,
                std::to_string(record->cells.size()) + " cells instead of " +
                    std::to_string(columns.size()));
            continue;
        }
        named_values values;
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (columns[i])
                values.emplace_back(*columns[i], record->cells[i]);
        auto row = read_dossier(values, format, rule, make_seal);
        if (row.what)
            into.add(std::move(*row.what), record->line);
        else
            into.fault(record->line, std::move(row.why));
    }
    if (!lines.fault().empty())
        into.fault(lines.fault_line(), lines.fault());
    return std::move(into.out);
}

} // namespace motcua::dossiers
