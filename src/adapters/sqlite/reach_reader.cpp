#include "connection.hpp"
#include "json.hpp"
#include "statements.hpp"

#include <motcua/adapters/sqlite/reach.hpp>
#include <motcua/core/reach/complaint_figures.hpp>
#include <motcua/core/reach/row_query.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace motcua::sqlite {
namespace {

using reach::bit;
using reach::measure;
using reach::measure_set;

std::int64_t as_ms(utc_time when)
{
    return when.time_since_epoch().count();
}

std::chrono::year_month_day day_of(const std::string& text)
{
    return reach::day_from(text).value_or(std::chrono::year_month_day{});
}

complaints::role role_from(std::string_view word)
{
    using complaints::role;
    for (const auto one : {role::citizen, role::officer, role::coordinator})
        if (complaints::name(one) == word)
            return one;
    return role::system;
}

reach::contact_kind kind_from(std::string_view word)
{
    using enum reach::contact_kind;
    for (const auto one : {message, tap, media, follow, unfollow})
        if (name(one) == word)
            return one;
    return other;
}

reach::credit credit_from(std::string_view word)
{
    for (const auto one : {reach::credit::direct, reach::credit::follow_on})
        if (name(one) == word)
            return one;
    return reach::credit::none;
}

// Contacts, and what else counts, of a period in order of time.
constexpr auto rows_sql = R"sql(
SELECT id, at_ms, citizen, kind, intent, procedure, field, aspect, outcome, activity, credit, keyword,
       model_version, content_version, procedure_version, visit, 0 AS source,
       coalesce(recorded_ms, at_ms) AS recorded_ms
FROM interactions WHERE test = 0 AND at_ms >= ?1 AND at_ms < ?2
UNION ALL
SELECT id, at_ms, citizen, 'other', '', procedure, field, '', '', activity, '', '', '', '', '', 0, 1, at_ms
FROM link_clicks WHERE test = 0 AND at_ms >= ?1 AND at_ms < ?2
UNION ALL
SELECT id, at_ms, NULL, 'other', '', '', '', '', '', activity, '', keyword, '', '', '', 0, 2, at_ms
FROM landing_scans WHERE at_ms >= ?1 AND at_ms < ?2
ORDER BY at_ms, id
)sql";

class reader final : public app::reach_reader
{
public:
    explicit reader(const std::filesystem::path& file) : connection_(open_reading_connection(file))
    {
    }

    std::vector<reach::plan_entry> entries(std::string_view plan) override
    {
        const std::string id(plan);
        statement query(
            connection_,
            "SELECT id, plan, activity, sort, product, day, quantity, unit, note, participants, "
            "evidence_link, evidence_file, entered_by, entered_ms, withdrawn_by, withdrawn_ms, "
            "evidence_name "
            "FROM plan_entries WHERE ?1 = '' OR plan = ?1 ORDER BY day, id");
        std::vector<reach::plan_entry> found;
        for (use row(query, id); row.next();) {
            reach::plan_entry one;
            one.id = row.integer(0);
            one.plan = row.text(1);
            one.activity = row.text(2);
            one.of = row.view(3) == "handed_out" ? reach::plan_entry::sort::handed_out
                                                 : reach::plan_entry::sort::result;
            one.product = row.text(4);
            one.day = day_of(row.text(5));
            one.quantity = row.integer(6);
            one.unit = row.text(7);
            one.note = row.text(8);
            one.participants = row.integer(9);
            one.evidence_link = row.text(10);
            one.evidence_file = row.text(11);
            one.entered_by = row.text(12);
            one.entered_at = row.time(13);
            one.withdrawn_by = row.text(14);
            if (!row.is_null(15))
                one.withdrawn_at = row.time(15);
            one.evidence_name = row.text(16);
            found.push_back(std::move(one));
        }
        return found;
    }

    std::vector<reach::correction> corrections(const reach::period& span) override
    {
        const auto from = to_text(span.from).substr(0, 7);
        const auto to = to_text(span.to).substr(0, 7);
        statement query(
            connection_,
            "SELECT month, made, cause, count FROM reach_corrections "
            "WHERE month BETWEEN ?1 AND ?2 ORDER BY month, made, cause");
        std::vector<reach::correction> found;
        for (use row(query, from, to); row.next();) {
            const auto month = day_of(row.text(0) + "-01");
            found.push_back(
                {.month = month.year() / month.month(),
                 .made = day_of(row.text(1)),
                 .cause = row.text(2),
                 .count = row.integer(3)});
        }
        return found;
    }

    std::vector<reach::complaint_life> complaints() override
    {
        std::vector<reach::complaint_life> found;
        std::unordered_map<std::int64_t, std::size_t> places;
        {
            statement query(
                connection_, "SELECT id, record FROM complaints WHERE test = 0 ORDER BY id");
            for (use row(query); row.next();) {
                reach::complaint_life one;
                one.value = complaint_from_json(row.view(1));
                one.value.id = row.integer(0);
                one.value.user_id.clear();
                one.value.content.clear();
                one.value.message.clear();
                one.value.from = {};
                one.value.attachments.clear();
                places.emplace(row.integer(0), found.size());
                found.push_back(std::move(one));
            }
        }
        statement query(
            connection_,
            "SELECT complaint_id, at_ms, role, what, from_state, to_state, value, late "
            "FROM complaint_history ORDER BY id");
        for (use row(query); row.next();) {
            const auto place = places.find(row.integer(0));
            if (place == places.end())
                continue;
            complaints::history_entry one;
            one.at = row.time(1);
            one.by.role = role_from(row.view(2));
            one.what = row.text(3);
            one.from = row.text(4);
            one.to = row.text(5);
            one.value = row.text(6);
            one.late = row.integer(7) != 0;
            found[place->second].history.push_back(std::move(one));
        }
        return found;
    }

