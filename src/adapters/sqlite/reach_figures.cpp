#include "connection.hpp"
#include "packed_people.hpp"
#include "statements.hpp"

#include <SQLiteCpp/Transaction.h>
#include <motcua/adapters/sqlite/reach.hpp>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace motcua::sqlite {
namespace {

using reach::bit;
using reach::measure;
using reach::measure_set;

std::int64_t day_number(std::chrono::year_month_day day)
{
    return std::chrono::sys_days(day).time_since_epoch().count();
}

SQLite::Database open_current(const std::filesystem::path& file)
{
    try {
        auto connection = open_reading_connection(file);
        if (schema_version(connection) == newest_schema_version())
            return connection;
    } catch (const SQLite::Exception& failure) {
        throw std::runtime_error(file.string() + ": " + failure.what());
    }
    throw std::runtime_error(file.string() + ": not a database of this program's version");
}

// All that people of one or several scopes count as; one object serves scope after scope.
class people_counter
{
public:
    explicit people_counter(std::size_t people) : measures_(people + 1) {}

    void add(std::int64_t number, measure_set measures)
    {
        const auto place = static_cast<std::size_t>(number);
        if (place >= measures_.size())
            measures_.resize(place + 1);
        if (measures_[place] == 0)
            counted_.push_back(number);
        measures_[place] |= measures;
    }
    bool has(std::int64_t number) const
    {
        const auto place = static_cast<std::size_t>(number);
        return place < measures_.size() && measures_[place] != 0;
    }
    // Calls each(number, measures), and forgets everybody.
    template <class Each>
    void take(const Each& each)
    {
        for (const auto number : counted_)
            each(number, std::exchange(measures_[static_cast<std::size_t>(number)], 0));
        counted_.clear();
    }

private:
    std::vector<measure_set> measures_; // by number
    std::vector<std::int64_t> counted_;
};

class rollup_figures final : public app::figure_source
{
public:
    explicit rollup_figures(const std::filesystem::path& file) : connection_(open_current(file)) {}

    reach::figures read(const app::figure_request& wanted) override
    {
        // One state of the database for all that is read.
        SQLite::Transaction moment(connection_);
        from_ = day_number(wanted.period.from);
        to_ = day_number(wanted.period.to);
        people_counter people(highest_number());
        reach::figures found;
        found.period = wanted.period;
        found.all = read_scope("", people);
        found.credited = read_scope("credited:" + wanted.plan, people);
        read_activities(wanted.plan, people, found);
        for_scopes("keyword:" + wanted.plan + "/", [&](const std::string& scope, auto key) {
            auto one = read_scope(scope, people);
            if (!one.contacts.empty())
                found.keywords[wanted.plan + "/" + std::string(key)] = std::move(one);
        });
        read_fields(wanted.fields, people, found);
        for_scopes("procedure:", [&](const std::string& scope, auto code) {
            const auto number = read_contacts(scope).count(measure::lookup);
            if (number != 0)
                found.lookups[std::string(code)] = number;
        });
        statement answers(
            connection_,
            "SELECT tenths, sum(answers) FROM reach_answers WHERE day BETWEEN ?1 AND ?2 "
            "GROUP BY tenths");
        for (use row(answers, from_, to_); row.next();)
            found.answer_tenths[row.integer(0)] = row.integer(1);
        return found;
    }

private:
    std::size_t highest_number()
    {
        statement query(connection_, "SELECT value FROM settings WHERE key = 'reach.citizens'");
        use row(query);
        return row.next() ? static_cast<std::size_t>(std::stoull(row.text(0))) : 0;
    }

    // Calls each(scope, what follows the prefix) for every scope, jumping from one to the next.
    template <class Each>
    void for_scopes(const std::string& prefix, const Each& each)
    {
        for (std::string scope = prefix;;) {
            {
                use row(next_scope_, scope);
                if (!row.next() || row.is_null(0))
                    return;
                scope = row.text(0);
            }
            if (!scope.starts_with(prefix))
                return;
            each(scope, std::string_view(scope).substr(prefix.size()));
        }
    }

    reach::tally read_contacts(const std::string& scope)
    {
        reach::tally found;
        for (use row(contacts_, scope, from_, to_); row.next();)
            found.contacts[static_cast<measure_set>(row.integer(0))] += row.integer(1);
        return found;
    }

    void read_people(const std::string& scope, people_counter& people)
    {
        for (use row(packed_, scope, from_, to_); row.next();) {
            const bool sound = unpack(row.view(0), [&people](auto number, auto measures) {
                people.add(number, measures);
            });
            if (!sound)
                throw std::runtime_error("the roll-ups are damaged");
        }
        for (use row(people_, scope, from_, to_); row.next();)
            people.add(row.integer(0), static_cast<measure_set>(row.integer(1)));
    }

    reach::tally read_scope(const std::string& scope, people_counter& people)
    {
        auto found = read_contacts(scope);
        read_people(scope, people);
        people.take([&found](auto, measure_set measures) { ++found.people[measures]; });
        return found;
    }

    void read_activities(const std::string& plan, people_counter& people, reach::figures& found)
    {
        constexpr auto credited = bit(measure::direct) | bit(measure::follow_on);
        people_counter several(highest_number());
        for_scopes("activity:" + plan + "/", [&](const std::string& scope, auto id) {
            auto one = read_contacts(scope);
            read_people(scope, people);
            people.take([&](auto number, measure_set measures) {
                ++one.people[measures];
                if ((measures & credited) != 0)
                    several.add(number, several.has(number) ? 2U : 1U);
            });
            if (!one.contacts.empty())
                found.activities[plan + "/" + std::string(id)] = std::move(one);
        });
        several.take(
            [&found](auto, measure_set times) { found.people_in_several += times >= 2 ? 1 : 0; });
    }

    void
    read_fields(const reach::field_groups& groups, people_counter& people, reach::figures& found)
    {
        std::map<std::string, std::vector<std::string>> scopes; // by group
        for_scopes("field:", [&](const std::string& scope, auto field) {
            scopes[group_of(groups, field).id].push_back(scope);
        });
        for (const auto& [group, members] : scopes) {
            reach::tally one;
            for (const auto& scope : members) {
                one.add(read_contacts(scope));
                read_people(scope, people);
            }
            people.take([&one](auto, measure_set measures) { ++one.people[measures]; });
            if (!one.contacts.empty())
                found.fields[group] = std::move(one);
        }
    }

    SQLite::Database connection_;
    statement next_scope_{connection_, "SELECT min(scope) FROM reach_daily WHERE scope > ?1"};
    statement contacts_{
        connection_,
        "SELECT measures, contacts FROM reach_daily WHERE scope = ?1 AND day BETWEEN ?2 AND ?3"};
    statement packed_{
        connection_,
        "SELECT members FROM reach_people_packed WHERE scope = ?1 AND day BETWEEN ?2 AND ?3"};
    statement people_{
        connection_,
        "SELECT citizen, measures FROM reach_people WHERE scope = ?1 AND day BETWEEN ?2 AND ?3"};
    std::int64_t from_ = 0; // day
    std::int64_t to_ = 0;
};

} // namespace

std::unique_ptr<app::figure_source> open_figures(const std::filesystem::path& file)
{
    return std::make_unique<rollup_figures>(file);
}

} // namespace motcua::sqlite
