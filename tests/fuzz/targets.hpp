#pragma once

#include <array>
#include <string_view>

// What reads bytes of strangers. A target takes any bytes, neither crashes nor hangs, and traps
// where a promise of the header it calls is broken. fuzz_test.cpp feeds them mutations with a fixed
// seed; libfuzzer.cpp makes a libFuzzer program of each (CMake preset `fuzz`, clang).
namespace motcua::fuzz {

void guard(std::string_view bytes);          // raw request headers
void public_request(std::string_view bytes); // a whole request, to the public routes
void staff_request(std::string_view bytes);  // the same, to the staff API: cookie, query, JSON body
void event(std::string_view bytes);          // signature and JSON of the webhook
void answer(std::string_view bytes);         // what the platform answers us
void dossier_export(std::string_view bytes); // CSV of dossiers, in any encoding
void procedure_import(std::string_view bytes);
void spreadsheet(std::string_view bytes); // cells written and read back
void search_string(std::string_view bytes);
void yaml(std::string_view bytes);

struct target
{
    std::string_view name;
    void (*run)(std::string_view);
};
inline constexpr std::array all_targets{
    target{"guard", guard},
    target{"public_request", public_request},
    target{"staff_request", staff_request},
    target{"event", event},
    target{"answer", answer},
    target{"dossier_export", dossier_export},
    target{"procedure_import", procedure_import},
    target{"spreadsheet", spreadsheet},
    target{"search_string", search_string},
    target{"yaml", yaml}};

inline void expect(bool holds)
{
    if (!holds)
        __builtin_trap();
}

} // namespace motcua::fuzz
