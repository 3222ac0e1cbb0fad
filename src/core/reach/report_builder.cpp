#include <motcua/core/reach/report_builder.hpp>
#include <motcua/core/reach/row_query.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace motcua::reach {
namespace {

constexpr std::size_t procedures_shown = 10; // in the body; the annex has more
constexpr std::size_t procedures_listed = 50;
constexpr std::size_t unknown_listed = 50;

constexpr auto from_server = "Hệ thống";
constexpr auto from_staff = "Nhập tay";
constexpr auto distinct_note =
    "Số người của dòng tổng là số người khác nhau, không phải phép cộng: một người có thể được ghi "
    "nhận ở nhiều hoạt động.";

cell text_cell(std::string text)
{
    return {.value = std::move(text)};
}
cell number_cell(std::int64_t value)
{
    return {.value = value};
}
cell ordinal_cell(std::size_t number)
{
    return {.value = static_cast<std::int64_t>(number)};
}

// Which contacts a cell is about.
struct scope
{
    const tally* of = nullptr; // null: nobody, nothing
    std::string plan;
    std::string activity;
    std::string keyword;
    std::string field;
};

class builder
{
public:
    explicit builder(const report_parts& parts) : parts_(parts) {}

    report build() &&
    {
        report whole;
        whole.title = "BÁO CÁO";
        whole.subject = "Kết quả thực hiện " + parts_.plan.head.title;
        whole.period = parts_.current.reach.period;
        whole.plan = parts_.plan.head;
        whole.form = parts_.plan.form;
        whole.sections = {
            general_section(),
            plan_section(),
            subject_section(),
            complaint_section(),
            unknown_section()};
        whole.annexes = {
            annex_general(),
            fields_table("annex_2", "Phụ lục 2. Theo lĩnh vực"),
            annex_complaints(),
            procedures_table("annex_4", "Phụ lục 4. Thủ tục được hỏi nhiều", procedures_listed),
            unknown_table("annex_5", "Phụ lục 5. Câu hỏi chưa trả lời được", unknown_listed),
            annex_by_hand()};
        if (!parts_.corrections.empty())
            whole.annexes.push_back(corrections_table());
        for (const auto& one : parts_.kpis.kpis)
            if (used_.contains(one.id))
                whole.definitions.push_back(define(one));
        whole.notes = {
            "Ngày là ngày theo lịch tại Việt Nam; kỳ báo cáo gồm cả ngày đầu và ngày cuối.",
            "Không tính tin gửi trùng, tin do kênh gửi đi, người dùng thử và chương trình thử.",
            "Số người là số tài khoản Zalo khác nhau trong cả kỳ; không cộng số của các tháng.",
            "Lượt truy cập kết thúc khi trong " + std::to_string(parts_.visit_gap.count()) +
                " phút không có tin nào của người ấy.",
            "Tiếp cận theo hoạt động là số ghi nhận được qua từ khóa, mã QR và nút bấm; lượt nối "
            "tiếp "
            "là lượt trong " +
                std::to_string(parts_.plan.follow_on_days) + " ngày sau đó."};
        whole.provenance = {
            .definitions_version = parts_.kpis.version,
            .plan_version = parts_.plan.version,
            .exported_at = parts_.exported_at,
            .small_masked = parts_.mask_small,
            .verified = parts_.verified};
        return whole;
    }

private:
    definition define(const kpi& one) const
    {
        return {
            .kpi = one.id,
            .name = one.name,
            .unit = one.unit,
            .meaning = one.definition,
            .numerator = one.part.empty() ? "" : name_of(one.part),
            .denominator = one.whole.empty() ? "" : name_of(one.whole)};
    }

    // ---- figures

    scope everything() const { return {.of = &parts_.current.reach.all}; }

    static const tally&
    tally_of(const std::map<std::string, tally, std::less<>>& from, const std::string& key)
    {
        static const tally nothing;
        const auto found = from.find(key);
        return found == from.end() ? nothing : found->second;
    }

    bool is_small(std::int64_t value) const
    {
        constexpr std::int64_t smallest_shown = 5;
        return parts_.mask_small && value > 0 && value < smallest_shown;
    }

    cell_value shown(std::int64_t value) const
    {
        return is_small(value) ? cell_value(masked{}) : cell_value(value);
    }

