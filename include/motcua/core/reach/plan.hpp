#pragma once

#include <motcua/core/reach/report.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

// The communication plan as data (data/plans/*.yml): activities, what is expected of each in the
// plan's words, which figures answer it, and the keywords printed and spoken for it.
namespace motcua::reach {

struct keyword_button
{
    std::string title;
    std::string payload; // "#…" or an https link
};

// What is printed on a gift or leaflet, or said on air. Typed with or without marks and case.
struct keyword
{
    std::string code;   // as printed: "BINHNUOC"; also the code of its landing page
    std::string folded; // the same without marks, case and blanks: what is compared
    std::string title;  // what it stands on: "Bình nước thủy tinh"
    std::string text;   // what the bot says to it
    std::vector<keyword_button> buttons;
};

// One countable part of "d) Sản phẩm, kết quả dự kiến".
struct expected_product
{
    std::string id;                // "II.5.d1"
    std::string words;             // the plan's own
    std::vector<std::string> kpis; // figures of data/kpi.yml that answer it, for this activity
    std::string by_hand; // unit of what staff enter ("buổi", "tin, bài"); empty: nothing to enter
};

struct activity
{
    std::string id;   // "II.5"
    std::string name; // the plan's own
    std::string lead; // cơ quan thực hiện
    std::string partners;
    std::vector<expected_product> products;
    std::vector<keyword> keywords;
};

struct plan
{
    plan_head head;
    letterhead form;
    int follow_on_days = 7;
    std::vector<activity> activities;
    std::string version; // hash of the file
};

// A keyword with the activity it credits; valid as long as the plans.
struct keyword_match
{
    const reach::plan* plan = nullptr;
    const reach::activity* activity = nullptr;
    const reach::keyword* keyword = nullptr;
};

// The keyword of that folded form. A keyword of several plans is that of the plan in force on the
// day, else of the latest. Null pointers if there is none.
keyword_match find_keyword(
    const std::vector<plan>& plans, std::string_view folded, std::chrono::year_month_day today);

// What interactions carry: plan id, '/', activity id.
std::string activity_key(const plan& of, const activity& one);

// The plan of an activity's key; null if there is none.
const plan* plan_of(const std::vector<plan>& plans, std::string_view key);

// The activity of that key; null if no plan has it.
const activity* find_activity(const std::vector<plan>& plans, std::string_view key);

} // namespace motcua::reach
