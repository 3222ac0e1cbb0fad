#pragma once

#include <motcua/core/reach/figures.hpp>
#include <motcua/core/reach/interaction.hpp>

#include <chrono>
#include <string>
#include <vector>

// A small log whose figures are computed by hand: four citizens, three activities that share some
// of them, contacts at midnight and at the edges of months, a test user, a late event. The figures
// below are those of January 2026.
namespace motcua::reach::golden {

using namespace std::chrono_literals;

inline constexpr period january{2026y / 1 / 1, 2026y / 1 / 31};
inline constexpr period december{2025y / 12 / 1, 2025y / 12 / 31};

inline utc_time local(
    std::chrono::year_month_day day,
    std::chrono::minutes of_day,
    std::chrono::milliseconds more = 0ms)
{
    return utc_time(std::chrono::sys_days(day).time_since_epoch() + of_day + more) - vietnam_offset;
}

inline interaction contact(
    const std::string& who, utc_time at, contact_kind kind, outcome end, std::string intent = {})
{
    interaction row;
    row.at = at;
    row.recorded = at;
    row.pseudonym = who;
    row.kind = kind;
    row.outcome = end;
    row.intent = std::move(intent);
    return row;
}

inline interaction
about(interaction row, std::string procedure, std::string field, std::string aspect)
{
    row.procedure = std::move(procedure);
    row.field = std::move(field);
    row.aspect = std::move(aspect);
    return row;
}

inline interaction credited(interaction row, std::string activity, std::string keyword = {})
{
    row.activity = "2020/" + activity;
    row.credit = keyword.empty() ? credit::follow_on : credit::direct;
    row.keyword = std::move(keyword);
    return row;
}

// In the order of arrival.
inline std::vector<interaction> contacts()
{
    using enum contact_kind;
    const auto day = [](unsigned d) { return 2026y / 1 / std::chrono::day(d); };
    const auto last_moment = 24h - 1min;
    const auto birth = [](interaction row, std::string aspect) {
        return about(std::move(row), "1.001193", "Hộ tịch", std::move(aspect));
    };
    auto late = contact("E", local(2025y / 12 / 31, 20h), message, outcome::answered, "topic_papi");
    late.recorded = local(day(1), 10min);
    auto test = birth(contact("T", local(day(12), 9h), message, outcome::answered), "fee");
    test.test = true;
    const auto residence = contact("B", local(day(5), 9h + 29min, 59s), message, outcome::answered);
    return {
        birth(
            contact("A", local(2025y / 12 / 31, last_moment, 59'999ms), message, outcome::answered),
            "overview"),
        birth(contact("A", local(day(1), 0min), tap, outcome::answered), "filing"),
        late,
        credited(
            contact("B", local(day(5), 9h), message, outcome::answered, "keyword"),
            "II.5",
            "BINHNUOC"),
        credited(about(residence, "1.004222", "Đăng ký, quản lý cư trú", "fee"), "II.5"),
        credited(contact("B", local(day(5), 10h), tap, outcome::clarified), "II.5"),
        contact("C", local(day(5), 11h), follow, outcome::greeting),
        contact("C", local(day(5), 11h + 1min), message, outcome::greeting, "greeting"),
        credited(
            contact("C", local(day(10), 8h), message, outcome::answered, "keyword"),
            "II.1",
            "TOROI"),
        credited(
            contact("B", local(day(10), 8h), message, outcome::answered, "keyword"),
            "II.1",
            "TOROI"),
        credited(contact("B", local(day(10), 8h + 5min), tap, outcome::menu, "understood"), "II.1"),
        test,
        contact("D", local(day(15), 12h), message, outcome::handed_over, "agent"),
        contact("D", local(day(15), 12h + 10min), message, outcome::answered, "file_status"),
        contact("A", local(day(20), 8h), message, outcome::clarified, "complaint"),
        contact("A", local(day(20), 8h + 5min), unfollow, outcome::silent),
        contact("D", local(day(31), last_moment, 59'999ms), message, outcome::not_understood),
        contact("D", local(2026y / 2 / 1, 0min), message, outcome::not_understood)};
}

struct counted
{
    measure what;
    std::int64_t contacts;
    std::int64_t people;
};

// Contacts and people of January. Openings of links: three by B for II.5, one by A; landing page
// opened twice.
inline std::vector<counted> figures()
{
    using enum measure;
    return {
        {contact, 13, 4},         // A1 B3 C3 B2 D3 A1: all but December, February, T and unfollow
        {active, 12, 4},          // without the follow
        {visit, 8, 4},            // A 20th; B 9:00, 10:00, 10th; C 5th, 10th; D 15th, 31st
        {follow, 1, 1},           // C
        {unfollow, 1, 1},         // A
        {question, 9, 4},         // = 6 + 1 + 1 + 1
        {answered, 6, 4},         // A, B keyword, B residence, C, B, D
        {clarified, 1, 1},        // B
        {not_understood, 1, 1},   // D on the 31st
        {handed_over, 1, 1},      // D
        {apart, 2, 2},            // C's greeting, B's "đã hiểu"; 9 + 2 + 1 = 12
        {complaint_talk, 1, 1},   // A
        {lookup, 2, 2},           // A, B
        {guided, 1, 1},           // A
        {dossier_lookup, 1, 1},   // D
        {asked_understood, 4, 3}, // A's checklist, three keywords by B and C
        {understood, 1, 1},       // B
        {direct, 3, 2},           // B, C, B
        {follow_on, 3, 1},        // B
        {link_opened, 4, 2},      // A, B
        {scanned, 2, 0},
    };
}

inline field_groups groups()
{
    return {
        {"ho-tich", "Hộ tịch", {"Hộ tịch"}},
        {"cu-tru", "Cư trú", {"Đăng ký, quản lý cư trú"}},
        {"khac", "Lĩnh vực khác", {}}};
}

} // namespace motcua::reach::golden
