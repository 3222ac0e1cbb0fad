#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/core/procedures/catalogue.hpp>
#include <motcua/core/text/unicode.hpp>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace motcua::content {
namespace {

using nlohmann::json;
using procedures::procedure;

constexpr std::size_t line_limit_bytes = 4UL * 1024 * 1024;
constexpr std::size_t file_limit_bytes = 1024UL * 1024 * 1024; // after decompression
constexpr std::size_t yaml_limit_bytes = line_limit_bytes;
constexpr std::size_t depth_limit = 32;
constexpr std::size_t list_limit = 2000;          // entries of one list in a record
constexpr std::size_t bad_lines_limit = 100;      // unreadable lines before a file is given up
constexpr std::size_t files_limit = 20000;        // files of a directory
constexpr std::size_t chunk_bytes = 256UL * 1024; // read at once

// --- Findings -----------------------------------------------------------------------------------

class report
{
public:
    report(procedure_file& result, std::string file) : result_(result), file_(std::move(file)) {}

    void at(std::size_t line) { line_ = line; }
    std::size_t line() const { return line_; }
    const std::string& file() const { return file_; }
    void warn(std::string message) { add(finding::grade::warning, std::move(message)); }
    void fail(std::string message) { add(finding::grade::error, std::move(message)); }
    void skip(std::string message)
    {
        ++result_.skipped;
        fail(std::move(message));
    }
    void keep(procedure record)
    {
        auto doubts = procedures::check(record, file_, line_);
        std::move(doubts.begin(), doubts.end(), std::back_inserter(result_.findings));
        if (!codes_.insert(record.code).second)
            warn(record.code + ": the code occurs twice in this file");
        result_.records.push_back(std::move(record));
    }

private:
    void add(finding::grade severity, std::string message)
    {
        result_.findings.push_back(
            {.file = file_, .line = line_, .severity = severity, .message = std::move(message)});
    }

    procedure_file& result_;
    std::string file_;
    std::size_t line_ = 0;
    std::set<std::string> codes_;
};

// --- Text and dates -----------------------------------------------------------------------------

std::string trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

std::string clean(std::string_view raw)
{
    return trimmed(text::to_nfc(raw));
}

// The upper case of one lower-case letter of Vietnamese; other letters stay.
std::string upper_letter(std::string_view small)
{
    static const std::map<std::string, std::string, std::less<>> capitals = [] {
        constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂ"
                                             "ỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ";
        std::map<std::string, std::string, std::less<>> built;
        for (std::string_view rest = letters; !rest.empty();) {
            const auto letter = text::prefix(rest, 1);
            built.emplace(text::lower(letter), std::string(letter));
            rest.remove_prefix(letter.size());
        }
        return built;
    }();
    const auto found = capitals.find(small);
    return found == capitals.end() ? std::string(small) : found->second;
}

// The name as it is shown: one line, without "Thủ tục", capitals undone, first letter a capital.
std::string clean_name(std::string_view raw)
{
    std::string name;
    for (const char byte : clean(raw)) {
        const bool blank = byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
        if (!blank || (!name.empty() && name.back() != ' '))
            name += blank ? ' ' : byte;
    }
    const auto lower = text::lower(name);
    constexpr std::string_view lead = "thủ tục ";
    const bool has_lead = lower.size() == name.size() && lower.starts_with(lead);
    // All capitals: nothing changes when the letters are put in upper case again.
    bool has_small = false;
    std::size_t letters = 0;
    for (std::string_view rest = name; !rest.empty();) {
        const auto letter = text::prefix(rest, 1);
        if (letter.empty())
            break;
        has_small |= upper_letter(letter) != letter;
        letters += text::lower(letter) != letter ? 1U : 0U;
        rest.remove_prefix(letter.size());
    }
    if (!has_small && letters > 3)
        name = lower;
    if (has_lead)
        name.erase(0, lead.size());
    const auto first = text::prefix(name, 1);
    return upper_letter(first) + name.substr(first.size());
}

std::optional<int> number(std::string_view digits)
{
    int value = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc() || stop != end)
        return std::nullopt;
    return value;
}

// "2026-07-18", also at the front of "2026-07-18T09:13:46.134Z". Empty if it is no day of the
// calendar.
std::optional<procedures::date> date_from(std::string_view text)
{
    if (text.size() < 10 || text[4] != '-' || text[7] != '-' ||
        (text.size() > 10 && text[10] != 'T'))
        return std::nullopt;
    const auto year = number(text.substr(0, 4));
    const auto month = number(text.substr(5, 2));
    const auto day = number(text.substr(8, 2));
    if (!year || !month || !day || *month < 1 || *day < 1)
        return std::nullopt;
    const procedures::date value{
        std::chrono::year(*year),
        std::chrono::month(static_cast<unsigned>(*month)),
        std::chrono::day(static_cast<unsigned>(*day))};
    return value.ok() ? std::optional(value) : std::nullopt;
}

// The day the data of a source was current, as its label says: a day, the end of a month, or the
// end of a year ("opengov-2026-07-18", "vnpt-2026-06/07", "nhdandz-2025").
std::optional<procedures::date> date_of_source(std::string_view label)
{
    if (label == "hongdienvbhp-2026") // a handbook of 2025–26: the older end counts
        return procedures::date{
            std::chrono::year(2025), std::chrono::December, std::chrono::day(31)};
    const auto dash = label.find("-2");
    if (dash == std::string_view::npos)
        return std::nullopt;
    const auto when = label.substr(dash + 1);
    if (const auto day = date_from(when))
        return day;
    const auto year = number(when.substr(0, 4));
    if (!year || when.size() < 4)
        return std::nullopt;
    auto month = std::chrono::December;
    if (when.size() >= 7 && when[4] == '-') {
        const auto named = number(when.substr(5, 2));
        if (!named || *named < 1 || *named > 12)
            return std::nullopt;
        month = std::chrono::month(static_cast<unsigned>(*named));
    }
    return procedures::date(std::chrono::year(*year) / month / std::chrono::last);
}

std::string name_of_source(std::string_view label)
{
    if (label.starts_with("nhdandz"))
        return "Quyết định công bố thủ tục của Bộ Quốc phòng";
    if (label.starts_with("hongdienvbhp"))
        return "Sổ tay thủ tục hành chính cấp xã";
    return "Cổng Dịch vụ công quốc gia";
}

