#include "statements.hpp"
#include "wording.hpp"

#include <motcua/core/procedures/rendering.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace motcua::procedures {
namespace {

using namespace std::string_literals;

constexpr std::array<std::pair<aspect, std::string_view>, 11> aspect_names{{
    {aspect::overview, "overview"},
    {aspect::documents, "documents"},
    {aspect::fee, "fee"},
    {aspect::time, "time"},
    {aspect::place, "place"},
    {aspect::steps, "steps"},
    {aspect::requirements, "requirements"},
    {aspect::legal_basis, "legal_basis"},
    {aspect::forms, "forms"},
    {aspect::result, "result"},
    {aspect::filing, "filing"},
}};

constexpr std::string_view rest_of_list =
    "… và các mục khác, xem đầy đủ trên Cổng Dịch vụ công quốc gia.";

void add_line(std::string& text, std::string_view line)
{
    if (!text.empty())
        text += '\n';
    text += line;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator)
{
    std::string result;
    for (const auto& part : parts) {
        if (!result.empty())
            result += separator;
        result += part;
    }
    return result;
}

std::string heading(const procedure& record, std::string_view what)
{
    return std::string(what) + " – " + display_name(record, 120) + ":";
}

std::string missing(const procedure& record, std::string_view what)
{
    return "Dữ liệu hiện có chưa nêu " + std::string(what) + " của thủ tục “" +
           display_name(record, 120) +
           "”. Anh/chị vui lòng hỏi bộ phận một cửa hoặc nhắn “gặp cán bộ” để được hướng dẫn.";
}

// --- Papers -------------------------------------------------------------------------------------

enum class group_kind
{
    common, // needed by everybody, or merely "to hand in"
    show,   // to be shown
    note,   // remarks, no papers
    proxy,  // only if somebody files for another
    other   // a case to choose from
};

group_kind kind_of(std::string_view group)
{
    const auto label = text::lower(without_list_mark(group));
    if (label.empty())
        return group_kind::common;
    if (label.starts_with("lưu ý") || label.starts_with("ghi chú"))
        return group_kind::note;
    if (label.starts_with("trường hợp ủy quyền") || label.starts_with("trường hợp uỷ quyền"))
        return group_kind::proxy;
    const bool for_case = label.starts_with("trường hợp") || label.starts_with("đối với") ||
                          label.find("trường hợp") != std::string::npos;
    if (for_case)
        return group_kind::other;
    if (label.find("xuất trình") != std::string::npos)
        return group_kind::show;
    return group_kind::common;
}

std::string group_label(std::string_view group)
{
    return capitalised(without_districts(one_line(without_list_mark(group))));
}

// The groups in the order of the record, each once.
std::vector<std::string_view> groups_of(const procedure& record)
{
    std::vector<std::string_view> groups;
    for (const auto& paper : record.documents) {
        if (std::find(groups.begin(), groups.end(), paper.group) == groups.end())
            groups.push_back(paper.group);
    }
    return groups;
}

bool is_same_group(std::string_view left, std::string_view right)
{
    return text::fold(group_label(left)) == text::fold(group_label(right));
}

constexpr std::size_t paper_limit = 400; // code points; some papers of the portal are essays

std::string paper_line(const document& paper)
{
    auto line = shortened(
        capitalised(without_districts(one_line(without_list_mark(paper.name)))), paper_limit);
    while (!line.empty() && (line.back() == ';' || line.back() == ',' || line.back() == '.'))
        line.pop_back();
    // More copies than this are a slip of the export ("Mẫu số 18" + "1" read as 181).
    std::string count;
    if (paper.originals > 0 && paper.originals <= plausible_papers)
        count = std::to_string(paper.originals) + " bản chính";
    if (paper.copies > 0 && paper.copies <= plausible_papers)
        count += (count.empty() ? "" : ", ") + std::to_string(paper.copies) + " bản sao";
    return count.empty() ? "• " + line : "• " + line + " (" + count + ")";
}

// The papers of a group; empty if the group has none.
std::string papers_of(const procedure& record, std::string_view group)
{
    std::string text;
    for (const auto& paper : record.documents) {
        if (paper.group == group && !trimmed(paper.name).empty())
            add_line(text, paper_line(paper));
    }
    return text;
}

void add_group(std::string& text, const procedure& record, std::string_view group)
{
    const auto papers = papers_of(record, group);
    if (papers.empty())
        return;
    if (!group.empty())
        add_line(text, "\n" + group_label(group) + ":");
    add_line(text, papers);
}

void add_groups(std::string& text, const procedure& record, group_kind kind)
{
    const auto groups = groups_of(record);
    // Papers without a group come first: after a named group they would seem to belong to it.
    if (kind == group_kind::common && std::find(groups.begin(), groups.end(), "") != groups.end())
        add_group(text, record, "");
    for (const auto group : groups) {
        if (!group.empty() && kind_of(group) == kind)
            add_group(text, record, group);
    }
}

std::optional<std::string_view>
chosen_group(const procedure& record, const rendering_context& context)
{
    if (context.chosen_group.empty())
        return std::nullopt;
    for (const auto group : groups_of(record)) {
        if (!group.empty() && is_same_group(group, context.chosen_group))
            return group;
    }
    return std::nullopt;
}

// Several named groups that are neither "to hand in" nor marked as cases: perhaps not all are
// needed by everybody.
bool has_unmarked_groups(const procedure& record)
{
    std::size_t named = 0;
    for (const auto group : groups_of(record)) {
        const auto label = text::lower(without_list_mark(group));
        const bool plain = label.empty() || label.find("phải nộp") != std::string::npos ||
                           label.find("thành phần hồ sơ") != std::string::npos ||
                           label.find("giấy tờ chung") != std::string::npos;
        if (!plain && kind_of(group) == group_kind::common)
            ++named;
    }
    return named > 1;
}

std::string checklist(const procedure& record, const rendering_context& context)
{
    std::string text;
    if (has_unmarked_groups(record))
        add_line(text, "Cổng xếp giấy tờ theo nhóm; anh/chị xem nhóm ứng với trường hợp của mình.");
    add_groups(text, record, group_kind::common);
    const auto cases = cases_to_ask(record);
    if (const auto chosen = chosen_group(record, context)) {
        if (kind_of(*chosen) == group_kind::other)
            add_group(text, record, *chosen);
    } else {
        if (!cases.empty())
            add_line(
                text,
                "\nGiấy tờ sau đây tùy trường hợp; anh/chị chỉ cần phần ứng với trường hợp của "
                "mình:");
        add_groups(text, record, group_kind::other);
    }
    add_groups(text, record, group_kind::show);
    add_groups(text, record, group_kind::proxy);
    add_groups(text, record, group_kind::note);
    return std::string(trimmed(text));
}

std::string sets_line(const procedure& record)
{
    return record.sets > 0 ? "Số lượng: " + std::to_string(record.sets) + " bộ hồ sơ." : ""s;
}

std::string render_documents(const procedure& record, const rendering_context& context)
{
    const auto list = checklist(record, context);
    if (list.empty())
        return missing(record, "giấy tờ cần nộp");
    auto text = heading(record, "Giấy tờ cần chuẩn bị");
    add_line(text, list);
    if (const auto sets = sets_line(record); !sets.empty())
        add_line(text, "\n" + sets);
    return text;
}

// --- Fee and time -------------------------------------------------------------------------------

std::string sentence(const std::string& text)
{
    const bool ends = text.ends_with('.') || text.ends_with("…") || text.ends_with("…”");
    return ends ? text : text + ".";
}

std::string as_list(const std::vector<std::string>& lines)
{
    if (lines.size() == 1)
        return sentence(lines.front());
    std::string text;
    for (const auto& line : lines)
        add_line(text, "• " + sentence(line));
    return text;
}

// Without the quoted notes: “…” with the words that introduce them.
std::string without_quotes(std::string text)
{
    constexpr std::string_view open = ": “";
    constexpr std::string_view close = "”";
    for (auto at = text.find(open); at != std::string::npos; at = text.find(open)) {
        const auto end = text.find(close, at);
        const auto start = text.find_last_of(".;", at);
        if (end == std::string::npos || start == std::string::npos)
            break;
        text.erase(start, end + close.size() - start);
    }
    return text;
}

// The statements in one sentence; what does not fit is left to the aspect's own answer.
std::string one_sentence(const std::vector<std::string>& lines, std::size_t limit)
{
    auto text = joined(lines, "; ");
    if (text::code_points(text) > limit)
        text = without_quotes(std::move(text));
    return sentence(shortened(text, limit));
}

std::string render_fee(const procedure& record)
{
    auto text = heading(record, "Phí, lệ phí");
    add_line(text, as_list(fee_lines(record)));
    if (record.local.fee_text.empty())
        add_line(text, "Số tiền phải nộp do nơi tiếp nhận hồ sơ thông báo cho anh/chị khi nộp.");
    return text;
}

std::string render_time(const procedure& record, const rendering_context& context)
{
    auto text = heading(record, "Thời hạn giải quyết");
    add_line(text, as_list(time_lines(record, context.chosen_group)));
    add_line(text, "Thời hạn tính từ ngày nơi nộp nhận đủ hồ sơ hợp lệ.");
    return text;
}

// --- Place --------------------------------------------------------------------------------------

bool has_channel(const procedure& record, method how)
{
    return std::any_of(record.channels.begin(), record.channels.end(), [how](const channel& way) {
        return way.how == how;
    });
}

// The executing bodies without the offices of the abolished districts.
std::string executing_text(const procedure& record)
{
    std::vector<std::string> bodies;
    for (const auto& body : record.executing) {
        if (!names_district(body) && !trimmed(body).empty())
            bodies.push_back(body);
    }
    return joined(bodies, ", ");
}

// The office of the police or the social insurance that handles the procedure and takes the papers
// itself; empty if none does.
std::string own_office_text(const procedure& record)
{
    for (const auto& body : record.executing) {
        const auto lower = text::lower(body);
        const auto names = [&lower](std::string_view office) {
            return lower.find(office) != std::string::npos;
        };
        if ((names("công an") || names("cảnh sát") || names("bảo hiểm xã hội")) &&
            !names("bộ công an") && !names("công đoàn") && !names_district(body))
            return body;
    }
    return {};
}

std::string centre_text(const procedure& record, const rendering_context& context)
{
    const auto own = context.counter_name.empty() ? "Trung tâm Phục vụ hành chính công cấp xã"s
                                                  : context.counter_name;
    if (const auto office = own_office_text(record);
        !office.empty() && record.at != level::ministry)
        return office + ", hoặc " +
               (record.at == level::province ? "Trung tâm Phục vụ hành chính công tỉnh"s : own) +
               " nếu nơi đó tiếp nhận";
    switch (record.at) {
    case level::commune:
        return own + " hoặc Trung tâm Phục vụ hành chính công tỉnh";
    case level::province:
        return "Trung tâm Phục vụ hành chính công tỉnh hoặc " + own;
    case level::ministry:
        return executing_text(record);
    case level::unknown:
        break;
    }
    return own + " hoặc Trung tâm Phục vụ hành chính công tỉnh";
}

std::string online_text(const procedure& record)
{
    switch (record.local.online) {
    case overlay::online_level::fully:
        return "Trực tuyến toàn trình (theo công bố của tỉnh)";
    case overlay::online_level::partly:
        return "Trực tuyến một phần (theo công bố của tỉnh)";
    case overlay::online_level::none:
        return {};
    case overlay::online_level::unknown:
        break;
    }
    return has_channel(record, method::online) ? "Trực tuyến" : "";
}

// The ways of filing, one line each. Empty if the record says nothing.
std::string ways(const procedure& record, const rendering_context& context)
{
    std::string text;
    if (has_channel(record, method::direct) || record.channels.empty()) {
        if (const auto centre = centre_text(record, context); !centre.empty())
            add_line(text, "• Trực tiếp: " + centre + ".");
    }
    if (!record.local.receiving_place.empty())
        add_line(text, "• Theo thông tin của tỉnh: " + record.local.receiving_place + ".");
    if (const auto online = online_text(record); !online.empty()) {
        const auto link = portal_link(record, context);
        add_line(
            text,
            "• " + online + " trên Cổng Dịch vụ công quốc gia, đăng nhập bằng VNeID" +
                (link.empty() ? "." : ": " + link));
    }
    if (has_channel(record, method::postal))
        add_line(text, "• Qua dịch vụ bưu chính công ích.");
    return text;
}

std::string render_place(const procedure& record, const rendering_context& context)
{
    const auto list = ways(record, context);
    if (list.empty())
        return missing(record, "nơi nộp hồ sơ");
    auto text = heading(record, "Nơi nộp hồ sơ");
    add_line(text, list);
    if (record.at != level::ministry)
        add_line(
            text,
            "Phần lớn thủ tục được nhận tại bất kỳ trung tâm nào trong tỉnh, không phụ thuộc nơi "
            "anh/chị cư trú.");
    if (const auto bodies = executing_text(record); !bodies.empty())
        add_line(text, "Cơ quan giải quyết: " + bodies + ".");
    if (!record.receiving_address.empty() && !names_district(record.receiving_address))
        add_line(text, "Địa chỉ tiếp nhận ghi trên Cổng: " + one_line(record.receiving_address));
    if (!record.local.hotline.empty())
        add_line(text, "Điện thoại (theo thông tin của tỉnh): " + record.local.hotline + ".");
    if (record.local.postal_return.value_or(false))
        add_line(
            text, "Theo công bố của tỉnh, anh/chị có thể nhận kết quả qua bưu chính công ích.");
    return text;
}

// --- Prose --------------------------------------------------------------------------------------

bool starts_small(std::string_view line)
{
    const auto letter = line.substr(0, text::prefix(line, 1).size());
    return !letter.empty() && capitalised(letter) != letter;
}

// Lines broken in the middle of a sentence are put together again.
std::vector<std::string> whole_lines(std::string_view prose)
{
    std::vector<std::string> lines;
    for (const auto line : lines_of(prose)) {
        const bool continues = !lines.empty() && starts_small(line) &&
                               without_list_mark(line).size() + 1 >= line.size() &&
                               lines.back().back() != '.' && lines.back().back() != ';' &&
                               lines.back().back() != ':';
        if (continues)
            lines.back() += " " + std::string(line);
        else
            lines.emplace_back(line);
    }
    return lines;
}

// "Bước 2:" at the front: the length of it, 0 if there is none.
std::size_t step_mark_length(std::string_view line)
{
    const auto lower = text::lower(line.substr(0, 24));
    constexpr std::string_view word = "bước ";
    if (!lower.starts_with(word))
        return 0;
    auto end = lower.find_first_not_of("0123456789", word.size());
    if (end == word.size() || end == std::string::npos)
        return 0;
    end = line.find_first_not_of(":. –-", end);
    return end == std::string_view::npos ? line.size() : end;
}

enum class line_rank
{
    step,    // to be numbered
    detail,  // below a step
    heading, // "Lưu ý:" and the like: numbering ends
    plain
};

line_rank rank_of(std::string_view line, bool has_step_words)
{
    const auto bare = without_list_mark(line.substr(0, line.size()));
    const auto lower = text::lower(bare);
    if (lower.starts_with("lưu ý") || lower.starts_with("ghi chú"))
        return line_rank::heading;
    if (step_mark_length(bare) != 0)
        return line_rank::step;
    if (has_step_words)
        return line_rank::detail;
    if (line.starts_with("+") || line.starts_with("(") || line.starts_with("•"))
        return line_rank::detail;
    if (line.starts_with("-") || line.starts_with("–"))
        return line_rank::step;
    return bare.size() == line.size() ? line_rank::plain : line_rank::step;
}

std::string step_text(std::string_view line)
{
    auto bare = trimmed(line);
    while (!bare.empty() && std::string_view("-*+ ").find(bare.front()) != std::string_view::npos)
        bare.remove_prefix(1);
    if (const auto mark = step_mark_length(bare); mark != 0)
        bare.remove_prefix(mark);
    else if (const auto inner = without_list_mark(bare); !inner.empty() && bare.ends_with(inner))
        bare = inner;
    return capitalised(without_districts(one_line(bare)));
}

// Official prose as a numbered list with details below; plain paragraphs stay paragraphs.
std::string numbered(std::string_view prose)
{
    const auto lines = whole_lines(prose);
    const bool has_step_words =
        std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
            return step_mark_length(without_list_mark(line)) != 0;
        });
    const auto steps =
        std::count_if(lines.begin(), lines.end(), [has_step_words](const std::string& line) {
            return rank_of(line, has_step_words) == line_rank::step;
        });
    std::string text;
    int number = 0;
    bool in_notes = false;
    for (const auto& line : lines) {
        const auto said = step_text(line);
        if (said.empty())
            continue;
        switch (rank_of(line, has_step_words)) {
        case line_rank::step:
            if (!in_notes && steps > 1)
                add_line(text, std::to_string(++number) + ". " + said);
            else
                add_line(text, (steps > 1 ? "• " : "") + said);
            break;
        case line_rank::detail:
            add_line(text, (number > 0 || in_notes ? "• " : "") + said);
            break;
        case line_rank::heading:
            in_notes = true;
            add_line(text, said);
            break;
        case line_rank::plain:
            add_line(text, said);
            break;
        }
    }
    return text;
}