    static std::chrono::milliseconds
    statistic(const std::map<std::int64_t, std::int64_t>& values, std::string_view which)
    {
        constexpr double ninety_percent = 0.9;
        if (which == "mean")
            return std::chrono::milliseconds(mean(values));
        return std::chrono::milliseconds(
            quantile(values, which == "median" ? 0.5 : ninety_percent));
    }

    std::int64_t count(
        const kpi& one,
        const scope& about,
        const period_figures& figures,
        const complaint_tally& complaints) const
    {
        switch (one.from) {
        case kpi::source::contacts: {
            std::int64_t sum = 0;
            for (const auto& [set, number] : about.of->contacts)
                if ((set & one.measures) == one.measures)
                    sum += number;
            return sum;
        }
        case kpi::source::people:
            return about.of->people_with(one.measures);
        case kpi::source::complaints:
            return complaints.count(one.figure);
        default:
            static_cast<void>(figures);
            return 0;
        }
    }

    cell figure(const kpi& one, const scope& about, const period_figures& figures)
    {
        return figure(one, about, figures, figures.complaints.all, {});
    }

    cell figure(
        const kpi& one,
        const scope& about,
        const period_figures& figures,
        const complaint_tally& complaints,
        const std::string& category)
    {
        used_.insert(one.id);
        cell made{.kpi = one.id};
        row_query rows;
        rows.period = figures.reach.period;
        rows.measures = one.measures;
        rows.plan = about.plan;
        rows.activity = about.activity;
        rows.keyword = about.keyword;
        rows.field = about.field;
        switch (one.from) {
        case kpi::source::none:
            made.value = one.figure;
            return made;
        case kpi::source::share:
            return share_of(one, about, figures, complaints, category);
        case kpi::source::answers:
        case kpi::source::complaint_answers: {
            const bool of_bot = one.from == kpi::source::answers;
            const auto& values = of_bot ? figures.reach.answer_tenths : complaints.answer_minutes;
            constexpr int tenth_ms = 100;
            constexpr int minute_ms = 60'000;
            if (values.empty())
                made.value = no_figure{};
            else
                made.value = statistic(values, one.figure) * (of_bot ? tenth_ms : minute_ms);
            rows.of = of_bot ? row_query::kind::answers : row_query::kind::complaints;
            rows.figure = of_bot ? "" : "first_answered";
            break;
        }
        case kpi::source::complaints:
            rows.of = row_query::kind::complaints;
            rows.figure = one.figure;
            rows.category = category;
            made.value = shown(count(one, about, figures, complaints));
            break;
        case kpi::source::people:
            rows.of = row_query::kind::people;
            [[fallthrough]];
        case kpi::source::contacts:
            made.value = shown(count(one, about, figures, complaints));
            break;
        }
        made.rows = to_text(rows);
        return made;
    }

    cell share_of(
        const kpi& one,
        const scope& about,
        const period_figures& figures,
        const complaint_tally& complaints,
        const std::string& category)
    {
        const auto* const part = parts_.kpis.find(one.part);
        const auto* const whole = parts_.kpis.find(one.whole);
        auto made = figure(*part, about, figures, complaints, category);
        used_.insert(whole->id);
        const auto above = count(*part, about, figures, complaints);
        const auto below = count(*whole, about, figures, complaints);
        made.kpi = one.id;
        if (is_small(above) || is_small(below))
            made.value = masked{};
        else
            made.value = share{above, below};
        return made;
    }

    cell figure(std::string_view id, const scope& about)
    {
        const auto* const one = parts_.kpis.find(id);
        return one == nullptr ? cell{.value = no_figure{}} : figure(*one, about, parts_.current);
    }

    std::string unit_of(std::string_view id) const
    {
        const auto* const one = parts_.kpis.find(id);
        return one == nullptr ? std::string() : one->unit;
    }
    std::string name_of(std::string_view id) const
    {
        const auto* const one = parts_.kpis.find(id);
        return one == nullptr ? std::string(id) : one->name;
    }

    // ---- I

    section general_section()
    {
        section made{.numeral = "I", .title = "Kết quả chung"};
        made.tables.push_back(figures_table("general", "Kết quả chung", parts_.kpis.general));
        return made;
    }

