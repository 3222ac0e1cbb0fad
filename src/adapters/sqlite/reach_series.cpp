#include "connection.hpp"
#include "statements.hpp"

#include <motcua/adapters/sqlite/reach.hpp>

#include <stdexcept>

namespace motcua::sqlite {
namespace {

using std::chrono::sys_days;

std::int64_t day_number(sys_days day)
{
    return day.time_since_epoch().count();
}

class series final : public app::reach_series
{
public:
    explicit series(const std::filesystem::path& file) : connection_(open_reading_connection(file))
    {
        if (schema_version(connection_) != newest_schema_version())
            throw std::runtime_error("not a database of this program's version");
    }

    std::vector<app::day_contacts> days(const reach::period& span) override
    {
        const sys_days first = span.from;
        const sys_days last = span.to;
        std::vector<app::day_contacts> all;
        for (auto day = first; day <= last; day += std::chrono::days(1))
            all.push_back({.day = day, .of = {}});
        statement contacts(
            connection_,
            "SELECT day, measures, contacts FROM reach_daily "
            "WHERE scope = '' AND day BETWEEN ?1 AND ?2");
        for (use row(contacts, day_number(first), day_number(last)); row.next();) {
            auto& day = all[static_cast<std::size_t>(row.integer(0) - day_number(first))];
            day.of.contacts[static_cast<reach::measure_set>(row.integer(1))] += row.integer(2);
        }
        return all;
    }

    answer_page answers(const reach::period& span, std::size_t offset, std::size_t limit) override
    {
        constexpr int tenth_ms = 100;
        answer_page page;
        statement query(
            connection_,
            "SELECT day, tenths, answers FROM reach_answers WHERE day BETWEEN ?1 AND ?2 "
            "ORDER BY day, tenths");
        for (use row(query, day_number(span.from), day_number(span.to)); row.next();) {
            const app::answer_row one{
                .day = sys_days(std::chrono::days(row.integer(0))),
                .took = std::chrono::milliseconds(row.integer(1) * tenth_ms)};
            const auto begin = page.total;
            page.total += row.integer(2);
            for (auto place = begin; place < page.total && page.rows.size() < limit; ++place)
                if (static_cast<std::size_t>(place) >= offset)
                    page.rows.push_back(one);
        }
        return page;
    }

private:
    SQLite::Database connection_;
};

} // namespace

std::unique_ptr<app::reach_series> open_reach_series(const std::filesystem::path& file)
{
    try {
        return std::make_unique<series>(file);
    } catch (const std::exception& failure) {
        throw std::runtime_error(file.string() + ": " + failure.what());
    }
}

} // namespace motcua::sqlite