std::string render_prose(
    const procedure& record, std::string_view prose, std::string_view title, std::string_view what)
{
    if (says_nothing(prose))
        return missing(record, what);
    const auto list = numbered(prose);
    return list.empty() ? missing(record, what) : heading(record, title) + "\n" + list;
}

// --- The rest -----------------------------------------------------------------------------------

std::string render_legal_basis(const procedure& record)
{
    constexpr std::size_t shown = 15;
    if (record.legal_basis.empty())
        return missing(record, "căn cứ pháp lý");
    auto text = heading(record, "Căn cứ pháp lý");
    for (std::size_t i = 0; i < std::min(shown, record.legal_basis.size()); ++i) {
        const auto& [number, title] = record.legal_basis[i];
        const bool repeats = title.empty() || title == number;
        add_line(
            text,
            "• " + (repeats          ? number
                    : number.empty() ? title
                                     : number + ": " + one_line(title)));
    }
    if (record.legal_basis.size() > shown)
        add_line(text, rest_of_list);
    return text;
}

std::string render_forms(const procedure& record, const rendering_context& context)
{
    std::string list;
    bool without_url = false;
    for (const auto& paper : record.documents) {
        if (!paper.attached_form)
            continue;
        const auto& form = *paper.attached_form;
        const auto name = shortened(
            capitalised(one_line(without_list_mark(form.name.empty() ? paper.name : form.name))),
            160);
        add_line(list, "• " + name + (form.url.empty() ? "" : ": " + form.url));
        without_url |= form.url.empty();
    }
    if (list.empty())
        return missing(record, "biểu mẫu");
    auto text = heading(record, "Biểu mẫu");
    add_line(text, list);
    if (without_url) {
        const auto link = portal_link(record, context);
        add_line(
            text,
            "Mẫu được đăng kèm thủ tục trên Cổng Dịch vụ công quốc gia" +
                (link.empty() ? "." : ": " + link));
    }
    return text;
}

