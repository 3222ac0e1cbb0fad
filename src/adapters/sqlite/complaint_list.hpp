#pragma once

#include <SQLiteCpp/Database.h>
#include <motcua/app/complaint_store.hpp>

#include <memory>

namespace motcua::sqlite {

// What the staff's list filters, searches and sorts by: rows derived from the complaints, kept
// narrow because a list looks at all of them. Written on the writing connection, in the transaction
// that changes the case.
class complaint_list
{
public:
    // `connection` outlives it.
    explicit complaint_list(SQLite::Database& connection);
    ~complaint_list();

    // After the case of value.id was added, its files included; or changed.
    void add(const complaints::complaint& value, std::optional<utc_time> due);
    void update(const complaints::complaint& value, std::optional<utc_time> due);
    void set_due(std::int64_t id, std::optional<utc_time> due);
    // After the message was added, its files included.
    void said(std::int64_t id, const complaints::message& what);
    // The citizen was erased: the case is found by its words no more, nor as a duplicate.
    void forget_words(std::int64_t id);

private:
    struct statements;
    statements& prepared();
    void put_labels(const complaints::complaint& value);
    void find_duplicates(const complaints::complaint& value);
    void count_files(std::int64_t id);

    SQLite::Database& connection_;
    std::unique_ptr<statements> statements_;
};

// Derives the rows of complaints that have none, as those made before there was a list.
void list_unlisted(SQLite::Database& connection);

} // namespace motcua::sqlite
