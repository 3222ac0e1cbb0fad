#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The finished report as a value: what the Word, Excel, CSV and JSON files and the screen all show,
// cell for cell (reports.md section 4). It holds every word it needs (titles, definitions, notes),
// so a writer adds nothing of its own but form. Text is NFC, in Vietnamese, and never markup.
namespace motcua::reach {

// Calendar days in Asia/Ho_Chi_Minh, both included.
struct period
{
    std::chrono::year_month_day from;
    std::chrono::year_month_day to;

    bool operator==(const period&) const = default;
};

// ---- cells

// A percentage with what it is made of: part ÷ whole. An empty whole reads "–", never 100 %.
struct share
{
    std::int64_t part = 0;
    std::int64_t whole = 0;

    bool operator==(const share&) const = default;
};

// There is no such figure, for example no dossiers reconciled with the one-stop system: reads "–".
struct no_figure
{
    bool operator==(const no_figure&) const = default;
};

// A count under five in a file meant for publication: reads "<5".
struct masked
{
    bool operator==(const masked&) const = default;
};

// Blank, text, whole number (people, contacts, clicks), percentage, span of time, day.
using cell_value = std::variant<
    std::monostate,
    std::string,
    std::int64_t,
    share,
    std::chrono::milliseconds,
    std::chrono::year_month_day,
    no_figure,
    masked>;

struct cell
{
    cell_value value;
    std::string kpi;  // id in the definitions below; empty: no figure of the catalogue
    std::string rows; // row_query in words: lists what was counted; empty: counts nothing stored
    bool by_hand = false;        // entered by staff: "nhập tay"
    bool same_as_above = false;  // continues the cell above: one tall cell in Word and Excel
    std::string from_words = {}; // of by_hand: who entered it and when, for "nguồn số liệu"
    std::string link = {};       // https link of evidence; empty = none

    bool operator==(const cell&) const = default;
};

// The value as a Vietnamese document prints it: "1.234", "36,84 % (7/19)", "1 phút 5 giây",
// "05/02/2026", "–", "<5". The space before % is a no-break space.
std::string words(const cell_value& value);

// ---- tables

enum class column_kind : std::uint8_t
{
    ordinal, // TT: narrow, centred
    text,
    number, // whole numbers, percentages, spans: to the right
    date
};

struct column
{
    std::string id;    // stable: key in JSON
    std::string title; // head, as printed
    column_kind kind = column_kind::text;
    int width = 1; // share of the table's width

    bool operator==(const column&) const = default;
};

enum class row_kind : std::uint8_t
{
    ordinary,
    group, // a heading within the table; cells beyond the first two are blank
    total
};

struct table_row
{
    row_kind kind = row_kind::ordinary;
    std::vector<cell> cells; // as many as columns

    bool operator==(const table_row&) const = default;
};

struct table
{
    std::string id;    // stable: "plan_results", "annex_1" … : sheet and file name
    std::string title; // "Phụ lục 1. Chỉ tiêu chung"
    std::vector<column> columns;
    std::vector<table_row> rows;
    std::vector<std::string> notes; // below it: "Tổng là số người khác nhau, không phải phép cộng."
    bool wide = false; // wants a landscape page

    bool operator==(const table&) const = default;
};

// ---- the document

struct section
{
    std::string numeral; // "I"
    std::string title;   // "Kết quả chung"
    std::vector<std::string> paragraphs;
    std::vector<table> tables;

    bool operator==(const section&) const = default;
};

// Name and meaning of a figure, from data/kpi.yml, of each one that the report shows.
struct definition
{
    std::string kpi;
    std::string name;
    std::string unit; // "người", "lượt", "%"
    std::string meaning;
    std::string numerator;   // of a percentage, in words; else empty
    std::string denominator; // likewise

    bool operator==(const definition&) const = default;
};

// The plan it reports on.
struct plan_head
{
    std::string id;     // "2020"
    std::string title;  // "Kế hoạch tuyên truyền cải cách hành chính năm 2020 …"
    std::string number; // as far as it is known: "…/KH-UBND"
    std::string issuer; // "Ủy ban nhân dân tỉnh Tây Ninh"
    reach::period period;

    bool operator==(const plan_head&) const = default;
};

// What the form of an official document needs (NĐ 30/2020); number, date and signer stay empty for
// the clerk.
struct letterhead
{
    std::string parent;                  // body above the issuing one; may be empty
    std::string issuer;                  // body that reports
    std::string place;                   // "Tây Ninh"
    std::string symbol;                  // behind "Số: …": "/BC-UBND"
    std::string signer_capacity;         // "TM. ỦY BAN NHÂN DÂN"; may be empty
    std::string signer_title;            // "CHỦ TỊCH"
    std::vector<std::string> recipients; // "Nơi nhận", one per line

    bool operator==(const letterhead&) const = default;
};

// How the figures came about; printed at the end, and in every format.
struct provenance
{
    std::string definitions_version; // hash of data/kpi.yml
    std::string plan_version;        // hash of the plan's file
    std::string exported_at;         // the moment of export as given, else empty: no clock is read
    bool test_excluded = true;
    bool small_masked = false; // counts under five read "<5"
    std::string verified; // outcome of the check against the raw rows, in words; empty: none made

    bool operator==(const provenance&) const = default;
};

struct report
{
    std::string title;   // "BÁO CÁO"
    std::string subject; // "Kết quả thực hiện Kế hoạch … "
    reach::period period;
    plan_head plan;
    letterhead form;
    std::vector<section> sections; // I … V
    std::vector<table> annexes;    // 1 … 6, then corrections of closed periods, if any
    std::vector<definition> definitions;
    std::vector<std::string> notes; // on the whole report
    reach::provenance provenance;

    bool operator==(const report&) const = default;
};

// Every table in the order it is printed: those of the sections, then the annexes.
std::vector<const table*> tables_of(const report& whole);

// "từ ngày 01/01/2020 đến ngày 31/12/2020"
std::string words(const period& span);

} // namespace motcua::reach