    row_page rows(
        const reach::row_query& query,
        const reach::field_groups& fields,
        std::size_t offset,
        std::size_t limit) override
    {
        using kind = reach::row_query::kind;
        if (query.of != kind::contacts && query.of != kind::people)
            return {};
        row_page page;
        std::unordered_map<std::int64_t, person> people;
        statement all(connection_, rows_sql);
        const auto from = as_ms(begin_of(query.period));
        const auto to = as_ms(end_of(query.period));
        for (use each(all, from, to); each.next();) {
            auto one = read(each);
            const auto measures = measures_of_row(each, one);
            if (!concerns(query, fields, one.contact) ||
                (query.made && vietnam_date(each.time(17)) != *query.made))
                continue;
            if (query.of == kind::people) {
                if (one.citizen != 0)
                    note(people[one.citizen], one, measures);
                continue;
            }
            if (measures == 0 || (measures & query.measures) != query.measures)
                continue;
            if (static_cast<std::size_t>(page.total++) >= offset && page.rows.size() < limit)
                page.rows.push_back(std::move(one));
        }
        if (query.of == kind::people)
            list_people(people, query, offset, limit, page);
        return page;
    }

private:
    struct person
    {
        contact_row first;
        measure_set measures = 0;
        std::int64_t contacts = 0;
        std::set<std::string> activities; // credited to
    };

    static contact_row read(use& each)
    {
        contact_row one;
        one.id = each.integer(0);
        one.at = each.time(1);
        one.citizen = each.integer(2); // 0 if NULL
        auto& contact = one.contact;
        contact.at = one.at;
        contact.kind = kind_from(each.view(3));
        contact.intent = each.text(4);
        contact.procedure = each.text(5);
        contact.field = each.text(6);
        contact.aspect = each.text(7);
        contact.outcome = reach::outcome_from(each.view(8));
        contact.activity = each.text(9);
        contact.credit = credit_from(each.view(10));
        contact.keyword = each.text(11);
        contact.model_version = each.text(12);
        contact.content_version = each.text(13);
        contact.procedure_version = each.text(14);
        return one;
    }

    static measure_set measures_of_row(use& each, const contact_row& one)
    {
        switch (each.integer(16)) {
        case 1:
            return bit(measure::link_opened);
        case 2:
            return bit(measure::scanned);
        default:
            return measures_of(one.contact) |
                   (each.integer(15) != 0 ? bit(measure::visit) : measure_set{0});
        }
    }

    static bool concerns(
        const reach::row_query& query,
        const reach::field_groups& fields,
        const reach::interaction& one)
    {
        const auto plan = one.activity.substr(0, one.activity.find('/'));
        if (!query.plan.empty() && plan != query.plan)
            return false;
        if (!query.activity.empty() && one.activity != query.activity)
            return false;
        if (!query.keyword.empty() &&
            (one.keyword.empty() || plan + "/" + one.keyword != query.keyword))
            return false;
        if (!query.procedure.empty() && one.procedure != query.procedure)
            return false;
        return query.field.empty() || (!one.field.empty() && !fields.empty() &&
                                       group_of(fields, one.field).id == query.field);
    }

    static void note(person& who, contact_row& one, measure_set measures)
    {
        if (measures == 0)
            return;
        constexpr auto credited = bit(measure::direct) | bit(measure::follow_on);
        if ((measures & credited) != 0)
            who.activities.insert(one.contact.activity);
        if (who.contacts++ == 0)
            who.first = std::move(one);
        who.measures |= measures;
    }

    static void list_people(
        const std::unordered_map<std::int64_t, person>& people,
        const reach::row_query& query,
        std::size_t offset,
        std::size_t limit,
        row_page& page)
    {
        std::vector<const person*> counted;
        for (const auto& [number, who] : people)
            if (who.measures != 0 && (who.measures & query.measures) == query.measures &&
                (query.figure != reach::in_several || who.activities.size() > 1))
                counted.push_back(&who);
        std::ranges::sort(counted, [](const person* left, const person* right) {
            return std::pair(left->first.at, left->first.citizen) <
                   std::pair(right->first.at, right->first.citizen);
        });
        page.total = static_cast<std::int64_t>(counted.size());
        for (std::size_t i = offset; i < counted.size() && page.rows.size() < limit; ++i) {
            auto one = counted[i]->first;
            one.contacts = counted[i]->contacts;
            page.rows.push_back(std::move(one));
        }
    }

    SQLite::Database connection_;
};

} // namespace

std::unique_ptr<app::reach_reader> open_reach_reader(const std::filesystem::path& file)
{
    try {
        if (schema_version(open_reading_connection(file)) == newest_schema_version())
            return std::make_unique<reader>(file);
    } catch (const SQLite::Exception& failure) {
        throw std::runtime_error(file.string() + ": " + failure.what());
    }
    throw std::runtime_error(file.string() + ": not a database of this program's version");
}

} // namespace motcua::sqlite