    table figures_table(std::string id, std::string title, const std::vector<std::string>& kpis)
    {
        table made{
            .id = std::move(id),
            .title = std::move(title),
            .columns = {
                {"no", "TT", column_kind::ordinal, 1},
                {"name", "Chỉ tiêu", column_kind::text, 6},
                {"unit", "Đơn vị tính", column_kind::text, 2},
                {"value", "Kết quả", column_kind::number, 3}}};
        for (const auto& kpi : kpis)
            made.rows.push_back(
                {.cells = {
                     ordinal_cell(made.rows.size() + 1),
                     text_cell(name_of(kpi)),
                     text_cell(unit_of(kpi)),
                     figure(kpi, everything())}});
        return made;
    }

    // ---- II

    section plan_section()
    {
        section made{.numeral = "II", .title = "Kết quả theo từng hoạt động của kế hoạch"};
        made.tables.push_back(plan_table());
        made.tables.push_back(activities_table());
        made.tables.push_back(keywords_table());
        return made;
    }

    bool counts(const plan_entry& entry) const
    {
        const auto& span = parts_.current.reach.period;
        return entry.plan == parts_.plan.head.id && entry.withdrawn_by.empty() &&
               span.from <= entry.day && entry.day <= span.to;
    }

    cell by_hand(std::string_view activity, std::string_view product, plan_entry::sort of) const
    {
        std::int64_t sum = 0;
        std::int64_t number = 0;
        std::string who;
        std::string link;
        for (const auto& one : parts_.entries) {
            if (!counts(one) || one.of != of || one.activity != activity ||
                (!product.empty() && one.product != product))
                continue;
            sum += one.quantity;
            ++number;
            const auto words =
                one.entered_by + ", " +
                std::get<std::string>(
                    text_cell(reach::words(cell_value(vietnam_date(one.entered_at)))).value);
            if (who.find(words) == std::string::npos)
                who += (who.empty() ? "" : "; ") + words;
            if (link.empty())
                link = one.evidence_link;
        }
        row_query rows;
        rows.of = row_query::kind::entries;
        rows.period = parts_.current.reach.period;
        rows.activity = parts_.plan.head.id + "/" + std::string(activity);
        rows.product = product;
        cell made{.rows = to_text(rows), .by_hand = true, .from_words = who, .link = link};
        if (number == 0)
            made.value = no_figure{};
        else
            made.value = sum;
        return made;
    }

    table plan_table()
    {
        table made{
            .id = "plan_results",
            .title = "Hoạt động, sản phẩm dự kiến và kết quả",
            .columns =
                {{"no", "TT", column_kind::ordinal, 2},
                 {"activity", "Hoạt động", column_kind::text, 7},
                 {"agency", "Cơ quan thực hiện", column_kind::text, 5},
                 {"product", "Sản phẩm, kết quả dự kiến", column_kind::text, 7},
                 {"measure", "Chỉ tiêu", column_kind::text, 5},
                 {"unit", "Đơn vị tính", column_kind::text, 2},
                 {"result", "Kết quả", column_kind::number, 3},
                 {"source", "Nguồn số liệu", column_kind::text, 4}},
            .wide = true};
        for (const auto& activity : parts_.plan.activities)
            add_activity(made, activity);
        made.notes = {
            "“–”: chưa có số liệu. Kết quả ghi “Nhập tay” do cán bộ nhập, kèm tài liệu kiểm chứng; "
            "kết "
            "quả ghi “Hệ thống” là số ghi nhận được qua từ khóa, mã QR và nút bấm của hoạt động."};
        return made;
    }

    void add_activity(table& to, const activity& one)
    {
        const auto key = activity_key(parts_.plan, one);
        const scope about{.of = &tally_of(parts_.current.reach.activities, key), .activity = key};
        bool first_of_activity = true;
        for (const auto& product : one.products) {
            bool first_of_product = true;
            const auto add =
                [&](std::string name, std::string unit, cell result, std::string source) {
                    std::vector<cell> cells{
                        text_cell(one.id),
                        text_cell(one.name),
                        text_cell(one.lead),
                        text_cell(product.words),
                        text_cell(std::move(name)),
                        text_cell(std::move(unit)),
                        std::move(result),
                        text_cell(std::move(source))};
                    constexpr std::size_t of_activity = 3; // cells
                    for (std::size_t i = 0; i < of_activity; ++i)
                        cells[i].same_as_above = !first_of_activity;
                    cells[of_activity].same_as_above = !first_of_product;
                    first_of_activity = false;
                    first_of_product = false;
                    to.rows.push_back({.cells = std::move(cells)});
                };
            if (!product.by_hand.empty()) {
                auto result = by_hand(one.id, product.id, plan_entry::sort::result);
                const auto rows = result.rows;
                auto source = std::string(from_staff);
                if (!result.from_words.empty())
                    source += " (" + result.from_words + ")";
                add("Số lượng thực hiện", product.by_hand, std::move(result), std::move(source));
                const auto people = participants(one.id, product.id);
                if (people > 0) {
                    cell number = number_cell(people);
                    number.by_hand = true;
                    number.rows = rows;
                    add("Số người tham gia", "người", std::move(number), from_staff);
                }
            }
            for (const auto& id : product.kpis)
                add(name_of(id), unit_of(id), figure(id, about), from_server);
        }
    }

