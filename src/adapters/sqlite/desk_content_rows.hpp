#pragma once

#include <SQLiteCpp/Database.h>
#include <motcua/app/desk_content.hpp>

#include <memory>

namespace motcua::sqlite {

// The tables reply_templates and saved_views; statements are prepared at their first use. Used
// inside a transaction of the connection.
class desk_content_rows final : public app::desk_content
{
public:
    // `connection` outlives it.
    explicit desk_content_rows(SQLite::Database& connection);
    ~desk_content_rows() override;

    std::int64_t add(const app::reply_template& value) override;
    std::optional<app::reply_template> find_template(std::int64_t id) override;
    bool update(const app::reply_template& value) override;
    std::optional<app::reply_template>
    former_template(std::int64_t id, std::int64_t version) override;
    bool remove_template(std::int64_t id) override;
    std::size_t count_templates() override;

    std::int64_t add(const app::saved_view& value) override;
    std::optional<app::saved_view> find_view(std::int64_t id) override;
    void update(const app::saved_view& value) override;
    void remove_view(std::int64_t id) override;
    std::size_t count_views(std::string_view staff_id) override;

private:
    struct statements;
    statements& prepared();

    SQLite::Database& connection_;
    std::unique_ptr<statements> statements_;
};

// The same on a connection that only reads.
class desk_content_reading final : public app::desk_content_reader
{
public:
    // `connection` outlives it.
    explicit desk_content_reading(const SQLite::Database& connection) : connection_(connection) {}
    std::vector<app::reply_template> templates() override;
    std::vector<app::saved_view> views(std::string_view staff_id) override;

private:
    const SQLite::Database& connection_;
};

} // namespace motcua::sqlite
