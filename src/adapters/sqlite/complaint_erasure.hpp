#pragma once

#include <SQLiteCpp/Database.h>
#include <motcua/core/complaints/complaint.hpp>

// Taking the sender out of the words of a case that stays: complaints::without_person. Call in a
// transaction.
namespace motcua::sqlite {

// Of the case's own fields; names of files go.
void forget_sender(complaints::complaint& from, const complaints::contact& sender);
// Of what was said and done about the case, drafts and originals included.
void forget_sender(
    SQLite::Database& connection, std::int64_t complaint, const complaints::contact& sender);

// Has the index merged after the transaction, after a restart if need be.
void note_forgotten_words(SQLite::Database& connection);
bool has_forgotten_words(SQLite::Database& connection);
// The words of cases that were forgotten stay in old parts of the search index until these are
// merged. Does a part of that, milliseconds long, in a transaction of its own; true if more is to
// be done. Throws SQLite::Exception.
bool merge_forgotten_words(SQLite::Database& connection);

} // namespace motcua::sqlite
