#include "procedure_routes.hpp"

#include "complaint_access.hpp"
#include "message_words.hpp"
#include "procedure_json.hpp"
#include "secrets.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace motcua::staff_api {
namespace {

namespace fs = std::filesystem;
using procedures::procedure;
using fate = app::procedure_edits_reader::fate;

constexpr std::size_t procedures_at_once = 25;
constexpr std::size_t most_procedure_pages = 400;
constexpr std::size_t hits_shown = 50;
constexpr std::size_t edits_shown = 50;
constexpr std::size_t longest_procedure_search = 200;
constexpr std::size_t records_per_unit = 200; // so that events wait a few milliseconds at most
constexpr std::size_t rows_shown = 200;
constexpr std::size_t import_previews_kept = 5;
constexpr std::chrono::minutes preview_life{30};

struct counts
{
    std::size_t added = 0;
    std::size_t changed = 0;
    std::size_t unchanged = 0;
    std::size_t older = 0;
};

json counts_json(const counts& value)
{
    return {
        {"added", value.added},
        {"changed", value.changed},
        {"unchanged", value.unchanged},
        {"older", value.older}};
}

struct found_edits
{
    std::vector<app::procedure_edit> edits;
    std::optional<procedure> overlay; // as it is stored
};

std::string_view name_of(fate value)
{
    switch (value) {
    case fate::added:
        return "added";
    case fate::changed:
        return "changed";
    case fate::older:
        return "older";
    case fate::unchanged:
        break;
    }
    return "unchanged";
}

// The ending decides nothing, but tells what is no file of procedures at all.
std::string ending_of(const std::string& name)
{
    for (const std::string_view ending : {".jsonl.gz", ".jsonl", ".json", ".yaml", ".yml"})
        if (name.ends_with(ending))
            return std::string(ending);
    throw invalid("name", "Tệp phải có đuôi .yml, .yaml, .jsonl hoặc .jsonl.gz");
}

class procedure_routes
{
public:
    procedure_routes(const staff_api_parts& parts, reading& reader) : parts_(parts), reader_(reader)
    {
    }

    asio::awaitable<http::response> list(call asked)
    {
        const auto page = procedure_page_in(asked);
        const auto content = parts_.current_content();
        const auto today = vietnam_date(asked.now);
        auto read = [](app::reader& from) { return from.procedure_edits().codes(); };
        const auto edited = co_await reader_.run(std::move(read));
        std::vector<const procedure*> found = searched(asked, content);
        std::erase_if(found, [&](const procedure* one) {
            return !is_wanted(asked, *one, today, edited.contains(one->code));
        });
        json items = json::array();
        for (auto i = (page - 1) * procedures_at_once;
             i < found.size() && items.size() < procedures_at_once;
             ++i)
            items.push_back(summary_json(
                *found[i], *content.knowledge, today, edited.contains(found[i]->code)));
        std::set<std::string> fields;
        for (const auto& one : content.knowledge->procedures.all())
            if (!one.field.empty())
                fields.insert(one.field);
        const json shown = {
            {"items", std::move(items)},
            {"page", page},
            {"total", found.size()},
            {"all", content.knowledge->procedures.all().size()},
            {"fields", fields}};
        co_return answer(200, shown);
    }

    asio::awaitable<http::response> show(call asked)
    {
        auto shown = co_await shown_procedure(asked.path.at("code"), asked.now);
        co_return answer(200, shown);
    }

