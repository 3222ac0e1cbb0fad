#include "finished_file.hpp"
#include "provenance.hpp"

#include <motcua/adapters/report/report_files.hpp>
#include <motcua/adapters/report/zip_file.hpp>
#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// WordprocessingML (ECMA-376 part 1, 17). Lengths are twentieths of a point.
namespace motcua::report {
namespace {

using pugi::xml_node;

constexpr auto document_part = "word/document.xml";
constexpr auto styles_part = "word/styles.xml";

constexpr std::string_view recipient_place = "{{nơi nhận}}";

// Paragraph styles of the template, by id.
constexpr auto heading_style = "BaoCaoMuc";
constexpr auto body_style = "BaoCaoNoiDung";
constexpr auto table_title_style = "BaoCaoTenBang";
constexpr auto table_head_style = "BaoCaoDauBang";
constexpr auto cell_style = "BaoCaoOBang";
constexpr auto note_style = "BaoCaoGhiChu";

// What XML 1.0 can carry (section 2.2): other control characters are dropped.
std::string clean(std::string_view text)
{
    std::string out;
    for (const char c : text)
        if (static_cast<unsigned char>(c) >= 0x20U || c == '\t' || c == '\n')
            out += c;
    return out;
}

xml_node append_text(xml_node paragraph, std::string_view text, bool bold)
{
    auto run = paragraph.append_child("w:r");
    if (bold)
        run.append_child("w:rPr").append_child("w:b");
    const auto kept = clean(text);
    std::size_t begin = 0;
    for (;;) {
        const auto end = std::min(kept.find('\n', begin), kept.size());
        auto words = run.append_child("w:t");
        words.append_attribute("xml:space").set_value("preserve");
        words.text().set(kept.substr(begin, end - begin).c_str());
        if (end == kept.size())
            return run;
        run.append_child("w:br");
        begin = end + 1;
    }
}

void set_style(xml_node paragraph, const char* style)
{
    paragraph.append_child("w:pPr")
        .append_child("w:pStyle")
        .append_attribute("w:val")
        .set_value(style);
}

// Inserts new blocks before a paragraph of the template.
class writer
{
public:
    writer(xml_node before, int page_width) : before_(before), page_width_(page_width) {}

    xml_node paragraph(const char* style, std::string_view text, bool keep_with_next = false)
    {
        auto made = before_.parent().insert_child_before("w:p", before_);
        set_style(made, style);
        if (keep_with_next)
            made.child("w:pPr").append_child("w:keepNext");
        if (!text.empty())
            append_text(made, text, false);
        return made;
    }

    void table(const reach::table& value, int width)
    {
        if (!value.title.empty())
            paragraph(table_title_style, value.title, true);
        auto made = before_.parent().insert_child_before("w:tbl", before_);
        const auto widths = column_widths(value, width);
        table_form(made, widths, width);
        auto head = made.append_child("w:tr");
        auto head_form = head.append_child("w:trPr");
        head_form.append_child("w:cantSplit");
        head_form.append_child("w:tblHeader"); // on every page
        for (std::size_t i = 0; i < value.columns.size(); ++i)
            head_cell(head, widths[i], value.columns[i].title);
        for (std::size_t i = 0; i < value.rows.size(); ++i)
            row(made, value, i, widths);
        for (const auto& note : value.notes)
            paragraph(note_style, note);
        paragraph(note_style, ""); // two tables in a row would grow together
    }

    int page_width() const { return page_width_; }

private:
    static std::vector<int> column_widths(const reach::table& value, int width)
    {
        int shares = 0;
        for (const auto& column : value.columns)
            shares += std::max(1, column.width);
        std::vector<int> out;
        for (const auto& column : value.columns)
            out.push_back(width * std::max(1, column.width) / std::max(1, shares));
        return out;
    }

    static void table_form(xml_node made, const std::vector<int>& widths, int width)
    {
        auto form = made.append_child("w:tblPr");
        auto whole = form.append_child("w:tblW");
        whole.append_attribute("w:w").set_value(width);
        whole.append_attribute("w:type").set_value("dxa");
        auto borders = form.append_child("w:tblBorders");
        for (const auto* side :
             {"w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"}) {
            auto border = borders.append_child(side);
            border.append_attribute("w:val").set_value("single");
            border.append_attribute("w:sz").set_value(4);
            border.append_attribute("w:space").set_value(0);
            border.append_attribute("w:color").set_value("000000");
        }
        form.append_child("w:tblLayout").append_attribute("w:type").set_value("fixed");
        auto margins = form.append_child("w:tblCellMar");
        for (const auto* side : {"w:left", "w:right"}) {
            auto margin = margins.append_child(side);
            margin.append_attribute("w:w").set_value(70);
            margin.append_attribute("w:type").set_value("dxa");
        }
        auto grid = made.append_child("w:tblGrid");
        for (const auto one : widths)
            grid.append_child("w:gridCol").append_attribute("w:w").set_value(one);
    }

