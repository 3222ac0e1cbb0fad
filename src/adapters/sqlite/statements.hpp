#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <motcua/core/time.hpp>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

// Prepared statements, and how values go in and out of them.
namespace motcua::sqlite {

using statement = SQLite::Statement;

inline std::int64_t ms(utc_time when)
{
    return when.time_since_epoch().count();
}

inline std::optional<std::int64_t> ms_of(const std::optional<utc_time>& when)
{
    return when ? std::optional(ms(*when)) : std::nullopt;
}

// Nothing is put off for longer. What seems to be was put off by a clock that was ahead and has
// been put back since.
inline constexpr std::chrono::days longest_delay{2};

// A LIMIT within reason.
inline std::int64_t most(std::size_t limit)
{
    return static_cast<std::int64_t>(std::min<std::size_t>(limit, 1U << 20U));
}

struct blob
{
    std::string_view bytes;
};

inline void bind_one(statement& to, int place, std::int64_t value)
{
    to.bind(place, value);
}
inline void bind_one(statement& to, int place, double value)
{
    to.bind(place, value);
}
inline void bind_one(statement& to, int place, const std::string& value)
{
    to.bindNoCopy(place, value);
}
inline void bind_one(statement& to, int place, const char* value)
{
    to.bindNoCopy(place, value);
}
inline void bind_one(statement& to, int place, const blob& value)
{
    to.bindNoCopy(place, value.bytes.data(), static_cast<int>(value.bytes.size()));
}
template <class T>
void bind_one(statement& to, int place, const std::optional<T>& value)
{
    if (value)
        bind_one(to, place, *value);
    else
        to.bind(place);
}

// One use of a prepared statement, with ?1, ?2, … in order. What is bound must outlive the use:
// nothing is copied.
class use
{
public:
    template <class... Values>
    explicit use(statement& prepared, const Values&... values) : prepared_(prepared)
    {
        int place = 0;
        (bind_one(prepared_, ++place, values), ...);
    }
    ~use()
    {
        prepared_.tryReset();
        sqlite_clear();
    }
    use(const use&) = delete;
    use& operator=(const use&) = delete;

    bool next() { return prepared_.executeStep(); }
    // Runs a statement that gives no rows. Returns how many rows it changed.
    int run() { return prepared_.exec(); }

    bool is_null(int column) const { return prepared_.getColumn(column).isNull(); }
    std::int64_t integer(int column) const { return prepared_.getColumn(column).getInt64(); }
    double real(int column) const { return prepared_.getColumn(column).getDouble(); }
    utc_time time(int column) const { return utc_time(std::chrono::milliseconds(integer(column))); }
    std::string text(int column) const { return prepared_.getColumn(column).getString(); }
    std::string_view view(int column) const
    {
        const auto value = prepared_.getColumn(column);
        const auto* bytes = static_cast<const char*>(value.getBlob());
        return {bytes, static_cast<std::size_t>(value.getBytes())};
    }
    std::optional<std::int64_t> optional_integer(int column) const
    {
        return is_null(column) ? std::nullopt : std::optional(integer(column));
    }

private:
    void sqlite_clear() noexcept
    {
        try {
            prepared_.clearBindings();
        } catch (const SQLite::Exception&) {
            assert(false && "sqlite3_clear_bindings cannot fail");
        }
    }

    statement& prepared_;
};

// 32 bytes.
std::string sha256(std::initializer_list<std::string_view> parts);

// What proves, to who knows the pseudonym, whose erasure the id is of.
std::string erasure_commitment(std::string_view erasure_id, std::string_view pseudonym);

} // namespace motcua::sqlite