    asio::awaitable<http::response> edit(call asked)
    {
        const auto content = parts_.current_content();
        const auto code = asked.path.at("code");
        if (content.knowledge->procedures.find(code) == nullptr)
            throw problem("not_found");
        body_reader body(asked.body);
        auto made = edit_in(body, *content.knowledge);
        made.reason = body.text("reason", 5, 300);
        const auto expected = body.integer("expected_version", 0, INT32_MAX);
        body.end();
        made.code = code;
        made.version = expected + 1;
        made.as_of = vietnam_date(asked.now);
        made.staff_id = asked.by.who.id;
        made.at = asked.now;
        procedure record;
        record.code = code;
        record.local = made.local;
        record.from = {
            .from = procedures::origin::overlay, .name = made.source, .as_of = made.as_of};
        std::optional<app::procedure_edit> current;
        bool is_stale = false;
        bool is_older = false;
        auto unit = [&](app::transaction& to) {
            current = to.procedure_edits().newest(code);
            is_stale = (current ? current->version : 0) != expected;
            const auto stored = to.get_procedure(code, procedures::origin::overlay);
            is_older = stored && stored->from.as_of > made.as_of;
            if (is_stale || is_older)
                return;
            to.procedure_edits().add(made);
            to.put_procedure(record, made.at);
            to.audit().add(audit_entry_of(asked, "procedure_edited", code, made.reason));
        };
        co_await commit(parts_.store, std::move(unit));
        if (is_older)
            throw invalid("source", "Dữ liệu đang dùng có ngày mới hơn hôm nay, không ghi đè được");
        if (is_stale) {
            problem conflict("stale", "Xin xem lại rồi lưu lần nữa.");
            const auto stored = current.value_or(app::procedure_edit());
            conflict.more["changes"] = changes_json(made, stored);
            conflict.more["current"] = {
                {"version", current ? current->version : 0},
                {"overlay", overlay_json(stored.local, stored.source)}};
            throw conflict;
        }
        if (parts_.operations.reload_content)
            parts_.operations.reload_content();
        auto shown = co_await shown_procedure(code, asked.now);
        co_return answer(200, shown);
    }

    asio::awaitable<http::response> preview(call asked)
    {
        const auto& tools = parts_.operations;
        if (!tools.read_procedures || tools.uploads.empty())
            throw problem("unavailable");
        const auto name = asked.parameter("name").value_or("");
        const auto ending = ending_of(name);
        if (asked.request.body.empty())
            throw invalid("name", "Tệp trống");
        forget_old(asked.now);
        const auto id = base64url(random_bytes(15));
        const auto file = tools.uploads / (id + ending);
        const auto known = parts_.current_content().knowledge;
        auto read = [&, known](app::reader& from) {
            keep(file, asked.request.body);
            return describe(from, file, *known, vietnam_date(asked.now));
        };
        auto made = co_await reader_.run(std::move(read));
        previews_[id] = {file, asked.now, name};
        made["id"] = id;
        made["name"] = name;
        co_return answer(201, made);
    }

    asio::awaitable<http::response> run(call asked)
    {
        forget_old(asked.now);
        const auto found = previews_.find(asked.path.at("id"));
        if (found == previews_.end())
            throw problem("expired", "Anh/chị chọn lại tệp.");
        const auto chosen = found->second;
        previews_.erase(found); // once only
        auto read = [this, &chosen](app::reader&) {
            auto records = parts_.operations.read_procedures(chosen.file).records;
            std::error_code ignored;
            fs::remove(chosen.file, ignored);
            return records;
        };
        const auto records = co_await reader_.run(std::move(read));
        counts done;
        for (std::size_t begin = 0; begin < records.size(); begin += records_per_unit) {
            const auto end = std::min(begin + records_per_unit, records.size());
            counts part;
            auto unit = [&, begin, end](app::transaction& to) {
                part = {};
                for (auto i = begin; i < end; ++i)
                    count(part, to.put_procedure(records[i], asked.now));
                if (begin == 0)
                    to.audit().add(audit_entry_of(asked, "procedures_imported", chosen.name, ""));
            };
            co_await commit(parts_.store, std::move(unit));
            done.added += part.added;
            done.changed += part.changed;
            done.unchanged += part.unchanged;
            done.older += part.older;
        }
        if (parts_.operations.reload_content)
            parts_.operations.reload_content();
        co_return answer(200, counts_json(done));
    }

private:
    struct upload
    {
        fs::path file;
        utc_time at{};
        std::string name;
    };

    static std::size_t procedure_page_in(const call& asked)
    {
        const auto given = asked.parameter("page").value_or("1");
        std::size_t page = 0;
        const auto* const end = given.data() + given.size();
        const auto read = std::from_chars(given.data(), end, page);
        if (read.ec != std::errc() || read.ptr != end || page < 1 || page > most_procedure_pages)
            throw invalid("page", "Không có trang này");
        return page;
    }

