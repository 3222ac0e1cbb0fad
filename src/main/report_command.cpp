#include "commands.hpp"
#include "mapped_file.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"
#include "pseudonym.hpp"
#include "report_maker.hpp"

#include <motcua/adapters/report/report_files.hpp>
#include <motcua/adapters/report/report_text.hpp>
#include <motcua/adapters/sqlite/reach.hpp>
#include <motcua/core/reach/row_query.hpp>

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace motcua {
namespace {

reach::period period_from(const report_options& options)
{
    const auto from = reach::day_from(options.from);
    const auto to = reach::day_from(options.to);
    if (!from || !to)
        throw std::runtime_error("--from and --to are days, written YYYY-MM-DD");
    if (*to < *from)
        throw std::runtime_error("--to is before --from");
    return {*from, *to};
}

void require_database(const configuration& config)
{
    if (!std::filesystem::exists(database_file(config)))
        throw std::runtime_error(
            "there is no database in " + config.storage.directory.string() +
            "; name its folder with --config or --set storage.directory=…");
}

void write(const std::string& bytes, const std::filesystem::path& out)
{
    if (out.empty())
        std::cout << bytes << std::flush;
    else
        write_whole_file(out, bytes);
}

// One line per cell that differs.
std::size_t compare(const reach::table& left, const reach::table& right, std::size_t most)
{
    std::size_t different = left.rows.size() == right.rows.size() ? 0 : 1;
    if (different != 0)
        std::cout << left.id << ": " << left.rows.size() << " rows, recounted " << right.rows.size()
                  << '\n';
    for (std::size_t row = 0; row < std::min(left.rows.size(), right.rows.size()); ++row) {
        for (std::size_t i = 0; i < left.columns.size(); ++i) {
            const auto& shown = left.rows[row].cells[i].value;
            const auto& recounted = right.rows[row].cells[i].value;
            if (shown == recounted)
                continue;
            if (++different <= most)
                std::cout << left.id << ", row " << row + 1 << ", " << left.columns[i].id << ": "
                          << words(shown) << ", recounted " << words(recounted) << '\n';
        }
    }
    return different;
}

std::size_t compare(const reach::report& left, const reach::report& right)
{
    constexpr std::size_t most = 20; // of a table
    const auto tables = tables_of(left);
    const auto recounted = tables_of(right);
    std::size_t different = 0;
    for (std::size_t i = 0; i < tables.size(); ++i)
        different += compare(*tables[i], *recounted[i], most);
    return different;
}

std::size_t cells_of(const reach::report& whole)
{
    std::size_t cells = 0;
    for (const auto* one : tables_of(whole))
        for (const auto& row : one->rows)
            cells += row.cells.size();
    return cells;
}

} // namespace

int write_report(const configuration& config, const report_options& options)
{
    require_database(config);
    const auto content = read_report_content(config, options.plan);
    const report_wish wish{
        .period = period_from(options),
        .mask_small = options.mask_small,
        .exported_at = options.exported_at};
    const auto made = make_report(config, content, read_records(config, {}), wish);
    if (options.format == "json")
        write(report::report_json(made), options.out);
    else if (options.format == "csv")
        write(report::report_csv(made), options.out);
    else if (options.out.empty())
        throw std::runtime_error("name the file to write with -o");
    else if (options.format == "xlsx")
        report::write_xlsx(made, options.out);
    else
        report::write_docx(made, config.content.data / "report-template.docx", options.out);
    return 0;
}

int verify_report(const configuration& config, const report_options& options)
{
    require_database(config);
    const auto content = read_report_content(config, options.plan);
    const auto span = period_from(options);
    const auto file = database_file(config);
    const auto complaints = sqlite::open_reach_reader(file)->complaints();
    const auto rows = read_report_rows(config, content, read_records(config, {}), span);
    const report_wish wish{.period = span};

    const auto rollups = sqlite::open_figures(file);
    const auto shown =
        make_report(count_periods(*rollups, complaints, content, span), rows, content, wish);
    std::size_t different = 0;
    {
        progress_line progress("recount");
        const auto recount =
            sqlite::open_recount(file, [&progress](double part) { progress.show(part); });
        const auto recounted =
            make_report(count_periods(*recount, complaints, content, span), rows, content, wish);
        different = compare(shown, recounted);
    }
    std::cout << "cells: " << cells_of(shown) << ", different: " << different << '\n';

    const auto key = config.signing_key.empty()
                         ? signing_key_from(config.storage.directory / "signing.key")
                         : config.signing_key;
    progress_line progress("events");
    const auto checked = sqlite::check_contacts(
        file,
        {.pseudonym = [&key](std::string_view id) { return pseudonym(key, id); },
         .is_test_user =
             [&config](std::string_view id) {
                 return config.demo ||
                        std::ranges::find(config.test_users, id) != config.test_users.end();
             },
         .progress = [&progress](double part) { progress.show(part); }});
    for (const auto& line : checked.differences)
        std::cout << line << '\n';
    std::cout << "contacts: " << checked.contacts << ", of events: " << checked.events
              << ", event no longer kept: " << checked.unprovable
              << ", different: " << checked.different << '\n';
    return different == 0 && checked.different == 0 ? 0 : 1;
}

} // namespace motcua
