#include "connection.hpp"
#include "statements.hpp"

#include <SQLiteCpp/Transaction.h>
#include <motcua/adapters/sqlite/reach.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>

// The figures once more, from the rows alone: definitions written anew in SQL, people told apart by
// their pseudonyms, visits found by going through everybody's contacts. Nothing here may call the
// roll-ups, or the rules they are made by.
namespace motcua::sqlite {
namespace {

using reach::measure;
using reach::measure_set;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t zone_ms = 25'200'000; // Asia/Ho_Chi_Minh
constexpr std::int64_t half_hour_ms = 1'800'000;

// What the columns of the query below say, in order, from the fourth on.
constexpr std::array said{
    measure::contact,
    measure::active,
    measure::follow,
    measure::unfollow,
    measure::question,
    measure::answered,
    measure::clarified,
    measure::not_understood,
    measure::handed_over,
    measure::apart,
    measure::complaint_talk,
    measure::lookup,
    measure::guided,
    measure::dossier_lookup,
    measure::asked_understood,
    measure::understood,
    measure::direct,
    measure::follow_on};

constexpr auto contacts_sql = R"sql(
WITH seen AS (
    SELECT id, at_ms, pseudonym, citizen, procedure, field, activity, keyword, credit, intent, aspect,
           outcome, kind,
           kind IN ('message', 'tap', 'media') AS active,
           intent IN ('complaint', 'complaint_status') AS about_complaint
    FROM interactions WHERE test = 0 AND id > ?1 AND id <= ?2),
asked AS (
    SELECT *, active AND NOT about_complaint
              AND outcome IN ('answered', 'clarified', 'not_understood', 'handed_over') AS question
    FROM seen)
SELECT at_ms, pseudonym, citizen,
       active OR kind = 'follow',
       active,
       kind = 'follow',
       kind = 'unfollow',
       question,
       question AND outcome = 'answered',
       question AND outcome = 'clarified',
       question AND outcome = 'not_understood',
       question AND outcome = 'handed_over',
       active AND NOT about_complaint AND NOT question,
       active AND about_complaint,
       question AND outcome = 'answered' AND procedure <> '',
       question AND outcome = 'answered' AND procedure <> '' AND aspect = 'filing',
       question AND outcome = 'answered' AND intent = 'file_status',
       question AND outcome = 'answered' AND (procedure <> '' AND aspect = 'filing' OR intent = 'keyword'),
       active AND intent = 'understood',
       (active OR kind = 'follow') AND credit = 'direct',
       (active OR kind = 'follow') AND credit = 'follow_on',
       procedure, field, activity, keyword
FROM asked ORDER BY id
)sql";
constexpr int first_said = 3;
constexpr int after_said = first_said + static_cast<int>(said.size());

class recount final : public app::figure_source
{
public:
    recount(const std::filesystem::path& file, app::progress_teller progress)
        : connection_(file.string(), SQLite::OPEN_READONLY), progress_(std::move(progress))
    {
        if (schema_version(connection_) != newest_schema_version())
            throw std::runtime_error(file.string() + ": not a database of this program's version");
    }

    reach::figures read(const app::figure_request& wanted) override
    {
        SQLite::Transaction moment(connection_);
        counting now(wanted);
        count_contacts(now);
        count_clicks(now);
        count_scans(now);
        count_answers(now);
        return std::move(now).end();
    }

private:
    // Everything found so far in one reading.
    class counting
    {
    public:
        explicit counting(const app::figure_request& wanted)
            : wanted_(wanted),
              from_(std::chrono::sys_days(wanted.period.from).time_since_epoch().count()),
              to_(std::chrono::sys_days(wanted.period.to).time_since_epoch().count())
        {
        }

        bool covers(std::int64_t at_ms) const
        {
            const auto day = (at_ms + zone_ms) / day_ms;
            return from_ <= day && day <= to_;
        }