bool says_nothing(std::string_view text)
{
    static constexpr std::array<std::string_view, 5> words{
        "không có thông tin", "không có", "không quy định", "none", ""};
    const auto lower = text::lower(text);
    return std::find(words.begin(), words.end(), lower) != words.end();
}

// --- Reading JSON of unknown shape --------------------------------------------------------------

// One JSON object whose members may have any type. Wrong types are reported and read as absent.
class fields
{
public:
    fields(const json& object, std::string where, report& findings)
        : object_(object), where_(std::move(where)), findings_(findings)
    {
    }

    bool has(std::string_view key) const { return present(key) != nullptr; }

    std::string text(std::string_view key) const
    {
        const auto* value = present(key);
        if (value == nullptr)
            return {};
        if (!value->is_string())
            return wrong<std::string>(key, "a string");
        const auto& raw = value->get_ref<const std::string&>();
        if (raw.find('\0') != std::string::npos)
            findings_.warn(where_ + std::string(key) + ": NUL character dropped");
        return clean(raw);
    }

    std::optional<double> numeric(std::string_view key) const
    {
        const auto* value = present(key);
        if (value == nullptr)
            return std::nullopt;
        if (!value->is_number())
            return wrong<std::optional<double>>(key, "a number");
        return value->get<double>();
    }

    // A count of papers or a quantity of time; fractions and huge numbers are no counts.
    std::optional<int> count(std::string_view key) const
    {
        const auto value = numeric(key);
        constexpr double most = 1e6;
        if (!value)
            return std::nullopt;
        if (*value < 0 || *value > most || std::floor(*value) != *value)
            return wrong<std::optional<int>>(key, "a whole number from 0 to 1,000,000");
        return static_cast<int>(*value);
    }

    std::optional<std::int64_t> amount(std::string_view key) const
    {
        const auto value = numeric(key);
        constexpr double most = 1e13;
        if (!value)
            return std::nullopt;
        if (*value < 0 || *value > most || std::floor(*value) != *value)
            return wrong<std::optional<std::int64_t>>(key, "a whole amount of đồng");
        return static_cast<std::int64_t>(*value);
    }

    bool flag(std::string_view key, bool otherwise) const
    {
        const auto* value = present(key);
        if (value == nullptr)
            return otherwise;
        if (!value->is_boolean())
            return wrong<std::optional<bool>>(key, "true or false").value_or(otherwise);
        return value->get<bool>();
    }

    std::vector<std::string> texts(std::string_view key) const
    {
        std::vector<std::string> result;
        for (const json& item : items(key)) {
            if (!item.is_string()) {
                wrong<int>(key, "a list of strings");
                continue;
            }
            if (auto value = clean(item.get_ref<const std::string&>()); !value.empty())
                result.push_back(std::move(value));
        }
        return result;
    }

    // The objects of a list, each with its place for messages.
    std::vector<fields> objects(std::string_view key) const
    {
        std::vector<fields> result;
        for (const json& item : items(key)) {
            if (item.is_object())
                result.emplace_back(item, where_ + std::string(key) + ".", findings_);
            else
                wrong<int>(key, "a list of objects");
        }
        return result;
    }

    std::optional<fields> object(std::string_view key) const
    {
        const auto* value = present(key);
        if (value == nullptr)
            return std::nullopt;
        if (!value->is_object())
            return wrong<std::optional<fields>>(key, "an object");
        return fields(*value, where_ + std::string(key) + ".", findings_);
    }

    const json* present(std::string_view key) const
    {
        const auto found = object_.find(key);
        return found == object_.end() || found->is_null() ? nullptr : &*found;
    }

    void warn(const std::string& message) const { findings_.warn(where_ + message); }

private:
    template <class Value>
    Value wrong(std::string_view key, std::string_view expected) const
    {
        findings_.warn(
            where_ + std::string(key) + ": expected " + std::string(expected) + ", ignored");
        return Value{};
    }

    std::vector<std::reference_wrapper<const json>> items(std::string_view key) const
    {
        std::vector<std::reference_wrapper<const json>> result;
        const auto* value = present(key);
        if (value == nullptr)
            return result;
        if (!value->is_array())
            return wrong<decltype(result)>(key, "a list");
        for (const auto& item : *value) {
            if (result.size() == list_limit) {
                warn(
                    std::string(key) + ": more than " + std::to_string(list_limit) +
                    " entries, the rest ignored");
                break;
            }
            result.emplace_back(item);
        }
        return result;
    }

    const json& object_;
    std::string where_;
    report& findings_;
};

// --- What the two national shapes share ---------------------------------------------------------

std::optional<procedures::time_unit> unit_from(std::string_view word)
{
    using procedures::time_unit;
    static const std::map<std::string_view, time_unit> units{
        {"HOUR", time_unit::hour},
        {"DAY", time_unit::day},
        {"WORKING_DAY", time_unit::working_day},
        {"MONTH", time_unit::month},
        {"OTHER", time_unit::unknown}};
    const auto found = units.find(word);
    return found == units.end() ? std::nullopt : std::optional(found->second);
}

std::optional<procedures::method> method_from(std::string_view word)
{
    using procedures::method;
    static const std::map<std::string_view, method> methods{
        {"ONLINE", method::online}, {"DIRECT", method::direct}, {"POSTAL", method::postal}};
    const auto found = methods.find(word);
    return found == methods.end() ? std::nullopt : std::optional(found->second);
}

procedures::fee_kind fee_kind_from(std::string_view word)
{
    return word == "FEE"           ? procedures::fee_kind::fee
           : word == "SERVICE_FEE" ? procedures::fee_kind::charge
                                   : procedures::fee_kind::unknown;
}

// Words that stand where a number should: "3,5 ngày làm việc" for 3.5 WORKING_DAY.
std::string fraction_text(double quantity, procedures::time_unit unit)
{
    std::ostringstream out;
    out << quantity;
    auto words = out.str();
    std::replace(words.begin(), words.end(), '.', ',');
    using procedures::time_unit;
    switch (unit) {
    case time_unit::hour:
        return words + " giờ";
    case time_unit::day:
        return words + " ngày";
    case time_unit::working_day:
        return words + " ngày làm việc";
    case time_unit::month:
        return words + " tháng";
    case time_unit::unknown:
        break;
    }
    return {};
}

