#pragma once

#include <SQLiteCpp/Database.h>
#include <motcua/app/operations.hpp>
#include <motcua/app/procedure_desk.hpp>
#include <motcua/app/unknown_review.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

// What the desk does with the outbox, with sentences not understood and with procedures. All of it
// is rare: statements are prepared when they are used. `connection` outlives each object.
namespace motcua::sqlite {

class operations_rows final : public app::operations_records
{
public:
    explicit operations_rows(SQLite::Database& connection) : connection_(connection) {}
    bool retry(std::int64_t outbox_id, utc_time now) override;

private:
    SQLite::Database& connection_;
};

class operations_reading final : public app::operations_reader
{
public:
    explicit operations_reading(const SQLite::Database& connection) : connection_(connection) {}
    std::optional<app::silence> silence() override;
    std::vector<app::dead_letter>
    dead_letters(std::optional<std::int64_t> before, std::size_t limit) override;
    std::optional<utc_time> last_event() override;

private:
    const SQLite::Database& connection_;
};

class unknown_decision_rows final : public app::unknown_decisions
{
public:
    explicit unknown_decision_rows(SQLite::Database& connection) : connection_(connection) {}
    std::int64_t add(const app::unknown_decision& value) override;
    bool undo(std::int64_t id, std::string_view staff_id, utc_time now) override;
    std::size_t count() override;

private:
    SQLite::Database& connection_;
};

class unknown_decision_reading final : public app::unknown_decisions_reader
{
public:
    explicit unknown_decision_reading(const SQLite::Database& connection) : connection_(connection)
    {
    }
    std::vector<app::unknown_decision> all() override;

private:
    const SQLite::Database& connection_;
};

class procedure_edit_rows final : public app::procedure_edits
{
public:
    explicit procedure_edit_rows(SQLite::Database& connection) : connection_(connection) {}
    std::optional<app::procedure_edit> newest(std::string_view code) override;
    void add(const app::procedure_edit& value) override;

private:
    SQLite::Database& connection_;
};

class procedure_edit_reading final : public app::procedure_edits_reader
{
public:
    explicit procedure_edit_reading(const SQLite::Database& connection) : connection_(connection) {}
    std::vector<app::procedure_edit> of(std::string_view code, std::size_t limit) override;
    std::set<std::string, std::less<>> codes() override;
    std::optional<procedures::procedure>
    record(std::string_view code, procedures::origin from) override;
    fate fate_of(const procedures::procedure& record) override;

private:
    const SQLite::Database& connection_;
};

} // namespace motcua::sqlite
