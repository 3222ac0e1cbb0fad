#include "account_rows.hpp"
#include "attachment_rows.hpp"
#include "audit_chain.hpp"
#include "casework_rows.hpp"
#include "complaint_reading.hpp"
#include "connection.hpp"
#include "desk_content_rows.hpp"
#include "dossier_tables.hpp"
#include "group_writer.hpp"
#include "handover_rows.hpp"
#include "json.hpp"
#include "operations_rows.hpp"
#include "retention_rows.hpp"
#include "statements.hpp"
#include "unit_of_work.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <fcntl.h>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/sqlite/retention.hpp>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace motcua::sqlite {

namespace {

// Held for as long as the database is open. The system lets go of it when the process ends, however
// it ends. A file of its own: closing any descriptor of the database would drop SQLite's own locks.
class instance_lock
{
public:
    explicit instance_lock(const std::filesystem::path& database)
        : descriptor_(
              ::open((database.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))
    {
        if (descriptor_ < 0)
            throw std::runtime_error(
                database.string() +
                ": cannot make the lock file: " + std::generic_category().message(errno));
        if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
            ::close(descriptor_);
            throw database_in_use(
                database.string() + ": in use by another instance; stop that one first");
        }
    }
    ~instance_lock() { ::close(descriptor_); }
    instance_lock(const instance_lock&) = delete;
    instance_lock& operator=(const instance_lock&) = delete;

private:
    int descriptor_;
};

audit_files
files_of(const std::filesystem::path& database, const std::filesystem::path& audit_directory)
{
    return {audit_directory.empty() ? database.parent_path() : audit_directory};
}

class sqlite_reader final : public app::reader
{
public:
    sqlite_reader(const std::filesystem::path& file, audit_files files)
        : connection_(open_reading_connection(file)), accounts_(connection_),
          audit_(connection_, std::move(files)), casework_(connection_), desk_content_(connection_)
    {
    }

    std::vector<procedures::procedure> all_procedures() override
    {
        SQLite::Statement rows(connection_, "SELECT record FROM procedures ORDER BY code, origin");
        std::vector<procedures::procedure> found;
        while (rows.executeStep()) {
            const auto record = rows.getColumn(0);
            found.push_back(procedure_from_json(
                {record.getText(), static_cast<std::size_t>(record.getBytes())}));
        }
        return found;
    }

    app::attachment_figures attachments() override { return count_attachments(connection_); }
    std::optional<app::complaint_file> complaint_file(std::int64_t attachment) override
    {
        return read_complaint_file(connection_, attachment);
    }
    app::desk_content_reader& desk_content() override { return desk_content_; }
    std::vector<app::open_handover> open_handovers(utc_time now, std::size_t limit) override
    {
        return read_open_handovers(connection_, now, limit);
    }
    std::vector<app::stored_event>
    events_of(std::string_view user_id, utc_time since, std::size_t limit) override
    {
        return read_events_of(connection_, user_id, since, limit);
    }
    app::found_dossier find_dossier(std::string_view code, std::string_view rule) override
    {
        return read_dossier(connection_, code, rule);
    }
    std::vector<app::dossier_watch> dossier_watches(std::int64_t after, std::size_t limit) override
    {
        return read_dossier_watches(connection_, after, limit);
    }
    app::outbox_figures outbox() override
    {
        statement query(
            connection_,
            "SELECT state, CASE WHEN state IN ('retry', 'unknown', 'dead') THEN reason ELSE '' END "
            "AS why, count(*), min(created_ms) FROM outbox GROUP BY state, why "
            "ORDER BY count(*) DESC, state, why");
        app::outbox_figures figures;
        use row(query);
        while (row.next())
            figures.parts.push_back({row.text(0), row.text(1), row.integer(2), row.time(3)});
        return figures;
    }
    app::dossier_figures dossiers() override { return count_dossiers(connection_); }
    bool proves(std::string_view erasure_id, std::string_view pseudonym) override
    {
        const std::string id(erasure_id);
        statement query(connection_, "SELECT commitment FROM erasures WHERE id = ?1");
        use row(query, id);
        return row.next() && row.view(0) == erasure_commitment(id, pseudonym);
    }

    app::account_reader& accounts() override { return accounts_; }
    app::audit_reader& audit() override { return audit_; }

    std::int64_t count(std::string_view table) override
    {
        if (std::find(table_names.begin(), table_names.end(), table) == table_names.end())
            throw std::invalid_argument("no such table: " + std::string(table));
        SQLite::Statement query(connection_, "SELECT count(*) FROM " + std::string(table));
        query.executeStep();
        return query.getColumn(0).getInt64();
    }

