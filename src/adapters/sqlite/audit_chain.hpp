#pragma once

#include <SQLiteCpp/Database.h>
#include <motcua/app/audit.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// The audit: rows chained by HMAC-SHA256, whose key and newest link are kept in files outside the
// database.
namespace motcua::sqlite {

// A row's number and its hash, which covers the hash of the row before it.
struct audit_link
{
    std::int64_t number = 0; // 0: in front of the first row
    std::string mac = std::string(32, '\0');
};

// audit.key and audit.head in `directory`, both of mode 0600.
struct audit_files
{
    std::filesystem::path directory;

    std::filesystem::path key() const { return directory / "audit.key"; }
    std::filesystem::path head() const { return directory / "audit.head"; }
};

// Key and head of the one who writes.
class audit_chain
{
public:
    // Makes the files at the first time. Throws std::runtime_error if there are rows and no key.
    // If rows are missing at the end, or the head is, the next number leaves a gap, which no later
    // row can hide.
    audit_chain(audit_files files, const SQLite::Database& connection);
    ~audit_chain();
    audit_chain(const audit_chain&) = delete;
    audit_chain& operator=(const audit_chain&) = delete;

    const std::string& key() const { return key_; }
    // What the next row follows, given the last one of the table.
    audit_link after(const audit_link& last) const;
    // Behind the commit. A failure is logged: the head may lag behind, never run ahead.
    void keep_head(const audit_link& newest);

private:
    audit_files files_;
    std::string key_;
    audit_link floor_;
    int descriptor_ = -1;
};

// The table audit. Used inside a transaction of the connection.
class audit_rows final : public app::audit_log
{
public:
    // Both outlive it.
    audit_rows(SQLite::Database& connection, audit_chain& chain);

    void add(const app::audit_entry& entry) override;
    // Subject and detail of the rows that tell of the citizen go; a row says which they were.
    void erase(const std::string& citizen, utc_time now);
    // After a commit: keeps the newest link if rows were added since the last call.
    void committed();

private:
    SQLite::Database& connection_;
    audit_chain& chain_;
    bool added_ = false;
};

class audit_reading final : public app::audit_reader
{
public:
    // `connection` outlives it.
    audit_reading(SQLite::Database& connection, audit_files files);

    std::vector<app::audit_row> rows(const app::audit_filter& wanted) override;
    app::audit_verdict verify(const std::string& noted) override;

private:
    SQLite::Database& connection_;
    audit_files files_;
};

} // namespace motcua::sqlite
