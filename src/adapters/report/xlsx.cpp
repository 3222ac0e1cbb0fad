#include "finished_file.hpp"
#include "provenance.hpp"

#include <motcua/adapters/report/report_files.hpp>
#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace motcua::report {
namespace {

constexpr std::size_t longest_sheet_name = 31; // characters, Excel's limit
constexpr std::size_t longest_cell = 32'000;   // characters; Excel's limit is 32,767 UTF-16 units
constexpr double characters_per_share = 6;     // of a column's width
constexpr double narrowest = 6;
constexpr double widest = 60;
constexpr double milliseconds_per_day = 86'400'000;
constexpr lxw_row_t header_row = 3;
constexpr int font_points = 12;

void require(lxw_error status)
{
    if (status != LXW_NO_ERROR)
        throw std::runtime_error(std::string("the Excel file: ") + lxw_strerror(status));
}

// "_x0041_" in a cell is read as "A" (ECMA-376 part 1, 22.9.2.19): text stays as it is only with
// its first underscore escaped.
std::string kept_as_is(std::string_view text)
{
    const auto is_escape = [&text](std::size_t at) {
        return text.size() >= at + 7 && text[at] == '_' && text[at + 1] == 'x' &&
               text[at + 6] == '_' && std::ranges::all_of(text.substr(at + 2, 4), [](char c) {
                   return std::isxdigit(static_cast<unsigned char>(c)) != 0;
               });
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_escape(i))
            out += "_x005F";
        out += text[i];
    }
    return out;
}

// At most `limit` code points.
std::string_view shortened(std::string_view text, std::size_t limit)
{
    std::size_t points = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U && ++points > limit)
            return text.substr(0, i);
    return text;
}

enum class look : std::uint8_t
{
    title,
    remark,
    head,
    plain,
    group,
    total,
};

class workbook
{
public:
    explicit workbook(const std::filesystem::path& path)
    {
        lxw_workbook_options options{};
        auto folder = path.parent_path().string();
        options.tmpdir = folder.empty() ? nullptr : folder.data();
        book_ = workbook_new_opt(path.c_str(), &options);
        if (book_ == nullptr)
            throw std::runtime_error(path.string() + ": cannot be written");
    }
    ~workbook()
    {
        if (book_ != nullptr)
            lxw_workbook_free(book_);
    }
    workbook(const workbook&) = delete;
    workbook& operator=(const workbook&) = delete;

    void describe(const reach::report& value)
    {
        lxw_doc_properties about{};
        std::string title = value.title + ": " + value.subject;
        std::string issuer = value.form.issuer;
        about.title = title.data();
        about.company = issuer.data();
        about.created = std::chrono::system_clock::to_time_t(
            std::chrono::sys_days(value.period.to)); // not the clock: same input, same bytes
        require(workbook_set_properties(book_, &about));
    }

    lxw_worksheet* add_sheet(std::string_view title)
    {
        auto name = sheet_name(title);
        auto* sheet = workbook_add_worksheet(book_, name.c_str());
        if (sheet == nullptr)
            throw std::runtime_error("the Excel file: a sheet cannot be called " + name);
        last_name_ = std::move(name);
        return sheet;
    }
    const std::string& last_name() const { return last_name_; }

    lxw_format* format(look as, bool right, bool centred, const std::string& number)
    {
        auto& made = formats_[{as, right, centred, number}];
        if (made != nullptr)
            return made;
        made = workbook_add_format(book_);
        format_set_font_name(made, "Times New Roman");
        format_set_font_size(made, font_points);
        format_set_text_wrap(made);
        format_set_align(made, LXW_ALIGN_VERTICAL_TOP);
        if (as == look::title || as == look::head || as == look::group || as == look::total)
            format_set_bold(made);
        if (as == look::remark)
            format_set_italic(made);
        if (as == look::title || as == look::remark)
            format_unset_wrap(made);
        else
            format_set_border(made, LXW_BORDER_THIN);
        if (as == look::head)
            format_set_bg_color(made, 0xD9E2F3);
        if (as == look::group)
            format_set_bg_color(made, 0xF2F2F2);
        if (as == look::head || centred)
            format_set_align(made, LXW_ALIGN_CENTER);
        else if (right)
            format_set_align(made, LXW_ALIGN_RIGHT);
        if (!number.empty())
            format_set_num_format(made, number.c_str());
        return made;
    }

    void close()
    {
        auto* book = std::exchange(book_, nullptr);
        require(workbook_close(book)); // frees it
    }

private:
    static void format_unset_wrap(lxw_format* made) { made->text_wrap = LXW_FALSE; }

