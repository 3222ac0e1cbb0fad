#include "provenance.hpp"

#include <fmt/format.h>
#include <motcua/adapters/report/report_text.hpp>
#include <motcua/core/reach/row_query.hpp>
#include <motcua/core/text/csv.hpp>
#include <nlohmann/json.hpp>

#include <variant>

namespace motcua::report {
namespace {

using json = nlohmann::ordered_json;

double percentage(const reach::share& value)
{
    constexpr double hundred = 100;
    return hundred * static_cast<double>(value.part) / static_cast<double>(value.whole);
}

double seconds(std::chrono::milliseconds span)
{
    return std::chrono::duration<double>(span).count();
}

struct json_value
{
    json operator()(std::monostate /*blank*/) const { return {{"type", "blank"}}; }
    json operator()(const std::string& text) const { return {{"type", "text"}, {"value", text}}; }
    json operator()(std::int64_t number) const { return {{"type", "number"}, {"value", number}}; }
    json operator()(const reach::share& value) const
    {
        json made{
            {"type", "share"}, {"value", nullptr}, {"part", value.part}, {"whole", value.whole}};
        if (value.whole != 0)
            made["value"] = percentage(value);
        return made;
    }
    json operator()(std::chrono::milliseconds span) const
    {
        return {{"type", "seconds"}, {"value", seconds(span)}};
    }
    json operator()(std::chrono::year_month_day day) const
    {
        return {{"type", "day"}, {"value", reach::to_text(day)}};
    }
    json operator()(const reach::no_figure& /*none*/) const { return {{"type", "none"}}; }
    json operator()(const reach::masked& /*hidden*/) const { return {{"type", "masked"}}; }
};

json to_json(const reach::cell& one)
{
    auto made = std::visit(json_value{}, one.value);
    made["words"] = words(one.value);
    if (!one.kpi.empty())
        made["kpi"] = one.kpi;
    if (!one.rows.empty())
        made["rows"] = one.rows;
    if (one.by_hand)
        made["by_hand"] = true;
    if (!one.from_words.empty())
        made["from"] = one.from_words;
    if (!one.link.empty())
        made["link"] = one.link;
    return made;
}

std::string_view name(reach::row_kind kind)
{
    switch (kind) {
    case reach::row_kind::group:
        return "group";
    case reach::row_kind::total:
        return "total";
    case reach::row_kind::ordinary:
        break;
    }
    return "ordinary";
}

json to_json(const reach::table& one)
{
    json made{{"id", one.id}, {"title", one.title}, {"columns", json::array()}};
    for (const auto& column : one.columns)
        made["columns"].push_back({{"id", column.id}, {"title", column.title}});
    made["rows"] = json::array();
    for (const auto& row : one.rows) {
        json cells = json::object();
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            cells[one.columns[i].id] = to_json(row.cells[i]);
        made["rows"].push_back({{"kind", name(row.kind)}, {"cells", std::move(cells)}});
    }
    made["notes"] = one.notes;
    return made;
}

json to_json(const reach::period& span)
{
    return {{"from", reach::to_text(span.from)}, {"to", reach::to_text(span.to)}};
}

// ---- CSV

using text::csv_cell;

struct csv_value
{
    std::string operator()(std::monostate /*blank*/) const { return {}; }
    std::string operator()(const std::string& text) const { return csv_cell(text); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(const reach::share& value) const
    {
        if (value.whole == 0)
            return fmt::format("–,{},{}", value.part, value.whole);
        return fmt::format("{:.2f},{},{}", percentage(value), value.part, value.whole);
    }
    std::string operator()(std::chrono::milliseconds span) const
    {
        return fmt::format("{}", seconds(span));
    }
    std::string operator()(std::chrono::year_month_day day) const { return reach::to_text(day); }
    std::string operator()(const reach::no_figure& /*none*/) const { return "–"; }
    std::string operator()(const reach::masked& /*hidden*/) const { return "<5"; }
};

constexpr auto line_end = "\r\n";

// A column that holds a percentage anywhere takes three.
std::vector<bool> share_columns(const reach::table& one)
{
    std::vector<bool> shares(one.columns.size());
    for (const auto& row : one.rows)
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            if (std::holds_alternative<reach::share>(row.cells[i].value))
                shares[i] = true;
    return shares;
}

std::string to_csv(const reach::table& one)
{
    const auto shares = share_columns(one);
    std::string text = csv_cell(one.title) + line_end;
    for (std::size_t i = 0; i < one.columns.size(); ++i) {
        text += (i == 0 ? "" : ",") + csv_cell(one.columns[i].title);
        if (shares[i])
            text += ",tử số,mẫu số";
    }
    text += line_end;
    for (const auto& row : one.rows) {
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            text += (i == 0 ? "" : ",") + std::visit(csv_value{}, row.cells[i].value);
            if (shares[i] && !std::holds_alternative<reach::share>(row.cells[i].value))
                text += ",,";
        }
        text += line_end;
    }
    for (const auto& note : one.notes)
        text += csv_cell(note) + line_end;
    return text;
}

} // namespace

std::string report_json(const reach::report& value)
{
    json made{
        {"title", value.title},
        {"subject", value.subject},
        {"period", to_json(value.period)},
        {"plan",
         {{"id", value.plan.id},
          {"title", value.plan.title},
          {"number", value.plan.number},
          {"issuer", value.plan.issuer},
          {"period", to_json(value.plan.period)}}},
        {"sections", json::array()},
        {"annexes", json::array()},
        {"definitions", json::array()},
        {"notes", value.notes},
        {"provenance",
         {{"definitions_version", value.provenance.definitions_version},
          {"plan_version", value.provenance.plan_version},
          {"exported_at", value.provenance.exported_at},
          {"test_excluded", value.provenance.test_excluded},
          {"small_masked", value.provenance.small_masked},
          {"verified", value.provenance.verified}}}};
    for (const auto& part : value.sections) {
        json section{
            {"numeral", part.numeral},
            {"title", part.title},
            {"paragraphs", part.paragraphs},
            {"tables", json::array()}};
        for (const auto& one : part.tables)
            section["tables"].push_back(to_json(one));
        made["sections"].push_back(std::move(section));
    }
    for (const auto& one : value.annexes)
        made["annexes"].push_back(to_json(one));
    for (const auto& one : value.definitions)
        made["definitions"].push_back(
            {{"kpi", one.kpi},
             {"name", one.name},
             {"unit", one.unit},
             {"meaning", one.meaning},
             {"numerator", one.numerator},
             {"denominator", one.denominator}});
    return made.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string report_csv(const reach::report& value)
{
    std::string text = "\xef\xbb\xbf";
    text += csv_cell(value.subject) + line_end;
    text += csv_cell("Kỳ báo cáo " + words(value.period)) + line_end;
    for (const auto* one : tables_of(value))
        text += line_end + to_csv(*one);
    text += std::string(line_end) + "Định nghĩa" + line_end;
    for (const auto& one : value.definitions)
        text +=
            csv_cell(one.name) + "," + csv_cell(one.unit) + "," + csv_cell(one.meaning) + line_end;
    text += line_end;
    for (const auto& note : value.notes)
        text += csv_cell(note) + line_end;
    for (const auto& line : provenance_lines(value))
        text += csv_cell(line) + line_end;
    return text;
}

} // namespace motcua::report
