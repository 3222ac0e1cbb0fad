#pragma once

#include "complaint_list.hpp"

#include <SQLiteCpp/Database.h>
#include <motcua/app/complaint_store.hpp>

#include <memory>

namespace motcua::sqlite {

// Of the columns' words; what is unknown is the last one.
complaints::role role_from(const std::string& word);
complaints::message_kind message_kind_from(const std::string& word);

// The complaint tables on the writing connection; statements are prepared at their first use. A
// part of unit_of_work, called within its transaction only.
class complaint_tables final : public app::complaint_store
{
public:
    // `connection` outlives it.
    explicit complaint_tables(SQLite::Database& connection);
    ~complaint_tables() override;

    int next_number(std::chrono::year_month_day day) override;
    std::int64_t add(const complaints::complaint& value, const dates& derived) override;
    bool update(
        const complaints::complaint& value,
        std::int64_t expected_version,
        const dates& derived) override;
    void set_dates(std::int64_t id, const dates& derived) override;
    std::optional<complaints::complaint> find(std::string_view code) override;
    std::vector<complaints::complaint>
    of_citizen(std::string_view user_id, std::size_t limit) override;
    std::vector<complaints::complaint> waking(utc_time now, std::size_t limit) override;
    std::vector<complaints::complaint> dated(std::int64_t after, std::size_t limit) override;
    void add_history(std::int64_t id, const complaints::history_entry& entry) override;
    std::vector<complaints::history_entry> history(std::int64_t id, std::size_t limit) override;
    std::int64_t add_message(std::int64_t id, const complaints::message& said) override;
    std::vector<complaints::message> messages(std::int64_t id, std::size_t limit) override;
    void schedule_draft(std::string_view user_id, std::optional<utc_time> when) override;
    std::vector<std::string> drafts_due(utc_time now, std::size_t limit) override;

    // Keeps the acts, drops the person: contact and Zalo id go, what was written stays, because a
    // body has acted upon it (domain.md section 8).
    void erase(std::string_view user_id, utc_time now);

private:
    struct statements;
    statements& prepared();
    void link(
        std::int64_t id,
        std::optional<std::int64_t> message,
        const std::vector<complaints::attachment_reference>& attachments);

    SQLite::Database& connection_;
    complaint_list list_;
    std::unique_ptr<statements> statements_;
};

} // namespace motcua::sqlite