    std::vector<dialogue::unknown_message> unknown_messages(utc_time since) override
    {
        SQLite::Statement rows(
            connection_,
            "SELECT at_ms, kind, text, nearest, chosen, test FROM unknown_messages "
            "WHERE at_ms >= ?1 ORDER BY id DESC");
        rows.bind(1, static_cast<std::int64_t>(since.time_since_epoch().count()));
        std::vector<dialogue::unknown_message> found;
        while (rows.executeStep()) {
            const auto kind = dialogue::unknown_kind_from(rows.getColumn(1).getString());
            found.push_back(
                {.at = utc_time(std::chrono::milliseconds(rows.getColumn(0).getInt64())),
                 .kind = kind.value_or(dialogue::unknown_kind::not_understood),
                 .text = rows.getColumn(2).getString(),
                 .nearest = {},
                 .chosen = rows.getColumn(4).getString(),
                 .test = rows.getColumn(5).getInt() != 0});
            std::istringstream codes(rows.getColumn(3).getString());
            for (std::string code; codes >> code;)
                found.back().nearest.push_back(code);
        }
        return found;
    }

    app::casework_queries& casework() override { return casework_; }

    app::complaint_queries& complaints() override { return complaints_; }
    app::operations_reader& operations() override { return operations_; }
    app::unknown_decisions_reader& unknown_decisions() override { return unknown_decisions_; }
    app::procedure_edits_reader& procedure_edits() override { return procedure_edits_; }

private:
    SQLite::Database connection_;
    account_rows accounts_;
    audit_reading audit_;
    casework_reading casework_;
    desk_content_reading desk_content_;
    complaint_reading complaints_{connection_};
    operations_reading operations_{connection_};
    unknown_decision_reading unknown_decisions_{connection_};
    procedure_edit_reading procedure_edits_{connection_};
};

class sqlite_database final : public database
{
public:
    explicit sqlite_database(const database_options& options)
        : file_(options.file), audit_files_(files_of(options.file, options.audit_directory)),
          lock_(options.file), connection_(open_writing_connection(options.file)),
          chain_(audit_files_, connection_),
          writer_(connection_, chain_, options.queue_limit, options.visit_gap)
    {
    }

    app::writer& writer() override { return writer_; }
    std::unique_ptr<app::reader> open_reader() override
    {
        return std::make_unique<sqlite_reader>(file_, audit_files_);
    }
    int schema_version() const override { return newest_schema_version(); }
    const writer_metrics& figures() const override { return writer_.figures(); }
    void run_now(const std::function<void(app::transaction&)>& unit) override
    {
        writer_.run_now(unit);
    }

private:
    std::filesystem::path file_;
    audit_files audit_files_;
    instance_lock lock_;
    SQLite::Database connection_;
    audit_chain chain_;
    group_writer writer_;
};

} // namespace

std::unique_ptr<app::reader>
open_reader(const std::filesystem::path& file, const std::filesystem::path& audit_directory)
{
    try {
        if (schema_version(open_reading_connection(file)) == newest_schema_version())
            return std::make_unique<sqlite_reader>(file, files_of(file, audit_directory));
    } catch (const SQLite::Exception& failure) {
        throw std::runtime_error(file.string() + ": " + failure.what());
    }
    throw std::runtime_error(file.string() + ": not a database of this program's version");
}

app::retention_records& retention_of(app::transaction& unit)
{
    return dynamic_cast<unit_of_work&>(unit).retention();
}

std::vector<app::retention_count> preview_retention(
    const std::filesystem::path& file, const app::retention_rules& rules, utc_time now)
{
    return preview_retention(open_reading_connection(file), rules, now);
}

void write_snapshot(const std::filesystem::path& file, const std::filesystem::path& target)
{
    try {
        SQLite::Database connection(
            file.string(), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, busy_timeout_ms);
        make_private_file(target); // empty, which is what VACUUM INTO wants
        SQLite::Statement copy(connection, "VACUUM INTO ?1");
        copy.bind(1, target.string());
        copy.exec();
    } catch (const SQLite::Exception& failure) {
        throw std::runtime_error(file.string() + ": " + failure.what());
    }
}

void check_whole(const std::filesystem::path& file)
{
    try {
        SQLite::Database connection(file.string(), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX);
        refuse_foreign(connection);
        SQLite::Statement query(connection, "PRAGMA integrity_check(1)");
        if (!query.executeStep() || query.getColumn(0).getString() != "ok")
            throw std::runtime_error("damaged");
    } catch (const std::exception& failure) {
        throw std::runtime_error(file.string() + ": " + failure.what());
    }
}

std::unique_ptr<database> open_database(const database_options& options)
{
    // Nobody asks SQLite how much memory it has, and counting takes a lock at every allocation.
    // Only the first call of a process has an effect (sqlite.org/c3ref/c_config_getmalloc.html).
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return std::make_unique<sqlite_database>(options);
}

} // namespace motcua::sqlite
