#include "complaint_search.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>

namespace motcua::sqlite {
namespace {

using app::complaint_filter;
using app::complaint_sort;
using app::complaint_tab;

// A condition in SQL, made piece by piece with its parameters.
class condition
{
public:
    void add(const std::string& sql) { sql_ += " AND " + sql; }
    void equal(const std::string& column, std::int64_t value)
    {
        add(column + " = " + std::to_string(value));
    }
    void compare(const std::string& column, const char* relation, utc_time value)
    {
        add(column + relation + std::to_string(ms(value)));
    }
    void text(const std::string& before, const std::string& value, const std::string& after = {})
    {
        add(before + place(value) + after);
    }
    void any_of(const std::string& column, const std::vector<std::string>& values)
    {
        if (!values.empty())
            add(column + " IN (" + places(values) + ')');
    }
    void none_of(const std::string& column, const std::vector<std::string>& values)
    {
        if (!values.empty())
            add(column + " NOT IN (" + places(values) + ')');
    }
    std::string places(const std::vector<std::string>& values)
    {
        std::string list;
        for (const auto& value : values)
            list += (list.empty() ? "" : ", ") + place(value);
        return list;
    }
    std::string place(std::string value)
    {
        parameters_.push_back(std::move(value));
        return '?' + std::to_string(parameters_.size());
    }

    const std::string& sql() const { return sql_; }
    const std::vector<std::string>& parameters() const { return parameters_; }

private:
    std::string sql_;
    std::vector<std::string> parameters_;
};

void add_deadlines(condition& where, const complaint_filter& filter)
{
    if (!filter.overdue && !filter.soon && !filter.later && !filter.without_due)
        return;
    const auto now = std::to_string(ms(filter.now));
    const auto soon_before = std::to_string(ms(filter.soon_before));
    std::string any = "FALSE";
    if (filter.overdue)
        any += " OR due_ms < " + now;
    if (filter.soon)
        any += " OR (due_ms >= " + now + " AND due_ms < " + soon_before + ')';
    if (filter.later)
        any += " OR (due_ms >= " + now + " AND due_ms >= " + soon_before + ')';
    if (filter.without_due)
        any += " OR due_ms IS NULL";
    where.add('(' + any + ')');
}

// The end of the range of texts that begin so: its last character is ASCII.
std::string after_prefix(std::string prefix)
{
    ++prefix.back();
    return prefix;
}

void add_search(condition& where, const complaints::search_terms& search)
{
    if (search.phone)
        where.text("phone <> '' AND phone = ", *search.phone);
    for (const auto& prefix : search.code_prefixes) {
        where.text("code >= ", prefix);
        where.text("code < ", after_prefix(prefix));
    }
    for (const auto& key : search.labels)
        where.text("id IN (SELECT complaint_id FROM complaint_labels WHERE key = ", key, ")");
}

condition where_of(const complaint_filter& filter)
{
    condition where;
    where.equal("test", filter.test ? 1 : 0);
    if (!filter.sight.all)
        where.add(
            "unit IN (" + where.places({filter.sight.units.begin(), filter.sight.units.end()}) +
            ')');
    add_deadlines(where, filter);
    where.any_of("state", filter.states);
    where.none_of("state", filter.left_out);
    where.any_of("category", filter.categories);
    where.any_of("unit", filter.units);
    where.any_of("officer", filter.officers);
    where.any_of("commune", filter.communes);
    where.any_of("activity", filter.activities);
    where.any_of("source", filter.sources);
    if (filter.received_from)
        where.compare("submitted_ms", " >= ", *filter.received_from);
    if (filter.received_before)
        where.compare("submitted_ms", " < ", *filter.received_before);
    if (filter.reopened)
        where.add(*filter.reopened ? "reopened > 0" : "reopened = 0");
    if (filter.has_attachment)
        where.add(*filter.has_attachment ? "files > 0" : "files = 0");
    if (filter.rating_maximum)
        where.add("rating BETWEEN 1 AND " + std::to_string(*filter.rating_maximum));
    if (!filter.labels.empty())
        where.add(
            "id IN (SELECT complaint_id FROM complaint_labels WHERE label IN (" +
            where.places(filter.labels) + "))");
    add_search(where, filter.search);
    return where;
}

// What is sorted by; 0 and up, or -1 for what has no such date.
const char* key_of(complaint_sort by)
{
    switch (by) {
    case complaint_sort::due:
        return "ifnull(due_ms, -1)";
    case complaint_sort::code:
        return "number";
    case complaint_sort::received:
        return "submitted_ms";
    case complaint_sort::updated:
        return "updated_ms";
    case complaint_sort::waiting:
        return "ifnull(waiting_ms, -1)";
    }
    return "number";
}

struct candidate
{
    std::int64_t key; // turned so that the smallest comes first
    std::int64_t number;
    std::int64_t id;

