#include "reach_rows.hpp"

#include "statements.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <unordered_map>
#include <utility>

namespace motcua::sqlite {
namespace {

using reach::bit;
using reach::measure;
using reach::measure_set;

// Grows whenever the roll-ups of the same rows would come out otherwise.
constexpr auto rollup_version = "1";
constexpr auto rollup_key = "reach.rollup";

std::string rollup_version_of(std::int64_t visit_gap_ms)
{
    if (visit_gap_ms == std::chrono::milliseconds(reach::visit_gap).count())
        return rollup_version;
    return std::string(rollup_version) + ", gap " + std::to_string(visit_gap_ms);
}

constexpr auto evidence_wait = std::chrono::days(1); // for the entry that names it
constexpr std::int64_t evidence_waiting = 100;

std::int64_t local_day_of(utc_time at)
{
    return std::chrono::floor<std::chrono::days>(at + vietnam_offset).time_since_epoch().count();
}

std::string day_text(std::chrono::year_month_day day)
{
    const auto two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    return std::to_string(static_cast<int>(day.year())) + "-" +
           two(static_cast<unsigned>(day.month())) + "-" + two(static_cast<unsigned>(day.day()));
}

std::string plan_of(std::string_view activity_key)
{
    return std::string(activity_key.substr(0, activity_key.find('/')));
}

void append_varint(std::string& to, std::uint64_t value)
{
    while (value >= 0x80) {
        to += static_cast<char>((value & 0x7fU) | 0x80U);
        value >>= 7U;
    }
    to += static_cast<char>(value);
}

template <class Enum, std::size_t Count>
Enum from_name(const std::array<Enum, Count>& all, std::string_view word)
{
    const auto found = std::ranges::find(all, word, [](Enum one) { return name(one); });
    return found == all.end() ? all.back() : *found;
}

constexpr std::array kinds{
    reach::contact_kind::message,
    reach::contact_kind::tap,
    reach::contact_kind::media,
    reach::contact_kind::follow,
    reach::contact_kind::unfollow,
    reach::contact_kind::other};
constexpr std::array credits{reach::credit::direct, reach::credit::follow_on, reach::credit::none};

} // namespace

std::string pack(const std::vector<counted_person>& people)
{
    std::string bytes;
    bytes.reserve(people.size() * 6);
    std::int64_t before = 0;
    for (const auto& one : people) {
        append_varint(bytes, static_cast<std::uint64_t>(one.number - before));
        append_varint(bytes, one.measures);
        before = one.number;
    }
    return bytes;
}

struct reach_rows::statements
{
    explicit statements(const SQLite::Database& on) : db(on) {}

    const SQLite::Database& db;

    statement find_person{db, "SELECT number, last_active_ms FROM pseudonyms WHERE pseudonym = ?1"};
    statement newest_number{db, "SELECT value FROM settings WHERE key = 'reach.citizens'"};
    statement put_number{
        db,
        "INSERT INTO settings (key, value) VALUES ('reach.citizens', ?1) "
        "ON CONFLICT DO UPDATE SET value = ?1"};
    statement note_person{
        db,
        "INSERT INTO pseudonyms (pseudonym, last_interaction, number, last_active_ms) "
        "VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET last_interaction = ?2, "
        "number = ?3, last_active_ms = ?4"};
    statement add{
        db,
        "INSERT INTO interactions (at_ms, recorded_ms, pseudonym, kind, intent, procedure, field, "
        "aspect, outcome, activity, credit, keyword, model_version, content_version, "
        "procedure_version, test, event, citizen, visit, previous) VALUES (?1, ?2, ?3, ?4, ?5, "
        "?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, "
        "(SELECT last_interaction FROM pseudonyms WHERE pseudonym = ?3))"};
    statement count_contact{
        db,
        "INSERT INTO reach_daily (scope, day, measures, contacts) VALUES (?1, ?2, ?3, 1) "
        "ON CONFLICT DO UPDATE SET contacts = contacts + 1"};
    statement add_contacts{
        db,
        "INSERT INTO reach_daily (scope, day, measures, contacts) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT DO UPDATE SET contacts = contacts + ?4"};
    statement count_person{
        db,
        "INSERT INTO reach_people (scope, day, citizen, measures) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT DO UPDATE SET measures = measures | ?4 WHERE measures | ?4 <> measures"};
    statement people_to_pack{
        db,
        "SELECT scope, day, citizen, measures FROM reach_people WHERE day < ?1 "
        "ORDER BY scope, day, citizen"};
    statement packed{db, "SELECT members FROM reach_people_packed WHERE scope = ?1 AND day = ?2"};
    statement put_packed{
        db,
        "INSERT INTO reach_people_packed (scope, day, members) VALUES (?1, ?2, ?3) "
        "ON CONFLICT DO UPDATE SET members = ?3"};
    statement drop_people{db, "DELETE FROM reach_people WHERE day < ?1"};
    statement correct{
        db,
        "INSERT INTO reach_corrections (month, made, cause, count) VALUES (?1, ?2, ?3, 1) "
        "ON CONFLICT DO UPDATE SET count = count + 1"};