    std::int64_t participants(std::string_view activity, std::string_view product) const
    {
        std::int64_t sum = 0;
        for (const auto& one : parts_.entries)
            if (counts(one) && one.of == plan_entry::sort::result && one.activity == activity &&
                one.product == product)
                sum += one.participants;
        return sum;
    }

    table activities_table()
    {
        table made{
            .id = "activities",
            .title = "Tiếp cận ghi nhận được theo hoạt động",
            .columns =
                {{"no", "TT", column_kind::ordinal, 2},
                 {"activity", "Hoạt động", column_kind::text, 8},
                 {"handed_out", "Vật phẩm, tài liệu đã phát", column_kind::number, 3}},
            .wide = true};
        constexpr std::array<std::string_view, 8> shown_kpis{
            "users_reached",
            "direct",
            "follow_on",
            "scanned",
            "lookups",
            "users_informed",
            "link_opened",
            "users_filing_link"};
        for (const auto id : shown_kpis)
            made.columns.push_back({std::string(id), name_of(id), column_kind::number, 3});
        for (const auto& one : parts_.plan.activities) {
            const auto key = activity_key(parts_.plan, one);
            const scope about{
                .of = &tally_of(parts_.current.reach.activities, key), .activity = key};
            table_row row{
                .cells = {
                    text_cell(one.id),
                    text_cell(one.name),
                    by_hand(one.id, {}, plan_entry::sort::handed_out)}};
            for (const auto id : shown_kpis)
                row.cells.push_back(figure(id, about));
            made.rows.push_back(std::move(row));
        }
        const scope about{.of = &parts_.current.reach.credited, .plan = parts_.plan.head.id};
        table_row total{
            .kind = row_kind::total, .cells = {text_cell(""), text_cell("Tổng số"), text_cell("")}};
        for (const auto id : shown_kpis)
            total.cells.push_back(figure(id, about));
        made.rows.push_back(std::move(total));
        row_query several;
        several.of = row_query::kind::people;
        several.period = parts_.current.reach.period;
        several.plan = parts_.plan.head.id;
        several.figure = in_several;
        table_row overlap{
            .cells = {
                text_cell(""),
                text_cell("Ở từ hai hoạt động trở lên"),
                text_cell(""),
                {.value = shown(parts_.current.reach.people_in_several),
                 .kpi = "users_reached",
                 .rows = to_text(several)}}};
        overlap.cells.resize(made.columns.size());
        made.rows.push_back(std::move(overlap));
        made.notes = {distinct_note};
        return made;
    }

    table keywords_table()
    {
        table made{
            .id = "keywords",
            .title = "Theo từ khóa",
            .columns = {
                {"no", "TT", column_kind::ordinal, 1},
                {"keyword", "Từ khóa", column_kind::text, 3},
                {"title", "In hoặc đọc trên", column_kind::text, 5},
                {"handed_out", "Số đã phát", column_kind::number, 2},
                {"scanned", name_of("scanned"), column_kind::number, 2},
                {"direct", name_of("direct"), column_kind::number, 2},
                {"users_reached", name_of("users_reached"), column_kind::number, 2}}};
        for (const auto& activity : parts_.plan.activities) {
            for (const auto& one : activity.keywords) {
                const auto key = parts_.plan.head.id + "/" + one.code;
                const scope about{
                    .of = &tally_of(parts_.current.reach.keywords, key), .keyword = key};
                made.rows.push_back(
                    {.cells = {
                         ordinal_cell(made.rows.size() + 1),
                         text_cell(one.code),
                         text_cell(one.title),
                         by_hand(activity.id, one.code, plan_entry::sort::handed_out),
                         figure("scanned", about),
                         figure("direct", about),
                         figure("users_reached", about)}});
            }
        }
        return made;
    }

