#include <fmt/format.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/content/content_change.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace motcua::content {
namespace {

namespace fs = std::filesystem;
using app::unknown_verdict;

std::string read_file(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw std::runtime_error(file.string() + ": cannot be read");
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        lines.push_back(std::move(line));
    return lines;
}

std::string joined(const std::vector<std::string>& lines)
{
    std::string text;
    for (const auto& line : lines)
        text += line + '\n';
    return text;
}

std::string one_line(std::string_view text)
{
    std::istringstream in(text::to_nfc(text));
    std::string out;
    for (std::string word; in >> word;)
        out += (out.empty() ? "" : " ") + word;
    return out;
}

// As the check compares: without marks, letters and digits only.
std::string compared_form(std::string_view text)
{
    auto folded = text::fold(text);
    std::ranges::replace_if(
        folded,
        [](char c) {
            const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            return !letter && static_cast<unsigned char>(c) < 0x80;
        },
        ' ');
    return one_line(folded);
}

// Double-quoted, which any text may be in YAML.
std::string yaml_text(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

// Numbers were hidden when the sentence was kept: "<phone>".
bool has_hidden_numbers(std::string_view text)
{
    return text.find('<') != std::string_view::npos || text.find('>') != std::string_view::npos;
}

bool is_item(std::string_view line, std::string_view indent)
{
    return line.starts_with(indent) && line.substr(indent.size()).starts_with("- ");
}

// Behind the last item of the list that follows line `head`.
std::size_t
end_of_list(const std::vector<std::string>& lines, std::size_t head, std::string_view indent)
{
    auto end = head + 1;
    for (auto at = head + 1; at < lines.size(); ++at) {
        const std::string_view line = lines[at];
        if (is_item(line, indent))
            end = at + 1;
        else if (
            !line.empty() && line.find_first_not_of(' ') <= indent.size() && !line.starts_with('#'))
            break;
    }
    return end;
}

// Of the keys "intent: NAME" of the folder's files.
std::map<std::string, fs::path> files_by_intent(const fs::path& intents)
{
    std::map<std::string, fs::path> out;
    for (const auto& folder : {intents, intents / "understand"}) {
        std::error_code absent;
        for (const auto& entry : fs::directory_iterator(folder, absent)) {
            if (entry.path().extension() != ".yml" && entry.path().extension() != ".yaml")
                continue;
            for (const auto& line : lines_of(read_file(entry.path()))) {
                if (!line.starts_with("intent:"))
                    continue;
                out.emplace(one_line(line.substr(line.find(':') + 1)), entry.path());
                break;
            }
        }
    }
    return out;
}

class maker
{
public:
    maker(const fs::path& intents, const fs::path& queries)
        : intents_(intents), queries_(queries), files_(files_by_intent(intents))
    {
        const auto read = read_intents(intents);
        for (const auto& one : read.examples)
            places_.emplace(compared_form(one.text), "ví dụ của ý định " + one.intent);
        for (const auto& one : read.tests)
            places_.emplace(compared_form(one.text), "câu thử của ý định " + one.intent);
        for (const auto& [code, names] : read.aliases)
            for (const auto& name : names)
                aliases_.emplace(compared_form(name), code);
    }

    void add(const app::unknown_decision& one)
    {
        if (one.verdict == unknown_verdict::dropped || !one.undone_by.empty())
            return;
        for (const auto& given : one.texts) {
            const auto text = one_line(given);
            const auto objection = add_text(one, text);
            if (objection.empty()) {
                ++made_.taken;
                taken_.push_back(describe(one, text));
                continue;
            }
            ++made_.left;
            left_.push_back(describe(one, text) + " — " + objection);
        }
    }

    content_change finish() &&
    {
        for (auto& [file, lines] : changed_)
            made_.files.push_back({name_of(file), joined(lines)});
        made_.files.push_back({"DOC-DAU-TIEN.txt", readme()});
        std::ranges::sort(made_.files, {}, &changed_file::name);
        return std::move(made_);
    }

private:
    static std::string describe(const app::unknown_decision& one, const std::string& text)
    {
        std::string to;
        switch (one.verdict) {
        case unknown_verdict::alias:
            to = "tên gọi của thủ tục " + one.target;
            break;
        case unknown_verdict::search_test:
            to = "câu thử tìm thủ tục " + one.target;
            break;
        case unknown_verdict::example:
            to = "ví dụ của ý định " + one.target;
            break;
        case unknown_verdict::out_of_scope:
            to = "ngoài phạm vi";
            break;
        case unknown_verdict::dropped:
            break;
        }
        return fmt::format("“{}” → {} (quyết định {})", text, to, one.id);
    }

    // Why the text is not taken; empty if it is.
    std::string add_text(const app::unknown_decision& one, const std::string& text)
    {
        if (text.empty())
            return "trống";
        if (has_hidden_numbers(text))
            return "có số đã che; anh/chị viết lại câu không có số rồi thêm bằng tay";
        if (one.verdict == unknown_verdict::search_test)
            return add_query(one, text);
        if (one.verdict == unknown_verdict::alias)
            return add_alias(one.target, text);
        const bool foreign = one.verdict == unknown_verdict::out_of_scope;
        return add_example(foreign ? std::string("out_of_scope") : one.target, text);
    }

    std::string add_example(const std::string& intent, const std::string& text)
    {
        const auto file = files_.find(intent);
        if (file == files_.end())
            return "không có tệp của ý định " + intent;
        const auto [known, is_new] =
            places_.emplace(compared_form(text), "ví dụ của ý định " + intent);
        if (!is_new)
            return "đã có trong nội dung: " + known->second;
        auto& lines = lines_for(file->second);
        const auto head = std::ranges::find(lines, "examples:");
        if (head == lines.end())
            return "tệp không có danh sách examples";
        const auto at = end_of_list(
            lines, static_cast<std::size_t>(head - lines.begin()), list_indent(lines, head));
        lines.insert(
            lines.begin() + static_cast<std::ptrdiff_t>(at),
            list_indent(lines, head) + "- " + yaml_text(text));
        return {};
    }

    std::string add_alias(const std::string& code, const std::string& text)
    {
        const auto [known, is_new] = aliases_.emplace(compared_form(text), code);
        if (!is_new)
            return "đã là tên gọi của thủ tục " + known->second;
        auto& lines = lines_for(intents_ / "procedures_aliases.yml");
        const auto key = "  \"" + code + "\":";
        auto head = std::ranges::find_if(
            lines, [&key](const std::string& line) { return line.starts_with(key); });
        if (head == lines.end())
            head = lines.insert(lines.end(), key);
        const auto at = end_of_list(lines, static_cast<std::size_t>(head - lines.begin()), "    ");
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), "    - " + yaml_text(text));
        return {};
    }

