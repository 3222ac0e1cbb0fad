#pragma once

#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/app/attachment_fetcher.hpp>
#include <motcua/core/dialogue/knowledge.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Complaints and conversations for demonstrations: invented people write, invented staff work,
// through the use cases of the server with a clock that is moved.
namespace motcua {

struct demo_category
{
    std::string id;
    std::string unit; // in charge by default
    std::vector<std::string> texts;
    std::vector<std::string> answers;
};
struct demo_unit
{
    std::string id;
    std::string name;
    std::string parent;
};
struct demo_member
{
    std::string id;
    std::string user_name;
    std::string name;
    std::string unit;
    std::vector<std::string> roles;
};
struct demo_forward
{
    std::string agency;
    std::string reason;
};

// data/demo.yml. Texts have places: {{procedure}}, {{paper}}, {{commune}}, {{weeks}}, {{day}}.
struct demo_texts
{
    std::vector<std::string> families, middles, givens;
    std::vector<demo_unit> units;
    std::vector<demo_member> staff;
    std::vector<std::string> procedures, papers, weekdays;
    std::vector<demo_category> categories;
    std::vector<std::string> asks, supplements, notes, replies, objections;
    std::vector<demo_forward> forwards;
    std::vector<std::string> refusals, refused_texts, hidden_texts, hide_reasons, transfer_reasons;
    std::vector<std::vector<std::string>> talks; // what somebody says, line by line
};
// Throws std::runtime_error naming the file, and the line if it is known.
demo_texts read_demo_texts(const std::filesystem::path& file);

// The mark of a demonstration's database. `demo`: marks it, unless it holds anything real; else
// refuses a marked one. So real and invented rows never meet. Throws std::runtime_error.
void keep_demo_apart(sqlite::database& store, bool demo);

// What everybody signs in with at a demonstration: no secret, and good for nothing else.
inline constexpr std::string_view demo_password = "trinh-dien-mot-cua";
// The invented units and staff, unless there are accounts. `password_hash` is theirs.
void add_demo_staff(
    sqlite::database& store, const demo_texts& texts, const std::string& password_hash);

struct demo_wish
{
    std::uint64_t seed = 1;
    std::size_t complaints = 300;
    std::chrono::days span{150}; // they were sent so long ago, at most
    utc_time now{};
    app::attachment_files* files = nullptr; // where pictures go; null: nobody sends any
};
// How the complaints stand at the end.
struct demo_figures
{
    std::size_t complaints = 0;
    std::size_t steps = 0; // taken by citizens, staff and time
};
// Fills the database; the same seed, content and day give the same rows. What is said to citizens
// counts as sent: nothing is left in the outbox.
demo_figures fill_demo(
    sqlite::database& store,
    const dialogue::knowledge& known,
    const demo_texts& texts,
    const demo_wish& wish);

} // namespace motcua