    static void count(counts& so_far, app::transaction::upsert end)
    {
        using upsert = app::transaction::upsert;
        switch (end) {
        case upsert::added:
            ++so_far.added;
            break;
        case upsert::updated:
            ++so_far.changed;
            break;
        case upsert::unchanged:
            ++so_far.unchanged;
            break;
        case upsert::older:
            ++so_far.older;
            break;
        }
    }

    // All, or what the search of the chat finds, best first; then what has the words in its name.
    static std::vector<const procedure*> searched(const call& asked, const app::content& content)
    {
        const auto& records = content.knowledge->procedures;
        const auto typed = asked.parameter("q").value_or("");
        if (text::code_points(typed) > longest_procedure_search)
            throw invalid("q", "Dài quá");
        std::vector<const procedure*> out;
        const auto folded = text::fold(typed);
        if (folded.find_first_not_of(' ') == std::string::npos) {
            for (const auto& one : records.all())
                out.push_back(&one);
            return out;
        }
        const auto add = [&out](const procedure* one) {
            if (one != nullptr && std::ranges::find(out, one) == out.end())
                out.push_back(one);
        };
        add(records.find(procedures::canonical_code(typed)));
        if (content.understander) {
            const auto& heard = *content.understander;
            const auto hits = heard.index().search(
                heard.words().normalise(typed),
                {.level = understand::level_hint::none, .top = hits_shown});
            for (const auto& one : hits.hits)
                add(records.find(one.code));
        }
        for (const auto& one : records.all())
            if (text::fold(one.name).find(folded) != std::string::npos ||
                one.code.find(folded) != std::string::npos)
                add(&one);
        return out;
    }

    static bool
    is_wanted(const call& asked, const procedure& one, procedures::date today, bool edited)
    {
        const auto matches = [&asked](std::string_view key, std::string_view value) {
            const auto wanted = asked.parameter(key);
            return !wanted || wanted->empty() || *wanted == value;
        };
        if (!matches("field", one.field) || !matches("level", name(one.at)) ||
            !matches("origin", name(one.from.from)))
            return false;
        const auto state = asked.parameter("state").value_or("");
        const auto age = out_of_date(one, today);
        if (state == "expiring")
            return age == "expiring" || age == "expired";
        if (state == "stale")
            return age == "stale";
        return state != "edited" || edited;
    }

    asio::awaitable<json> shown_procedure(std::string code, utc_time now)
    {
        const auto content = parts_.current_content();
        const auto* const record = content.knowledge->procedures.find(code);
        if (record == nullptr)
            throw problem("not_found");
        auto read = [&code](app::reader& from) {
            return found_edits{
                from.procedure_edits().of(code, edits_shown),
                from.procedure_edits().record(code, procedures::origin::overlay)};
        };
        const auto stored = co_await reader_.run(std::move(read));
        const auto today = vietnam_date(now);
        const procedures::rendering_context context{
            .today = today,
            .portal_url = content.knowledge->portal_url,
            .counter_name = {},
            .chosen_group = {}};
        auto shown = summary_json(*record, *content.knowledge, today, !stored.edits.empty());
        shown["facts"] = facts_json(*record);
        shown["answers"] = answers_json(*record, context);
        shown["source_line"] = procedures::source_line(*record, context);
        const auto overlay = stored.overlay.value_or(procedure());
        shown["overlay"] = overlay_json(overlay.local, overlay.from.name);
        shown["version"] = stored.edits.empty() ? 0 : stored.edits.front().version;
        shown["url"] = optional_text(procedures::portal_link(*record, context));
        json edits = json::array();
        for (const auto& one : stored.edits)
            edits.push_back(edit_json(one));
        shown["edits"] = std::move(edits);
        shown["live"] = is_live(stored.edits);
        co_return shown;
    }

    bool is_live(const std::vector<app::procedure_edit>& edits) const
    {
        if (edits.empty() || !parts_.operations.server)
            return true;
        const auto state = parts_.operations.server().content;
        return !state.loading && state.loaded && *state.loaded > edits.front().at;
    }

