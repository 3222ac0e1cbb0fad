#pragma once

#include <SQLiteCpp/Database.h>
#include <motcua/app/attachments.hpp>

#include <memory>
#include <string>

namespace motcua::sqlite {

// The tables attachments and files_to_remove. Used inside a transaction of the connection.
class attachment_rows final : public app::attachment_records
{
public:
    explicit attachment_rows(SQLite::Database& connection);
    ~attachment_rows() override;

    std::int64_t add(const app::new_attachment& value, utc_time now) override;
    app::claimed_attachments
    claim(utc_time now, std::size_t limit, const app::attachment_allowance& allowance) override;
    bool note_file(std::int64_t id, std::string_view file) override;
    void settle(std::int64_t id, const app::attachment_end& end, utc_time now) override;
    std::size_t recover(utc_time now) override;
    std::vector<app::attachment_view>
    of_citizen(std::string_view user_id, utc_time since, std::size_t limit) override;
    std::vector<std::string> files_to_remove(std::size_t limit) override;
    void removed(std::string_view file) override;

    // Nothing of the citizen remains but that there was something. Returns how many rows.
    std::int64_t erase(const std::string& user_id, utc_time now);

private:
    struct statements;
    // Empty if the citizen may have another file fetched, else why not.
    std::string
    refusal(const std::string& user_id, const app::attachment_allowance& allowance, utc_time now);

    SQLite::Database& connection_;
    std::unique_ptr<statements> statements_;
};

// Empty if there is no such attachment, or it belongs to no complaint.
std::optional<app::complaint_file>
read_complaint_file(const SQLite::Database& connection, std::int64_t attachment);
app::attachment_figures count_attachments(const SQLite::Database& connection);

} // namespace motcua::sqlite
