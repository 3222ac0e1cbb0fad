#pragma once

#include <motcua/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What staff write for themselves: texts to answer from, and saved filters of the list. A part of
// the transaction, with its rules (storage.hpp). Ids are never given out again.
namespace motcua::app {

struct reply_template
{
    std::int64_t id = 0;
    std::int64_t version = 1;
    std::string title;
    std::string text;                    // with places of dialogue::reply_places
    std::vector<std::string> categories; // ids; empty: all
    std::string transition;              // id; empty: none
    utc_time updated_at{};
    std::string updated_by; // staff id; empty: shipped

    bool operator==(const reply_template&) const = default;
};

struct saved_view
{
    std::int64_t id = 0;
    std::string staff_id; // whose it is
    std::string title;
    std::string query;
    bool shared = false; // all may use it

    bool operator==(const saved_view&) const = default;
};

inline constexpr std::size_t template_limit = 500;
inline constexpr std::int64_t template_versions_kept = 20;
inline constexpr std::size_t view_limit = 100; // one's own and the shared ones

class desk_content
{
public:
    virtual ~desk_content() = default;

    // Returns the id; that of `value` and its version are not looked at.
    virtual std::int64_t add(const reply_template& value) = 0;
    virtual std::optional<reply_template> find_template(std::int64_t id) = 0;
    // False, and nothing done, unless the stored version is the one before that of `value`.
    virtual bool update(const reply_template& value) = 0;
    // As it was before a later change; only the latest versions are kept.
    virtual std::optional<reply_template>
    former_template(std::int64_t id, std::int64_t version) = 0;
    virtual bool remove_template(std::int64_t id) = 0;
    virtual std::size_t count_templates() = 0;

    virtual std::int64_t add(const saved_view& value) = 0;
    virtual std::optional<saved_view> find_view(std::int64_t id) = 0;
    virtual void update(const saved_view& value) = 0;
    virtual void remove_view(std::int64_t id) = 0;
    // Those the account would see: its own and the shared ones.
    virtual std::size_t count_views(std::string_view staff_id) = 0;
};

// The reader's part.
class desk_content_reader
{
public:
    virtual ~desk_content_reader() = default;
    virtual std::vector<reply_template> templates() = 0;
    // The account's own and the shared ones.
    virtual std::vector<saved_view> views(std::string_view staff_id) = 0;
};

} // namespace motcua::app
