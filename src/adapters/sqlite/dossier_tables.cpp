#include "dossier_tables.hpp"

#include "statements.hpp"

namespace motcua::sqlite {
namespace {

constexpr std::chrono::hours guess_kept{24};
constexpr std::chrono::hours guesses_by_all_within{1};

std::optional<std::int64_t> days(const std::optional<dossiers::local_day>& day)
{
    return day ? std::optional<std::int64_t>(day->time_since_epoch().count()) : std::nullopt;
}

std::optional<dossiers::local_day> day_at(const use& row, int column)
{
    if (row.is_null(column))
        return std::nullopt;
    return dossiers::local_day(std::chrono::days(row.integer(column)));
}

app::dossier_watch watch_at(const use& row)
{
    return {
        .id = row.integer(0),
        .user_id = row.text(1),
        .code = row.text(2),
        .proof = row.text(3),
        .told = row.text(4)};
}

std::int64_t count_of(statement& query, const std::string& value, std::int64_t since)
{
    use row(query, value, since);
    return row.next() ? row.integer(0) : 0;
}

} // namespace

struct dossier_tables::statements
{
    explicit statements(const SQLite::Database& on) : db(on) {}

    const SQLite::Database& db;

    statement begin{db, "INSERT INTO dossier_imports (name, hash, rule) VALUES (?1, ?2, ?3)"};
    statement add{
        db,
        "INSERT INTO dossiers (code, import, state, procedure, unit, received, due, finished, "
        "note, proof) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"};
    statement finish{db, "UPDATE dossier_imports SET done_ms = ?2 WHERE id = ?1"};
    statement last{
        db,
        "SELECT hash, rule FROM dossier_imports WHERE done_ms IS NOT NULL "
        "ORDER BY id DESC LIMIT 1"};
    statement codes_of{
        db, "SELECT code FROM dossiers WHERE import = ?1 AND code > ?2 ORDER BY code LIMIT ?3"};
    statement remove_older{db, "DELETE FROM dossiers WHERE code = ?1 AND import < ?2"};
    statement stale{
        db,
        "SELECT id FROM dossier_imports WHERE done_ms IS NULL OR done_ms < ?1 ORDER BY id LIMIT 1"};
    statement remove_of{
        db,
        "DELETE FROM dossiers WHERE (code, import) IN "
        "(SELECT code, import FROM dossiers WHERE import = ?1 LIMIT ?2)"};
    statement remove_import{db, "DELETE FROM dossier_imports WHERE id = ?1"};

