#pragma once

#include <SQLiteCpp/Database.h>
#include <motcua/app/dossier_records.hpp>

#include <memory>

namespace motcua::sqlite {

// The dossier tables on the writing connection; statements are prepared at their first use. A part
// of unit_of_work, called within its transaction only.
class dossier_tables final : public app::dossier_records
{
public:
    // `connection` outlives it.
    explicit dossier_tables(SQLite::Database& connection);
    ~dossier_tables() override;

    std::int64_t begin_import(
        std::string_view name, std::string_view hash, std::string_view rule, utc_time now) override;
    void add(std::int64_t import, std::span<const dossiers::dossier> rows) override;
    void finish_import(std::int64_t import, utc_time now) override;
    std::string last_import(std::string_view rule) override;
    std::string
    remove_superseded(std::int64_t import, std::string_view after, std::size_t limit) override;
    std::size_t remove_stale(utc_time before, std::size_t limit) override;

    void ask(const app::dossier_question& what) override;
    std::vector<app::dossier_question> questions(std::size_t limit) override;
    bool drop_question(std::int64_t id) override;

    std::optional<std::int64_t> admit_guess(
        std::string_view citizen,
        std::string_view code,
        const app::guess_limits& most,
        utc_time now) override;
    void take_back_guess(std::int64_t id) override;

    bool watch(const app::dossier_watch& what, utc_time now) override;
    void unwatch(std::string_view user_id, std::string_view code) override;
    std::vector<app::dossier_watch> watches_of(std::string_view user_id) override;
    bool set_told(std::int64_t watch, std::string_view told) override;

    // What the citizen asks and wants to be told of; guesses name nobody and stay for their day.
    void erase(const std::string& user_id);

private:
    struct statements;
    statements& prepared();

    SQLite::Database& connection_;
    std::unique_ptr<statements> statements_;
};

app::found_dossier
read_dossier(const SQLite::Database& connection, std::string_view code, std::string_view rule);
std::vector<app::dossier_watch>
read_dossier_watches(const SQLite::Database& connection, std::int64_t after, std::size_t limit);
app::dossier_figures count_dossiers(const SQLite::Database& connection);

} // namespace motcua::sqlite
