#pragma once

#include "complaint_list.hpp"

#include <SQLiteCpp/Database.h>
#include <motcua/app/casework_store.hpp>

#include <memory>

namespace motcua::sqlite {

// The tables of casework on the writing connection; statements are prepared at their first use. A
// part of unit_of_work, called within its transaction only.
class casework_rows final : public app::casework_store
{
public:
    // `connection` outlives it.
    explicit casework_rows(SQLite::Database& connection);
    ~casework_rows() override;

    void hold(const app::held_reply& value) override;
    std::optional<app::held_reply> held_of(std::int64_t complaint_id) override;
    std::optional<app::held_reply> reply(std::int64_t message_id) override;
    std::vector<app::held_reply> replies_due(utc_time now, std::size_t limit) override;
    std::optional<utc_time> next_reply() override;
    void end_reply(std::int64_t message_id, app::reply_state end) override;
    std::optional<app::stored_message> message(std::int64_t message_id) override;
    void
    hand_over(std::int64_t message_id, const std::string& text, std::int64_t outbox_id) override;
    void remove_message(std::int64_t message_id) override;
    bool take_back(std::int64_t outbox_id, utc_time now) override;
    std::optional<unsent> unsent_message(std::int64_t outbox_id) override;
    std::optional<app::known_request>
    request(std::string_view staff_id, std::string_view request_id) override;
    void note_request(
        std::string_view staff_id,
        std::string_view request_id,
        const app::known_request& value) override;
    void add_moderation(const app::moderation& value) override;
    std::optional<std::string>
    public_text(std::int64_t complaint_id, std::int64_t message_id) override;

private:
    struct statements;
    statements& prepared();

    SQLite::Database& connection_;
    std::unique_ptr<statements> statements_;
    complaint_list list_;
};

// The same on a connection that only reads.
class casework_reading final : public app::casework_queries
{
public:
    // `connection` outlives it.
    explicit casework_reading(const SQLite::Database& connection) : connection_(connection) {}

    app::message_fate fate_of(std::int64_t message_id) override;
    std::vector<app::moderation> moderations(std::int64_t complaint_id, std::size_t limit) override;
    std::vector<complaints::history_entry>
    changes_since(std::int64_t complaint_id, std::int64_t version, std::size_t limit) override;

private:
    const SQLite::Database& connection_;
};

} // namespace motcua::sqlite