// A quantity may be a whole number, a fraction, or prose ("Không quá 15 ngày kể từ …").
procedures::duration
duration_of(const fields& row, std::string_view quantity_key, std::string_view unit_key)
{
    procedures::duration time;
    const auto unit_word = row.text(unit_key);
    if (const auto unit = unit_from(unit_word))
        time.unit = *unit;
    else if (!unit_word.empty())
        row.warn(std::string(unit_key) + ": unknown unit of time");
    const auto* quantity = row.present(quantity_key);
    if (quantity == nullptr)
        return time;
    if (quantity->is_string()) {
        auto words = row.text(quantity_key);
        if (const auto whole = number(words))
            time.quantity = whole;
        else if (!says_nothing(words))
            time.note = std::move(words);
        return time;
    }
    if (quantity->is_number_float() &&
        std::floor(quantity->get<double>()) != quantity->get<double>()) {
        time.note = fraction_text(quantity->get<double>(), time.unit);
        if (time.note.empty())
            row.warn(std::string(quantity_key) + ": a fraction without a unit, ignored");
        return time;
    }
    time.quantity = row.count(quantity_key);
    return time;
}

bool same_time(const procedures::duration& left, const procedures::duration& right)
{
    return left.quantity == right.quantity && left.unit == right.unit && left.note == right.note;
}

// One channel can appear several times with different fees: they become one channel.
void add_channel(std::vector<procedures::channel>& channels, procedures::channel added)
{
    for (auto& known : channels) {
        if (known.how == added.how && known.note == added.note &&
            same_time(known.time, added.time)) {
            std::move(added.fees.begin(), added.fees.end(), std::back_inserter(known.fees));
            return;
        }
    }
    channels.push_back(std::move(added));
}

// "Công dân Việt Nam, Tổ chức (không bao gồm doanh nghiệp, HTX)": commas in brackets do not part.
std::vector<std::string> split_list(std::string_view text)
{
    std::vector<std::string> parts;
    int depth = 0;
    std::size_t start = 0;
    for (std::size_t at = 0; at <= text.size(); ++at) {
        const bool end = at == text.size();
        if (!end && text[at] == '(')
            ++depth;
        if (!end && text[at] == ')')
            --depth;
        if (end || (depth <= 0 && (text[at] == ',' || text[at] == ';' || text[at] == '\n'))) {
            if (auto part = trimmed(text.substr(start, at - start));
                !part.empty() && !says_nothing(part))
                parts.push_back(std::move(part));
            start = at + 1;
        }
    }
    return parts;
}

// The lowest level counts: that is where a citizen goes first.
procedures::level level_from_label(std::string_view label)
{
    const auto lower = text::lower(label);
    if (lower.find("cấp xã") != std::string::npos)
        return procedures::level::commune;
    if (lower.find("cấp tỉnh") != std::string::npos)
        return procedures::level::province;
    if (lower.find("cấp bộ") != std::string::npos)
        return procedures::level::ministry;
    return procedures::level::unknown;
}

// Without a label the executing body tells the level.
procedures::level level_from_bodies(const std::vector<std::string>& bodies)
{
    auto best = procedures::level::unknown;
    for (const auto& body : bodies) {
        const auto lower = text::lower(body);
        const auto names = [&lower](std::string_view word) {
            return lower.find(word) != std::string::npos;
        };
        if (names("cấp xã") || names("ủy ban nhân dân xã") || names("công an xã"))
            return procedures::level::commune;
        if (names("cấp tỉnh") || names("tỉnh") || lower.starts_with("sở ") || names("chi nhánh") ||
            names("khu vực"))
            best = procedures::level::province;
        else if (
            best == procedures::level::unknown &&
            (lower.starts_with("bộ ") || lower.starts_with("cục ") ||
             lower.starts_with("tổng cục")))
            best = procedures::level::ministry;
    }
    return best;
}

// The bodies as they are printed: "Công an cấp Xã" is written "Công an cấp xã".
std::vector<std::string> clean_bodies(std::vector<std::string> bodies)
{
    for (auto& body : bodies) {
        constexpr std::string_view capital = "cấp Xã";
        if (const auto at = body.find(capital); at != std::string::npos)
            body.replace(at, capital.size(), "cấp xã");
    }
    return bodies;
}

// Customs and tax offices are labelled as communes in the data (SOURCES.md, 5).
bool is_vertical_office(const std::vector<std::string>& bodies)
{
    return !bodies.empty() &&
           std::all_of(bodies.begin(), bodies.end(), [](const std::string& body) {
               const auto lower = text::lower(body);
               return lower.find("hải quan") != std::string::npos ||
                      lower.find("thuế") != std::string::npos;
           });
}

void settle_level(procedure& record, std::string_view label, const fields& row)
{
    record.at = level_from_label(label);
    if (record.at == procedures::level::unknown)
        record.at = level_from_bodies(record.executing);
    if (record.at == procedures::level::commune && is_vertical_office(record.executing)) {
        row.warn(
            "level: labelled as commune but handled by customs or tax offices; read as province");
        record.at = procedures::level::province;
    }
}

// "Thông tư số 03/2023/TT-BTP" is a title that holds its number; "03/2023/TT-BTP" is a number.
procedures::legal_text legal_from(std::string text)
{
    if (text.find(' ') == std::string::npos)
        return {.number = std::move(text), .title = {}};
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (word.find('/') != std::string::npos && word.front() >= '0' && word.front() <= '9') {
            while (!word.empty() &&
                   (word.back() == ',' || word.back() == ';' || word.back() == '.'))
                word.pop_back();
            return {.number = std::move(word), .title = std::move(text)};
        }
    }
    return {.number = {}, .title = std::move(text)};
}

// The crawl glued the first letters of the next title to some numbers ("53/2025/TT-BCAL",
// "76/2025/QH15Th"): such a number is dropped when the sound one is there too.
void read_legal_codes(procedure& record, const fields& row)
{
    auto codes = row.texts("legal_codes");
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    std::size_t glued = 0;
    for (const auto& code : codes) {
        const auto before =
            record.legal_basis.empty() ? std::string() : record.legal_basis.back().number;
        if (!before.empty() && before.find('/') != std::string::npos && code.starts_with(before)) {
            ++glued;
            continue;
        }
        record.legal_basis.push_back(legal_from(code));
    }
    if (glued != 0)
        row.warn("legal_codes: " + std::to_string(glued) + " numbers glued to other text, dropped");
}