    std::string sheet_name(std::string_view title)
    {
        std::string cleaned;
        for (const char c : title)
            cleaned += std::string_view("[]:*?/\\'").find(c) == std::string_view::npos ? c : ' ';
        std::string name(shortened(cleaned, longest_sheet_name));
        while (name.ends_with(' '))
            name.pop_back();
        for (int again = 2; name.empty() || !names_.insert(name).second; ++again) {
            const auto suffix = " " + std::to_string(again);
            name = std::string(shortened(cleaned, longest_sheet_name - suffix.size())) + suffix;
        }
        return name;
    }

    lxw_workbook* book_ = nullptr;
    std::set<std::string> names_;
    std::string last_name_;
    std::map<std::tuple<look, bool, bool, std::string>, lxw_format*> formats_;
};

// Writes one cell of whatever kind at its place.
class cell_writer
{
public:
    cell_writer(workbook& book, lxw_worksheet* sheet, look as, bool centred)
        : book_(book), sheet_(sheet), look_(as), centred_(centred)
    {
    }

    void at(lxw_row_t row, lxw_col_t column, const reach::cell_value& value)
    {
        row_ = row;
        column_ = column;
        std::visit(*this, value);
    }

    void operator()(std::monostate /*blank*/) const
    {
        require(worksheet_write_blank(sheet_, row_, column_, format(false)));
    }
    void operator()(const std::string& text) const
    {
        const auto safe = kept_as_is(shortened(text, longest_cell));
        require(worksheet_write_string(sheet_, row_, column_, safe.c_str(), format(false)));
    }
    void operator()(std::int64_t number) const { put(static_cast<double>(number), "#,##0"); }
    void operator()(const reach::share& value) const
    {
        if (value.whole == 0)
            return words(value);
        // The parts stand in the number's form, so that the cell shows them and still counts.
        const auto parts =
            "0.00%\" (" + std::to_string(value.part) + "/" + std::to_string(value.whole) + ")\"";
        put(static_cast<double>(value.part) / static_cast<double>(value.whole), parts);
    }
    void operator()(std::chrono::milliseconds span) const
    {
        put(static_cast<double>(span.count()) / milliseconds_per_day, "[h]:mm:ss");
    }
    void operator()(const std::chrono::year_month_day& day) const
    {
        lxw_datetime when{};
        when.year = static_cast<int>(day.year());
        when.month = static_cast<int>(static_cast<unsigned>(day.month()));
        when.day = static_cast<int>(static_cast<unsigned>(day.day()));
        require(worksheet_write_datetime(sheet_, row_, column_, &when, format(true, "dd/mm/yyyy")));
    }
    void operator()(const reach::no_figure& none) const { words(none); }
    void operator()(const reach::masked& hidden) const { words(hidden); }

private:
    lxw_format* format(bool right, const std::string& number = {}) const
    {
        return book_.format(look_, right, centred_, number);
    }
    void put(double number, const std::string& form) const
    {
        require(worksheet_write_number(sheet_, row_, column_, number, format(true, form)));
    }
    void words(const reach::cell_value& value) const
    {
        require(worksheet_write_string(
            sheet_, row_, column_, reach::words(value).c_str(), format(true)));
    }

    workbook& book_;
    lxw_worksheet* sheet_;
    look look_;
    bool centred_;
    lxw_row_t row_ = 0;
    lxw_col_t column_ = 0;
};

look look_of(reach::row_kind kind)
{
    switch (kind) {
    case reach::row_kind::group:
        return look::group;
    case reach::row_kind::total:
        return look::total;
    case reach::row_kind::ordinary:
        break;
    }
    return look::plain;
}

std::string cell_name(lxw_row_t row, lxw_col_t column)
{
    std::array<char, LXW_MAX_CELL_NAME_LENGTH> text{};
    lxw_rowcol_to_cell(text.data(), row, column);
    return text.data();
}

struct figure
{
    std::string sheet;
    std::string place;
    const reach::cell* cell;
};

void write_line(
    workbook& book, lxw_worksheet* sheet, lxw_row_t row, look as, const std::string& text)
{
    require(worksheet_write_string(
        sheet,
        row,
        0,
        kept_as_is(shortened(text, longest_cell)).c_str(),
        book.format(as, false, false, {})));
}

void set_up(lxw_worksheet* sheet, lxw_row_t frozen_rows, bool wide)
{
    worksheet_freeze_panes(sheet, frozen_rows, 0);
    worksheet_repeat_rows(sheet, frozen_rows - 1, frozen_rows - 1);
    worksheet_set_paper(sheet, 9); // A4
    worksheet_fit_to_pages(sheet, 1, 0);
    if (wide)
        worksheet_set_landscape(sheet);
}

