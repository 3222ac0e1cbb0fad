#pragma once

#include <motcua/core/complaints/workflow.hpp>
#include <motcua/core/dialogue/handover.hpp>
#include <motcua/core/dossiers/dossier.hpp>
#include <motcua/core/procedures/catalogue.hpp>
#include <motcua/core/reach/plan.hpp>
#include <motcua/core/understand/gazetteer.hpp>

#include <chrono>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the bot may say: read from intents/say and data by adapters/content, never written in code.
namespace motcua::dialogue {

struct menu_entry
{
    std::string title;
    std::string payload;
};

// The answer to an intent that needs no procedure: greeting, emergency, where complaints go, a
// topic of the reform news.
struct fixed_answer
{
    std::string text;
    std::vector<menu_entry> buttons; // payload "#…", or an https link
    std::string outcome; // name of a reach::outcome: "answered", "greeting", "handed_over" …
};

// One of the fields shown when browsing ("Hộ tịch"), with the codes most asked.
struct field
{
    std::string id;
    std::string title;
    std::vector<std::string> codes;
};

using places_to_fill = std::vector<std::pair<std::string_view, std::string>>;

// The pattern with its {{name}} places filled; a place nobody fills becomes empty.
std::string fill(std::string_view pattern, const places_to_fill& places);

// Sentences by key, with {{name}} places.
class phrases
{
public:
    phrases() = default;
    explicit phrases(std::map<std::string, std::string, std::less<>> by_key);

    // The sentence with its places filled. A key that does not exist gives the key itself; `motcua
    // check` reports it.
    std::string
    say(std::string_view key,
        std::initializer_list<std::pair<std::string_view, std::string_view>> places = {}) const;

    // The sentence as written, places unfilled; lives as long as this. The key itself if it does
    // not exist.
    std::string_view pattern(std::string_view key) const;

    bool has(std::string_view key) const { return by_key_.contains(key); }

    // Every key step() uses; content that lacks one is refused at start-up.
    static const std::vector<std::string_view>& required_keys();

private:
    std::map<std::string, std::string, std::less<>> by_key_;
};

// How dossiers are asked about; from the configuration.
struct dossier_service
{
    bool connected = false; // else the citizen is told where to look
    dossiers::proof_rule proof;
};

// Words typed instead of a button; marks may be left off, but none may differ.
struct command
{
    std::string words;   // "quay lại"
    std::string payload; // "#back"
};

struct knowledge
{
    procedures::catalogue procedures;
    phrases say;
    std::map<std::string, fixed_answer, std::less<>> answers; // by intent
    std::map<std::string, std::string, std::less<>> titles;   // by intent, for "do you mean"
    std::map<std::string, command, std::less<>> commands;     // by their folded words
    std::vector<menu_entry> main_menu;
    std::vector<field> fields;
    understand::gazetteer places{{}};
    understand::service_centre provincial_centre;
    complaints::rules complaints; // workflow, calendar, categories, intake
    dossier_service dossiers;
    std::string province;                          // "Tây Ninh"
    std::string portal_url;                        // "https://dichvucong.gov.vn"
    std::chrono::minutes silence_after_person{30}; // the bot's silence once a person has answered
    std::vector<reach::plan> plans;                // whose keywords are answered and credited
    duty_hours duty;                               // when a person watches the channel
    std::string version; // hash of the content files, for interaction rows
};

} // namespace motcua::dialogue