// The code, name and source every record has. False if the row is no record.
bool read_head(procedure& record, const fields& row, report& findings)
{
    const auto typed = row.text("code");
    record.code = procedures::canonical_code(typed);
    if (record.code.empty())
        record.code = typed; // an odd code is kept and reported by check()
    record.name = clean_name(row.text("name"));
    if (!record.code.empty() && !record.name.empty())
        return true;
    findings.skip(
        record.code.empty() ? "row without a code" : record.code + ": row without a name");
    return false;
}

// The later of the date in the source's label and the record's own date of change.
void settle_date(procedure& record, std::string_view changed, const fields& row)
{
    const auto by_label = date_of_source(record.from.loaded_from);
    const auto by_record = date_from(changed);
    if (!changed.empty() && !by_record)
        row.warn("updated_at: no date");
    if (by_label)
        record.from.as_of = *by_label;
    if (by_record && (!by_label || *by_label < *by_record))
        record.from.as_of = *by_record;
    if (!by_label && !by_record)
        row.warn("source: no date in it");
}

// --- The unified shape --------------------------------------------------------------------------

procedures::channel unified_channel(const fields& row, procedures::method how)
{
    procedures::channel channel;
    channel.how = how;
    channel.time = duration_of(row, "time_qty", "time_unit");
    // What the portal printed is kept as words when it is more than number and unit.
    const auto raw_time = row.text("time_raw");
    if (!channel.time.quantity && channel.time.note.empty() && !says_nothing(raw_time))
        channel.time.note = raw_time;
    constexpr std::string_view other = " OTHER";
    if (channel.time.note.ends_with(other))
        channel.time.note.resize(channel.time.note.size() - other.size());
    channel.note = row.text("note");
    if (says_nothing(channel.note))
        channel.note.clear();

    procedures::fee fee;
    fee.kind = fee_kind_from(row.text("fee_type"));
    fee.note = row.text("fee_note");
    const auto currency = row.text("fee_currency");
    if (currency.empty() || currency == "VND")
        fee.amount_vnd = row.amount("fee_value");
    else // "10 USD" is no amount in đồng
        fee.note = row.text("fee_raw") + (fee.note.empty() ? "" : " " + fee.note);
    // Several fees in one cell: "Phí : 2.000.000 Đồng (…)\nPhí : 3.500.000 Đồng (…)".
    const auto raw_fee = row.text("fee_raw");
    if (!fee.amount_vnd && fee.note.empty() && !says_nothing(raw_fee))
        fee.note = raw_fee;
    channel.fees.push_back(std::move(fee));
    return channel;
}

void read_unified_channels(procedure& record, const fields& row)
{
    for (const auto& item : row.objects("channels")) {
        if (const auto how = method_from(item.text("method")))
            add_channel(record.channels, unified_channel(item, *how));
        else
            item.warn("method: neither ONLINE, DIRECT nor POSTAL; channel ignored");
    }
}

void read_unified_documents(procedure& record, const fields& row)
{
    for (const auto& item : row.objects("documents")) {
        procedures::document paper;
        paper.group = item.text("group");
        paper.name = item.text("name");
        paper.originals = item.count("ban_chinh").value_or(0);
        paper.copies = item.count("ban_sao").value_or(0);
        const auto* file = item.present("form_file");
        if (file != nullptr) {
            procedures::form form;
            if (file->is_array()) {
                const auto names = item.texts("form_file");
                form.id = names.empty() ? "" : names.front();
            } else {
                const auto names = item.text("form_file");
                form.id = names.substr(0, names.find('\n'));
            }
            if (!form.id.empty())
                paper.attached_form = std::move(form);
        } else if (item.flag("has_form_file", false)) {
            paper.attached_form = procedures::form{};
        }
        if (paper.name.empty())
            item.warn("a paper without a name, ignored");
        else
            record.documents.push_back(std::move(paper));
    }
}

void read_unified_cases(procedure& record, const fields& row)
{
    for (const auto& item : row.objects("processing_cases")) {
        procedures::processing_case one;
        one.time = duration_of(item, "qty", "unit");
        record.cases.push_back(std::move(one));
    }
}

void warn_of_flags(const procedure& record, const fields& row, report& findings)
{
    for (const auto& flag : row.texts("flags")) {
        if (flag == "channels_unparsed")
            findings.warn(
                record.code +
                ": channels not parsed by the export; time and fee may be incomplete");
        else if (flag == "documents_unparsed")
            findings.warn(
                record.code + ": documents not parsed by the export; papers may be incomplete");
        else if (flag == "abridged_by_hand")
            findings.warn(
                record.code + ": abridged by hand from a handbook; compare with the portal");
    }
}

void read_unified(const json& object, report& findings)
{
    const fields row(object, "", findings);
    procedure record;
    if (!read_head(record, row, findings))
        return;
    record.from.loaded_from = row.text("source");
    record.from.name = name_of_source(record.from.loaded_from);
    settle_date(record, row.text("updated_at"), row);
    record.decision_no = row.text("decision_no");
    record.kind = row.text("kind");
    record.field = row.text("category");
    record.promulgator = row.text("promulgator");
    record.subjects = split_list(row.text("subjects"));
    record.steps = row.text("steps");
    record.requirements = row.text("requirements");
    record.executing = row.texts("executing");
    if (record.executing.empty())
        record.executing = split_list(row.text("agency"));
    record.competent_authority = row.text("competent_authority");
    record.receiving_address = row.text("receiving_address");
    record.results = row.texts("results");
    read_legal_codes(record, row);
    record.url = row.text("url");
    record.in_catalogue = row.flag("in_catalog", true);
    record.executing = clean_bodies(std::move(record.executing));
    settle_level(record, row.text("level"), row);
    read_unified_channels(record, row);
    read_unified_documents(record, row);
    read_unified_cases(record, row);
    warn_of_flags(record, row, findings);
    findings.keep(std::move(record));
}

// --- The portal's own shape ---------------------------------------------------------------------

void read_portal_channels(procedure& record, const fields& row)
{
    for (const auto& item : row.objects("channels")) {
        const auto how = method_from(item.text("method"));
        if (!how) {
            item.warn("method: neither ONLINE, DIRECT nor POSTAL; channel ignored");
            continue;
        }
        procedures::channel channel;
        channel.how = *how;
        if (const auto time = item.object("processing"))
            channel.time = duration_of(*time, "qty", "unit");
        channel.note = item.text("note");
        for (const auto& cost : item.objects("fees"))
            channel.fees.push_back(
                {.kind = fee_kind_from(cost.text("type")),
                 .amount_vnd = cost.amount("value_vnd"),
                 .note = cost.text("text")});
        add_channel(record.channels, std::move(channel));
    }
}