    statement put_link{
        db,
        "INSERT INTO links (token, target, citizen, procedure, field, activity, test, created_ms) "
        "VALUES (?1, ?2, (SELECT number FROM pseudonyms WHERE pseudonym = ?3), ?4, ?5, ?6, ?7, ?8) "
        "ON CONFLICT DO NOTHING"};
    statement find_link{
        db,
        "SELECT id, target, citizen, procedure, field, activity, test FROM links WHERE token = "
        "?1"};
    statement forget_links{db, "UPDATE links SET citizen = NULL WHERE citizen = ?1"};
    statement add_click{
        db,
        "INSERT INTO link_clicks (at_ms, link, citizen, procedure, field, activity, test) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
    statement add_scan{
        db, "INSERT INTO landing_scans (at_ms, activity, keyword) VALUES (?1, ?2, ?3)"};
    statement answer_time{
        db, "SELECT created_ms, last_call_ms FROM outbox WHERE id = ?1 AND answers = 1"};
    statement answer_counted{db, "UPDATE outbox SET answers = 2 WHERE id = ?1"};
    statement count_answer{
        db,
        "INSERT INTO reach_answers (day, tenths, answers) VALUES (?1, ?2, 1) "
        "ON CONFLICT DO UPDATE SET answers = answers + 1"};

    statement add_entry{
        db,
        "INSERT INTO plan_entries (plan, activity, sort, product, day, quantity, unit, note, "
        "participants, evidence_link, evidence_file, evidence_name, entered_by, entered_ms) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"};
    statement note_evidence{
        db,
        "INSERT INTO evidence_files (file, noted_ms) VALUES (?1, ?2) "
        "ON CONFLICT DO UPDATE SET noted_ms = excluded.noted_ms"};
    statement has_evidence{
        db,
        "SELECT 1 FROM evidence_files WHERE file = ?1 "
        "UNION ALL SELECT 1 FROM plan_entries WHERE evidence_file = ?1 LIMIT 1"};
    statement evidence_to_remove{
        db,
        "INSERT INTO files_to_remove (file) SELECT file FROM evidence_files "
        "WHERE noted_ms < ?1 OR file NOT IN "
        "(SELECT file FROM evidence_files ORDER BY noted_ms DESC LIMIT ?2) "
        "ON CONFLICT DO NOTHING"};
    statement forget_evidence{
        db,
        "DELETE FROM evidence_files WHERE noted_ms < ?1 OR file NOT IN "
        "(SELECT file FROM evidence_files ORDER BY noted_ms DESC LIMIT ?2)"};
    statement withdraw_entry{
        db,
        "UPDATE plan_entries SET withdrawn_by = ?2, withdrawn_ms = ?3 "
        "WHERE id = ?1 AND withdrawn_ms IS NULL RETURNING day"};
};

struct reach_rows::person
{
    std::int64_t number = 0;
    std::optional<std::int64_t> last_active_ms;
};

// Something that counts, and for what.
struct reach_rows::fact
{
    std::int64_t day = 0;
    std::optional<std::int64_t> citizen; // empty: nobody knows who
    measure_set measures = 0;
    std::string procedure;
    std::string field;
    std::string activity;
    std::string keyword;
};

reach_rows::reach_rows(SQLite::Database& connection, std::chrono::minutes visit_gap)
    : connection_(connection), statements_(std::make_unique<statements>(connection)),
      visit_gap_ms_(std::chrono::milliseconds(visit_gap).count())
{
    statement made(connection, "SELECT 1 FROM settings WHERE key = ?1 AND value = ?2");
    const auto version = rollup_version_of(visit_gap_ms_);
    if (!use(made, rollup_key, version).next())
        rebuild();
}

reach_rows::~reach_rows() = default;

reach_rows::person reach_rows::find_person(const std::string& pseudonym)
{
    {
        use row(statements_->find_person, pseudonym);
        if (row.next() && !row.is_null(0))
            return {row.integer(0), row.optional_integer(1)};
    }
    return {next_number(), std::nullopt};
}

std::int64_t reach_rows::next_number()
{
    if (newest_number_ == 0) {
        use row(statements_->newest_number);
        newest_number_ = row.next() ? std::stoll(row.text(0)) : 0;
    }
    const auto number = std::to_string(++newest_number_);
    use(statements_->put_number, number).run();
    return newest_number_;
}

void reach_rows::add(const reach::interaction& row, std::int64_t event)
{
    auto who = find_person(row.pseudonym);
    // By the order of arrival: what a late one would have joined stays as it was counted.
    const bool active = makes_visits(row.kind);
    const bool visit = active && !row.test &&
                       (!who.last_active_ms || ms(row.at) - *who.last_active_ms >= visit_gap_ms_);
    if (active && !row.test)
        who.last_active_ms = std::max(who.last_active_ms.value_or(ms(row.at)), ms(row.at));
    const std::string kind(name(row.kind));
    const std::string outcome(name(row.outcome));
    const std::string credit(name(row.credit));
    const auto stems_from = event == 0 ? std::nullopt : std::optional(event);
    use(statements_->add,
        ms(row.at),
        ms(row.recorded),
        row.pseudonym,
        kind,
        row.intent,
        row.procedure,
        row.field,
        row.aspect,
        outcome,
        row.activity,
        credit,
        row.keyword,
        row.model_version,
        row.content_version,
        row.procedure_version,
        std::int64_t{row.test},
        stems_from,
        who.number,
        std::int64_t{visit})
        .run();
    const auto id = connection_.getLastInsertRowid();
    use(statements_->note_person, row.pseudonym, id, who.number, who.last_active_ms).run();
    if (row.test)
        return;
    const auto measures = measures_of(row) | (visit ? bit(measure::visit) : 0);
    count(
        {.day = local_day_of(row.at),
         .citizen = who.number,
         .measures = measures,
         .procedure = row.procedure,
         .field = row.field,
         .activity = row.activity,
         .keyword = row.keyword});
    if (measures != 0) // else no figure is another one now
        note_correction(row.at, row.recorded, "late_contact");
}

// Calls each(scope, whether people are counted, too) for every scope that the fact counts in.
template <class Each>
void reach_rows::for_scopes_of(const fact& what, const Each& each)
{
    if (what.measures == 0)
        return;
    each(std::string(), true);
    if (!what.activity.empty()) {
        const auto plan = plan_of(what.activity);
        each("activity:" + what.activity, true);
        each("credited:" + plan, true);
        if (!what.keyword.empty())
            each("keyword:" + plan + "/" + what.keyword, true);
    }
    constexpr auto of_fields = bit(measure::question) | bit(measure::link_opened);
    if (!what.field.empty() && (what.measures & of_fields) != 0)
        each("field:" + what.field, true);
    if (!what.procedure.empty() && (what.measures & bit(measure::lookup)) != 0)
        each("procedure:" + what.procedure, false);
}

void reach_rows::count(const fact& what)
{
    if (what.measures == 0)
        return;
    pack_days_before(what.day);
    for_scopes_of(
        what, [&](const std::string& scope, bool people) { count_scope(what, scope, people); });
}

void reach_rows::count_scope(const fact& what, const std::string& scope, bool people)
{
    const std::int64_t measures{what.measures};
    use(statements_->count_contact, scope, what.day, measures).run();
    if (people && what.citizen)
        use(statements_->count_person, scope, what.day, *what.citizen, measures).run();
}

// The first contact of a new day packs the days before it. What comes late for a packed day waits
// in reach_people until the next day; readers look at both.
void reach_rows::pack_days_before(std::int64_t day)
{
    if (day <= packed_before_)
        return;
    packed_before_ = day;
    std::string scope;
    std::int64_t of_day = 0;
    std::vector<counted_person> people;
    const auto store = [&] {
        if (!people.empty())
            put_packed(scope, of_day, std::exchange(people, {}));
    };
    {
        use rows(statements_->people_to_pack, day);
        while (rows.next()) {
            if (rows.view(0) != scope || rows.integer(1) != of_day) {
                store();
                scope = rows.text(0);
                of_day = rows.integer(1);
            }
            people.push_back({rows.integer(2), static_cast<measure_set>(rows.integer(3))});
        }
        store();
    }
    use(statements_->drop_people, day).run();
}

// Joins those packed before. `people` in ascending order.
void reach_rows::put_packed(
    const std::string& scope, std::int64_t day, std::vector<counted_person> people)
{
    std::map<std::int64_t, measure_set> all;
    {
        use row(statements_->packed, scope, day);
        if (row.next())
            unpack(row.view(0), [&all](std::int64_t number, measure_set measures) {
                all[number] |= measures;
            });
    }
    if (!all.empty()) {
        for (const auto& one : people)
            all[one.number] |= one.measures;
        people.clear();
        for (const auto& [number, measures] : all)
            people.push_back({number, measures});
    }
    const auto bytes = pack(people);
    use(statements_->put_packed, scope, day, blob{bytes}).run();
}

void reach_rows::note_correction(utc_time at, utc_time now, const char* cause)
{
    const auto month = day_text(vietnam_date(at)).substr(0, 7);
    const auto made = day_text(vietnam_date(now));
    if (month < made.substr(0, 7))
        use(statements_->correct, month, made, cause).run();
}

void reach_rows::forget(const std::string& pseudonym)
{
    std::int64_t number = 0;
    {
        use row(statements_->find_person, pseudonym);
        if (!row.next() || row.is_null(0))
            return;
        number = row.integer(0);
    }
    use(statements_->forget_links, number).run();
}

void reach_rows::note_answered(std::int64_t outbox_id)
{
    std::int64_t created = 0;
    std::int64_t called = 0;
    {
        use row(statements_->answer_time, outbox_id);
        if (!row.next() || row.is_null(1))
            return;
        created = row.integer(0);
        called = row.integer(1);
    }
    constexpr std::int64_t tenth_ms = 100;
    const auto tenths = (std::max<std::int64_t>(called - created, 0) + tenth_ms / 2) / tenth_ms;
    const auto day = local_day_of(utc_time(std::chrono::milliseconds(created)));
    use(statements_->count_answer, day, tenths).run();
    use(statements_->answer_counted, outbox_id).run();
}

void reach_rows::put_link(const app::tracked_link& link, utc_time now)
{
    use(statements_->put_link,
        link.token,
        link.target,
        link.pseudonym,
        link.procedure,
        link.field,
        link.activity,
        std::int64_t{link.test},
        ms(now))
        .run();
}

std::optional<std::string> reach_rows::open_link(std::string_view token, utc_time now)
{
    const std::string key(token);
    std::int64_t link = 0;
    std::string target;
    bool test = false;
    fact what{.day = local_day_of(now), .measures = bit(measure::link_opened)};
    {
        use row(statements_->find_link, key);
        if (!row.next())
            return std::nullopt;
        link = row.integer(0);
        target = row.text(1);
        what.citizen = row.optional_integer(2);
        what.procedure = row.text(3);
        what.field = row.text(4);
        what.activity = row.text(5);
        test = row.integer(6) != 0;
    }
    use(statements_->add_click,
        ms(now),
        link,
        what.citizen,
        what.procedure,
        what.field,
        what.activity,
        std::int64_t{test})
        .run();
    if (!test)
        count(what);
    return target;
}

void reach_rows::count_scan(std::string_view activity_key, std::string_view keyword, utc_time now)
{
    fact what{
        .day = local_day_of(now),
        .measures = bit(measure::scanned),
        .activity = std::string(activity_key),
        .keyword = std::string(keyword)};
    use(statements_->add_scan, ms(now), what.activity, what.keyword).run();
    count(what);
}

void reach_rows::note_evidence(std::string_view file, utc_time now)
{
    const std::string name(file);
    use(statements_->note_evidence, name, ms(now)).run();
    // Those that entries have named are dropped from the list before anything is removed.
    const auto before = ms(now - evidence_wait);
    use(statements_->evidence_to_remove, before, evidence_waiting).run();
    use(statements_->forget_evidence, before, evidence_waiting).run();
}

bool reach_rows::has_evidence(std::string_view file)
{
    const std::string name(file);
    use row(statements_->has_evidence, name);
    return row.next();
}

std::int64_t reach_rows::add_entry(const reach::plan_entry& entry, utc_time now)
{
    const std::string sort(name(entry.of));
    const auto day = day_text(entry.day);
    use(statements_->add_entry,
        entry.plan,
        entry.activity,
        sort,
        entry.product,
        day,
        entry.quantity,
        entry.unit,
        entry.note,
        entry.participants,
        entry.evidence_link,
        entry.evidence_file,
        entry.evidence_name,
        entry.entered_by,
        ms(now))
        .run();
    const auto id = connection_.getLastInsertRowid();
    const auto at = std::chrono::sys_days(entry.day) - vietnam_offset;
    note_correction(std::chrono::floor<std::chrono::milliseconds>(at), now, "late_entry");
    return id;
}

bool reach_rows::withdraw_entry(std::int64_t id, std::string_view staff, utc_time now)
{
    const std::string who(staff);
    std::string day;
    {
        use row(statements_->withdraw_entry, id, who, ms(now));
        if (!row.next())
            return false;
        day = row.text(0);
    }
    const auto made = day_text(vietnam_date(now));
    const auto month = day.substr(0, 7);
    if (month < made.substr(0, 7))
        use(statements_->correct, month, made, "entry_withdrawn").run();
    return true;
}

// ---- making the roll-ups anew

void reach_rows::fold(const fact& what)
{
    // What is late opens a day again; so few days are open at once.
    constexpr std::size_t most_days = 8;
    if (folded_.size() >= most_days && !folded_.contains(what.day))
        write_folded();
    auto& day = folded_[what.day];
    for_scopes_of(what, [&](const std::string& scope, bool people) {
        auto& one = day[scope];
        ++one.contacts[what.measures];
        if (people && what.citizen)
            one.people[*what.citizen] |= what.measures;
    });
}

void reach_rows::write_folded()
{
    for (const auto& [day, scopes] : folded_) {
        for (const auto& [scope, one] : scopes) {
            for (const auto& [measures, contacts] : one.contacts)
                use(statements_->add_contacts, scope, day, std::int64_t{measures}, contacts).run();
            std::vector<counted_person> people;
            for (const auto& [number, measures] : one.people)
                people.push_back({number, measures});
            std::ranges::sort(people, {}, &counted_person::number);
            if (!people.empty())
                put_packed(scope, day, std::move(people));
        }
    }
    folded_.clear();
}

void reach_rows::rebuild()
{
    SQLite::Transaction all(connection_);
    for (const auto* sql :
         {"DELETE FROM reach_daily",
          "DELETE FROM reach_people",
          "DELETE FROM reach_people_packed",
          "UPDATE pseudonyms SET last_active_ms = NULL"})
        SQLite::Statement(connection_, sql).exec();
    packed_before_ = 0;
    rebuild_contacts();
    {
        SQLite::Statement clicks(
            connection_,
            "SELECT at_ms, citizen, procedure, field, activity FROM link_clicks WHERE test = 0 "
            "ORDER BY id");
        for (use row(clicks); row.next();)
            fold(
                {.day = local_day_of(row.time(0)),
                 .citizen = row.optional_integer(1),
                 .measures = bit(measure::link_opened),
                 .procedure = row.text(2),
                 .field = row.text(3),
                 .activity = row.text(4)});
        SQLite::Statement scans(
            connection_, "SELECT at_ms, activity, keyword FROM landing_scans ORDER BY id");
        for (use row(scans); row.next();)
            fold(
                {.day = local_day_of(row.time(0)),
                 .measures = bit(measure::scanned),
                 .activity = row.text(1),
                 .keyword = row.text(2)});
    }
    write_folded();
    statement made(
        connection_,
        "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2");
    const auto version = rollup_version_of(visit_gap_ms_);
    use(made, rollup_key, version).run();
    all.commit();
}

// In the order of arrival, as they were counted.
void reach_rows::rebuild_contacts()
{
    statement number(connection_, "UPDATE interactions SET citizen = ?2, visit = ?3 WHERE id = ?1");
    statement name_person(
        connection_, "UPDATE pseudonyms SET number = ?2, last_active_ms = ?3 WHERE pseudonym = ?1");
    std::unordered_map<std::string, person> people;
    statement rows(
        connection_,
        "SELECT id, at_ms, pseudonym, kind, intent, procedure, field, aspect, outcome, activity, "
        "credit, keyword, citizen, visit FROM interactions WHERE test = 0 ORDER BY id");
    for (use row(rows); row.next();) {
        reach::interaction one;
        one.at = row.time(1);
        one.kind = from_name(kinds, row.view(3));
        one.intent = row.text(4);
        one.procedure = row.text(5);
        one.field = row.text(6);
        one.aspect = row.text(7);
        one.outcome = reach::outcome_from(row.view(8));
        one.activity = row.text(9);
        one.credit = from_name(credits, row.view(10));
        one.keyword = row.text(11);
        auto& who = people[row.text(2)];
        if (who.number == 0)
            who.number = row.is_null(12) ? find_person(row.text(2)).number : row.integer(12);
        const bool active = makes_visits(one.kind);
        const bool visit =
            active && (!who.last_active_ms || ms(one.at) - *who.last_active_ms >= visit_gap_ms_);
        if (active)
            who.last_active_ms = std::max(who.last_active_ms.value_or(ms(one.at)), ms(one.at));
        if (row.is_null(12) || visit != (row.integer(13) != 0))
            use(number, row.integer(0), who.number, std::int64_t{visit}).run();
        fold(
            {.day = local_day_of(one.at),
             .citizen = who.number,
             .measures = measures_of(one) | (visit ? bit(measure::visit) : 0),
             .procedure = one.procedure,
             .field = one.field,
             .activity = one.activity,
             .keyword = one.keyword});
    }
    for (const auto& [pseudonym, who] : people)
        use(name_person, pseudonym, who.number, who.last_active_ms).run();
}

} // namespace motcua::sqlite