    static xml_node cell_form(xml_node row, int width)
    {
        auto cell = row.append_child("w:tc");
        auto form = cell.append_child("w:tcPr");
        auto size = form.append_child("w:tcW");
        size.append_attribute("w:w").set_value(width);
        size.append_attribute("w:type").set_value("dxa");
        return cell;
    }

    static void head_cell(xml_node row, int width, const std::string& title)
    {
        auto cell = cell_form(row, width);
        cell.child("w:tcPr").append_child("w:vAlign").append_attribute("w:val").set_value("center");
        auto text = cell.append_child("w:p");
        set_style(text, table_head_style);
        append_text(text, title, false);
    }

    static const char* alignment(const reach::column& column)
    {
        switch (column.kind) {
        case reach::column_kind::ordinal:
        case reach::column_kind::date:
            return "center";
        case reach::column_kind::number:
            return "right";
        case reach::column_kind::text:
            break;
        }
        return "left";
    }

    static bool continues(const reach::table& value, std::size_t row, std::size_t column)
    {
        return row < value.rows.size() && column < value.rows[row].cells.size() &&
               value.rows[row].cells[column].same_as_above;
    }

    static void
    row(xml_node made,
        const reach::table& value,
        std::size_t number,
        const std::vector<int>& widths)
    {
        const auto& line = value.rows[number];
        auto row = made.append_child("w:tr");
        row.append_child("w:trPr").append_child("w:cantSplit");
        for (std::size_t i = 0; i < value.columns.size() && i < line.cells.size(); ++i) {
            const auto& cell = line.cells[i];
            auto box = cell_form(row, widths[i]);
            if (cell.same_as_above)
                box.child("w:tcPr").append_child("w:vMerge");
            else if (continues(value, number + 1, i))
                box.child("w:tcPr")
                    .append_child("w:vMerge")
                    .append_attribute("w:val")
                    .set_value("restart");
            auto text = box.append_child("w:p");
            set_style(text, cell_style);
            text.child("w:pPr").append_child("w:jc").append_attribute("w:val").set_value(
                alignment(value.columns[i]));
            if (!cell.same_as_above)
                append_text(text, reach::words(cell.value), line.kind != reach::row_kind::ordinary);
        }
    }

    xml_node before_;
    int page_width_;
};

int integer_of(xml_node node, const char* attribute)
{
    return node.attribute(attribute).as_int();
}

// Between the margins.
int text_width(xml_node section)
{
    const auto size = section.child("w:pgSz");
    const auto margins = section.child("w:pgMar");
    return integer_of(size, "w:w") - integer_of(margins, "w:left") - integer_of(margins, "w:right");
}

std::string text_of(xml_node paragraph)
{
    std::string out;
    for (const auto& found : paragraph.select_nodes(".//w:t"))
        out += found.node().text().get();
    return out;
}

// Replaces part of a paragraph's text, which Word may have split over several runs: the words go
// into the run where the part begins, with its look.
void replace_text(xml_node paragraph, std::size_t at, std::size_t length, const std::string& words)
{
    std::size_t begin = 0;
    bool placed = false;
    for (const auto& found : paragraph.select_nodes(".//w:t")) {
        auto node = found.node();
        std::string text = node.text().get();
        const auto end = begin + text.size();
        const auto from = std::clamp(at, begin, end) - begin;
        const auto to = std::clamp(at + length, begin, end) - begin;
        const bool starts_here = !placed && at >= begin && at < end;
        begin = end;
        if (from == to && !starts_here)
            continue;
        text.replace(from, to - from, starts_here ? words : std::string());
        placed = placed || starts_here;
        if (!node.attribute("xml:space"))
            node.append_attribute("xml:space").set_value("preserve");
        node.text().set(text.c_str());
    }
}

class document
{
public:
    document(const std::filesystem::path& file, std::string& xml) : file_(file)
    {
        if (!tree_.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata))
            fail("word/document.xml cannot be read");
        body_ = tree_.child("w:document").child("w:body");
        if (!body_ || !body_.child("w:sectPr"))
            fail("holds no document");
    }

