#pragma once

#include "configuration.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

// The subcommands of `motcua` (design.md section 5). Each returns the exit status: 0, or 1 for a
// finding or failure, and writes errors to stderr, one line, naming what to do.
namespace motcua {

int serve(const configuration& config);

struct chat_options
{
    std::string user; // resumes nothing; names the citizen in the prompt
    std::vector<std::filesystem::path> procedures; // empty = the database, else data/procedures
};
int chat(const configuration& config, const chat_options& options);

int check(const configuration& config);

struct demo_data_options
{
    std::uint64_t seed = 1;
    std::size_t complaints = 300;
};
// Fills the empty database of a demonstration with invented complaints; one that has complaints
// stays as it is.
int fill_with_demo_data(const configuration& config, const demo_data_options& options);

int import_procedures(
    const configuration& config, const std::vector<std::filesystem::path>& files, bool verbose);

// Shows what has been kept longer than retention.… says; with `applies` removes it, the server
// stopped.
int retention(const configuration& config, bool applies);

// Erases the citizen with that Zalo user id as if they had asked for it. If the server runs, it
// does so (erase_requests.hpp).
int erase(const configuration& config, const std::string& user_id);

// One file with all that `restore` needs: the database as of one instant, attachments and keys. The
// server may run.
int backup(const configuration& config, const std::filesystem::path& file);
// Into the storage folder, which must be empty or absent; all or nothing.
int restore(const configuration& config, const std::filesystem::path& file);

struct search_options
{
    std::filesystem::path queries;    // JSON lines {"id","text"}; "-" = standard input
    std::filesystem::path procedures; // empty = the database, else data/procedures
    std::size_t top = 5;
};
int search(const configuration& config, const search_options& options);

struct fit_search_options
{
    std::vector<std::filesystem::path> queries; // tab-separated; see tests/data/search_queries.tsv
    std::filesystem::path procedures;           // empty = the database, else data/procedures
    std::filesystem::path out;                  // search_weights.yml to write; empty = measure only
    std::size_t rounds = 4;
};
int fit_search(const configuration& config, const fit_search_options& options);

int train(const std::filesystem::path& intents, const std::filesystem::path& out);

enum class token_action
{
    show,
    set,
    refresh,
    consent,
};
struct token_options
{
    std::filesystem::path access_token_file;  // of set; empty = asked for, or read from stdin
    std::filesystem::path refresh_token_file; // of set; likewise
    bool check = false;                       // of set: ask the platform whose token it is
};
// The tokens of the OA; 1 from show if a person must see to something.
int token(const configuration& config, token_action action, const token_options& options);

enum class staff_action
{
    list,
    add,
    disable,
    enable,
    reset,
};
struct staff_command_options
{
    std::string user_name;
    std::string name; // of add; empty = the user name
    std::string unit; // of add; id
    std::vector<std::string> roles;
    std::filesystem::path password_file; // empty = asked for, or read from stdin
    bool generate = false;               // make a password and print it
    bool totp = false;                   // of reset: forget the authenticator, too
};
// Accounts of staff. All but list need the server stopped: it holds the database.
int staff(const configuration& config, staff_action action, const staff_command_options& options);

// Recomputes the chain of the audit, beside a running server, too; 1 if a row is bad. `noted` is a
// head printed earlier, or empty.
int verify_audit(const configuration& config, const std::string& noted);

// JSON lines in, JSON lines out.
int understand_lines(const std::filesystem::path& model, const std::filesystem::path& input);

struct eval_options
{
    std::filesystem::path model;                   // empty = trained from the intents, or cached
    std::vector<std::filesystem::path> queries;    // empty = tests/data/search_queries*.tsv
    std::vector<std::filesystem::path> procedures; // empty = data/procedures
    std::filesystem::path thresholds; // empty = none; else 1 is returned if one is missed
    bool json = false;
    bool verbose = false; // every mistake besides
};
// Quality of understanding and search on held-out messages and labelled queries.
int eval(const configuration& config, const eval_options& options);

struct unknown_options
{
    std::string since;         // yyyy-mm-dd in Vietnam; empty = all that is kept
    std::size_t limit = 50;    // groups
    bool choices = false;      // what was chosen when asked back, instead
    bool include_test = false; // staff tests and simulator users too
    bool json = false;
};
// Sentences the bot did not get, grouped by likeness.
int list_unknown(const configuration& config, const unknown_options& options);

struct report_options
{
    std::filesystem::path plan; // file of data/plans
    std::string from;           // yyyy-mm-dd in Vietnam, both days included
    std::string to;
    std::string period;          // instead of both: periods.hpp, period_named()
    std::string format = "json"; // json, csv, xlsx, docx
    std::filesystem::path out;   // empty = standard output, for json and csv
    bool mask_small = false;     // counts under five read "<5"
    std::string exported_at;     // printed as given
    bool verified = false;       // verifies first, and prints the outcome at its end
};
// The report on the plan, from the roll-ups. 1 if it was to be verified and something differs.
int write_report(const configuration& config, const report_options& options);
// Every cell counted once more from the rows, and the contacts compared with the stored events;
// prints what differs, 1 if anything does.
int verify_report(const configuration& config, const report_options& options);

struct replay_options
{
    std::string from; // yyyy-mm-dd in Vietnam, both days included
    std::string to;
    std::filesystem::path against; // folder with intents/ and data/
    std::string max_lost;          // most_allowed in replay.hpp; empty = any number
    std::string max_changed;
    std::size_t limit = 200; // differences listed
    bool json = false;
};
// Stored messages heard once more by the content in use and by another; lists what would be
// answered differently, and writes nothing. 1 if more than allowed is lost or changed.
int replay_events(const configuration& config, const replay_options& options);

} // namespace motcua
