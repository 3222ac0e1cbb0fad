#include "complaint_erasure.hpp"

#include "json.hpp"
#include "statements.hpp"

#include <SQLiteCpp/Transaction.h>
#include <motcua/core/complaints/text_rules.hpp>
#include <sqlite3.h>

#include <string>
#include <utility>
#include <vector>

namespace motcua::sqlite {
namespace {

constexpr const char* forgotten_words_key = "complaint_words.forgotten";

// Changes one column of the rows of a case; `change` gets what is stored there.
template <class Change>
void change_each(
    SQLite::Database& connection,
    const std::string& table,
    const std::string& column,
    std::int64_t complaint,
    Change change)
{
    std::vector<std::pair<std::int64_t, std::string>> changed;
    statement find(
        connection,
        "SELECT rowid, " + column + " FROM " + table + " WHERE complaint_id = ?1 AND " + column +
            " <> ''");
    {
        use row(find, complaint);
        while (row.next()) {
            auto before = row.text(1);
            auto after = change(before);
            if (after != before)
                changed.emplace_back(row.integer(0), std::move(after));
        }
    }
    statement put(connection, "UPDATE " + table + " SET " + column + " = ?2 WHERE rowid = ?1");
    for (const auto& [id, after] : changed)
        use(put, id, after).run();
}

} // namespace

void forget_sender(complaints::complaint& from, const complaints::contact& sender)
{
    for (auto* words : {&from.content, &from.where.text, &from.message})
        *words = complaints::without_person(*words, sender);
    for (auto& one : from.attachments)
        one.name.clear();
}

void forget_sender(
    SQLite::Database& connection, std::int64_t complaint, const complaints::contact& sender)
{
    const auto forget = [&sender](const std::string& words) {
        return complaints::without_person(words, sender);
    };
    for (const auto* column : {"reason", "message", "value"})
        change_each(connection, "complaint_history", column, complaint, forget);
    change_each(
        connection, "complaint_history", "changes", complaint, [&forget](const std::string& json) {
            auto changes = changes_from_json(json);
            for (auto& one : changes) {
                one.before = forget(one.before);
                one.after = forget(one.after);
            }
            return to_json(changes);
        });
    change_each(connection, "complaint_messages", "text", complaint, forget);
    change_each(
        connection, "complaint_replies", "draft", complaint, [&forget](const std::string& json) {
            auto draft = reply_draft_from_json(json);
            for (auto* words : {&draft.text, &draft.inputs.message, &draft.inputs.reason})
                *words = forget(*words);
            return to_json(draft);
        });
    for (const auto* column : {"original", "text", "reason"})
        change_each(connection, "complaint_moderations", column, complaint, forget);
    change_each(connection, "complaint_attachments", "name", complaint, [](const std::string&) {
        return std::string();
    });
}

void note_forgotten_words(SQLite::Database& connection)
{
    statement note(
        connection, "INSERT INTO settings (key, value) VALUES (?1, '') ON CONFLICT DO NOTHING");
    use(note, forgotten_words_key).run();
}

bool has_forgotten_words(SQLite::Database& connection)
{
    statement noted(connection, "SELECT 1 FROM settings WHERE key = ?1");
    return use(noted, forgotten_words_key).next();
}

bool merge_forgotten_words(SQLite::Database& connection)
{
    if (!has_forgotten_words(connection))
        return false;
    SQLite::Transaction whole(connection, SQLite::TransactionBehavior::IMMEDIATE);
    // SQLite 3.40 has no 'secure-delete' of FTS5 (3.42): a deleted word is only marked until the
    // segments that hold it are merged. Negative: all of them; so many pages at once; done once
    // that changes less than two rows (https://sqlite.org/fts5.html, 6.8).
    const auto before = sqlite3_total_changes(connection.getHandle());
    connection.exec("INSERT INTO complaint_words (complaint_words, rank) VALUES ('merge', -64)");
    const bool more = sqlite3_total_changes(connection.getHandle()) - before >= 2;
    if (!more) {
        statement done(connection, "DELETE FROM settings WHERE key = ?1");
        use(done, forgotten_words_key).run();
    }
    whole.commit();
    return more;
}

} // namespace motcua::sqlite