void read_portal_documents(procedure& record, const fields& row)
{
    for (const auto& group : row.objects("checklist_raw")) {
        const auto label = group.text("group");
        for (const auto& item : group.objects("items")) {
            procedures::document paper;
            paper.group = label;
            paper.name = item.text("name");
            paper.originals = item.count("original_qty").value_or(0);
            paper.copies = item.count("copy_qty").value_or(0);
            const auto attachments = item.objects("attachments");
            if (!attachments.empty())
                paper.attached_form =
                    procedures::form{.name = {}, .id = attachments.front().text("id"), .url = {}};
            if (paper.name.empty())
                item.warn("a paper without a name, ignored");
            else
                record.documents.push_back(std::move(paper));
        }
    }
}

void read_portal_steps(procedure& record, const fields& row)
{
    for (const auto& step : row.objects("steps_raw")) {
        for (const auto& part : {step.text("name"), step.text("text")}) {
            if (!part.empty())
                record.steps += (record.steps.empty() ? "" : "\n") + part;
        }
    }
}

void read_portal(const json& object, report& findings)
{
    const fields row(object, "", findings);
    procedure record;
    if (!read_head(record, row, findings))
        return;
    if (const auto source = row.object("source")) {
        record.url = source->text("url");
        const auto crawled = source->text("crawled_at");
        record.from.loaded_from = "opengov-" + crawled.substr(0, 10);
        settle_date(record, source->text("updated_at"), row);
    } else {
        row.warn("source: missing, no date of the data");
    }
    record.from.name = name_of_source("opengov");
    record.portal_id = row.text("source_id");
    if (const auto category = row.object("category"))
        record.field = category->text("name");
    record.promulgator = row.text("promulgating_agency");
    record.executing = clean_bodies(split_list(row.text("executing_agency")));
    record.subjects = row.texts("subject_types");
    record.results = row.texts("results");
    record.requirements = row.text("requirements");
    for (const auto& text : row.objects("legal_basis"))
        record.legal_basis.push_back({.number = text.text("code"), .title = text.text("name")});
    const auto state = row.text("state");
    if (!state.empty() && state != "ACTIVE" && state != "UPDATED") {
        record.in_catalogue = false;
        row.warn(
            "state " + state.substr(0, 32) + ": neither ACTIVE nor UPDATED, not answered from");
    }
    settle_level(record, {}, row);
    read_portal_steps(record, row);
    read_portal_channels(record, row);
    read_portal_documents(record, row);
    read_unified_cases(record, row);
    findings.keep(std::move(record));
}

// --- A row of the national catalogue: no contents, enough to be found ----------------------------

void read_catalogue_row(const json& object, report& findings)
{
    const fields row(object, "", findings);
    procedure record;
    if (!read_head(record, row, findings))
        return;
    record.from.name = name_of_source("opengov");
    record.from.loaded_from = row.text("source");
    if (!record.from.loaded_from.empty())
        settle_date(record, row.text("updated_at"), row);
    record.portal_id = row.text("id");
    for (const auto& category : row.texts("categories"))
        record.field += (record.field.empty() ? "" : ", ") + category;
    record.promulgator = row.text("promulgator");
    record.subjects = row.texts("subjects");
    record.executing = clean_bodies(row.texts("executing"));
    const auto state = row.text("state");
    record.in_catalogue = state.empty() || state == "ACTIVE" || state == "UPDATED";
    settle_level(record, record.name, row);
    findings.keep(std::move(record));
}

// --- JSON lines ---------------------------------------------------------------------------------

// Nesting of brackets outside strings, without parsing: the parser must not see a tower of them.
std::size_t depth_of(std::string_view line)
{
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char byte = line[at];
        if (in_string) {
            if (byte == '\\')
                ++at;
            else if (byte == '"')
                in_string = false;
        } else if (byte == '"') {
            in_string = true;
        } else if (byte == '{' || byte == '[') {
            deepest = std::max(deepest, ++depth);
        } else if ((byte == '}' || byte == ']') && depth > 0) {
            --depth;
        }
    }
    return deepest;
}

// False if the line is no record of a shape we know.
bool read_row(std::string_view line, report& findings)
{
    if (line.find('\0') != std::string_view::npos) {
        findings.skip("NUL byte in the line, skipped");
        return false;
    }
    if (depth_of(line) > depth_limit) {
        findings.skip("nested deeper than " + std::to_string(depth_limit) + ", skipped");
        return false;
    }
    const auto row = json::parse(line, nullptr, false);
    if (!row.is_object()) {
        findings.skip(
            row.is_discarded() ? "invalid JSON or UTF-8, skipped" : "not a JSON object, skipped");
        return false;
    }
    if (row.contains("checklist_raw") || row.contains("steps_raw"))
        read_portal(row, findings);
    else if (row.contains("channels") || row.contains("documents") || row.contains("steps"))
        read_unified(row, findings);
    else if (row.contains("code") && row.contains("name"))
        read_catalogue_row(row, findings);
    else {
        findings.skip("neither a procedure record nor a row of the catalogue, skipped");
        return false;
    }
    return true;
}

struct gz_closer
{
    void operator()(gzFile file) const { gzclose(file); }
};
using gz_handle = std::unique_ptr<std::remove_pointer_t<gzFile>, gz_closer>;

// Puts chunks together to lines and reads each; bounded in line, file and unreadable lines.
class line_reader
{
public:
    explicit line_reader(report& findings) : findings_(findings) {}

    // False when the file is given up.
    bool take(std::string_view chunk)
    {
        total_ += chunk.size();
        if (total_ > file_limit_bytes) {
            findings_.at(line_no_ + 1);
            findings_.fail("larger than 1 GiB decompressed, the rest ignored");
            given_up_ = true;
            return false;
        }
        while (!chunk.empty() && !given_up_) {
            const auto end = chunk.find('\n');
            append(chunk.substr(0, end));
            if (end == std::string_view::npos)
                break;
            finish_line();
            chunk.remove_prefix(end + 1);
        }
        return !given_up_;
    }

    void finish()
    {
        if (!given_up_ && (!line_.empty() || overlong_))
            finish_line();
    }

private:
    void append(std::string_view part)
    {
        if (line_.size() + part.size() > line_limit_bytes) {
            overlong_ = true;
            line_.clear();
        }
        if (!overlong_)
            line_ += part;
    }