std::string render_result(const procedure& record)
{
    if (record.results.empty())
        return missing(record, "kết quả");
    auto text = heading(record, "Kết quả anh/chị nhận được");
    for (const auto& result : record.results)
        add_line(text, "• " + capitalised(one_line(without_list_mark(result))));
    return text;
}

std::string render_overview(const procedure& record, const rendering_context& context)
{
    constexpr std::size_t line_limit = 300;
    auto text = capitalised(record.name.empty() ? display_name(record) : record.name);
    if (!record.subjects.empty())
        add_line(text, "• Dành cho: " + shortened(joined(record.subjects, ", "), line_limit) + ".");
    const auto place = centre_text(record, context);
    const bool online = !online_text(record).empty();
    if (!place.empty())
        add_line(
            text,
            "• Nơi nộp: " + place +
                (online ? ", hoặc trực tuyến trên Cổng Dịch vụ công quốc gia." : "."));
    add_line(
        text, "• Thời hạn: " + one_sentence(time_lines(record, context.chosen_group), line_limit));
    add_line(text, "• Phí, lệ phí: " + one_sentence(fee_lines(record), line_limit));
    add_line(
        text,
        "Anh/chị có thể hỏi tiếp: giấy tờ, lệ phí, thời hạn, nơi nộp, các bước, điều kiện, biểu "
        "mẫu, kết quả, "
        "căn cứ pháp lý; hoặc nhắn “hướng dẫn nộp hồ sơ”.");
    return text;
}