        // The place of the person; people are told apart by pseudonym.
        std::size_t person(const std::string& pseudonym)
        {
            return people_.try_emplace(pseudonym, people_.size()).first->second;
        }

        void
        count(const std::string& scope, measure_set what, const std::optional<std::size_t>& who)
        {
            auto& one = scopes_[scope];
            ++one.contacts[what];
            if (!who)
                return;
            if (one.people.size() <= *who)
                one.people.resize(*who + 1);
            one.people[*who] |= what;
        }

        void count_all(
            measure_set what,
            const std::optional<std::size_t>& who,
            const std::string& field,
            const std::string& activity,
            const std::string& keyword)
        {
            count("all", what, who);
            const auto plan = wanted_.plan + "/";
            if (activity.starts_with(plan)) {
                count("one " + activity, what, who);
                count("any", what, who);
                if (!keyword.empty())
                    count("key " + plan + keyword, what, who);
            }
            const auto asks = (what >> static_cast<unsigned>(measure::question)) & 1U;
            const auto opens = (what >> static_cast<unsigned>(measure::link_opened)) & 1U;
            if (!field.empty() && (asks != 0 || opens != 0))
                count("field " + group_of(wanted_.fields, field).id, what, who);
        }

        void look_up(const std::string& procedure) { ++lookups_[procedure]; }
        void answer(std::int64_t tenths) { ++answers_[tenths]; }

        reach::figures end() &&
        {
            reach::figures found;
            found.period = wanted_.period;
            std::vector<int> activities(people_.size() + strangers_);
            constexpr auto credited = measure_set{1} << static_cast<unsigned>(measure::direct) |
                                      measure_set{1} << static_cast<unsigned>(measure::follow_on);
            for (auto& [scope, one] : scopes_) {
                if (scope.starts_with("one "))
                    for (std::size_t who = 0; who < one.people.size(); ++who)
                        activities[who] += (one.people[who] & credited) != 0 ? 1 : 0;
                *place_of(found, scope) = tally_of(one);
            }
            found.people_in_several =
                std::ranges::count_if(activities, [](int times) { return times > 1; });
            found.lookups = std::move(lookups_);
            found.answer_tenths = std::move(answers_);
            return found;
        }

        // Somebody known by number alone: whoever was erased.
        std::size_t stranger(std::int64_t number)
        {
            ++strangers_;
            return person("number " + std::to_string(number));
        }

    private:
        struct scope_count
        {
            std::map<measure_set, std::int64_t> contacts;
            std::vector<measure_set> people; // by place
        };

        static reach::tally tally_of(const scope_count& one)
        {
            reach::tally all;
            all.contacts = one.contacts;
            for (const auto what : one.people)
                if (what != 0)
                    ++all.people[what];
            return all;
        }

        static reach::tally* place_of(reach::figures& found, const std::string& scope)
        {
            if (scope == "all")
                return &found.all;
            if (scope == "any")
                return &found.credited;
            if (scope.starts_with("one "))
                return &found.activities[scope.substr(4)];
            if (scope.starts_with("key "))
                return &found.keywords[scope.substr(4)];
            return &found.fields[scope.substr(6)];
        }

        const app::figure_request& wanted_;
        std::int64_t from_; // day
        std::int64_t to_;
        std::unordered_map<std::string, std::size_t> people_;
        std::size_t strangers_ = 0;
        std::map<std::string, scope_count> scopes_;
        std::map<std::string, std::int64_t, std::less<>> lookups_;
        std::map<std::int64_t, std::int64_t> answers_;
    };

    void tell(double part) const
    {
        if (progress_)
            progress_(part);
    }

    void count_contacts(counting& now)
    {
        std::int64_t newest = 0;
        {
            statement query(connection_, "SELECT max(id) FROM interactions");
            use row(query);
            if (row.next())
                newest = row.integer(0);
        }
        constexpr std::int64_t piece = 200'000;
        statement query(connection_, contacts_sql);
        std::vector<std::int64_t> last_active; // by person
        for (std::int64_t done = 0; done < newest; done += piece) {
            for (use row(query, done, std::min(done + piece, newest)); row.next();)
                count_contact(row, now, last_active);
            tell(static_cast<double>(done) / static_cast<double>(newest));
        }
        tell(1);
    }

