#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How complaints are found by what is written in them.
namespace motcua::complaints {

// The words of a text as they are searched: folded, each once, joined by one blank; dossier codes
// besides, each as one word (dossier_word). Letters and digits of ASCII only, whatever the script.
std::string search_words(std::string_view text);

// The word a dossier code is found by, however it is punctuated. Empty if nothing is left of it.
std::string dossier_word(std::string_view code);

// What labels are compared by: "Giao thông", "#giao-thong" and "giaothong" are one.
std::string label_key(std::string_view label);

// The search box, taken apart; all of it must be met.
struct search_terms
{
    std::vector<std::string> words;         // of search_words()
    std::vector<std::string> code_prefixes; // "PA-2611"; of `ma:`, and of a code found anywhere
    std::vector<std::string> labels;        // label_key(); of `#label`
    std::optional<std::string> phone;       // canonical; of `sdt:`, empty if that is no number
    std::string exact_code;                 // canonical, if there is one anywhere

    bool operator==(const search_terms&) const = default;
};
search_terms parse_search(std::string_view query);

} // namespace motcua::complaints