std::string render_filing(const procedure& record, const rendering_context& context)
{
    auto text = heading(record, "Hướng dẫn nộp hồ sơ");
    if (const auto chosen = chosen_group(record, context))
        add_line(text, "Trường hợp của anh/chị: " + group_label(*chosen) + ".");
    add_line(text, "\n1. Chuẩn bị giấy tờ");
    const auto papers = checklist(record, context);
    add_line(text, papers.empty() ? "Dữ liệu hiện có chưa nêu giấy tờ cần nộp." : papers);
    if (const auto sets = sets_line(record); !sets.empty())
        add_line(text, sets);
    add_line(text, "\n2. Nộp hồ sơ theo một trong các cách");
    const auto list = ways(record, context);
    add_line(text, list.empty() ? "Dữ liệu hiện có chưa nêu nơi nộp hồ sơ." : list);
    if (const auto link = portal_link(record, context);
        !link.empty() && list.find(link) == std::string::npos)
        add_line(text, "Trang của thủ tục trên Cổng: " + link);
    add_line(text, "\n3. Phí, lệ phí");
    add_line(text, as_list(fee_lines(record)));
    add_line(text, "\n4. Thời hạn");
    add_line(text, as_list(time_lines(record, context.chosen_group)));
    add_line(text, "\n5. Sau khi nộp");
    add_line(
        text,
        "Anh/chị nhận Giấy tiếp nhận hồ sơ và hẹn trả kết quả, có mã hồ sơ để tra cứu. Nếu hồ sơ "
        "còn thiếu, nơi "
        "tiếp nhận gửi phiếu yêu cầu bổ sung. Đến ngày hẹn, anh/chị nhận kết quả tại nơi nộp hoặc "
        "theo cách đã "
        "đăng ký.");
    return text;
}

