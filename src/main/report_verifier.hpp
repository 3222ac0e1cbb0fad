#pragma once

#include "report_maker.hpp"

#include <motcua/adapters/sqlite/reach.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua {

// The report counted a second time, by code that shares nothing with the first (reports.md section
// 5): contacts and complaints from their rows, contacts from the stored events.
struct verification
{
    std::size_t cells = 0;
    std::size_t different = 0;            // of the cells
    std::vector<std::string> differences; // a line each, at most 20 of a table
    sqlite::event_check contacts;

    bool holds() const { return different == 0 && contacts.different == 0; }
};

// Told what is being done and how much of it, 0..1.
using verification_progress = std::function<void(std::string_view, double)>;

verification verify(
    const configuration& config,
    const report_content& content,
    const reach::period& span,
    const verification_progress& progress = {});

// For the report's end, in Vietnamese: report_wish::verified.
std::string words(const verification& made);

} // namespace motcua
