#include "archive.hpp"

#include <fmt/format.h>

#include <string_view>

namespace motcua::staff_api {
namespace {

constexpr std::string_view head = R"html(<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:1.5rem auto;padding:0 1rem;color:#1a1a1a}}
h2{{margin-top:2rem;border-bottom:1px solid #ccc}}
table{{border-collapse:collapse;width:100%}}
th,td{{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #e3e3e3}}
th{{white-space:nowrap;font-weight:600}}
.said{{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}}
pre{{white-space:pre-wrap;overflow-wrap:anywhere}}
</style>
<title>{0}</title></head><body><h1>Phản ánh {0}</h1>
)html";

// Text of people as text of HTML; what HTML does not allow is left out.
std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            if (static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t')
                out += c;
        }
    }
    return out;
}

std::string words(const json& value)
{
    if (value.is_null())
        return {};
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string cell(std::string_view text)
{
    return "<td class=\"said\">" + escaped(text) + "</td>";
}

void row(std::string& out, std::string_view title, std::string_view text)
{
    if (!text.empty())
        out += fmt::format("<tr><th>{}</th>{}</tr>\n", escaped(title), cell(text));
}

void begin_table(std::string& out, std::string_view title)
{
    out += fmt::format("<h2>{}</h2>\n<table>\n", escaped(title));
}

std::string_view speaker(const json& message)
{
    const auto& from = message.at("from");
    if (from == "citizen")
        return "Người dân";
    return from == "bot" ? "Máy" : "Cán bộ";
}

void put_case(std::string& out, const json& what, const archive_titles& titles)
{
    out += "<table>\n";
    row(out, "Trạng thái", titles.state(words(what.at("state"))));
    row(out, "Lĩnh vực", titles.category(words(what.at("category"))));
    row(out, "Ngày nhận", words(what.at("received_at")));
    row(out, "Hạn", words(what.at("due_on")));
    row(out, "Đơn vị", titles.name(words(what.at("unit_id"))));
    row(out, "Cán bộ", titles.name(words(what.at("officer_id"))));
    row(out, "Cơ quan được chuyển đến", words(what.at("agency")));
    row(out, "Người gửi", words(what.at("sender").at("name")));
    row(out, "Mã trên Cổng quốc gia", words(what.at("national_code")));
    row(out, "Nội dung", words(what.at("content")));
    row(out, "Bản công khai", words(what.at("public_content")));
    out += "</table>\n";
}

void put_messages(std::string& out, const json& all, const archive_titles& titles)
{
    begin_table(out, "Trao đổi");
    for (const auto& one : all) {
        std::string who(speaker(one));
        if (!one.at("staff_id").is_null())
            who = titles.name(words(one.at("staff_id")));
        std::string text = words(one.at("text"));
        for (const auto& file : one.at("attachments"))
            text += "\n[" + words(file.at("kind")) + "] " + words(file.at("name"));
        row(out, words(one.at("at")) + " · " + who, text);
    }
    out += "</table>\n";
}

} // namespace

std::string archive_html(const json& archive, const archive_titles& titles)
{
    const auto& what = archive.at("complaint");
    auto out = fmt::format(head, escaped(words(what.at("code"))));
    put_case(out, what, titles);
    put_messages(out, archive.at("messages"), titles);
    begin_table(out, "Ghi chú nội bộ");
    for (const auto& one : archive.at("notes"))
        row(out,
            words(one.at("at")) + " · " + titles.name(words(one.at("staff_id"))),
            words(one.at("text")));
    out += "</table>\n";
    begin_table(out, "Nhật ký");
    for (const auto& one : archive.at("history")) {
        auto text = words(one.at("title"));
        for (const auto* const part : {"value", "reason", "message"})
            if (const auto more = words(one.at(part)); !more.empty())
                text += "\n" + more;
        row(out, words(one.at("at")) + " · " + titles.name(words(one.at("staff_id"))), text);
    }
    out += "</table>\n";
    begin_table(out, "Biên tập để công khai");
    for (const auto& one : archive.at("moderation"))
        row(out,
            words(one.at("at")) + " · " + titles.name(words(one.at("staff_id"))),
            words(one.at("reason")) + "\n— " + words(one.at("original")) + "\n+ " +
                words(one.at("text")));
    out += "</table>\n";
    begin_table(out, "Nhật ký kiểm tra");
    for (const auto& one : archive.at("audit"))
        row(out,
            words(one.at("at")) + " · " + words(one.at("actor")),
            words(one.at("title")) + " " + words(one.at("detail")));
    out += "</table>\n<h2>Dữ liệu</h2>\n<details><summary>JSON</summary><pre class=\"said\">" +
           escaped(archive.dump(1, ' ', false, json::error_handler_t::replace)) +
           "</pre></details>\n</body></html>\n";
    return out;
}

} // namespace motcua::staff_api
