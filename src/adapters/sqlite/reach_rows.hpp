#pragma once

#include "packed_people.hpp"

#include <SQLiteCpp/Database.h>
#include <motcua/app/reach_store.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace motcua::sqlite {

// Interactions, what else is counted, and the roll-ups of both, kept in the same transaction:
//   reach_daily          contacts by scope, day and what they count as
//   reach_people         people of a day by scope, with all they count as; of days gone by packed
//   reach_people_packed  in one row per scope and day
// Scopes: "" everything, "activity:<key>", "credited:<plan>", "keyword:<plan>/<code>",
// "field:<name>", "procedure:<code>". A test row is in none.
class reach_rows final : public app::reach_records
{
public:
    // Makes the roll-ups anew, in a transaction, if this program counts otherwise than the one that
    // made them.
    reach_rows(SQLite::Database& connection, std::chrono::minutes visit_gap);
    ~reach_rows() override;

    // `event`: row of events it stems from; 0 = none.
    void add(const reach::interaction& row, std::int64_t event);
    // The contact keeps its number, which nobody can be found by any more.
    void forget(const std::string& pseudonym);
    // The row of the outbox has been sent; it counts if it holds the first answer to a contact.
    void note_answered(std::int64_t outbox_id);

    void put_link(const app::tracked_link& link, utc_time now) override;
    std::optional<std::string> open_link(std::string_view token, utc_time now) override;
    void count_scan(std::string_view activity_key, std::string_view keyword, utc_time now) override;
    void note_evidence(std::string_view file, utc_time now) override;
    bool has_evidence(std::string_view file) override;
    std::int64_t add_entry(const reach::plan_entry& entry, utc_time now) override;
    bool withdraw_entry(std::int64_t id, std::string_view staff, utc_time now) override;

private:
    struct statements;
    struct person;
    struct fact;
    // Days are counted in memory and written once, packed, when the roll-ups are made anew: many
    // times faster than row by row.
    struct folded_scope
    {
        std::map<reach::measure_set, std::int64_t> contacts;
        std::unordered_map<std::int64_t, reach::measure_set> people;
    };
    using folded_day = std::unordered_map<std::string, folded_scope>; // by scope

    person find_person(const std::string& pseudonym);
    std::int64_t next_number();
    template <class Each>
    static void for_scopes_of(const fact& what, const Each& each);
    void count(const fact& what);
    void count_scope(const fact& what, const std::string& scope, bool people);
    void pack_days_before(std::int64_t day);
    void put_packed(const std::string& scope, std::int64_t day, std::vector<counted_person> people);
    void note_correction(utc_time at, utc_time now, const char* cause);
    void rebuild();
    void rebuild_contacts();
    void fold(const fact& what);
    void write_folded();

    SQLite::Database& connection_;
    std::unique_ptr<statements> statements_;
    std::int64_t visit_gap_ms_;
    // Of a person; 0: not read yet. A unit that is rolled back leaves a gap.
    std::int64_t newest_number_ = 0;
    std::int64_t packed_before_ = 0;            // day
    std::map<std::int64_t, folded_day> folded_; // by day
};

} // namespace motcua::sqlite
