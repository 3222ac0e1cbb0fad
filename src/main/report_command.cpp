#include "commands.hpp"
#include "mapped_file.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"
#include "report_maker.hpp"
#include "report_verifier.hpp"

#include <motcua/adapters/report/report_files.hpp>
#include <motcua/adapters/report/report_text.hpp>
#include <motcua/core/reach/periods.hpp>
#include <motcua/core/reach/row_query.hpp>

#include <iostream>
#include <optional>
#include <stdexcept>

namespace motcua {
namespace {

reach::period period_from(const configuration& config, const report_options& options)
{
    if (!options.period.empty()) {
        const auto named = reach::period_named(options.period, config.report.closing_day);
        if (!named)
            throw std::runtime_error(
                "--period " + options.period +
                ": write 2026, 2026-H1, 2026-9M, 2026-Q3 or 2026-07");
        return *named;
    }
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

// With a line of progress for each part of the work.
verification verify_showing(
    const configuration& config, const report_content& content, const reach::period& span)
{
    std::optional<progress_line> line;
    std::string shown;
    return verify(config, content, span, [&](std::string_view what, double part) {
        if (shown != what) {
            line.reset();
            line.emplace(shown = what);
        }
        line->show(part);
    });
}

} // namespace

int write_report(const configuration& config, const report_options& options)
{
    require_database(config);
    const auto content = read_report_content(config, options.plan);
    report_wish wish{
        .period = period_from(config, options),
        .mask_small = options.mask_small,
        .exported_at = options.exported_at};
    bool holds = true;
    if (options.verified) {
        const auto proof = verify_showing(config, content, wish.period);
        holds = proof.holds();
        wish.verified = words(proof);
    }
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
    return holds ? 0 : 1;
}

int verify_report(const configuration& config, const report_options& options)
{
    require_database(config);
    const auto content = read_report_content(config, options.plan);
    const auto made = verify_showing(config, content, period_from(config, options));
    for (const auto& line : made.differences)
        std::cout << line << '\n';
    std::cout << "cells: " << made.cells << ", different: " << made.different << '\n';
    for (const auto& line : made.contacts.differences)
        std::cout << line << '\n';
    std::cout << "contacts: " << made.contacts.contacts << ", of events: " << made.contacts.events
              << ", event no longer kept: " << made.contacts.unprovable
              << ", different: " << made.contacts.different << '\n';
    return made.holds() ? 0 : 1;
}

} // namespace motcua