    void count_contact(use& row, counting& now, std::vector<std::int64_t>& last_active)
    {
        constexpr auto never = std::numeric_limits<std::int64_t>::min();
        const auto at = row.integer(0);
        const auto who = now.person(row.text(1));
        numbers_[row.integer(2)] = who;
        measure_set what = 0;
        for (std::size_t i = 0; i < said.size(); ++i)
            if (row.integer(first_said + static_cast<int>(i)) != 0)
                what |= measure_set{1} << static_cast<unsigned>(said[i]);
        if (last_active.size() <= who)
            last_active.resize(who + 1, never);
        const bool active = ((what >> static_cast<unsigned>(measure::active)) & 1U) != 0;
        if (active) {
            auto& last = last_active[who];
            if (last == never || at - last >= half_hour_ms)
                what |= measure_set{1} << static_cast<unsigned>(measure::visit);
            last = std::max(last, at);
        }
        if (what == 0 || !now.covers(at))
            return;
        const auto procedure = row.text(after_said);
        now.count_all(
            what,
            who,
            row.text(after_said + 1),
            row.text(after_said + 2),
            row.text(after_said + 3));
        if (((what >> static_cast<unsigned>(measure::lookup)) & 1U) != 0)
            now.look_up(procedure);
    }

    void count_clicks(counting& now)
    {
        statement query(
            connection_,
            "SELECT at_ms, citizen, field, activity FROM link_clicks WHERE test = 0 ORDER BY id");
        for (use row(query); row.next();) {
            if (!now.covers(row.integer(0)))
                continue;
            std::optional<std::size_t> who;
            if (const auto number = row.optional_integer(1)) {
                const auto known = numbers_.find(*number);
                who = known == numbers_.end() ? now.stranger(*number) : known->second;
            }
            constexpr auto opened = measure_set{1} << static_cast<unsigned>(measure::link_opened);
            now.count_all(opened, who, row.text(2), row.text(3), {});
        }
    }

    void count_scans(counting& now)
    {
        statement query(connection_, "SELECT at_ms, activity, keyword FROM landing_scans");
        constexpr auto scanned = measure_set{1} << static_cast<unsigned>(measure::scanned);
        for (use row(query); row.next();)
            if (now.covers(row.integer(0)))
                now.count_all(scanned, std::nullopt, {}, row.text(1), row.text(2));
    }

    void count_answers(counting& now)
    {
        statement query(
            connection_,
            "SELECT created_ms, max(last_call_ms - created_ms, 0) FROM outbox "
            "WHERE answers > 0 AND state IN ('sent', 'delivered', 'seen') "
            "AND last_call_ms IS NOT NULL");
        for (use row(query); row.next();)
            if (now.covers(row.integer(0)))
                now.answer((row.integer(1) + 50) / 100);
    }

    SQLite::Database connection_;
    app::progress_teller progress_;
    std::unordered_map<std::int64_t, std::size_t> numbers_; // place of a person by number
};

} // namespace

std::unique_ptr<app::figure_source>
open_recount(const std::filesystem::path& file, app::progress_teller progress)
{
    return std::make_unique<recount>(file, std::move(progress));
}

// ---- contacts against events

namespace {

// Kinds that an event of that name may have made; nothing if it is no contact (zalo-oa-protocol
// 1.2, 1.3).
std::vector<std::string_view> kinds_of_event(std::string_view event)
{
    if (event == "user_send_text")
        return {"message", "tap"};
    if (event == "follow" || event == "unfollow")
        return {event};
    if (event == "user_submit_info" || event == "user_click_chatnow" ||
        event == "user_reacted_message")
        return {"other"};
    if (event.starts_with("user_send_") && !event.starts_with("user_send_group_"))
        return {"media", "message", "tap"};
    return {};
}

class contact_check
{
public:
    contact_check(const std::filesystem::path& file, const event_check_parts& parts)
        : connection_(file.string(), SQLite::OPEN_READONLY), parts_(parts)
    {
    }