    void fill(const reach::report& value)
    {
        single_ = {
            {"cơ quan cấp trên", value.form.parent},
            {"cơ quan", value.form.issuer},
            {"ký hiệu", value.form.symbol},
            {"địa danh", value.form.place},
            {"tên văn bản", value.title},
            {"trích yếu", value.subject},
            {"kỳ báo cáo", reach::words(value.period)},
            {"kế hoạch", value.plan.title},
            {"số kế hoạch", value.plan.number},
            {"quyền hạn ký", value.form.signer_capacity},
            {"chức vụ ký", value.form.signer_title}};
        // Taken first: filling adds paragraphs, whose text is never looked at for places.
        std::vector<xml_node> paragraphs;
        for (const auto& found : body_.select_nodes(".//w:p"))
            paragraphs.push_back(found.node());
        for (auto paragraph : paragraphs)
            fill_paragraph(paragraph, value);
    }

    std::string text() const
    {
        std::ostringstream out;
        tree_.save(out, "", pugi::format_raw);
        return out.str();
    }

private:
    [[noreturn]] void fail(const std::string& why) const
    {
        throw std::runtime_error(file_.string() + ": " + why);
    }

    void fill_paragraph(xml_node paragraph, const reach::report& value)
    {
        const auto whole = text_of(paragraph);
        if (const auto at = whole.find(recipient_place); at != std::string::npos) {
            repeat_for_recipients(paragraph, at, value.form.recipients);
            return;
        }
        if (const auto alone = place_alone(whole)) {
            if (fill_blocks(paragraph, *alone, value))
                return;
            const auto found = single_.find(*alone);
            if (found != single_.end() && found->second.empty() && may_go(paragraph)) {
                paragraph.parent().remove_child(paragraph);
                return;
            }
        }
        for (std::size_t at = 0;;) {
            const auto text = text_of(paragraph);
            const auto open = text.find("{{", at);
            if (open == std::string::npos)
                return;
            const auto close = text.find("}}", open);
            if (close == std::string::npos)
                fail("a place is opened by {{ and not closed: " + text);
            const auto name = text.substr(open + 2, close - open - 2);
            const auto found = single_.find(name);
            if (found == single_.end())
                fail("unknown place {{" + name + "}}");
            const auto words = clean(found->second);
            replace_text(paragraph, open, close + 2 - open, words);
            at = open + words.size();
        }
    }

    // The paragraph once for each: "- {{nơi nhận}}" becomes a list.
    static void repeat_for_recipients(
        xml_node paragraph, std::size_t at, const std::vector<std::string>& recipients)
    {
        for (const auto& one : recipients) {
            auto copy = paragraph.parent().insert_copy_before(paragraph, paragraph);
            replace_text(copy, at, recipient_place.size(), clean(one));
        }
        paragraph.parent().remove_child(paragraph);
    }

    static std::optional<std::string> place_alone(std::string_view text)
    {
        while (text.starts_with(' '))
            text.remove_prefix(1);
        while (text.ends_with(' '))
            text.remove_suffix(1);
        if (!text.starts_with("{{") || !text.ends_with("}}") || text.find("}}") != text.size() - 2)
            return std::nullopt;
        return std::string(text.substr(2, text.size() - 4));
    }

    // A table's cell must keep a paragraph, and so must a section its end.
    static bool may_go(xml_node paragraph)
    {
        if (paragraph.child("w:pPr").child("w:sectPr"))
            return false;
        const auto siblings = paragraph.parent().children("w:p");
        return std::distance(siblings.begin(), siblings.end()) > 1;
    }

    bool fill_blocks(xml_node paragraph, std::string_view name, const reach::report& value)
    {
        if (name == "nội dung") {
            add_sections(paragraph, value);
        } else if (name == "phụ lục") {
            writer out(paragraph, text_width(section_of(paragraph)));
            for (const auto& table : value.annexes)
                out.table(table, out.page_width());
        } else if (name == "định nghĩa") {
            writer out(paragraph, text_width(section_of(paragraph)));
            out.table(definitions_of(value), out.page_width());
        } else if (name == "xuất xứ số liệu") {
            writer out(paragraph, text_width(section_of(paragraph)));
            for (const auto& line : provenance_lines(value))
                out.paragraph(note_style, line);
        } else {
            return false;
        }
        if (may_go(paragraph))
            paragraph.parent().remove_child(paragraph);
        else
            replace_text(paragraph, 0, text_of(paragraph).size(), "");
        return true;
    }