    static void keep(const fs::path& file, const std::string& bytes)
    {
        fs::create_directories(file.parent_path());
        std::ofstream out(file, std::ios::binary);
        out << bytes;
        out.close();
        if (!out)
            throw std::system_error(
                std::make_error_code(std::errc::io_error), "cannot keep an uploaded file");
    }

    void forget_old(utc_time now)
    {
        const auto forget = [this](auto at) {
            std::error_code ignored;
            fs::remove(at->second.file, ignored);
            return previews_.erase(at);
        };
        for (auto at = previews_.begin(); at != previews_.end();)
            at = now - at->second.at > preview_life ? forget(at) : std::next(at);
        while (previews_.size() >= import_previews_kept)
            forget(std::ranges::min_element(
                previews_, {}, [](const auto& one) { return one.second.at; }));
    }

    // Which answers of the chat the new record changes.
    static json differing(
        const procedure& before, const procedure& after, const procedures::rendering_context& at)
    {
        json out = json::array();
        for (const auto& [what, title] : aspect_titles)
            if (procedures::render(before, what, at) != procedures::render(after, what, at))
                out.push_back(title);
        return out;
    }

    json describe(
        app::reader& from,
        const fs::path& file,
        const dialogue::knowledge& known,
        procedures::date today) const
    {
        const auto read = parts_.operations.read_procedures(file);
        const procedures::rendering_context context{
            .today = today, .portal_url = known.portal_url, .counter_name = {}, .chosen_group = {}};
        counts all;
        json items = json::array();
        for (const auto& one : read.records) {
            const auto end = from.procedure_edits().fate_of(one);
            all.added += end == fate::added ? 1 : 0;
            all.changed += end == fate::changed ? 1 : 0;
            all.unchanged += end == fate::unchanged ? 1 : 0;
            all.older += end == fate::older ? 1 : 0;
            if (end == fate::unchanged || items.size() >= rows_shown)
                continue;
            const auto stored = from.procedure_edits().record(one.code, one.from.from);
            const bool changes = stored && end == fate::changed;
            const auto* const base = known.procedures.find(one.code);
            items.push_back(
                {{"code", one.code},
                 {"name", base != nullptr && one.name.empty() ? base->name : one.name},
                 {"origin", name(one.from.from)},
                 {"fate", name_of(end)},
                 {"as_of", date_json(one.from.as_of)},
                 {"stored_as_of", stored ? date_json(stored->from.as_of) : json()},
                 {"differs", changes ? differing(*stored, one, context) : json::array()}});
        }
        json findings = json::array();
        for (const auto& one : read.findings) {
            if (findings.size() >= rows_shown)
                break;
            auto message = one.message;
            if (one.line > 0)
                message.insert(0, "dòng " + std::to_string(one.line) + ": ");
            findings.push_back(
                {{"error", one.severity == finding::grade::error}, {"message", message}});
        }
        auto shown = counts_json(all);
        shown["skipped"] = read.skipped;
        shown["items"] = std::move(items);
        shown["findings"] = std::move(findings);
        shown["findings_total"] = read.findings.size();
        return shown;
    }

    const staff_api_parts& parts_;
    reading& reader_;
    std::map<std::string, upload> previews_; // by id
};

} // namespace

void add_procedure_routes(router& to, const staff_api_parts& parts, reading& reader)
{
    using self = procedure_routes;
    const auto all = std::make_shared<self>(parts, reader);
    const auto add = [&to, &all](
                         std::string method,
                         std::string path,
                         asio::awaitable<http::response> (self::*act)(call),
                         bool takes_body = false) {
        to.add(
            {.method = std::move(method),
             .path = std::move(path),
             .roles = {app::staff_role::editor},
             .takes_body = takes_body,
             .handle = [all, act](call asked) { return (all.get()->*act)(std::move(asked)); }});
    };
    add("GET", "/procedures", &self::list);
    add("GET", "/procedures/{code}", &self::show);
    add("PUT", "/procedures/{code}/overlay", &self::edit, true);
    add("POST", "/procedures/import-previews", &self::preview);
    add("POST", "/procedures/import-previews/{id}/run", &self::run);
}

} // namespace motcua::staff_api