    event_check run()
    {
        SQLite::Transaction moment(connection_);
        compare_contacts();
        find_missing();
        return std::move(found_);
    }

private:
    void differ(std::string what)
    {
        ++found_.different;
        if (found_.differences.size() < parts_.most_differences)
            found_.differences.push_back(std::move(what));
    }

    void compare_contacts()
    {
        statement count(connection_, "SELECT count(*) FROM interactions");
        std::int64_t all = 0;
        {
            use row(count);
            row.next();
            all = row.integer(0);
        }
        statement rows(
            connection_,
            "SELECT i.id, i.at_ms, i.pseudonym, i.kind, i.test, i.event, e.id, e.timestamp_ms, "
            "e.event_name, e.user_id, e.received_ms FROM interactions AS i "
            "LEFT JOIN events AS e ON e.id = i.event ORDER BY i.id");
        std::int64_t done = 0;
        for (use row(rows); row.next();) {
            ++found_.contacts;
            constexpr std::int64_t often = 0xffff;
            if ((++done & often) == 0 && parts_.progress)
                parts_.progress(static_cast<double>(done) / static_cast<double>(all));
            if (row.is_null(5) || row.is_null(6) || row.is_null(9)) {
                ++found_.unprovable;
                continue;
            }
            compare(row);
        }
    }

    void compare(use& row)
    {
        const auto label = "contact " + std::to_string(row.integer(0)) + " of event " +
                           std::to_string(row.integer(5)) + ": ";
        if (row.integer(5) <= last_event_)
            differ(label + "the event has made a contact already, or out of order");
        last_event_ = std::max(last_event_, row.integer(5));
        const auto kinds = kinds_of_event(row.text(8));
        if (std::ranges::find(kinds, row.text(3)) == kinds.end())
            differ(label + "an event " + row.text(8) + " makes no contact of kind " + row.text(3));
        if (row.integer(1) != std::min(row.integer(7), row.integer(10)))
            differ(label + "the time is not that of the event");
        const auto citizen = row.text(9);
        if (row.text(2) != parts_.pseudonym(citizen))
            differ(label + "the pseudonym is not that of the citizen");
        if ((row.integer(4) != 0) != parts_.is_test_user(citizen))
            differ(label + "the test mark is not that of the configuration");
    }

    // Events older than a day when they came were stored, not acted on. One event may lack its
    // contact: that which asked for erasure; it names nobody any more.
    void find_missing()
    {
        statement rows(
            connection_,
            "SELECT e.id, e.event_name, i.id FROM events AS e "
            "LEFT JOIN interactions AS i ON i.event = e.id "
            "WHERE e.user_id IS NOT NULL AND e.received_ms - e.timestamp_ms <= 86400000 "
            "AND (e.event_name LIKE 'user\\_%' ESCAPE '\\' OR e.event_name IN ('follow', "
            "'unfollow')) AND e.id >= (SELECT min(event) FROM interactions)");
        for (use row(rows); row.next();) {
            if (kinds_of_event(row.text(1)).empty())
                continue;
            ++found_.events;
            if (row.is_null(2))
                differ(
                    "event " + std::to_string(row.integer(0)) + " (" + row.text(1) +
                    ") has made no contact");
        }
    }

    SQLite::Database connection_;
    const event_check_parts& parts_;
    event_check found_;
    std::int64_t last_event_ = 0;
};

} // namespace

event_check check_contacts(const std::filesystem::path& file, const event_check_parts& parts)
{
    return contact_check(file, parts).run();
}

} // namespace motcua::sqlite
