#pragma once

#include <SQLiteCpp/Database.h>
#include <motcua/app/accounts.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::sqlite {

// The tables staff, staff_sessions and units; on a reading connection only what account_reader
// offers.
class account_rows final : public app::account_store
{
public:
    // `connection` outlives it.
    explicit account_rows(SQLite::Database& connection) : connection_(connection) {}

    std::optional<app::account> find(std::string_view staff_id) override;
    std::optional<app::account> find_by_user_name(std::string_view user_name) override;
    std::vector<app::account> all() override;
    std::optional<app::unit> find_unit(std::string_view id) override;
    std::vector<app::unit> units() override;
    std::optional<app::session> find_session(std::string_view secret_hash) override;
    std::vector<app::session> sessions_of(std::string_view staff_id) override;
    std::map<std::string, std::int64_t>
    cases_by_officer(const std::vector<std::string>& states) override;

    void put(const app::account& value) override;
    void put_unit(const app::unit& value) override;
    void remove_unit(std::string_view id) override;
    bool is_used(std::string_view unit_id) override;
    void put_session(const app::session& value) override;
    void touch(std::string_view session_id, utc_time now) override;
    void remove_session(std::string_view session_id) override;
    void remove_sessions_of(std::string_view staff_id, std::string_view kept) override;
    void remove_ended_sessions(utc_time now) override;

private:
    SQLite::Database& connection_;
};

} // namespace motcua::sqlite