    auto operator<=>(const candidate&) const = default;
};

std::int64_t turned(std::int64_t key, const app::complaint_order& order)
{
    if (key < 0)
        return std::numeric_limits<std::int64_t>::max();
    // Who has waited longest has the oldest instant.
    const bool oldest_is_most = order.by == complaint_sort::waiting;
    return order.descending != oldest_is_most ? -key : key;
}

struct finalise
{
    void operator()(sqlite3_stmt* prepared) const { sqlite3_finalize(prepared); }
};

[[noreturn]] void fail(const SQLite::Database& connection)
{
    throw SQLite::Exception(connection.getHandle());
}

} // namespace

app::found_complaints search_complaints(
    const SQLite::Database& connection,
    const complaint_filter& filter,
    const app::complaint_order& order,
    std::size_t first,
    std::size_t limit)
{
    enum column
    {
        id,
        number,
        key,
        tabs
    };
    auto where = where_of(filter);
    // Every tab as one bit of a number, so that a row costs four columns.
    const auto me = where.place(filter.me);
    const auto open = where.places(filter.open_states);
    const auto soon_before = std::to_string(ms(filter.soon_before));
    std::string from = "complaint_list";
    if (!filter.search.words.empty()) {
        std::string match;
        for (const auto& word : filter.search.words)
            match += (match.empty() ? "\"" : " \"") + word + '"';
        from = "complaint_words CROSS JOIN complaint_list ON complaint_list.id = "
               "complaint_words.rowid";
        where.text("complaint_words MATCH ", match);
    }
    const auto sql = "SELECT id, number, " + std::string(key_of(order.by)) +
                     ", (officer <> '' AND officer = " + me + ") + iif(state IN (" + open +
                     "), 4 + 2 * (officer = ''), 0) + 8 * ifnull(due_ms < " + soon_before +
                     ", 0) FROM " + from + " WHERE TRUE" + where.sql();
    // SQLiteCpp counts references for every column, which here would cost as much as the query.
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(
            connection.getHandle(), sql.c_str(), static_cast<int>(sql.size()), &made, nullptr) !=
        SQLITE_OK)
        fail(connection);
    const std::unique_ptr<sqlite3_stmt, finalise> query(made);
    for (std::size_t i = 0; i < where.parameters().size(); ++i) {
        const auto& value = where.parameters()[i];
        sqlite3_bind_text(
            query.get(),
            static_cast<int>(i) + 1,
            value.data(),
            static_cast<int>(value.size()),
            SQLITE_STATIC);
    }

    app::found_complaints found;
    std::array<std::int64_t, 16> with_bits{};
    std::vector<candidate> wanted;
    const auto all = static_cast<unsigned>(complaint_tab::all);
    const auto tab = static_cast<unsigned>(order.tab);
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(query.get())) == SQLITE_ROW) {
        const auto bits = static_cast<unsigned>(sqlite3_column_int(query.get(), tabs));
        ++with_bits.at(bits);
        if (tab == all || ((bits >> tab) & 1U) != 0)
            wanted.push_back(
                {turned(sqlite3_column_int64(query.get(), key), order),
                 sqlite3_column_int64(query.get(), number),
                 sqlite3_column_int64(query.get(), id)});
    }
    if (step != SQLITE_DONE)
        fail(connection);
    for (unsigned bits = 0; bits < with_bits.size(); ++bits) {
        for (unsigned each = 0; each < all; ++each)
            if (((bits >> each) & 1U) != 0)
                found.counts.at(each) += with_bits.at(bits);
        found.counts.at(all) += with_bits.at(bits);
    }
    const auto begin = std::min(first, wanted.size());
    const auto end = begin + std::min(limit, wanted.size() - begin);
    const auto at = [&wanted](std::size_t place) {
        return wanted.begin() + static_cast<std::ptrdiff_t>(place);
    };
    if (begin > 0 && begin < wanted.size())
        std::nth_element(wanted.begin(), at(begin), wanted.end());
    std::partial_sort(at(begin), at(end), wanted.end());
    for (auto i = begin; i < end; ++i)
        found.ids.push_back(wanted[i].id);
    return found;
}

} // namespace motcua::sqlite
