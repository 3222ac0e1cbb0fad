#pragma once

#include <motcua/core/dossiers/dossier.hpp>
#include <motcua/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::app {

// What a citizen has asked of the source and is owed an answer to. One per citizen: the newest.
struct dossier_question
{
    std::int64_t id = 0; // given by the store
    std::string user_id;
    std::string code;
    std::string proof;      // sealed
    bool watch = false;     // asks to be told of changes
    std::int64_t guess = 0; // to be taken back once the proof has turned out right; 0 = none
    utc_time at{};
};

// How often a proof may be wrong. A right one is not counted.
struct guess_limits
{
    int by_citizen = 5; // in 24 h
    int of_code = 10;   // in 24 h, by whomever
    int by_all = 300;   // in an hour
};

// A citizen who wants to be told of changes.
struct dossier_watch
{
    std::int64_t id = 0;
    std::string user_id;
    std::string code;
    std::string proof; // sealed, as it was when it was given
    std::string told;  // dossiers::change_mark of what the citizen knows

    bool operator==(const dossier_watch&) const = default;
};

inline constexpr std::size_t watches_of_citizen_limit = 10;

// The storing port of dossiers: a part of the transaction, with its rules (storage.hpp).
class dossier_records
{
public:
    virtual ~dossier_records() = default;

    // ---- exports. What is added to one is seen by nobody until it is finished, and then all of it
    // at once; of a code that several hold, the one begun last counts.

    // `rule` is the name of the proof_rule its seals were made under.
    virtual std::int64_t begin_import(
        std::string_view name, std::string_view hash, std::string_view rule, utc_time now) = 0;
    virtual void add(std::int64_t import, std::span<const dossiers::dossier> rows) = 0;
    virtual void finish_import(std::int64_t import, utc_time now) = 0;
    // The hash of the export finished last; empty if there is none, or its seals are of another
    // rule.
    virtual std::string last_import(std::string_view rule) = 0;
    // Removes what older exports held of up to `limit` codes that `import` holds anew, behind the
    // code `after`, which is empty at first. Returns where to go on, empty at the end.
    virtual std::string
    remove_superseded(std::int64_t import, std::string_view after, std::size_t limit) = 0;
    // Removes up to `limit` rows of unfinished exports and of those finished before then. Returns
    // how many. Call with no export under way.
    virtual std::size_t remove_stale(utc_time before, std::size_t limit) = 0;

    // ---- questions

    virtual void ask(const dossier_question& what) = 0;
    // Oldest first.
    virtual std::vector<dossier_question> questions(std::size_t limit) = 0;
    // False if it is not there any more: asked anew, or the citizen was erased.
    virtual bool drop_question(std::int64_t id) = 0;

    // ---- guesses, by opaque keyed hashes of citizen and code; older ones are removed

    // The id of the guess, counted as wrong until it is taken back; empty if a limit is reached.
    virtual std::optional<std::int64_t> admit_guess(
        std::string_view citizen,
        std::string_view code,
        const guess_limits& most,
        utc_time now) = 0;
    virtual void take_back_guess(std::int64_t id) = 0;

    // ---- watches

    // Replaces the citizen's watch of that code. False if there are as many as may be.
    virtual bool watch(const dossier_watch& what, utc_time now) = 0;
    virtual void unwatch(std::string_view user_id, std::string_view code) = 0;
    // Oldest first.
    virtual std::vector<dossier_watch> watches_of(std::string_view user_id) = 0;
    // False if there is no such watch any more.
    virtual bool set_told(std::int64_t watch, std::string_view told) = 0;
};

// Read-only, on committed data.
struct dossier_figures
{
    std::int64_t dossiers = 0; // rows of finished exports, superseded ones included
    std::int64_t questions = 0;
    std::int64_t guesses = 0; // kept: wrong in the last 24 h, or not yet answered
    std::int64_t watches = 0;
    std::optional<utc_time> last_import; // when the newest one was finished
};

struct found_dossier
{
    bool available = false; // false: the source cannot tell now
    std::optional<dossiers::dossier> what;
};

} // namespace motcua::app
