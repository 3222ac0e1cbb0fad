#include "connection.hpp"
#include "statements.hpp"

#include <SQLiteCpp/Transaction.h>
#include <motcua/adapters/sqlite/reach.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>

// The figures once more, from the rows alone: definitions written anew, people told apart by
// their pseudonyms, visits found by going through everybody's contacts. Nothing here may call the
// roll-ups, or the rules they are made by.
namespace motcua::sqlite {
namespace {

using reach::measure;
using reach::measure_set;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t zone_ms = 25'200'000; // Asia/Ho_Chi_Minh

constexpr measure_set one_bit(measure what)
{
    return measure_set{1} << static_cast<unsigned>(what);
}
constexpr bool says(measure_set set, measure what)
{
    return (set & one_bit(what)) != 0;
}

// The definitions, written anew on the words of the row. (As expressions of SQL they took four
// times as long: millions of rows are read.)
struct words_of_contact
{
    std::string_view kind, intent, outcome, procedure, aspect, credit;

    measure_set said() const
    {
        const bool active = kind == "message" || kind == "tap" || kind == "media";
        const bool reached = active || kind == "follow";
        const bool complaint = active && (intent == "complaint" || intent == "complaint_status");
        const bool answered = active && !complaint && outcome == "answered";
        const bool question =
            answered ||
            (active && !complaint &&
             (outcome == "clarified" || outcome == "not_understood" || outcome == "handed_over"));
        const bool filing = answered && !procedure.empty() && aspect == "filing";
        measure_set all = 0;
        const auto say = [&all](bool holds, measure what) { all |= holds ? one_bit(what) : 0; };
        say(reached, measure::contact);
        say(active, measure::active);
        say(kind == "follow", measure::follow);
        say(kind == "unfollow", measure::unfollow);
        say(question, measure::question);
        say(answered, measure::answered);
        say(question && outcome == "clarified", measure::clarified);
        say(question && outcome == "not_understood", measure::not_understood);
        say(question && outcome == "handed_over", measure::handed_over);
        say(active && !complaint && !question, measure::apart);
        say(complaint, measure::complaint_talk);
        say(answered && !procedure.empty(), measure::lookup);
        say(filing, measure::guided);
        say(answered && intent == "file_status", measure::dossier_lookup);
        say(filing || (answered && intent == "keyword"), measure::asked_understood);
        say(active && intent == "understood", measure::understood);
        say(reached && credit == "direct", measure::direct);
        say(reached && credit == "follow_on", measure::follow_on);
        return all;
    }
};

struct text_hash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const
    {
        return std::hash<std::string_view>{}(text);
    }
};

class recount final : public app::figure_source
{
public:
    recount(
        const std::filesystem::path& file,
        app::progress_teller progress,
        std::chrono::minutes visit_gap)
        : connection_(file.string(), SQLite::OPEN_READONLY), progress_(std::move(progress)),
          visit_gap_ms_(visit_gap.count() * 60'000)
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
        std::size_t person(std::string_view pseudonym)
        {
            const auto known = people_.find(pseudonym);
            if (known != people_.end())
                return known->second;
            return people_.emplace(pseudonym, people_.size()).first->second;
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
            const bool concerns = says(what, measure::question) || says(what, measure::link_opened);
            if (!field.empty() && concerns)
                count("field " + group_of(wanted_.fields, field).id, what, who);
        }

        void look_up(const std::string& procedure) { ++lookups_[procedure]; }
        void answer(std::int64_t tenths) { ++answers_[tenths]; }

        reach::figures end() &&
        {
            reach::figures found;
            found.period = wanted_.period;
            std::vector<int> activities(people_.size() + strangers_);
            constexpr auto credited = one_bit(measure::direct) | one_bit(measure::follow_on);
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
        std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>> people_;
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
        statement query(
            connection_,
            "SELECT at_ms, pseudonym, citizen, procedure, field, activity, keyword, kind, intent, "
            "outcome, aspect, credit FROM interactions "
            "WHERE test = 0 AND id > ?1 AND id <= ?2 ORDER BY id");
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
        const auto who = now.person(row.view(1));
        numbers_[row.integer(2)] = who;
        auto what =
            words_of_contact{
                .kind = row.view(7),
                .intent = row.view(8),
                .outcome = row.view(9),
                .procedure = row.view(3),
                .aspect = row.view(10),
                .credit = row.view(11)}
                .said();
        if (last_active.size() <= who)
            last_active.resize(who + 1, never);
        if (says(what, measure::active)) {
            auto& last = last_active[who];
            if (last == never || at - last >= visit_gap_ms_)
                what |= one_bit(measure::visit);
            last = std::max(last, at);
        }
        if (what == 0 || !now.covers(at))
            return;
        now.count_all(what, who, row.text(4), row.text(5), row.text(6));
        if (says(what, measure::lookup))
            now.look_up(row.text(3));
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
            constexpr auto opened = one_bit(measure::link_opened);
            now.count_all(opened, who, row.text(2), row.text(3), {});
        }
    }

    void count_scans(counting& now)
    {
        statement query(connection_, "SELECT at_ms, activity, keyword FROM landing_scans");
        constexpr auto scanned = one_bit(measure::scanned);
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
    std::int64_t visit_gap_ms_;
    std::unordered_map<std::int64_t, std::size_t> numbers_; // place of a person by number
};

} // namespace

std::unique_ptr<app::figure_source> open_recount(
    const std::filesystem::path& file,
    app::progress_teller progress,
    std::chrono::minutes visit_gap)
{
    return std::make_unique<recount>(file, std::move(progress), visit_gap);
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
        const auto event = row.text(8); // some kinds are its own name
        const auto kinds = kinds_of_event(event);
        if (std::ranges::find(kinds, row.text(3)) == kinds.end())
            differ(label + "an event " + event + " makes no contact of kind " + row.text(3));
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
            "SELECT id, event_name FROM events "
            "WHERE user_id IS NOT NULL AND received_ms - timestamp_ms <= 86400000 "
            "AND (event_name LIKE 'user\\_%' ESCAPE '\\' OR event_name IN ('follow', "
            "'unfollow')) AND id >= (SELECT min(event) FROM interactions) ORDER BY id");
        // Contacts come in the order of their events: those out of order have been found.
        statement contacts(
            connection_, "SELECT event FROM interactions WHERE event IS NOT NULL ORDER BY id");
        use contact(contacts);
        std::int64_t reached = 0; // the contact's event
        bool more = true;
        for (use row(rows); row.next();) {
            if (kinds_of_event(row.text(1)).empty())
                continue;
            ++found_.events;
            while (more && reached < row.integer(0)) {
                more = contact.next();
                if (more)
                    reached = contact.integer(0);
            }
            if (reached != row.integer(0))
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
