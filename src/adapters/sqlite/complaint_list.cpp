#include "complaint_list.hpp"

#include "complaint_erasure.hpp"
#include "complaint_tables.hpp"
#include "json.hpp"
#include "statements.hpp"

#include <SQLiteCpp/Transaction.h>
#include <motcua/core/complaints/search.hpp>
#include <motcua/core/complaints/text_rules.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace motcua::sqlite {
namespace {

constexpr std::size_t words_bytes = 64UL * 1024; // of one case; what is said beyond is not searched
constexpr std::int64_t candidates_of_key = 50;   // the newest
constexpr std::size_t candidates = 50;           // compared with a new case
constexpr std::size_t duplicates_kept = 20;      // of a new case
constexpr std::size_t filled_at_once = 200;

// Sorts as codes do: the day, then the number of the day.
std::int64_t number_of(const std::string& code)
{
    constexpr std::int64_t numbers_of_day = 1'000'000;
    std::int64_t day = 0;
    std::int64_t number = 0;
    int dashes = 0;
    for (const char c : code) {
        if (c == '-')
            ++dashes;
        else if (c >= '0' && c <= '9')
            (dashes == 1 ? day : number) = (dashes == 1 ? day : number) * 10 + (c - '0');
        if (day > numbers_of_day || number > numbers_of_day)
            return 0;
    }
    return day * numbers_of_day + number;
}

std::int64_t reopened_of(const complaints::complaint& value)
{
    return std::ranges::count(value.course, "reopened", &complaints::moment::state);
}

} // namespace

struct complaint_list::statements
{
    explicit statements(const SQLite::Database& on) : db(on) {}

    const SQLite::Database& db;

    statement add{
        db,
        "INSERT INTO complaint_list (id, number, code, submitted_ms, test, source, phone, "
        "activity, state, category, unit, officer, commune, updated_ms, due_ms, rating, reopened, "
        "waiting_ms, last_from, last_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
        "?12, ?13, ?14, ?15, ?16, ?17, iif(?15 IS NULL, NULL, ?4), 'citizen', ?4)"};
    // A clock that stands still lets nobody wait; one that is started again does.
    statement update{
        db,
        "UPDATE complaint_list SET phone = ?2, activity = ?3, state = ?4, category = ?5, "
        "unit = ?6, officer = ?7, commune = ?8, updated_ms = ?9, rating = ?11, reopened = ?12, "
        "waiting_ms = CASE WHEN ?10 IS NULL THEN NULL WHEN due_ms IS NULL THEN ?9 "
        "ELSE waiting_ms END, due_ms = ?10 WHERE id = ?1"};
    statement set_due{db, "UPDATE complaint_list SET due_ms = ?2 WHERE id = ?1"};
    statement said{
        db,
        "UPDATE complaint_list SET last_from = ?2, last_ms = ?3, waiting_ms = CASE ?2 "
        "WHEN 'citizen' THEN iif(due_ms IS NULL, NULL, coalesce(waiting_ms, ?3)) "
        "WHEN 'staff' THEN NULL ELSE waiting_ms END WHERE id = ?1"};
    statement count_files{
        db,
        "UPDATE complaint_list SET (files, photos) = "
        "(SELECT count(*), count(*) FILTER (WHERE kind = 'image') FROM complaint_attachments "
        "WHERE complaint_id = ?1) WHERE id = ?1"};
    statement drop_labels{db, "DELETE FROM complaint_labels WHERE complaint_id = ?1"};
    statement add_label{
        db,
        "INSERT INTO complaint_labels (label, complaint_id, key) VALUES (?1, ?2, ?3) "
        "ON CONFLICT DO NOTHING"};
    statement put_words{db, "INSERT INTO complaint_words (rowid, words) VALUES (?1, ?2)"};
    statement words{db, "SELECT words FROM complaint_words WHERE rowid = ?1"};
    statement change_words{db, "UPDATE complaint_words SET words = ?2 WHERE rowid = ?1"};
    statement drop_words{db, "DELETE FROM complaint_words WHERE rowid = ?1"};
    statement add_key{
        db,
        "INSERT INTO complaint_likeness (key, complaint_id) VALUES (?1, ?2) "
        "ON CONFLICT DO NOTHING"};
    statement alike{
        db,
        "SELECT complaint_id FROM complaint_likeness WHERE key = ?1 AND complaint_id <> ?2 "
        "ORDER BY complaint_id DESC LIMIT ?3"};
    statement drop_key{db, "DELETE FROM complaint_likeness WHERE key = ?1 AND complaint_id = ?2"};
    statement content{db, "SELECT record ->> '$.content' FROM complaints WHERE id = ?1"};
    statement add_duplicate{
        db,
        "INSERT INTO complaint_duplicates (complaint_id, other, similarity) VALUES (?1, ?2, ?3), "
        "(?2, ?1, ?3) ON CONFLICT DO NOTHING"};
    statement drop_duplicate{
        db, "DELETE FROM complaint_duplicates WHERE complaint_id = ?2 AND other = ?1"};
    statement drop_duplicates{db, "DELETE FROM complaint_duplicates WHERE complaint_id = ?1"};
    statement duplicates{db, "SELECT other FROM complaint_duplicates WHERE complaint_id = ?1"};
};

complaint_list::complaint_list(SQLite::Database& connection) : connection_(connection) {}

complaint_list::~complaint_list() = default;

complaint_list::statements& complaint_list::prepared()
{
    if (!statements_)
        statements_ = std::make_unique<statements>(connection_);
    return *statements_;
}