// Where to read on, instead of six lines that each say that something is not known.
std::string render_name_only(const procedure& record, const rendering_context& context)
{
    auto text = capitalised(record.name.empty() ? display_name(record) : record.name);
    add_line(
        text,
        "Kênh này mới có tên thủ tục, chưa có nội dung về giấy tờ, lệ phí, thời hạn và các bước.");
    if (const auto link = portal_link(record, context); !link.empty())
        add_line(text, "• Xem đầy đủ trên Cổng Dịch vụ công quốc gia: " + link);
    if (const auto place = centre_text(record, context); !place.empty())
        add_line(text, "• Nơi nộp: " + place + ".");
    add_line(text, "Cần người hướng dẫn, anh/chị nhắn “gặp cán bộ”.");
    return text;
}

bool is_older_than_a_year(date day, date today)
{
    return day.ok() && today.ok() &&
           std::chrono::sys_days(today) - std::chrono::sys_days(day) > std::chrono::days{365};
}

bool adds_something(const overlay& local)
{
    return !local.fee_text.empty() || local.online != overlay::online_level::unknown ||
           local.postal_return || !local.receiving_place.empty() || !local.hotline.empty();
}

} // namespace

std::string portal_link(const procedure& record, const rendering_context& context)
{
    if (!record.url.empty())
        return record.url;
    if (!record.portal_id.empty() && !context.portal_url.empty())
        return context.portal_url + "/thu-tuc-hanh-chinh/" + record.portal_id;
    return context.portal_url;
}

