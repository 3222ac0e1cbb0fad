#include "report_verifier.hpp"

#include "procedure_source.hpp"
#include "pseudonym.hpp"

#include <motcua/adapters/sqlite/complaint_recount.hpp>

#include <algorithm>

namespace motcua {
namespace {

constexpr std::size_t most_told = 20; // of a table

void compare(const reach::table& left, const reach::table& right, verification& into)
{
    if (left.rows.size() != right.rows.size()) {
        ++into.different;
        into.differences.push_back(
            left.id + ": " + std::to_string(left.rows.size()) + " rows, recounted " +
            std::to_string(right.rows.size()));
    }
    std::size_t told = 0;
    for (std::size_t row = 0; row < std::min(left.rows.size(), right.rows.size()); ++row) {
        for (std::size_t i = 0; i < left.columns.size(); ++i) {
            const auto& shown = left.rows[row].cells[i].value;
            const auto& recounted = right.rows[row].cells[i].value;
            if (shown == recounted)
                continue;
            ++into.different;
            if (++told <= most_told)
                into.differences.push_back(
                    left.id + ", row " + std::to_string(row + 1) + ", " + left.columns[i].id +
                    ": " + words(shown) + ", recounted " + words(recounted));
        }
    }
}

void compare(const reach::report& left, const reach::report& right, verification& into)
{
    const auto tables = tables_of(left);
    const auto recounted = tables_of(right);
    for (std::size_t i = 0; i < tables.size(); ++i) {
        for (const auto& row : tables[i]->rows)
            into.cells += row.cells.size();
        compare(*tables[i], *recounted[i], into);
        if (tables[i]->notes != recounted[i]->notes) { // some hold figures
            ++into.different;
            into.differences.push_back(tables[i]->id + ": the notes differ");
        }
    }
}

sqlite::event_check check_events(const configuration& config, const verification_progress& progress)
{
    const auto key = config.signing_key.empty()
                         ? signing_key_from(config.storage.directory / "signing.key")
                         : config.signing_key;
    return sqlite::check_contacts(
        database_file(config),
        {.pseudonym = [&key](std::string_view id) { return pseudonym(key, id); },
         .is_test_user =
             [&config](std::string_view id) {
                 return std::ranges::find(config.test_users, id) != config.test_users.end();
             },
         .progress =
             [&progress](double part) {
                 if (progress)
                     progress("events", part);
             }});
}

} // namespace

verification verify(
    const configuration& config,
    const report_content& content,
    const reach::period& span,
    const verification_progress& progress)
{
    const auto file = database_file(config);
    const auto rows = read_report_rows(config, content, read_records(config, {}), span);
    const report_wish wish{.period = span};
    const auto lives = sqlite::open_reach_reader(file)->complaints();
    const auto rollups = sqlite::open_figures(file);
    const auto shown =
        make_report(count_periods(*rollups, lives, content, span), rows, content, wish);

    verification made;
    constexpr double readings = 3; // of the periods, at most
    int begun = -1;
    double last = 1;
    const auto tell = [&](double part) {
        if (part < last)
            ++begun;
        last = part;
        if (progress)
            progress("recount", (begun + part) / readings);
    };
    const auto recount = sqlite::open_recount(file, tell, content.visit_gap);
    const auto recounted = make_report(
        count_periods(
            *recount,
            [&](const reach::period& one) {
                return sqlite::recount_complaints(file, content.complaints, one);
            },
            content,
            span),
        rows,
        content,
        wish);
    if (progress)
        progress("recount", 1);
    compare(shown, recounted, made);
    made.contacts = check_events(config, progress);
    return made;
}

std::string words(const verification& made)
{
    const auto number = [](auto count) {
        return reach::words(reach::cell_value(static_cast<std::int64_t>(count)));
    };
    const auto outcome = [&number](auto different) {
        return different == 0 ? std::string("không có sai khác")
                              : number(different) + " chỗ sai khác";
    };
    const auto compared = made.contacts.contacts - made.contacts.unprovable;
    return "đã đếm lại " + number(made.cells) +
           " ô từ từng dòng đã lưu: " + outcome(made.different) + "; đã so " + number(compared) +
           " lượt tiếp cận với sự kiện gốc còn lưu: " + outcome(made.contacts.different);
}

} // namespace motcua
