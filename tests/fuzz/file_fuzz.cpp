#include <adapters/content/yaml_tree.hpp>
#include <fuzz/targets.hpp>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/dossiers/encoding.hpp>
#include <motcua/core/complaints/search.hpp>
#include <motcua/core/dossiers/csv.hpp>
#include <motcua/core/dossiers/export.hpp>
#include <motcua/core/text/csv.hpp>
#include <motcua/core/text/unicode.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace motcua::fuzz {
namespace {

namespace fs = std::filesystem;

dossiers::export_format format_of_exports()
{
    dossiers::export_format format;
    format.columns = {
        {dossiers::comparable("Mã hồ sơ"), dossiers::column::code},
        {dossiers::comparable("Tên thủ tục"), dossiers::column::procedure},
        {dossiers::comparable("Trạng thái"), dossiers::column::status},
        {dossiers::comparable("Ngày hẹn trả"), dossiers::column::due},
        {dossiers::comparable("Ghi chú"), dossiers::column::note},
        {dossiers::comparable("Số điện thoại"), dossiers::column::phone}};
    format.statuses = {
        {dossiers::comparable("Đang xử lý"), dossiers::status::processing},
        {dossiers::comparable("Đã trả"), dossiers::status::returned}};
    return format;
}

std::size_t depth_of(const content::yaml_value& value)
{
    std::size_t deepest = 0;
    for (const auto& item : value.items)
        deepest = std::max(deepest, depth_of(item));
    for (const auto& entry : value.entries)
        deepest = std::max(deepest, depth_of(entry.value));
    return deepest + 1;
}

// One file of this process, written anew for each run.
class own_file
{
public:
    explicit own_file(std::string_view extension)
    {
        path_ = fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
        path_ /= "motcua-fuzz-" + std::to_string(::getpid()) + std::string(extension);
    }
    ~own_file() { fs::remove(path_); }
    own_file(const own_file&) = delete;
    own_file& operator=(const own_file&) = delete;

    const fs::path& with(std::string_view bytes) const
    {
        std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
        return path_;
    }

private:
    fs::path path_;
};

} // namespace

// The first byte chooses the encoding.
void dossier_export(std::string_view bytes)
{
    static const std::vector<std::string> encodings{"utf-8", "utf-16", "windows-1258", "tcvn"};
    static const auto format = format_of_exports();
    if (bytes.empty())
        return;
    const auto which = static_cast<unsigned char>(bytes.front()) % encodings.size();
    const auto text = dossier_files::to_utf8(bytes.substr(1), encodings[which]);
    if (!text)
        return;
    const auto seal = [](std::string_view proof) { return std::to_string(proof.size()); };
    const auto found = dossiers::read_export_text(*text, format, {}, seal);
    std::set<std::string> codes;
    for (const auto& row : found.rows)
        expect(codes.insert(row.code).second);
    expect(found.faults.size() <= dossiers::faults_kept);
    for (const auto& fault : found.faults)
        expect(fault.why.size() < 500);
}

// The first byte chooses the kind of file.
void procedure_import(std::string_view bytes)
{
    static const own_file lines(".jsonl");
    static const own_file whole(".json");
    static const own_file tree(".yml");
    if (bytes.empty())
        return;
    const std::array<const own_file*, 3> kinds{&lines, &whole, &tree};
    const auto& file = *kinds[static_cast<unsigned char>(bytes.front()) % kinds.size()];
    const auto found = content::read_procedures(file.with(bytes.substr(1)));
    for (const auto& record : found.records)
        expect(!record.code.empty() && text::is_nfc(record.name));
}

// Cells, divided by tabs, are written as one line of an export and read back: each is what it was,
// but for the apostrophe, and none is a formula.
void spreadsheet(std::string_view bytes)
{
    std::vector<std::string> cells{"first"};
    while (!bytes.empty() && cells.size() < 50) {
        const auto end = std::min(bytes.find('\x1F'), bytes.size());
        cells.emplace_back(bytes.substr(0, std::min<std::size_t>(end, 4000)));
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    std::string line;
    for (const auto& cell : cells)
        line += (line.empty() ? "" : ",") + text::csv_cell(cell);
    line += "\r\n";
    dossiers::csv_reader reader(line, ',');
    const auto read = reader.next();
    expect(read && read->cells.size() == cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto& back = read->cells[i];
        expect(back == cells[i] || back == "'" + cells[i]);
        expect(
            back.empty() ||
            std::string_view("=@\t\r").find(back.front()) == std::string_view::npos);
    }
    expect(!reader.next());
    // The other writer, with any delimiter.
    std::string other;
    for (const auto& cell : cells)
        other += (other.empty() ? "" : ";") + dossiers::csv_cell(cell, ';');
    dossiers::csv_reader again(other, ';');
    const auto same = again.next();
    expect(same && same->cells == cells);
}

void search_string(std::string_view bytes)
{
    const auto nfc = text::to_nfc(bytes);
    expect(text::is_nfc(nfc) && text::to_nfc(nfc) == nfc);
    const auto terms = complaints::parse_search(nfc);
    for (const auto& word : terms.words)
        expect(word.find_first_of("\"*():^-+ ") == std::string::npos); // nothing of FTS's own
    expect(complaints::parse_search(nfc) == terms);
    static_cast<void>(complaints::label_key(nfc));
    static_cast<void>(complaints::dossier_word(nfc));
    expect(text::code_points(text::prefix(nfc, 100)) <= 100);
}

void yaml(std::string_view bytes)
{
    const auto parsed = content::parse_yaml(std::string(bytes));
    if (const auto* tree = std::get_if<content::yaml_value>(&parsed))
        expect(depth_of(*tree) <= content::yaml_depth_limit + 1);
    else
        expect(std::get<content::yaml_fault>(parsed).line >= 1);
}

} // namespace motcua::fuzz