void complaint_list::add(const complaints::complaint& value, std::optional<utc_time> due)
{
    use(prepared().add,
        value.id,
        number_of(value.code),
        value.code,
        ms(value.course.empty() ? value.updated_at : value.course.front().at),
        std::int64_t{value.test},
        value.source,
        value.from.phone,
        value.activity,
        value.state,
        value.category,
        value.unit,
        value.officer,
        value.where.commune,
        ms(value.updated_at),
        ms_of(due),
        std::int64_t{value.rating},
        reopened_of(value))
        .run();
    count_files(value.id);
    put_labels(value);
    const auto words = complaints::search_words(
        text::prefix(value.content + '\n' + value.where.text, words_bytes / 4));
    use(prepared().put_words, value.id, words).run();
    find_duplicates(value);
}

void complaint_list::update(const complaints::complaint& value, std::optional<utc_time> due)
{
    use(prepared().update,
        value.id,
        value.from.phone,
        value.activity,
        value.state,
        value.category,
        value.unit,
        value.officer,
        value.where.commune,
        ms(value.updated_at),
        ms_of(due),
        std::int64_t{value.rating},
        reopened_of(value))
        .run();
    put_labels(value);
}

void complaint_list::set_due(std::int64_t id, std::optional<utc_time> due)
{
    use(prepared().set_due, id, ms_of(due)).run();
}

void complaint_list::said(std::int64_t id, const complaints::message& what)
{
    if (what.kind == complaints::message_kind::note)
        return;
    const bool by_citizen = what.kind == complaints::message_kind::citizen;
    const bool by_bot = what.by.role == complaints::role::system;
    const std::string from = by_citizen ? "citizen" : by_bot ? "bot" : "staff";
    use(prepared().said, id, from, ms(what.at)).run();
    count_files(id);
    std::string words;
    {
        use row(prepared().words, id);
        if (!row.next())
            return; // the citizen was erased
        words = row.text(0);
    }
    if (words.size() + what.text.size() > words_bytes)
        return;
    words = complaints::search_words(words + '\n' + what.text);
    use(prepared().change_words, id, words).run();
}

void complaint_list::forget_words(std::int64_t id)
{
    use(prepared().drop_words, id).run();
    note_forgotten_words(connection_);
    std::string content;
    {
        use row(prepared().content, id);
        if (row.next())
            content = row.text(0);
    }
    for (const auto key : complaints::likeness_keys(content))
        use(prepared().drop_key, std::int64_t{key}, id).run();
    std::vector<std::int64_t> others;
    {
        use row(prepared().duplicates, id);
        while (row.next())
            others.push_back(row.integer(0));
    }
    for (const auto other : others)
        use(prepared().drop_duplicate, id, other).run();
    use(prepared().drop_duplicates, id).run();
}

void complaint_list::put_labels(const complaints::complaint& value)
{
    use(prepared().drop_labels, value.id).run();
    for (const auto& label : value.labels)
        use(prepared().add_label, label, value.id, complaints::label_key(label)).run();
}

void complaint_list::find_duplicates(const complaints::complaint& value)
{
    std::map<std::int64_t, int> shared; // by id: keys in common
    for (const auto key : complaints::likeness_keys(value.content)) {
        {
            use row(prepared().alike, std::int64_t{key}, value.id, candidates_of_key);
            while (row.next())
                ++shared[row.integer(0)];
        }
        use(prepared().add_key, std::int64_t{key}, value.id).run();
    }
    std::vector<std::pair<int, std::int64_t>> likely;
    likely.reserve(shared.size());
    for (const auto& [id, keys] : shared)
        likely.emplace_back(-keys, -id); // most in common first, then the newest
    std::ranges::sort(likely);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < std::min(likely.size(), candidates) && kept < duplicates_kept;
         ++i) {
        const auto other = -likely[i].second;
        std::string content;
        {
            use row(prepared().content, other);
            if (row.next())
                content = row.text(0);
        }
        const auto alike = complaints::similarity(value.content, content);
        if (alike < complaints::likely_duplicate_from)
            continue;
        use(prepared().add_duplicate, value.id, other, alike).run();
        ++kept;
    }
}

void complaint_list::count_files(std::int64_t id)
{
    use(prepared().count_files, id).run();
}

void list_unlisted(SQLite::Database& connection)
{
    complaint_tables cases(connection);
    complaint_list list(connection);
    statement unlisted(
        connection,
        "SELECT id, record, due_ms, user_id IS NULL FROM complaints "
        "WHERE id NOT IN (SELECT id FROM complaint_list) ORDER BY id LIMIT ?1");
    for (;;) {
        SQLite::Transaction whole(connection, SQLite::TransactionBehavior::IMMEDIATE);
        std::vector<std::pair<complaints::complaint, std::optional<utc_time>>> found;
        {
            use row(unlisted, static_cast<std::int64_t>(filled_at_once));
            while (row.next()) {
                found.emplace_back(complaint_from_json(row.text(1)), std::nullopt);
                auto& [what, due] = found.back();
                what.id = row.integer(0);
                if (!row.is_null(2))
                    due = row.time(2);
                if (row.integer(3) != 0)
                    what.user_id.clear();
            }
        }
        for (const auto& [what, due] : found) {
            list.add(what, due);
            for (const auto& one : cases.messages(what.id, std::size_t{1} << 16U))
                list.said(what.id, one);
            if (what.user_id.empty() && what.source == "zalo")
                list.forget_words(what.id);
        }
        whole.commit();
        if (found.size() < filled_at_once)
            return;
    }
}

} // namespace motcua::sqlite