    statement ask{
        db,
        "REPLACE INTO dossier_questions (user_id, code, proof, watch, guess, at_ms) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
    statement questions{
        db,
        "SELECT id, user_id, code, proof, watch, guess, at_ms FROM dossier_questions "
        "ORDER BY id LIMIT ?1"};
    statement drop_question{db, "DELETE FROM dossier_questions WHERE id = ?1"};
    statement erase_questions{db, "DELETE FROM dossier_questions WHERE user_id = ?1"};

    statement forget_guesses{db, "DELETE FROM dossier_guesses WHERE at_ms < ?1"};
    statement by_citizen{
        db, "SELECT count(*) FROM dossier_guesses WHERE citizen = ?1 AND at_ms > ?2"};
    statement of_code{db, "SELECT count(*) FROM dossier_guesses WHERE code = ?1 AND at_ms > ?2"};
    statement by_all{db, "SELECT count(*) FROM dossier_guesses WHERE at_ms > ?1"};
    statement add_guess{
        db, "INSERT INTO dossier_guesses (citizen, code, at_ms) VALUES (?1, ?2, ?3)"};
    statement drop_guess{db, "DELETE FROM dossier_guesses WHERE id = ?1"};

    statement has_watch{db, "SELECT 1 FROM dossier_watches WHERE user_id = ?1 AND code = ?2"};
    statement put_watch{
        db,
        "INSERT INTO dossier_watches (user_id, code, proof, told, since_ms) "
        "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (user_id, code) "
        "DO UPDATE SET proof = ?3, told = ?4"};
    statement unwatch{db, "DELETE FROM dossier_watches WHERE user_id = ?1 AND code = ?2"};
    statement watches_of{
        db,
        "SELECT id, user_id, code, proof, told FROM dossier_watches WHERE user_id = ?1 "
        "ORDER BY id"};
    statement set_told{db, "UPDATE dossier_watches SET told = ?2 WHERE id = ?1"};
    statement erase_watches{db, "DELETE FROM dossier_watches WHERE user_id = ?1"};
};

dossier_tables::dossier_tables(SQLite::Database& connection) : connection_(connection) {}
dossier_tables::~dossier_tables() = default;

dossier_tables::statements& dossier_tables::prepared()
{
    if (!statements_)
        statements_ = std::make_unique<statements>(connection_);
    return *statements_;
}

std::int64_t dossier_tables::begin_import(
    std::string_view name, std::string_view hash, std::string_view rule, utc_time)
{
    const std::string file(name);
    const std::string bytes(hash);
    const std::string made_under(rule);
    use(prepared().begin, file, bytes, made_under).run();
    return connection_.getLastInsertRowid();
}

void dossier_tables::add(std::int64_t import, std::span<const dossiers::dossier> rows)
{
    for (const auto& row : rows)
        use(prepared().add,
            row.code,
            import,
            static_cast<std::int64_t>(row.at),
            row.procedure,
            row.unit,
            days(row.received),
            days(row.due),
            days(row.finished),
            row.note,
            row.proof)
            .run();
}

void dossier_tables::finish_import(std::int64_t import, utc_time now)
{
    use(prepared().finish, import, ms(now)).run();
}

std::string dossier_tables::last_import(std::string_view rule)
{
    use row(prepared().last);
    return row.next() && row.view(1) == rule ? row.text(0) : std::string();
}

std::string
dossier_tables::remove_superseded(std::int64_t import, std::string_view after, std::size_t limit)
{
    const std::string from(after);
    std::vector<std::string> codes;
    {
        use row(prepared().codes_of, import, from, static_cast<std::int64_t>(limit));
        while (row.next())
            codes.push_back(row.text(0));
    }
    for (const auto& code : codes)
        use(prepared().remove_older, code, import).run();
    return codes.size() < limit ? std::string() : codes.back();
}

std::size_t dossier_tables::remove_stale(utc_time before, std::size_t limit)
{
    std::int64_t import = 0;
    {
        use row(prepared().stale, ms(before));
        if (!row.next())
            return 0;
        import = row.integer(0);
    }
    const auto removed = static_cast<std::size_t>(
        use(prepared().remove_of, import, static_cast<std::int64_t>(limit)).run());
    if (removed == limit)
        return removed;
    use(prepared().remove_import, import).run();
    return removed + 1;
}

void dossier_tables::ask(const app::dossier_question& what)
{
    use(prepared().ask,
        what.user_id,
        what.code,
        what.proof,
        std::int64_t{what.watch},
        what.guess,
        ms(what.at))
        .run();
}

std::vector<app::dossier_question> dossier_tables::questions(std::size_t limit)
{
    std::vector<app::dossier_question> found;
    use row(prepared().questions, static_cast<std::int64_t>(limit));
    while (row.next())
        found.push_back(
            {.id = row.integer(0),
             .user_id = row.text(1),
             .code = row.text(2),
             .proof = row.text(3),
             .watch = row.integer(4) != 0,
             .guess = row.integer(5),
             .at = row.time(6)});
    return found;
}

bool dossier_tables::drop_question(std::int64_t id)
{
    return use(prepared().drop_question, id).run() == 1;
}

std::optional<std::int64_t> dossier_tables::admit_guess(
    std::string_view citizen, std::string_view code, const app::guess_limits& most, utc_time now)
{
    const std::string by(citizen);
    const std::string of(code);
    const auto since = ms(now - guess_kept);
    use(prepared().forget_guesses, since).run();
    std::int64_t by_all = 0;
    {
        use row(prepared().by_all, ms(now - guesses_by_all_within));
        by_all = row.next() ? row.integer(0) : 0;
    }
    if (by_all >= most.by_all || count_of(prepared().by_citizen, by, since) >= most.by_citizen ||
        count_of(prepared().of_code, of, since) >= most.of_code)
        return std::nullopt;
    use(prepared().add_guess, by, of, ms(now)).run();
    return connection_.getLastInsertRowid();
}

void dossier_tables::take_back_guess(std::int64_t id)
{
    use(prepared().drop_guess, id).run();
}

bool dossier_tables::watch(const app::dossier_watch& what, utc_time now)
{
    const bool is_new = !use(prepared().has_watch, what.user_id, what.code).next();
    if (is_new && watches_of(what.user_id).size() >= app::watches_of_citizen_limit)
        return false;
    use(prepared().put_watch, what.user_id, what.code, what.proof, what.told, ms(now)).run();
    return true;
}

void dossier_tables::unwatch(std::string_view user_id, std::string_view code)
{
    const std::string citizen(user_id);
    const std::string which(code);
    use(prepared().unwatch, citizen, which).run();
}

std::vector<app::dossier_watch> dossier_tables::watches_of(std::string_view user_id)
{
    const std::string citizen(user_id);
    std::vector<app::dossier_watch> found;
    use row(prepared().watches_of, citizen);
    while (row.next())
        found.push_back(watch_at(row));
    return found;
}

bool dossier_tables::set_told(std::int64_t watch, std::string_view told)
{
    const std::string mark(told);
    return use(prepared().set_told, watch, mark).run() == 1;
}

void dossier_tables::erase(const std::string& user_id)
{
    use(prepared().erase_questions, user_id).run();
    use(prepared().erase_watches, user_id).run();
}

app::found_dossier
read_dossier(const SQLite::Database& connection, std::string_view code, std::string_view rule)
{
    const std::string which(code);
    const std::string made_under(rule);
    app::found_dossier found;
    {
        statement any(
            connection,
            "SELECT 1 FROM dossier_imports WHERE rule = ?1 AND done_ms IS NOT NULL LIMIT 1");
        found.available = use(any, made_under).next();
    }
    statement query(
        connection,
        "SELECT state, procedure, unit, received, due, finished, note, proof FROM dossiers "
        "JOIN dossier_imports ON dossier_imports.id = dossiers.import "
        "WHERE code = ?1 AND rule = ?2 AND done_ms IS NOT NULL ORDER BY import DESC LIMIT 1");
    use row(query, which, made_under);
    if (!row.next())
        return found;
    const auto at = dossiers::status_from_number(static_cast<int>(row.integer(0)));
    found.what = dossiers::dossier{
        .code = which,
        .procedure = row.text(1),
        .unit = row.text(2),
        .at = at.value_or(dossiers::status::registered),
        .received = day_at(row, 3),
        .due = day_at(row, 4),
        .finished = day_at(row, 5),
        .note = row.text(6),
        .proof = row.text(7)};
    return found;
}

std::vector<app::dossier_watch>
read_dossier_watches(const SQLite::Database& connection, std::int64_t after, std::size_t limit)
{
    statement query(
        connection,
        "SELECT id, user_id, code, proof, told FROM dossier_watches WHERE id > ?1 "
        "ORDER BY id LIMIT ?2");
    std::vector<app::dossier_watch> found;
    use row(query, after, static_cast<std::int64_t>(limit));
    while (row.next())
        found.push_back(watch_at(row));
    return found;
}

app::dossier_figures count_dossiers(const SQLite::Database& connection)
{
    statement query(
        connection,
        "SELECT (SELECT count(*) FROM dossiers JOIN dossier_imports ON id = import "
        "WHERE done_ms IS NOT NULL), (SELECT count(*) FROM dossier_questions), "
        "(SELECT count(*) FROM dossier_guesses), (SELECT count(*) FROM dossier_watches), "
        "(SELECT max(done_ms) FROM dossier_imports)");
    app::dossier_figures figures;
    use row(query);
    if (!row.next())
        return figures;
    figures.dossiers = row.integer(0);
    figures.questions = row.integer(1);
    figures.guesses = row.integer(2);
    figures.watches = row.integer(3);
    if (!row.is_null(4))
        figures.last_import = row.time(4);
    return figures;
}

} // namespace motcua::sqlite