void write_table(
    workbook& book,
    const reach::table& table,
    const std::string& span,
    std::vector<figure>& figures)
{
    auto* sheet = book.add_sheet(table.title);
    set_up(sheet, header_row + 1, table.wide);
    write_line(book, sheet, 0, look::title, table.title);
    write_line(book, sheet, 1, look::remark, span);
    lxw_col_t column = 0;
    for (const auto& one : table.columns) {
        const auto width = std::clamp(one.width * characters_per_share, narrowest, widest);
        require(worksheet_set_column(sheet, column, column, width, nullptr));
        cell_writer(book, sheet, look::head, true).at(header_row, column, one.title);
        ++column;
    }
    lxw_row_t row = header_row + 1;
    for (const auto& line : table.rows) {
        column = 0;
        for (const auto& cell : line.cells) {
            const bool centred = column < table.columns.size() &&
                                 table.columns[column].kind == reach::column_kind::ordinal;
            cell_writer writer(book, sheet, look_of(line.kind), centred);
            writer.at(row, column, cell.same_as_above ? reach::cell_value() : cell.value);
            if (!cell.kpi.empty() || !cell.rows.empty() || cell.by_hand)
                figures.push_back({book.last_name(), cell_name(row, column), &cell});
            ++column;
        }
        ++row;
    }
    for (const auto& note : table.notes)
        write_line(book, sheet, ++row, look::remark, note);
}

// A sheet of words only: heads, then rows.
class word_sheet
{
public:
    word_sheet(
        workbook& book,
        std::string_view title,
        const std::vector<std::pair<const char*, double>>& heads)
        : book_(book), sheet_(book.add_sheet(title))
    {
        set_up(sheet_, 1, true);
        lxw_col_t column = 0;
        for (const auto& [head, width] : heads) {
            require(worksheet_set_column(sheet_, column, column, width, nullptr));
            cell_writer(book_, sheet_, look::head, true).at(0, column++, std::string(head));
        }
    }
    void add(const std::vector<reach::cell_value>& values)
    {
        ++row_;
        lxw_col_t column = 0;
        for (const auto& value : values)
            cell_writer(book_, sheet_, look::plain, false).at(row_, column++, value);
    }

private:
    workbook& book_;
    lxw_worksheet* sheet_;
    lxw_row_t row_ = 0;
};

void write_definitions(workbook& book, const reach::report& value)
{
    word_sheet sheet(
        book,
        "Định nghĩa",
        {{"Mã chỉ tiêu", 22},
         {"Tên chỉ tiêu", 36},
         {"Đơn vị tính", 12},
         {"Cách tính", 60},
         {"Tử số", 36},
         {"Mẫu số", 36}});
    for (const auto& one : value.definitions)
        sheet.add({one.kpi, one.name, one.unit, one.meaning, one.numerator, one.denominator});
}

void write_sources(workbook& book, const std::vector<figure>& figures)
{
    word_sheet sheet(
        book,
        "Nguồn số liệu",
        {{"Trang tính", 30},
         {"Ô", 8},
         {"Mã chỉ tiêu", 22},
         {"Giá trị", 24},
         {"Tử số", 12},
         {"Mẫu số", 12},
         {"Các hàng được đếm", 60},
         {"Nhập tay", 36},
         {"Minh chứng", 40}});
    for (const auto& one : figures) {
        const auto* parts = std::get_if<reach::share>(&one.cell->value);
        sheet.add(
            {one.sheet,
             one.place,
             one.cell->kpi,
             reach::words(one.cell->value),
             parts != nullptr ? reach::cell_value(parts->part) : reach::cell_value(),
             parts != nullptr ? reach::cell_value(parts->whole) : reach::cell_value(),
             one.cell->rows,
             one.cell->by_hand ? "Nhập tay. " + one.cell->from_words : std::string(),
             one.cell->link});
    }
}

void write_front(workbook& book, const reach::report& value)
{
    auto* sheet = book.add_sheet("Báo cáo");
    require(worksheet_set_column(sheet, 0, 0, 110, nullptr));
    lxw_row_t row = 0;
    const auto line = [&](look as, const std::string& text) {
        if (!text.empty())
            write_line(book, sheet, row++, as, text);
    };
    line(look::title, value.form.issuer);
    line(look::title, value.title);
    line(look::title, value.subject);
    line(look::remark, reach::words(value.period));
    for (const auto& section : value.sections) {
        ++row;
        line(look::title, section.numeral + ". " + section.title);
        for (const auto& paragraph : section.paragraphs)
            line(look::plain, paragraph);
    }
    ++row;
    for (const auto& note : value.notes)
        line(look::remark, note);
    for (const auto& text : provenance_lines(value))
        line(look::remark, text);
}

} // namespace

void write_xlsx(const reach::report& value, const std::filesystem::path& target)
{
    finished_file file(target);
    workbook book(file.path());
    book.describe(value);
    write_front(book, value);
    std::vector<figure> figures;
    for (const auto* table : reach::tables_of(value))
        write_table(book, *table, reach::words(value.period), figures);
    write_definitions(book, value);
    write_sources(book, figures);
    book.close();
    file.finish();
}

} // namespace motcua::report
