#include "complaint_export.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <motcua/core/text/csv.hpp>
#include <motcua/core/text/unicode.hpp>
#include <unistd.h>
#include <xlsxwriter.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace motcua::staff_api {
namespace {

constexpr std::size_t content_characters = 500; // of each case, so that a file stays bounded

struct column
{
    const char* title;
    double width; // characters
};
constexpr std::array columns{
    column{"Mã", 18},       column{"Trạng thái", 16}, column{"Lĩnh vực", 28},
    column{"Nội dung", 60}, column{"Người gửi", 20},  column{"Địa bàn", 10},
    column{"Đơn vị", 28},   column{"Cán bộ", 22},     column{"Cơ quan nhận chuyển", 24},
    column{"Nhận lúc", 17}, column{"Hạn", 12},        column{"Còn (ngày làm việc)", 12},
    column{"Cập nhật", 17}, column{"Nguồn", 9},       column{"Hoạt động", 14},
    column{"Nhãn", 24},     column{"Đánh giá", 9},    column{"Mở lại (lần)", 9},
    column{"Tệp", 6},
};
using cells = std::array<std::string, columns.size()>;

std::string local_time(utc_time when)
{
    const auto local = std::chrono::floor<std::chrono::minutes>(when) + vietnam_offset;
    return fmt::format(
        "{:%Y-%m-%d %H:%M}", fmt::gmtime(std::chrono::floor<std::chrono::seconds>(local)));
}

cells cells_of(const app::listed_complaint& one, const complaint_view& view)
{
    const auto& what = one.what;
    const auto* const state = view.rules.flow.find_state(what.state);
    const auto* const category = view.rules.categories.find(what.category);
    std::string labels;
    for (const auto& label : what.labels)
        labels += (labels.empty() ? "" : ", ") + label;
    const auto named = [&view](const std::string& id) {
        return id.empty() ? id : view.name_of(id);
    };
    return {
        what.code,
        state == nullptr ? what.state : state->title,
        category == nullptr ? what.category : category->title,
        std::string(text::prefix(what.content, content_characters)),
        what.from.anonymous ? "ẩn danh" : masked_name(what.from.name),
        what.where.commune,
        named(what.unit),
        named(what.officer),
        what.agency,
        local_time(what.course.empty() ? what.updated_at : what.course.front().at),
        one.due ? local_date(*one.due) : "",
        one.due ? std::to_string(working_days_left(view.rules, view.now, *one.due)) : "",
        local_time(what.updated_at),
        what.source,
        what.activity,
        labels,
        what.rating == 0 ? "" : std::to_string(what.rating),
        std::to_string(one.reopened),
        std::to_string(one.attachments)};
}

class csv_export final : public complaint_export
{
public:
    csv_export()
    {
        cells titles;
        for (std::size_t i = 0; i < columns.size(); ++i)
            titles.at(i) = columns.at(i).title;
        write(titles);
    }
    void add(const app::listed_complaint& one, const complaint_view& view) override
    {
        write(cells_of(one, view));
    }
    std::string finish() override { return std::move(text_); }

private:
    void write(const cells& row)
    {
        for (std::size_t i = 0; i < row.size(); ++i)
            text_ += (i == 0 ? "" : ",") + text::csv_cell(row.at(i));
        text_ += "\r\n";
    }
    std::string text_ = "\xEF\xBB\xBF";
};

class temporary_file
{
public:
    temporary_file()
    {
        auto name = (std::filesystem::temp_directory_path() / "motcua-export-XXXXXX").string();
        const int descriptor = ::mkstemp(name.data()); // mode 0600
        if (descriptor < 0)
            throw std::runtime_error("cannot make a temporary file");
        ::close(descriptor);
        path_ = name;
    }
    ~temporary_file()
    {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

class xlsx_export final : public complaint_export
{
public:
    xlsx_export()
    {
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE; // a row at a time
        book_ = ::workbook_new_opt(file_.path().c_str(), &options);
        if (book_ == nullptr)
            throw std::runtime_error("cannot make a workbook");
        sheet_ = ::workbook_add_worksheet(book_, "Phản ánh");
        ::worksheet_freeze_panes(sheet_, 1, 1);
        auto* const bold = ::workbook_add_format(book_);
        ::format_set_bold(bold);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto place = static_cast<lxw_col_t>(i);
            ::worksheet_set_column(sheet_, place, place, columns.at(i).width, nullptr);
            ::worksheet_write_string(sheet_, 0, place, columns.at(i).title, bold);
        }
    }
    ~xlsx_export() override
    {
        if (book_ != nullptr)
            ::lxw_workbook_free(book_);
    }
    xlsx_export(const xlsx_export&) = delete;
    xlsx_export& operator=(const xlsx_export&) = delete;

    void add(const app::listed_complaint& one, const complaint_view& view) override
    {
        ++row_;
        const auto row = cells_of(one, view);
        for (std::size_t i = 0; i < row.size(); ++i)
            if (!row.at(i).empty()) // a string is never a formula here
                ::worksheet_write_string(
                    sheet_, row_, static_cast<lxw_col_t>(i), row.at(i).c_str(), nullptr);
    }
    std::string finish() override
    {
        if (::workbook_close(std::exchange(book_, nullptr)) != LXW_NO_ERROR)
            throw std::runtime_error("cannot write the workbook");
        std::ifstream in(file_.path(), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

private:
    temporary_file file_;
    lxw_workbook* book_ = nullptr;
    lxw_worksheet* sheet_ = nullptr;
    lxw_row_t row_ = 0;
};

} // namespace

std::unique_ptr<complaint_export> make_csv_export()
{
    return std::make_unique<csv_export>();
}

std::unique_ptr<complaint_export> make_xlsx_export()
{
    return std::make_unique<xlsx_export>();
}

} // namespace motcua::staff_api