    // ---- III

    section subject_section()
    {
        section made{.numeral = "III", .title = "Lĩnh vực và thủ tục được quan tâm"};
        made.tables.push_back(fields_table("fields", "Theo lĩnh vực"));
        made.tables.push_back(
            procedures_table("procedures", "Thủ tục được hỏi nhiều nhất", procedures_shown));
        return made;
    }

    table fields_table(std::string id, std::string title)
    {
        table made{
            .id = std::move(id),
            .title = std::move(title),
            .columns =
                {{"no", "TT", column_kind::ordinal, 1},
                 {"field", "Lĩnh vực", column_kind::text, 5},
                 {"people", "Số người hỏi", column_kind::number, 2},
                 {"questions", "Số câu hỏi", column_kind::number, 2},
                 {"answered", "Được trả lời", column_kind::number, 2},
                 {"handed_over", "Chuyển cán bộ", column_kind::number, 2},
                 {"link_opened", "Lượt mở liên kết nộp", column_kind::number, 2}},
            .notes = {"Chỉ gồm câu hỏi đã rõ thủ tục. Một người có thể hỏi nhiều lĩnh vực."}};
        static const kpi askers{
            .id = "", .from = kpi::source::people, .measures = bit(measure::question)};
        for (const auto& group : parts_.kpis.fields) {
            const scope about{
                .of = &tally_of(parts_.current.reach.fields, group.id), .field = group.id};
            made.rows.push_back(
                {.cells = {
                     ordinal_cell(made.rows.size() + 1),
                     text_cell(group.title),
                     figure(askers, about, parts_.current),
                     figure("questions", about),
                     figure("answered", about),
                     figure("handed_over", about),
                     figure("link_opened", about)}});
        }
        return made;
    }

    table procedures_table(std::string id, std::string title, std::size_t most)
    {
        table made{
            .id = std::move(id),
            .title = std::move(title),
            .columns = {
                {"no", "TT", column_kind::ordinal, 1},
                {"code", "Mã", column_kind::text, 2},
                {"name", "Tên thủ tục", column_kind::text, 8},
                {"count", "Số lượt", column_kind::number, 2},
                {"rate", "Tỷ lệ %", column_kind::number, 3}}};
        std::vector<std::pair<std::int64_t, std::string>> all;
        std::int64_t sum = 0;
        for (const auto& [code, number] : parts_.current.reach.lookups) {
            all.emplace_back(-number, code);
            sum += number;
        }
        std::ranges::sort(all);
        for (const auto& [minus, code] : all) {
            if (made.rows.size() == most)
                break;
            row_query rows;
            rows.period = parts_.current.reach.period;
            rows.measures = bit(measure::lookup);
            rows.procedure = code;
            const auto name = parts_.procedures.find(code);
            cell number{.value = shown(-minus), .kpi = "lookups", .rows = to_text(rows)};
            cell rate = number;
            if (is_small(-minus))
                rate.value = masked{};
            else
                rate.value = share{-minus, sum};
            made.rows.push_back(
                {.cells = {
                     ordinal_cell(made.rows.size() + 1),
                     text_cell(code),
                     text_cell(name == parts_.procedures.end() ? "" : name->second),
                     std::move(number),
                     std::move(rate)}});
        }
        return made;
    }

    // ---- IV

    section complaint_section()
    {
        section made{.numeral = "IV", .title = "Phản ánh, kiến nghị"};
        made.tables.push_back(
            figures_table("complaints", "Phản ánh, kiến nghị", parts_.kpis.complaints));
        made.tables.back().notes = {"Số kỳ trước chuyển sang, tiếp nhận mới và mở lại từ kỳ trước "
                                    "bằng tổng các trạng thái cuối "
                                    "kỳ."};
        return made;
    }