std::string_view name(aspect what)
{
    for (const auto& [value, word] : aspect_names) {
        if (value == what)
            return word;
    }
    return "overview";
}

aspect aspect_from(std::string_view name)
{
    for (const auto& [value, word] : aspect_names) {
        if (word == name)
            return value;
    }
    return aspect::overview;
}

std::vector<std::string> cases_to_ask(const procedure& record)
{
    std::vector<std::string> cases;
    for (const auto group : groups_of(record)) {
        if (kind_of(group) == group_kind::other && !papers_of(record, group).empty()) {
            auto label = group_label(group);
            if (std::find(cases.begin(), cases.end(), label) == cases.end())
                cases.push_back(std::move(label));
        }
    }
    if (cases.size() < 2)
        cases.clear();
    return cases;
}

std::string render(const procedure& record, aspect what, const rendering_context& context)
{
    const bool has_rule = what == aspect::fee || what == aspect::time || what == aspect::place;
    if (!has_contents(record) && !has_rule) // what is said of these follows domain.md section 3
        return render_name_only(record, context);
    switch (what) {
    case aspect::overview:
        return render_overview(record, context);
    case aspect::documents:
        return render_documents(record, context);
    case aspect::fee:
        return render_fee(record);
    case aspect::time:
        return render_time(record, context);
    case aspect::place:
        return render_place(record, context);
    case aspect::steps:
        return render_prose(record, record.steps, "Các bước thực hiện", "trình tự thực hiện");
    case aspect::requirements:
        return render_prose(
            record, record.requirements, "Yêu cầu, điều kiện", "yêu cầu, điều kiện");
    case aspect::legal_basis:
        return render_legal_basis(record);
    case aspect::forms:
        return render_forms(record, context);
    case aspect::result:
        return render_result(record);
    case aspect::filing:
        return render_filing(record, context);
    }
    return render_overview(record, context);
}