    void finish_line()
    {
        findings_.at(++line_no_);
        bool fine = true;
        if (overlong_) {
            findings_.skip("line longer than 4 MiB, skipped");
            fine = false;
        } else if (line_.find_first_not_of(" \t\r") != std::string::npos) {
            fine = read_row(line_, findings_);
        }
        line_.clear();
        overlong_ = false;
        if (!fine && ++bad_lines_ == bad_lines_limit) {
            findings_.fail(std::to_string(bad_lines_limit) + " unreadable lines, the rest ignored");
            given_up_ = true;
        }
    }

    report& findings_;
    std::string line_;
    std::size_t line_no_ = 0;
    std::size_t total_ = 0;
    std::size_t bad_lines_ = 0;
    bool overlong_ = false;
    bool given_up_ = false;
};

// --- Our own YAML (docs/procedure-format.md) ----------------------------------------------------

std::size_t line_of(const YAML::Node& node)
{
    const auto mark = node.Mark();
    return mark.line < 0 ? 0 : static_cast<std::size_t>(mark.line) + 1;
}

// One map of the format. Unknown keys, wrong types and bad values are errors with their line.
class entry
{
public:
    entry(const YAML::Node& node, report& findings, std::initializer_list<std::string_view> keys)
        : node_(node), findings_(findings)
    {
        std::set<std::string> seen;
        for (const auto& pair : node_) {
            const auto key = pair.first.IsScalar() ? pair.first.Scalar() : std::string("?");
            if (std::find(keys.begin(), keys.end(), key) == keys.end())
                fail(pair.first, "unknown key '" + key.substr(0, 64) + "'");
            if (!seen.insert(key).second)
                fail(pair.first, "key '" + key.substr(0, 64) + "' occurs twice");
        }
    }

    YAML::Node find(const char* key) const
    {
        const YAML::Node& constant = node_; // the other operator[] would insert
        auto value = constant[key];
        return value.IsDefined() && !value.IsNull() ? value : YAML::Node(YAML::NodeType::Undefined);
    }

    std::string text(const char* key) const
    {
        const auto value = find(key);
        if (!value.IsDefined())
            return {};
        if (!value.IsScalar()) {
            fail(value, std::string(key) + ": expected text");
            return {};
        }
        return clean(value.Scalar());
    }

    std::string compulsory(const char* key) const
    {
        auto value = text(key);
        if (value.empty())
            fail(node_, std::string("missing key '") + key + "'");
        return value;
    }

    std::optional<int> count(const char* key) const
    {
        const auto words = text(key);
        if (words.empty())
            return std::nullopt;
        const auto value = number(words);
        if (!value || *value < 0)
            fail(find(key), std::string(key) + ": expected a whole number");
        return value && *value >= 0 ? value : std::nullopt;
    }

    std::optional<procedures::date> day(const char* key) const
    {
        const auto words = text(key);
        if (words.empty())
            return std::nullopt;
        const auto value = words.size() == 10 ? date_from(words) : std::nullopt;
        if (!value)
            fail(find(key), std::string(key) + ": no such day; write YYYY-MM-DD");
        return value;
    }

    // The value for a word of a fixed list; nothing if the key is absent or the word unknown.
    template <class Value>
    std::optional<Value>
    choice(const char* key, std::initializer_list<std::pair<std::string_view, Value>> words) const
    {
        const auto written = text(key);
        if (written.empty())
            return std::nullopt;
        std::string known;
        for (const auto& [word, value] : words) {
            if (word == written)
                return value;
            known += (known.empty() ? "" : ", ") + std::string(word);
        }
        fail(find(key), std::string(key) + ": expected one of " + known);
        return std::nullopt;
    }

    std::vector<std::string> texts(const char* key) const
    {
        std::vector<std::string> result;
        for (const auto& item : items(key)) {
            if (!item.IsScalar())
                fail(item, std::string(key) + ": expected a list of texts");
            else if (auto value = clean(item.Scalar()); !value.empty())
                result.push_back(std::move(value));
        }
        return result;
    }

    std::vector<entry> entries(const char* key, std::initializer_list<std::string_view> keys) const
    {
        std::vector<entry> result;
        for (const auto& item : items(key)) {
            if (item.IsMap())
                result.emplace_back(item, findings_, keys);
            else
                fail(item, std::string(key) + ": expected a list of maps");
        }
        return result;
    }

    std::optional<entry> map(const char* key, std::initializer_list<std::string_view> keys) const
    {
        const auto value = find(key);
        if (!value.IsDefined())
            return std::nullopt;
        if (!value.IsMap()) {
            fail(value, std::string(key) + ": expected a map");
            return std::nullopt;
        }
        return entry(value, findings_, keys);
    }

    // A fee may not be called free: the data never proves it.
    std::string fee_words(const char* key) const
    {
        auto words = text(key);
        if (text::lower(words).find("miễn phí") != std::string::npos)
            fail(
                find(key),
                std::string(key) +
                    ": a fee is stated free; write the amount, or who is exempt by which text");
        return words;
    }

    void fail(const YAML::Node& node, std::string message) const
    {
        const auto before = findings_.line();
        findings_.at(node.IsDefined() ? line_of(node) : line_of(node_));
        findings_.fail(std::move(message));
        findings_.at(before);
    }

    const YAML::Node& node() const { return node_; }

private:
    std::vector<YAML::Node> items(const char* key) const
    {
        std::vector<YAML::Node> result;
        const auto value = find(key);
        if (!value.IsDefined())
            return result;
        if (!value.IsSequence()) {
            fail(value, std::string(key) + ": expected a list");
            return result;
        }
        if (value.size() > list_limit)
            fail(
                value,
                std::string(key) + ": more than " + std::to_string(list_limit) +
                    " entries, the rest ignored");
        for (const auto& item : value) {
            if (result.size() == list_limit)
                break;
            result.push_back(item);
        }
        return result;
    }

    YAML::Node node_;
    report& findings_;
};

procedures::duration yaml_time(const entry& row)
{
    using procedures::time_unit;
    procedures::duration time;
    if (const auto written = row.map("time", {"quantity", "unit", "note"})) {
        time.quantity = written->count("quantity");
        time.unit = written
                        ->choice<time_unit>(
                            "unit",
                            {{"hour", time_unit::hour},
                             {"day", time_unit::day},
                             {"working_day", time_unit::working_day},
                             {"month", time_unit::month}})
                        .value_or(time_unit::unknown);
        time.note = written->text("note");
    }
    return time;
}