    void add_sections(xml_node paragraph, const reach::report& value)
    {
        const auto section = section_of(paragraph);
        writer out(paragraph, text_width(section));
        for (const auto& part : value.sections) {
            // A heading goes with what it heads.
            bool turned = part.paragraphs.empty() && !part.tables.empty() && part.tables[0].wide;
            if (turned)
                begin_landscape(out, section);
            out.paragraph(heading_style, part.numeral + ". " + part.title, true);
            for (const auto& text : part.paragraphs)
                out.paragraph(body_style, text);
            for (const auto& table : part.tables) {
                if (table.wide && !turned)
                    begin_landscape(out, section);
                if (!table.wide && turned)
                    end_section(out, section, true);
                turned = table.wide;
                out.table(table, turned ? turned_width(section) : out.page_width());
            }
            if (turned)
                end_section(out, section, true);
        }
        for (const auto& note : value.notes)
            out.paragraph(note_style, note);
    }

    // What comes before ends as the section does.
    static void begin_landscape(writer& out, xml_node section)
    {
        end_section(out, section, false);
        section.remove_child("w:titlePg"); // only the first section has a first page of its own
        while (section.remove_child("w:headerReference")) {
        } // those of the first section hold on
    }

    static int turned_width(xml_node section)
    {
        const auto size = section.child("w:pgSz");
        const auto margins = section.child("w:pgMar");
        return integer_of(size, "w:h") - integer_of(margins, "w:left") -
               integer_of(margins, "w:right");
    }

    static void end_section(writer& out, xml_node section, bool turned)
    {
        auto last = out.paragraph(note_style, "");
        auto copy = last.child("w:pPr").append_copy(section);
        if (!turned)
            return;
        auto size = copy.child("w:pgSz");
        const auto width = integer_of(size, "w:w");
        size.attribute("w:w").set_value(integer_of(size, "w:h"));
        size.attribute("w:h").set_value(width);
        if (!size.attribute("w:orient"))
            size.append_attribute("w:orient");
        size.attribute("w:orient").set_value("landscape");
    }

    // The properties of the section a top-level block is in: those at its end.
    xml_node section_of(xml_node block) const
    {
        while (block.parent() && block.parent() != body_)
            block = block.parent();
        for (auto at = block; at; at = at.next_sibling())
            if (auto found = at.child("w:pPr").child("w:sectPr"))
                return found;
        return body_.child("w:sectPr");
    }

    static reach::table definitions_of(const reach::report& value)
    {
        reach::table out;
        out.columns = {
            {.id = "name", .title = "Chỉ tiêu", .kind = reach::column_kind::text, .width = 3},
            {.id = "unit", .title = "Đơn vị tính", .kind = reach::column_kind::text, .width = 1},
            {.id = "meaning", .title = "Cách tính", .kind = reach::column_kind::text, .width = 6}};
        for (const auto& one : value.definitions) {
            auto meaning = one.meaning;
            if (!one.denominator.empty())
                meaning += "\nTử số: " + one.numerator + ". Mẫu số: " + one.denominator + ".";
            reach::table_row line;
            for (const auto& text : {one.name, one.unit, meaning})
                line.cells.push_back({.value = text, .kpi = {}, .rows = {}});
            out.rows.push_back(std::move(line));
        }
        return out;
    }

    const std::filesystem::path& file_;
    pugi::xml_document tree_;
    xml_node body_;
    std::map<std::string, std::string, std::less<>> single_;
};

zip_member&
part(std::vector<zip_member>& members, std::string_view name, const std::filesystem::path& file)
{
    const auto found = std::ranges::find(members, name, &zip_member::name);
    if (found == members.end())
        throw std::runtime_error(
            file.string() + ": is no Word file: " + std::string(name) + " is missing");
    return *found;
}

void require_styles(const std::string& xml, const std::filesystem::path& file)
{
    pugi::xml_document tree;
    if (!tree.load_buffer(xml.data(), xml.size()))
        throw std::runtime_error(file.string() + ": its styles cannot be read");
    for (const auto* style :
         {heading_style, body_style, table_title_style, table_head_style, cell_style, note_style})
        if (!tree.child("w:styles").find_child_by_attribute("w:style", "w:styleId", style))
            throw std::runtime_error(
                file.string() + ": the style " + style +
                " is missing; take it over from the shipped template");
}

} // namespace

void write_docx(
    const reach::report& value,
    const std::filesystem::path& report_template,
    const std::filesystem::path& target)
{
    auto members = read_zip(report_template);
    require_styles(part(members, styles_part, report_template).bytes, report_template);
    auto& text = part(members, document_part, report_template).bytes;
    document filled(report_template, text);
    filled.fill(value);
    text = filled.text();
    finished_file file(target);
    write_zip(file.path(), members);
    file.finish();
}

} // namespace motcua::report
