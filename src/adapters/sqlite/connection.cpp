#include "connection.hpp"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <system_error>

namespace motcua::sqlite {

namespace {

constexpr int application_id = 0x4d434255; // "MCBU": tells our files from other people's
constexpr int busy_timeout_ms = 5000;
constexpr int growth_bytes = 4 * 1024 * 1024; // step in which the file grows
constexpr std::uintmax_t whole_check_limit_bytes = 64UL * 1024 * 1024;

// The schema, forward only: a released migration is never edited, a change is a new one. Times are
// milliseconds since 1970 in UTC.
//
// Tables that grow with every message have no index by citizen, because such an index would dirty a
// random page per row (performance.md section 2, 1). The rows of one citizen, or of one pseudonym,
// are a chain instead: `previous` leads from the newest to the oldest.
constexpr std::array migrations{
    R"sql(
CREATE TABLE citizens (
    user_id       TEXT PRIMARY KEY,
    follows       INTEGER CHECK (follows IN (0, 1)), -- NULL: never told
    first_seen_ms INTEGER NOT NULL,
    last_seen_ms  INTEGER NOT NULL,
    last_event    INTEGER, -- newest of the chain in events
    last_outgoing INTEGER  -- newest of the chain in outbox
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
    user_id    TEXT PRIMARY KEY,
    state      TEXT NOT NULL, -- JSON of dialogue::conversation
    updated_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    id           INTEGER PRIMARY KEY,
    timestamp_ms INTEGER NOT NULL, -- as the platform says
    key          BLOB NOT NULL,    -- event_key()
    received_ms  INTEGER NOT NULL,
    event_name   TEXT NOT NULL,
    user_id      TEXT, -- NULL: names no citizen, or erased
    previous     INTEGER,
    body         BLOB  -- as received; NULL once erased
) STRICT;
-- Appends, because the time comes first. No other index here.
CREATE UNIQUE INDEX events_by_key ON events (timestamp_ms, key);

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    user_id    TEXT, -- NULL once erased
    previous   INTEGER,
    state      TEXT NOT NULL CHECK (
        state IN ('pending', 'sending', 'sent', 'delivered', 'seen', 'retry', 'unknown', 'dead')),
    due_ms     INTEGER, -- NULL: not to be claimed, or waits behind an older row of its citizen
    attempts   INTEGER NOT NULL DEFAULT 0,
    message    TEXT, -- JSON of dialogue::outgoing_message; NULL once erased
    message_id TEXT, -- the platform's
    reason     TEXT NOT NULL DEFAULT '',
    forget     INTEGER NOT NULL CHECK (forget IN (0, 1)), -- 1: said to a citizen just erased
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_unsettled ON outbox (user_id, id)
    WHERE state IN ('pending', 'sending', 'retry', 'unknown');
CREATE INDEX outbox_due ON outbox (due_ms, id) WHERE due_ms IS NOT NULL;
CREATE INDEX outbox_by_message_id ON outbox (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE interactions (
    id              INTEGER PRIMARY KEY,
    at_ms           INTEGER NOT NULL,
    pseudonym       TEXT NOT NULL,
    previous        INTEGER,
    kind            TEXT NOT NULL,
    intent          TEXT NOT NULL,
    procedure       TEXT NOT NULL,
    field           TEXT NOT NULL,
    aspect          TEXT NOT NULL,
    outcome         TEXT NOT NULL,
    activity        TEXT NOT NULL,
    model_version   TEXT NOT NULL,
    content_version TEXT NOT NULL,
    test            INTEGER NOT NULL CHECK (test IN (0, 1))
) STRICT;

CREATE TABLE pseudonyms (
    pseudonym        TEXT PRIMARY KEY,
    last_interaction INTEGER NOT NULL -- newest of the chain in interactions
) STRICT, WITHOUT ROWID;

CREATE TABLE procedures (
    code       TEXT NOT NULL,
    origin     TEXT NOT NULL,
    as_of      TEXT NOT NULL, -- date of the data, yyyy-mm-dd; empty if unknown
    hash       BLOB NOT NULL, -- SHA-256 of record
    record     TEXT NOT NULL, -- JSON of procedures::procedure
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (code, origin)
) STRICT;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql",
    // A CHECK cannot be altered, so the table is made anew.
    R"sql(
ALTER TABLE citizens ADD COLUMN last_contact_ms INTEGER; -- NULL: not known

CREATE TABLE new_outbox (
    id            INTEGER PRIMARY KEY,
    user_id       TEXT, -- NULL once erased
    previous      INTEGER,
    state         TEXT NOT NULL CHECK (
        state IN ('pending', 'sending', 'sent', 'delivered', 'seen', 'retry', 'unknown', 'waiting', 'dead')),
    due_ms        INTEGER, -- NULL: not to be claimed, or waits behind an older row of its citizen
    attempts      INTEGER NOT NULL DEFAULT 0,
    unknowns      INTEGER NOT NULL DEFAULT 0, -- calls whose outcome was unknown
    first_call_ms INTEGER, -- the first call that may have arrived
    last_call_ms  INTEGER,
    message       TEXT, -- JSON of dialogue::outgoing_message; NULL once erased
    message_id    TEXT, -- the platform's
    reason        TEXT NOT NULL DEFAULT '',
    forget        INTEGER NOT NULL CHECK (forget IN (0, 1)), -- 1: said to a citizen just erased
    created_ms    INTEGER NOT NULL,
    updated_ms    INTEGER NOT NULL
) STRICT;
INSERT INTO new_outbox (id, user_id, previous, state, due_ms, attempts, first_call_ms, last_call_ms,
    message, message_id, reason, forget, created_ms, updated_ms)
SELECT id, user_id, previous, state, due_ms, attempts, updated_ms, updated_ms,
    message, message_id, reason, forget, created_ms, updated_ms FROM outbox;
DROP TABLE outbox;
ALTER TABLE new_outbox RENAME TO outbox;
CREATE INDEX outbox_unsettled ON outbox (user_id, id)
    WHERE state IN ('pending', 'sending', 'retry', 'unknown');
CREATE INDEX outbox_waiting ON outbox (user_id, id) WHERE state = 'waiting';
CREATE INDEX outbox_due ON outbox (due_ms, id) WHERE due_ms IS NOT NULL;
CREATE INDEX outbox_by_message_id ON outbox (message_id) WHERE message_id IS NOT NULL;
)sql",
};

std::int64_t integer_of(const SQLite::Database& connection, const char* sql)
{
    SQLite::Statement query(connection, sql);
    return query.executeStep() ? query.getColumn(0).getInt64() : 0;
}

void make_private_file(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        throw std::system_error(errno, std::generic_category(), "cannot open the database");
    // SQLite gives its -wal and -shm files the mode of the database.
    const bool done = ::fchmod(descriptor, 0600) == 0;
    ::close(descriptor);
    if (!done)
        throw std::system_error(errno, std::generic_category(), "cannot protect the database");
}

void refuse_foreign(const SQLite::Database& connection)
{
    const auto owner = integer_of(connection, "PRAGMA application_id");
    if (owner != application_id &&
        (owner != 0 || schema_version(connection) != 0 ||
         integer_of(connection, "SELECT count(*) FROM sqlite_schema") != 0))
        throw std::runtime_error("a database of another program");
    if (schema_version(connection) > newest_schema_version())
        throw std::runtime_error(
            "made by a newer program (schema " + std::to_string(schema_version(connection)) +
            ", this one knows " + std::to_string(newest_schema_version()) +
            "): install that or restore a backup");
}

void configure(SQLite::Database& connection)
{
    SQLite::Statement mode(connection, "PRAGMA journal_mode = WAL");
    if (!mode.executeStep() || mode.getColumn(0).getString() != "wal")
        throw std::runtime_error("this file system does not carry a write-ahead log");
    mode.reset();
    for (const auto* pragma :
         {"PRAGMA synchronous = FULL",
          "PRAGMA wal_autocheckpoint = 0", // the writer checkpoints between groups
          "PRAGMA foreign_keys = ON",
          "PRAGMA secure_delete = ON",
          "PRAGMA temp_store = MEMORY",
          "PRAGMA mmap_size = 0",
          "PRAGMA cache_size = -16384"}) // KiB
    {
        SQLite::Statement(connection, pragma).tryExecuteStep();
    }
    int step = growth_bytes;
    sqlite3_file_control(connection.getHandle(), "main", SQLITE_FCNTL_CHUNK_SIZE, &step);
}

// Reads every page of a small file. Of a large one only the tables whose damage would change
// answers: the logs make it large, are only appended to, and would cost the start its two seconds.
void check(const SQLite::Database& connection, const std::filesystem::path& file)
{
    const auto expect_sound = [&connection](const std::string& sql) {
        SQLite::Statement query(connection, sql);
        if (!query.executeStep() || query.getColumn(0).getString() != "ok")
            throw std::runtime_error("damaged: restore a backup");
    };
    if (std::filesystem::file_size(file) <= whole_check_limit_bytes) {
        expect_sound("PRAGMA quick_check(1)");
        return;
    }
    for (const auto* table : {"citizens", "conversations", "procedures", "settings"})
        expect_sound("PRAGMA quick_check(" + std::string(table) + ")");
}

void migrate(SQLite::Database& connection)
{
    for (auto version = schema_version(connection); version < newest_schema_version(); ++version) {
        SQLite::Transaction whole(connection, SQLite::TransactionBehavior::IMMEDIATE);
        connection.exec(migrations.at(static_cast<std::size_t>(version)));
        connection.exec("PRAGMA application_id = " + std::to_string(application_id));
        connection.exec("PRAGMA user_version = " + std::to_string(version + 1));
        whole.commit();
    }
}

} // namespace

int newest_schema_version()
{
    return static_cast<int>(migrations.size());
}

int schema_version(const SQLite::Database& connection)
{
    return static_cast<int>(integer_of(connection, "PRAGMA user_version"));
}

SQLite::Database open_writing_connection(const std::filesystem::path& file)
{
    try {
        make_private_file(file);
        SQLite::Database connection(
            file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, busy_timeout_ms);
        refuse_foreign(connection);
        configure(connection);
        if (schema_version(connection) > 0)
            check(connection, file);
        migrate(connection);
        return connection;
    } catch (const SQLite::Exception& failure) {
        const auto code = failure.getErrorCode();
        if (code == SQLITE_NOTADB)
            throw std::runtime_error(file.string() + ": not a database");
        if (code == SQLITE_CORRUPT)
            throw std::runtime_error(file.string() + ": damaged: restore a backup");
        throw std::runtime_error(file.string() + ": " + failure.what());
    } catch (const std::exception& failure) {
        throw std::runtime_error(file.string() + ": " + failure.what());
    }
}

SQLite::Database open_reading_connection(const std::filesystem::path& file)
{
    SQLite::Database connection(
        file.string(), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, busy_timeout_ms);
    connection.exec("PRAGMA query_only = ON");
    return connection;
}

} // namespace motcua::sqlite