procedures::fee yaml_fee(const entry& row)
{
    using procedures::fee_kind;
    procedures::fee fee;
    fee.kind = row.choice<fee_kind>("kind", {{"fee", fee_kind::fee}, {"charge", fee_kind::charge}})
                   .value_or(fee_kind::unknown);
    if (const auto amount = row.count("amount"))
        fee.amount_vnd = *amount;
    fee.note = row.fee_words("note");
    return fee;
}

procedures::channel yaml_channel(const entry& row)
{
    using procedures::method;
    procedures::channel channel;
    row.compulsory("method");
    channel.how =
        row.choice<method>(
               "method",
               {{"online", method::online}, {"direct", method::direct}, {"postal", method::postal}})
            .value_or(method::direct);
    channel.time = yaml_time(row);
    channel.note = row.fee_words("note");
    for (const auto& fee : row.entries("fees", {"kind", "amount", "note"}))
        channel.fees.push_back(yaml_fee(fee));
    return channel;
}

void read_yaml_documents(procedure& record, const entry& row)
{
    for (const auto& group : row.entries("documents", {"group", "papers"})) {
        const auto label = group.text("group");
        const auto papers = group.entries("papers", {"name", "originals", "copies", "form"});
        if (papers.empty())
            group.fail(group.node(), "papers: a group without papers");
        for (const auto& item : papers) {
            procedures::document paper;
            paper.group = label;
            paper.name = item.compulsory("name");
            paper.originals = item.count("originals").value_or(0);
            paper.copies = item.count("copies").value_or(0);
            if (const auto form = item.map("form", {"name", "id", "url"}))
                paper.attached_form = procedures::form{
                    .name = form->text("name"), .id = form->text("id"), .url = form->text("url")};
            record.documents.push_back(std::move(paper));
        }
    }
}

void read_yaml_overlay(procedure& record, const entry& row)
{
    using online_level = procedures::overlay::online_level;
    const auto local = row.map(
        "local",
        {"short_name",
         "aliases",
         "online",
         "postal_return",
         "fee_text",
         "fee_resolution",
         "fee_date",
         "receiving_place",
         "hotline",
         "linked_codes"});
    if (!local)
        return;
    auto& overlay = record.local;
    overlay.short_name = local->text("short_name");
    overlay.aliases = local->texts("aliases");
    overlay.online = local
                         ->choice<online_level>(
                             "online",
                             {{"none", online_level::none},
                              {"partly", online_level::partly},
                              {"fully", online_level::fully}})
                         .value_or(online_level::unknown);
    overlay.postal_return =
        local->choice<bool>("postal_return", {{"true", true}, {"false", false}});
    overlay.fee_text = local->fee_words("fee_text");
    overlay.fee_resolution = local->text("fee_resolution");
    overlay.fee_date = local->day("fee_date");
    overlay.receiving_place = local->text("receiving_place");
    overlay.hotline = local->text("hotline");
    overlay.linked_codes = local->texts("linked_codes");
    if (!overlay.fee_text.empty() && overlay.fee_resolution.empty())
        local->fail(
            local->find("fee_text"),
            "fee_text without fee_resolution: name the resolution of the provincial People's "
            "Council");
}

void read_yaml_code(procedure& record, const entry& row, const char* key)
{
    const auto typed = row.compulsory(key);
    record.code = procedures::canonical_code(typed);
    if (record.code.empty() && !typed.empty())
        row.fail(row.find(key), std::string(key) + ": expected d.dddddd");
}

void read_yaml_source(procedure& record, const entry& row)
{
    if (const auto source = row.map("source", {"name", "as_of", "loaded_from"})) {
        record.from.name = source->compulsory("name");
        record.from.loaded_from = source->text("loaded_from");
        source->compulsory("as_of");
        record.from.as_of = source->day("as_of").value_or(procedures::date{});
    } else {
        row.fail(row.node(), "missing key 'source' with name and as_of");
    }
}

bool read_yaml_head(procedure& record, const entry& row, report& findings)
{
    read_yaml_code(record, row, "code");
    record.name = clean_name(row.compulsory("name"));
    record.decision_no = row.text("decision_no"); // "" on purpose: the source names none
    if (!row.find("decision_no").IsDefined())
        row.fail(row.node(), "missing key 'decision_no'");
    record.from.from = procedures::origin::own;
    read_yaml_source(record, row);
    if (!record.code.empty() && !record.name.empty())
        return true;
    findings.skip("record without a valid code and name, skipped");
    return false;
}

// What the province adds to a record that is not our own.
void read_yaml_addition(const YAML::Node& node, report& findings)
{
    const entry row(node, findings, {"overlay_for", "source", "local"});
    procedure record;
    record.from.from = procedures::origin::overlay;
    read_yaml_code(record, row, "overlay_for");
    read_yaml_source(record, row);
    read_yaml_overlay(record, row);
    if (record.code.empty())
        return findings.skip("overlay without a valid code, skipped");
    findings.keep(std::move(record));
}

void read_yaml_record(const YAML::Node& node, report& findings)
{
    using procedures::level;
    findings.at(line_of(node));
    if (!node.IsMap()) {
        findings.skip("expected a record: a map of keys");
        return;
    }
    if (node["overlay_for"])
        return read_yaml_addition(node, findings);
    const entry row(
        node,
        findings,
        {"code",
         "portal_id",
         "name",
         "short_name",
         "decision_no",
         "level",
         "kind",
         "field",
         "promulgator",
         "subjects",
         "steps",
         "channels",
         "cases",
         "documents",
         "sets",
         "requirements",
         "executing",
         "competent_authority",
         "receiving_address",
         "results",
         "legal_basis",
         "keywords",
         "url",
         "valid_from",
         "valid_to",
         "replaces",
         "checked_at",
         "source",
         "local"});
    procedure record;
    if (!read_yaml_head(record, row, findings))
        return;
    record.portal_id = row.text("portal_id");
    record.short_name = row.text("short_name");
    record.at = row.choice<level>(
                       "level",
                       {{"commune", level::commune},
                        {"province", level::province},
                        {"ministry", level::ministry}})
                    .value_or(level::unknown);
    record.kind = row.text("kind");
    record.field = row.text("field");
    record.promulgator = row.text("promulgator");
    record.subjects = row.texts("subjects");
    record.steps = row.fee_words("steps");
    for (const auto& channel : row.entries("channels", {"method", "time", "fees", "note"}))
        record.channels.push_back(yaml_channel(channel));
    for (const auto& one : row.entries("cases", {"name", "time"}))
        record.cases.push_back({.name = one.text("name"), .time = yaml_time(one)});
    read_yaml_documents(record, row);
    record.sets = row.count("sets").value_or(0);
    record.requirements = row.text("requirements");
    record.executing = row.texts("executing");
    record.competent_authority = row.text("competent_authority");
    record.receiving_address = row.text("receiving_address");
    record.results = row.texts("results");
    for (const auto& text : row.entries("legal_basis", {"number", "title"}))
        record.legal_basis.push_back(
            {.number = text.compulsory("number"), .title = text.text("title")});
    record.keywords = row.texts("keywords");
    record.url = row.text("url");
    record.valid_from = row.day("valid_from");
    record.valid_to = row.day("valid_to");
    record.replaces = row.texts("replaces");
    record.checked_at = row.day("checked_at");
    read_yaml_overlay(record, row);
    findings.keep(std::move(record));
}

