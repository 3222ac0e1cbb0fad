#pragma once

#include <SQLiteCpp/Database.h>

#include <array>
#include <filesystem>
#include <string_view>

// Connections, and the schema they find.
namespace motcua::sqlite {

inline constexpr std::array<std::string_view, 51> table_names{
    "attachments",
    "audit",
    "citizens",
    "complaint_attachments",
    "complaint_drafts",
    "complaint_duplicates",
    "complaint_history",
    "complaint_labels",
    "complaint_likeness",
    "complaint_list",
    "complaint_messages",
    "complaint_moderations",
    "complaint_numbers",
    "complaint_replies",
    "complaint_requests",
    "complaint_words",
    "complaints",
    "conversations",
    "dossier_guesses",
    "dossier_imports",
    "dossier_questions",
    "dossier_watches",
    "dossiers",
    "erasures",
    "events",
    "evidence_files",
    "files_to_remove",
    "handovers",
    "interactions",
    "landing_scans",
    "link_clicks",
    "links",
    "outbox",
    "plan_entries",
    "procedure_edits",
    "procedures",
    "pseudonyms",
    "reach_answers",
    "reach_corrections",
    "reach_daily",
    "reach_people",
    "reach_people_packed",
    "reply_template_versions",
    "reply_templates",
    "saved_views",
    "settings",
    "staff",
    "staff_sessions",
    "units",
    "unknown_decisions",
    "unknown_messages"};

// Version of the schema this program reads and writes: the number of migrations it knows.
int newest_schema_version();

inline constexpr int busy_timeout_ms = 5000;

// Makes the file if it is absent; mode 0600 in any case. Throws std::system_error.
void make_private_file(const std::filesystem::path& file);
// Throws std::runtime_error if the database is another program's or a newer version's.
void refuse_foreign(const SQLite::Database& connection);

// The one connection that may write and checkpoint (reliability.md 1.4); checked and migrated. The
// caller holds the lock file. Makes the file, with mode 0600, if it is absent. Throws
// std::runtime_error with one line that names the file.
SQLite::Database open_writing_connection(const std::filesystem::path& file);

// Reads only, whatever is asked of it. Throws SQLite::Exception.
SQLite::Database open_reading_connection(const std::filesystem::path& file);

int schema_version(const SQLite::Database& connection);

} // namespace motcua::sqlite
