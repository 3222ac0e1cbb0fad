#pragma once

#include <motcua/app/reach_store.hpp>
#include <motcua/core/complaints/complaint.hpp>
#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/dialogue/unknown.hpp>
#include <motcua/core/reach/figures.hpp>
#include <motcua/core/reach/report_builder.hpp>
#include <motcua/core/reach/row_query.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::dialogue {
struct knowledge;
}

// The plan's report as the staff's screens ask for it: the finished report in every format, the
// days of a chart, the rows behind a figure.
namespace motcua::app {

enum class report_format : std::uint8_t
{
    json,
    csv,
    xlsx,
    docx,
};
std::string_view name(report_format value); // also the ending of the file's name
std::optional<report_format> report_format_from(std::string_view word);

struct report_wish
{
    std::string plan; // id
    reach::period period;
    bool mask_small = false; // counts under five read "<5"
};

// Contacts of one day, by what they count as; `of.people` stays empty.
struct day_contacts
{
    std::chrono::year_month_day day;
    reach::tally of;
};

// An answer of the bot: when it was asked for, and how long it took.
struct answer_row
{
    std::chrono::year_month_day day;
    std::chrono::milliseconds took{0};
};

// A sentence that was not understood, as it is kept: masked, without its author.
struct unknown_row
{
    std::chrono::year_month_day day;
    std::string text;
};

// A part of the rows behind a figure; of the lists only that of the query's kind is filled.
struct figure_rows
{
    std::int64_t total = 0;                          // all rows there are
    std::int64_t quantity = 0;                       // of all entries: what they add up to
    std::int64_t participants = 0;                   // likewise
    std::vector<reach_reader::contact_row> contacts; // contacts, people
    std::vector<answer_row> answers;
    std::vector<complaints::complaint> complaints; // as they are now, without content and citizen
    std::vector<reach::plan_entry> entries;
    std::vector<unknown_row> unknown;
};

// What is read for screens beside reach_reader. From one thread at a time, off the I/O thread.
class reach_series
{
public:
    virtual ~reach_series() = default;
    // Every day of the period, those without a contact too.
    virtual std::vector<day_contacts> days(const reach::period& span) = 0;

    struct answer_page
    {
        std::int64_t total = 0;
        std::vector<answer_row> rows;
    };
    // By day, the quickest first.
    virtual answer_page
    answers(const reach::period& span, std::size_t offset, std::size_t limit) = 0;
};

// Sentences of the period that were not understood, most frequent first; those that are the same
// but for marks and case are counted together.
std::vector<reach::unknown_question>
group_unknown(const std::vector<dialogue::unknown_message>& messages, const reach::period& span);
// The rows behind one of these, in the order of the messages.
figure_rows list_unknown(
    const std::vector<dialogue::unknown_message>& messages,
    const reach::row_query& query,
    std::size_t offset,
    std::size_t limit);

// The rows behind the cell whose query it is, from the `offset`th on; none for one of sentences not
// understood. `by` judges complaints, `fields` are the groups of data/kpi.yml.
figure_rows list_rows(
    reach_reader& reader,
    reach_series& series,
    const reach::row_query& query,
    const reach::field_groups& fields,
    const complaints::rules& by,
    std::size_t offset,
    std::size_t limit);

// Everything about reports that needs the disk, with the content in force: its plans, records and
// rules. Blocks; one call at a time, off the I/O thread.
class report_desk
{
public:
    virtual ~report_desk() = default;
    // The bytes of the report. The plan must be one of the content.
    virtual std::string
    make(const dialogue::knowledge& known, const report_wish& wish, report_format format) = 0;
    virtual std::vector<day_contacts> days(const reach::period& span) = 0;
    virtual figure_rows rows(
        const dialogue::knowledge& known,
        const reach::row_query& query,
        std::size_t offset,
        std::size_t limit) = 0;
    // Of the plan, oldest day first, withdrawn ones too.
    virtual std::vector<reach::plan_entry> entries(const std::string& plan) = 0;
    // The address of a keyword's landing page, and its QR code as a PNG picture or an SVG drawing.
    virtual std::string landing_page(const std::string& keyword) const = 0;
    virtual std::string landing_code(const std::string& keyword, bool drawing) const = 0;
};

} // namespace motcua::app