// A file holds one record, or a list of records.
void read_yaml(const std::string& content, report& findings)
{
    try {
        const auto root = YAML::Load(content);
        if (root.IsSequence()) {
            for (const auto& node : root)
                read_yaml_record(node, findings);
        } else {
            read_yaml_record(root, findings);
        }
    } catch (const YAML::Exception& failure) {
        findings.at(failure.mark.line < 0 ? 0 : static_cast<std::size_t>(failure.mark.line) + 1);
        findings.skip("invalid YAML: " + failure.msg);
    }
}

// --- Files --------------------------------------------------------------------------------------

// JSON lines begin with an object; everything else is our YAML.
bool is_json_lines(std::string_view start)
{
    if (start.starts_with("\xEF\xBB\xBF"))
        start.remove_prefix(3);
    const auto first = start.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && start[first] == '{';
}

class progress_meter
{
public:
    progress_meter(const import_progress& tell, std::size_t all) : tell_(tell), all_(all) {}

    void within_file(std::size_t done) const
    {
        if (tell_)
            tell_(std::min(before_ + done, all_), all_);
    }
    void file_done(std::size_t size)
    {
        before_ += size;
        within_file(0);
    }

private:
    const import_progress& tell_;
    std::size_t all_;
    std::size_t before_ = 0;
};

// Reads the file in chunks, plain or gzip. Gives each chunk to `take` until it returns false. False
// if reading failed.
template <class Take>
bool read_chunks(gzFile file, const progress_meter& progress, const Take& take)
{
    std::string buffer(chunk_bytes, '\0');
    for (;;) {
        const int size = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()));
        if (size < 0)
            return false;
        const auto offset = gzoffset(file);
        progress.within_file(offset > 0 ? static_cast<std::size_t>(offset) : 0);
        if (size == 0) {
            int error = Z_OK;
            gzerror(file, &error);
            return error == Z_OK || error == Z_STREAM_END;
        }
        if (!take(std::string_view(buffer).substr(0, static_cast<std::size_t>(size))))
            return true;
    }
}

void read_file(
    const std::filesystem::path& path, const progress_meter& progress, procedure_file& result)
{
    report findings(result, path.string());
    const gz_handle file(gzopen(path.c_str(), "rb"));
    if (!file) {
        findings.fail("cannot be opened");
        return;
    }
    std::string yaml;
    line_reader lines(findings);
    bool decided = false;
    bool json_lines = false;
    bool too_large = false;
    const bool fine = read_chunks(file.get(), progress, [&](std::string_view chunk) {
        if (!decided) {
            decided = true;
            json_lines = is_json_lines(chunk);
            if (chunk.starts_with("\xEF\xBB\xBF"))
                chunk.remove_prefix(3);
        }
        if (json_lines)
            return lines.take(chunk);
        too_large = yaml.size() + chunk.size() > yaml_limit_bytes;
        if (!too_large)
            yaml += chunk;
        return !too_large;
    });
    if (!fine) {
        findings.at(0);
        findings.fail("cannot be read to its end: damaged or cut off");
    }
    if (json_lines)
        lines.finish();
    else if (too_large)
        findings.skip("larger than 4 MiB: too large for YAML");
    else if (fine && yaml.find_first_not_of(" \t\r\n") == std::string::npos)
        findings.fail("empty file");
    else if (fine)
        read_yaml(yaml, findings);
}

bool is_procedure_file(const std::filesystem::path& path)
{
    const auto name = path.filename().string();
    return name.ends_with(".yml") || name.ends_with(".yaml") || name.ends_with(".jsonl") ||
           name.ends_with(".jsonl.gz");
}

std::vector<std::filesystem::path>
files_in(const std::filesystem::path& directory, report& findings)
{
    std::vector<std::filesystem::path> files;
    std::error_code error;
    std::filesystem::directory_iterator at(directory, error);
    for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
        std::error_code type_error;
        if (!is_procedure_file(at->path()) || !at->is_regular_file(type_error))
            continue;
        if (files.size() == files_limit) {
            findings.fail("more than " + std::to_string(files_limit) + " files, the rest ignored");
            break;
        }
        files.push_back(at->path());
    }
    if (error)
        findings.fail("cannot be listed: " + error.message());
    else if (files.empty())
        findings.warn("no *.yml, *.yaml, *.jsonl or *.jsonl.gz in this directory");
    std::sort(files.begin(), files.end());
    return files;
}

std::size_t size_of(const std::filesystem::path& file)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    return error ? 0 : static_cast<std::size_t>(size);
}

} // namespace

procedure_file
read_procedures(const std::filesystem::path& file_or_directory, const import_progress& progress)
{
    procedure_file result;
    report findings(result, file_or_directory.string());
    std::error_code error;
    std::vector<std::filesystem::path> files{file_or_directory};
    if (std::filesystem::is_directory(file_or_directory, error))
        files = files_in(file_or_directory, findings);
    else if (!std::filesystem::is_regular_file(file_or_directory, error)) {
        findings.fail("no such file or directory");
        return result;
    }
    std::size_t all = 0;
    for (const auto& file : files)
        all += size_of(file);
    progress_meter meter(progress, all);
    for (const auto& file : files) {
        read_file(file, meter, result);
        meter.file_done(size_of(file));
    }
    return result;
}

} // namespace motcua::content