    table annex_complaints()
    {
        struct shown_column
        {
            std::string_view kpi;
            std::string_view title;
        };
        constexpr std::array<shown_column, 12> figures{
            {{"pakn_carried", "Kỳ trước chuyển sang"},
             {"pakn_new", "Nhận mới"},
             {"pakn_rule", "Về quy định"},
             {"pakn_conduct", "Về hành vi"},
             {"pakn_both", "Cả hai"},
             {"pakn_refused", "Từ chối"},
             {"pakn_forwarded", "Chuyển cơ quan khác"},
             {"pakn_open_in_time", "Đang xử lý trong hạn"},
             {"pakn_open_late", "Đang xử lý quá hạn"},
             {"pakn_answered_in_time", "Đã trả lời đúng hạn"},
             {"pakn_answered_late", "Đã trả lời quá hạn"},
             {"pakn_published", "Đã công khai"}}};
        table made{
            .id = "annex_3",
            .title = "Phụ lục 3. Phản ánh, kiến nghị",
            .columns =
                {{"no", "TT", column_kind::ordinal, 1},
                 {"field", "Lĩnh vực", column_kind::text, 4}},
            .wide = true};
        for (const auto& one : figures)
            made.columns.push_back(
                {std::string(one.kpi), std::string(one.title), column_kind::number, 2});
        const auto add = [&](row_kind kind,
                             cell number,
                             std::string title,
                             const auto& tally,
                             const std::string& category) {
            table_row row{.kind = kind, .cells = {std::move(number), text_cell(std::move(title))}};
            for (const auto& one : figures) {
                const auto* const known = parts_.kpis.find(one.kpi);
                row.cells.push_back(
                    known == nullptr
                        ? cell{.value = no_figure{}}
                        : figure(*known, everything(), parts_.current, tally, category));
            }
            made.rows.push_back(std::move(row));
        };
        for (const auto& [id, title] : parts_.categories) {
            const auto found = parts_.current.complaints.by_category.find(id);
            if (found != parts_.current.complaints.by_category.end())
                add(row_kind::ordinary,
                    ordinal_cell(made.rows.size() + 1),
                    title,
                    found->second,
                    id);
        }
        add(row_kind::total, text_cell(""), "Tổng số", parts_.current.complaints.all, {});
        return made;
    }

    // ---- V

    section unknown_section()
    {
        section made{.numeral = "V", .title = "Câu hỏi chưa trả lời được"};
        made.tables.push_back(figures_table(
            "not_understood", "Câu hỏi chưa hiểu", {"not_understood", "not_understood_rate"}));
        constexpr std::size_t shown_in_body = 20;
        made.tables.push_back(
            unknown_table("unknown", "Nội dung hỏi nhiều mà chưa có câu trả lời", shown_in_body));
        return made;
    }

    // Only what several have asked: no sentence may single out a person.
    table unknown_table(std::string id, std::string title, std::size_t most)
    {
        constexpr std::int64_t fewest = 2;
        table made{
            .id = std::move(id),
            .title = std::move(title),
            .columns =
                {{"no", "TT", column_kind::ordinal, 1},
                 {"text", "Nội dung", column_kind::text, 8},
                 {"count", "Số lượt", column_kind::number, 2}},
            .notes = {
                "Câu giống nhau được gộp; số điện thoại, số giấy tờ đã được che. Chỉ nêu nội dung "
                "được hỏi từ hai lần."}};
        row_query rows;
        rows.of = row_query::kind::unknown;
        rows.period = parts_.current.reach.period;
        for (const auto& one : parts_.unknown) {
            if (one.count < fewest || made.rows.size() >= most)
                continue;
            rows.figure = one.key;
            made.rows.push_back(
                {.cells = {
                     ordinal_cell(made.rows.size() + 1),
                     text_cell(one.text),
                     {.value = shown(one.count), .rows = to_text(rows)}}});
        }
        return made;
    }

    // ---- annexes

    table annex_general()
    {
        table made{
            .id = "annex_1",
            .title = "Phụ lục 1. Chỉ tiêu chung",
            .columns =
                {{"no", "TT", column_kind::ordinal, 1},
                 {"name", "Chỉ tiêu", column_kind::text, 5},
                 {"unit", "Đơn vị tính", column_kind::text, 2},
                 {"before", "Kỳ trước", column_kind::number, 3},
                 {"current", "Kỳ báo cáo", column_kind::number, 3},
                 {"cumulative", "Luỹ kế từ đầu năm", column_kind::number, 3},
                 {"note", "Ghi chú", column_kind::text, 7}},
            .wide = true};
        made.notes = {
            "Kỳ trước: " + words(parts_.before.reach.period) +
            ". Luỹ kế: " + words(parts_.cumulative.reach.period) + "."};
        for (const auto* list : {&parts_.kpis.general, &parts_.kpis.complaints}) {
            for (const auto& id : *list) {
                const auto& one = *parts_.kpis.find(id);
                table_row row{
                    .cells = {
                        ordinal_cell(made.rows.size() + 1),
                        text_cell(one.name),
                        text_cell(one.unit)}};
                for (const auto* figures : {&parts_.before, &parts_.current, &parts_.cumulative})
                    row.cells.push_back(figure(one, {.of = &figures->reach.all}, *figures));
                row.cells.push_back(text_cell(one.definition));
                made.rows.push_back(std::move(row));
            }
        }
        return made;
    }