std::string source_line(const procedure& record, const rendering_context& context)
{
    auto line = "Mã thủ tục " + record.code;
    if (!record.from.name.empty())
        line += " · Nguồn: " + record.from.name;
    if (!record.decision_no.empty())
        line += (record.from.name.empty() ? " · QĐ " : ", QĐ ") + record.decision_no;
    if (record.from.as_of.ok())
        line += " · Dữ liệu ngày " + date_text(record.from.as_of);
    if (adds_something(record.local))
        line += " · Có thông tin bổ sung của tỉnh";
    if (!record.in_catalogue)
        line += " · Lưu ý: thủ tục không còn trong danh mục quốc gia, có thể đã bãi bỏ";
    else if (record.valid_to && *record.valid_to < context.today)
        line += " · Lưu ý: thủ tục đã hết hiệu lực từ sau ngày " + date_text(*record.valid_to);
    else if (record.valid_from && context.today < *record.valid_from)
        line += " · Lưu ý: thủ tục có hiệu lực từ ngày " + date_text(*record.valid_from);
    if (is_older_than_a_year(record.checked_at.value_or(record.from.as_of), context.today))
        line += " · Lưu ý: dữ liệu đã quá 12 tháng, anh/chị nên hỏi lại bộ phận một cửa";
    return line;
}

} // namespace motcua::procedures