    std::string add_query(const app::unknown_decision& one, const std::string& text)
    {
        if (fs::exists(queries_) || changed_.contains(queries_))
            for (const auto& line : lines_for(queries_))
                if (line.find('\t' + text + '\t') != std::string::npos)
                    return "đã có trong các câu thử tìm kiếm";
        auto& lines = lines_for(queries_);
        if (lines.empty())
            lines.emplace_back(
                "# Câu người dân đã hỏi mà máy chưa hiểu, cán bộ đã chọn thủ tục. id, text, codes");
        lines.push_back(fmt::format("u{}-{}\t{}\t{}", one.id, lines.size(), text, one.target));
        return {};
    }

    static std::string
    list_indent(const std::vector<std::string>& lines, std::vector<std::string>::iterator head)
    {
        const auto next = std::next(head);
        if (next == lines.end())
            return "  ";
        const auto dash = next->find("- ");
        return dash == std::string::npos ? "  " : std::string(dash, ' ');
    }

    std::vector<std::string>& lines_for(const fs::path& file)
    {
        const auto [found, is_new] = changed_.try_emplace(file);
        if (is_new && fs::exists(file))
            found->second = lines_of(read_file(file));
        return found->second;
    }

    std::string name_of(const fs::path& file) const
    {
        if (file == queries_)
            return queries_.generic_string();
        return "intents/" + file.lexically_relative(intents_).generic_string();
    }

    std::string readme() const
    {
        auto text = fmt::format(
            "Thay đổi nội dung từ màn hình “Câu hỏi chưa hiểu”.\n\n"
            "1. Chép các tệp trong gói này đè lên thư mục nội dung (giữ nguyên đường dẫn).\n"
            "2. Chạy: motcua check\n"
            "3. Chạy: motcua eval (xem độ chính xác không giảm)\n"
            "4. Nạp lại: gửi tín hiệu HUP cho máy chủ, hoặc khởi động lại.\n\n"
            "Đã đưa vào {} câu:\n",
            taken_.size());
        for (const auto& line : taken_)
            text += "  " + line + '\n';
        text += fmt::format("\nKhông đưa vào {} câu:\n", left_.size());
        for (const auto& line : left_)
            text += "  " + line + '\n';
        return text;
    }

    fs::path intents_;
    fs::path queries_;
    std::map<std::string, fs::path> files_;      // by intent
    std::map<std::string, std::string> places_;  // where a compared text stands
    std::map<std::string, std::string> aliases_; // code by compared folk name
    std::map<fs::path, std::vector<std::string>> changed_;
    std::vector<std::string> taken_;
    std::vector<std::string> left_;
    content_change made_;
};

} // namespace

content_change make_content_change(
    const fs::path& intents,
    const fs::path& queries,
    const std::vector<app::unknown_decision>& decisions)
{
    maker all(intents, queries);
    // Oldest first, so that what was decided first stands first.
    for (auto one = decisions.rbegin(); one != decisions.rend(); ++one)
        all.add(*one);
    return std::move(all).finish();
}

} // namespace motcua::content