    table annex_by_hand()
    {
        table made{
            .id = "annex_6",
            .title = "Phụ lục 6. Hoạt động ghi tay",
            .columns =
                {{"no", "TT", column_kind::ordinal, 1},
                 {"activity", "Hoạt động", column_kind::text, 6},
                 {"day", "Thời gian", column_kind::date, 2},
                 {"participants", "Số người tham gia", column_kind::number, 2},
                 {"quantity", "Số lượng", column_kind::number, 2},
                 {"unit", "Đơn vị tính", column_kind::text, 2},
                 {"product", "Sản phẩm, liên kết", column_kind::text, 6},
                 {"by", "Người nhập", column_kind::text, 3}},
            .wide = true};
        for (const auto& one : parts_.entries) {
            if (!counts(one))
                continue;
            const auto found =
                std::ranges::find(parts_.plan.activities, one.activity, &activity::id);
            const auto name = found == parts_.plan.activities.end()
                                  ? one.activity
                                  : one.activity + " " + found->name;
            auto what = one.note;
            const auto file = one.evidence_file.empty() ? "" : "tệp " + one.evidence_name;
            for (const auto* more : {&one.evidence_link, &file})
                if (!more->empty())
                    what += (what.empty() ? "" : " – ") + *more;
            row_query itself;
            itself.of = row_query::kind::entries;
            itself.period = {one.day, one.day};
            itself.activity = one.plan + "/" + one.activity;
            itself.figure = std::to_string(one.id);
            cell quantity = number_cell(one.quantity);
            quantity.rows = to_text(itself);
            cell people = quantity;
            people.value = one.participants;
            if (one.participants == 0)
                people = {.value = no_figure{}};
            table_row row{
                .cells = {
                    ordinal_cell(made.rows.size() + 1),
                    text_cell(name),
                    {.value = one.day},
                    std::move(people),
                    std::move(quantity),
                    text_cell(one.unit),
                    {.value = what, .link = one.evidence_link},
                    text_cell(one.entered_by)}};
            for (auto& each : row.cells)
                each.by_hand = true;
            made.rows.push_back(std::move(row));
        }
        return made;
    }

    // What came to that month on that day.
    static row_query rows_of(const correction& one)
    {
        row_query rows;
        rows.period = {
            one.month / std::chrono::day(1),
            std::chrono::year_month_day(std::chrono::sys_days(one.month / std::chrono::last))};
        rows.made = one.made;
        if (one.cause != "late_contact") {
            rows.of = row_query::kind::entries;
            rows.figure = one.cause;
        }
        return rows;
    }

    table corrections_table() const
    {
        table made{
            .id = "corrections",
            .title = "Phụ lục 7. Điều chỉnh số liệu của các tháng đã qua",
            .columns = {
                {"no", "TT", column_kind::ordinal, 1},
                {"month", "Tháng", column_kind::text, 2},
                {"made", "Ngày điều chỉnh", column_kind::date, 2},
                {"cause", "Lý do", column_kind::text, 6},
                {"count", "Số lượng", column_kind::number, 2}}};
        for (const auto& one : parts_.corrections) {
            const auto first_day = words(cell_value(one.month / std::chrono::day(1)));
            const std::string cause = one.cause == "late_contact" ? "Tin nhắn đến muộn"
                                      : one.cause == late_entry
                                          ? "Kết quả nhập tay sau khi hết tháng"
                                          : "Kết quả nhập tay được rút lại";
            cell number = number_cell(one.count);
            number.rows = to_text(rows_of(one));
            made.rows.push_back(
                {.cells = {
                     ordinal_cell(made.rows.size() + 1),
                     text_cell(first_day.substr(3)),
                     {.value = one.made},
                     text_cell(cause),
                     std::move(number)}});
        }
        return made;
    }

    const report_parts& parts_;
    std::set<std::string, std::less<>> used_; // figures shown
};

} // namespace

report build_report(const report_parts& parts)
{
    return builder(parts).build();
}

} // namespace motcua::reach
