#pragma once

#include <SQLiteCpp/Database.h>
#include <motcua/app/complaint_queries.hpp>

#include <map>
#include <memory>
#include <string>

namespace motcua::sqlite {

// Complaints as the staff desk reads them, on a reading connection; a part of the reader.
class complaint_reading final : public app::complaint_queries
{
public:
    // `connection` outlives it.
    explicit complaint_reading(const SQLite::Database& connection) : connection_(connection) {}

    std::optional<complaints::complaint> find(std::string_view code) override;
    std::optional<app::opened_complaint>
    open(std::string_view code, const app::complaint_sight& sight, utc_time now) override;
    std::vector<app::listed_complaint>
    listed(const std::vector<std::int64_t>& ids, const app::complaint_sight& sight) override;
    app::found_complaints search(
        const app::complaint_filter& filter,
        const app::complaint_order& order,
        std::size_t first,
        std::size_t limit) override;
    app::latest<app::case_message>
    messages(std::int64_t id, std::optional<std::int64_t> before, std::size_t limit) override;
    app::latest<complaints::message>
    notes(std::int64_t id, std::optional<std::int64_t> before, std::size_t limit) override;
    app::latest<app::case_event>
    history(std::int64_t id, std::optional<std::int64_t> before, std::size_t limit) override;
    std::vector<app::likely_duplicate>
    duplicates(std::int64_t id, const app::complaint_sight& sight, std::size_t limit) override;
    std::vector<std::string> labels(std::size_t limit) override;

private:
    app::latest<complaints::message> said(
        std::int64_t id,
        std::optional<std::int64_t> before,
        std::size_t limit,
        const std::string& kinds);
    std::vector<app::case_attachment>
    attachments_of(std::int64_t id, std::optional<std::int64_t> message);

    const SQLite::Database& connection_;
};

} // namespace motcua::sqlite
