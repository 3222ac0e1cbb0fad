#include "complaint_files.hpp"
#include "links.hpp"
#include "shipped_words.hpp"
#include "source_file.hpp"

#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/content/plan_files.hpp>
#include <motcua/core/dialogue/payload.hpp>
#include <motcua/core/reach/interaction.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

namespace motcua::content {
namespace {

using std::filesystem::path;

constexpr std::size_t examples_at_least = 20;   // understanding.md section 6
constexpr std::size_t message_limit = 2'000;    // code points of one message (design.md section 4)
constexpr std::size_t button_title_limit = 100; // code points (zalo-oa-protocol.md)
constexpr std::size_t buttons_limit = 5;        // of one message (zalo-oa-protocol.md)
constexpr double silence_limit_minutes = 24 * 60;

// What remains of a text when marks, case and punctuation are taken away.
std::string compared(std::string_view text)
{
    const std::string folded = text::fold(text);
    std::string key;
    bool gap = false;
    for (const char c : folded) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            if (gap && !key.empty())
                key += ' ';
            gap = false;
            key += c;
        } else {
            gap = true;
        }
    }
    return key.empty() ? folded : key; // "?" and "!!!" stay different
}

std::string excerpt(std::string_view text)
{
    constexpr std::size_t limit = 60;
    const auto start = text::prefix(text, limit);
    return "'" + std::string(start) + (start.size() < text.size() ? "…'" : "'");
}

std::string place(const std::string& file, std::size_t line)
{
    return path(file).filename().string() + ":" + std::to_string(line);
}

// ---------------------------------------------------------------------------------------------
// intents/

class intents_reader
{
public:
    intents read(const path& directory)
    {
        std::vector<path> files = files_of(directory, {".yml", ".yaml"}, read_.findings);
        std::error_code failed;
        if (std::filesystem::is_directory(directory / "understand", failed)) {
            auto more = files_of(directory / "understand", {".yml", ".yaml"}, read_.findings);
            files.insert(files.end(), more.begin(), more.end());
        }
        if (std::filesystem::exists(directory / "loanwords.txt", failed))
            files.push_back(directory / "loanwords.txt");
        for (const path& file : files)
            read_file(file);
        for (const shipped_file& one : shipped_words())
            if (!read_words_.contains(std::string(path(one.name).stem())))
                read_shipped(one);
        compare_examples();
        collect_common_phrases();
        return std::move(read_);
    }

private:
    struct origin
    {
        std::string file;
        std::size_t line = 0;
    };

    finding_lists lists() { return {read_.findings, read_.own_findings}; }

    void read_file(const path& name)
    {
        source_file file(name, lists());
        const std::string purpose = name.stem().string();
        const bool holds_words = is_of_words(purpose);
        if (holds_words)
            read_words_.insert(purpose);
        const auto bytes = file.bytes();
        if (!bytes)
            return;
        if (holds_words)
            read_words(file, *bytes, purpose);
        else if (const auto tree = file.tree(*bytes))
            read_intent(file, *tree, purpose == understand::out_of_scope);
    }

    // What the program brings along takes the place of what the directory lacks.
    void read_shipped(const shipped_file& shipped)
    {
        source_file file(shipped.name, lists());
        const auto references = read_.references.size();
        read_words(file, std::string(shipped.bytes), path(shipped.name).stem().string());
        read_.references.resize(references); // not this directory's to answer for
    }

    static bool is_of_words(std::string_view purpose)
    {
        return std::ranges::any_of(shipped_words(), [purpose](const shipped_file& one) {
            return path(one.name).stem() == purpose;
        });
    }

    void read_words(source_file& file, const std::string& bytes, std::string_view purpose)
    {
        if (purpose == "loanwords") {
            read_loanwords(file, bytes);
            return;
        }
        const auto tree = file.tree(bytes);
        if (!tree)
            return;
        if (purpose == "synonyms")
            read_synonyms(file, *tree);
        else if (purpose == "abbreviations")
            read_abbreviations(file, *tree);
        else if (purpose == "procedures_aliases")
            read_aliases(file, *tree);
        else
            read_search_weights(file, *tree);
    }

    void read_intent(source_file& file, const yaml_value& tree, bool is_out_of_scope)
    {
        map_reader map(
            file, tree, "the intent", {"intent", "title", "examples", "hard_negatives", "tests"});
        if (!map)
            return;
        auto intent = is_out_of_scope && map.find("intent") == nullptr
                          ? std::string(understand::out_of_scope)
                          : map.required_text("intent");
        const auto& examples = map.required_list("examples");
        if (!intent)
            return;
        declared_.insert(*intent);
        read_.references.push_back(
            {reference::kind::intent, *intent, file.name(), map.line("intent")});
        if (auto title = map.optional_text("title"); !title.empty())
            read_.titles.emplace(*intent, std::move(title));
        if (!examples.empty())
            for (auto& text : map.texts("examples"))
                add_example(std::move(text), *intent, file.name());
        for (const yaml_value& item : map.list("hard_negatives")) {
            map_reader negative(file, item, "the hard negative", {"text", "intent"});
            if (!negative)
                continue;
            auto text = negative.required_text("text");
            auto other = negative.required_text("intent");
            if (!text || !other)
                continue;
            named_by_negatives_.push_back({*other, {file.name(), negative.line("intent")}});
            add_example({std::move(*text), negative.line("text")}, *other, file.name());
        }
        for (auto& text : map.texts("tests")) {
            test_origins_.push_back({file.name(), text.line});
            read_.tests.push_back({std::move(text.text), *intent});
        }
    }

    void add_example(located_text text, const std::string& intent, const std::string& file)
    {
        example_origins_.push_back({file, text.line});
        read_.examples.push_back({std::move(text.text), intent});
    }

    // Everyday words side by side, which few examples cannot teach.
    void collect_common_phrases()
    {
        auto& phrases = read_.words.common_phrases;
        for (const auto& row : read_.words.abbreviations)
            phrases.push_back(row.expansion);
        for (const auto& row : read_.synonyms) {
            phrases.push_back(row.from);
            phrases.push_back(row.to);
        }
        for (const auto& [code, names] : read_.aliases)
            phrases.insert(phrases.end(), names.begin(), names.end());
        std::ranges::sort(phrases);
        // Clang 14 cannot read std::ranges::unique.
        phrases.erase(std::unique(phrases.begin(), phrases.end()), phrases.end());
    }

    void strict(const origin& where, std::string message)
    {
        read_.own_findings.push_back(
            {where.file, where.line, finding::grade::error, std::move(message)});
    }

    void compare_examples()
    {
        std::map<std::string, std::size_t> count;
        std::map<std::string, std::size_t> first_with; // index of the example by compared text
        for (std::size_t i = 0; i < read_.examples.size(); ++i) {
            const auto& [text, intent] = read_.examples[i];
            ++count[intent];
            const auto [known, is_new] = first_with.emplace(compared(text), i);
            const auto& other = read_.examples[known->second].intent;
            if (!is_new && other != intent) {
                const auto& at = example_origins_[known->second];
                std::string message = excerpt(text);
                message += " is an example of " + intent;
                message += " and of " + other + " (" + place(at.file, at.line) + ")";
                strict(example_origins_[i], std::move(message));
            }
        }
        for (std::size_t i = 0; i < read_.tests.size(); ++i) {
            const auto known = first_with.find(compared(read_.tests[i].text));
            if (known == first_with.end())
                continue;
            const auto& at = example_origins_[known->second];
            strict(
                test_origins_[i],
                "test " + excerpt(read_.tests[i].text) + " is found in training (" +
                    place(at.file, at.line) + ")");
        }
        std::set<std::string_view> said;
        for (const reference& declared : read_.references) {
            if (declared.of != reference::kind::intent || !said.insert(declared.name).second)
                continue;
            const std::size_t examples = count[declared.name];
            if (examples < examples_at_least)
                strict(
                    {declared.file, declared.line},
                    "intent " + declared.name + " has " + std::to_string(examples) +
                        " examples, fewer than 20");
        }
        for (const auto& [intent, where] : named_by_negatives_)
            if (!declared_.contains(intent))
                strict(where, "hard negative of unknown intent '" + intent + "'");
    }

    void read_synonyms(source_file& file, const yaml_value& tree)
    {
        map_reader map(file, tree, "synonyms.yml", {"synonyms"});
        std::map<std::pair<std::string, std::string>, std::size_t> seen;
        for (const yaml_value& item : map.required_list("synonyms")) {
            map_reader row(file, item, "the synonym", {"from", "to", "weight", "both_ways"});
            if (!row)
                continue;
            auto from = row.required_text("from");
            auto to = row.required_text("to");
            const double weight =
                row.optional_number("weight").value_or(understand::synonym().weight);
            const bool both_ways = row.optional_flag("both_ways");
            if (!from || !to)
                continue;
            if (!(weight >= 0 && weight <= 1)) {
                file.error(row.line("weight"), "the weight of a synonym must be within 0 and 1");
                continue;
            }
            const auto [first, is_new] =
                seen.emplace(std::pair(text::lower(*from), text::lower(*to)), row.line());
            if (!is_new)
                file.strict_error(
                    row.line(),
                    "synonym " + excerpt(*from) + " -> " + excerpt(*to) + " is repeated (line " +
                        std::to_string(first->second) + ")");
            if (first->first.first == first->first.second)
                file.strict_error(row.line(), "synonym " + excerpt(*from) + " leads to itself");
            read_.synonyms.push_back({std::move(*from), std::move(*to), weight, both_ways});
        }
    }

    void read_abbreviations(source_file& file, const yaml_value& tree)
    {
        map_reader map(file, tree, "abbreviations.yml", {"abbreviations"});
        std::map<std::pair<std::string, std::set<std::string>>, std::size_t> seen;
        for (const yaml_value& item : map.required_list("abbreviations")) {
            map_reader row(file, item, "the abbreviation", {"short", "means", "context"});
            if (!row)
                continue;
            auto shorthand = row.required_text("short");
            auto means = row.required_text("means");
            std::vector<std::string> context;
            for (const auto& word : row.texts("context"))
                context.push_back(text::fold(word.text));
            if (!shorthand || !means)
                continue;
            text::abbreviation read{text::lower(*shorthand), *means, std::move(context)};
            const std::set<std::string> words(read.context.begin(), read.context.end());
            const auto [first, is_new] = seen.emplace(std::pair(read.shorthand, words), row.line());
            if (!is_new)
                file.strict_error(
                    row.line(),
                    "abbreviation " + excerpt(read.shorthand) +
                        " is repeated with the same context (line " +
                        std::to_string(first->second) + ")");
            read_.words.abbreviations.push_back(std::move(read));
        }
    }

    void read_loanwords(source_file& file, const std::string& bytes)
    {
        std::istringstream lines(bytes);
        std::string line;
        for (std::size_t number = 1; std::getline(lines, line); ++number) {
            std::istringstream words(line.substr(0, line.find('#')));
            std::string word;
            std::string rest;
            if (!(words >> word))
                continue;
            if (words >> rest)
                file.strict_error(number, "one loanword per line");
            read_.words.loanwords.push_back(text::fold(file.nfc(word, number)));
        }
    }

    void read_aliases(source_file& file, const yaml_value& tree)
    {
        map_reader map(file, tree, "procedures_aliases.yml", {"aliases", "names"});
        const auto* aliases = map.find("aliases");
        if (aliases == nullptr || aliases->is != yaml_value::kind::map) {
            file.error(
                tree.line, "missing key 'aliases' in procedures_aliases.yml, a map of codes");
            return;
        }
        for (const yaml_entry& entry : aliases->entries) {
            const std::string code = procedures::canonical_code(entry.key);
            if (code.empty()) {
                file.error(entry.line, "'" + entry.key + "' is no procedure code (d.dddddd)");
                continue;
            }
            read_.references.push_back({reference::kind::procedure, code, file.name(), entry.line});
            auto& names = read_.aliases[code];
            if (!names.empty())
                file.strict_error(entry.line, "code " + code + " is repeated");
            if (entry.value.is != yaml_value::kind::sequence)
                file.error(entry.value.line, "the folk names of " + code + " must be a list");
            for (const yaml_value& item : entry.value.items)
                if (auto name = file.text(item, "a folk name of " + code))
                    names.push_back(std::move(*name));
        }
        const auto* official = map.find("names");
        if (official == nullptr)
            return;
        if (official->is != yaml_value::kind::map) {
            file.error(map.line("names"), "'names' in procedures_aliases.yml must be a map");
            return;
        }
        for (const yaml_entry& entry : official->entries) {
            const std::string code = procedures::canonical_code(entry.key);
            if (!read_.aliases.contains(code))
                file.error(entry.line, "'" + entry.key + "' is no code with folk names");
            else if (auto name = file.text(entry.value, "the official name of " + code))
                read_.official_names[code] = std::move(*name);
        }
    }

    void read_search_weights(source_file& file, const yaml_value& tree)
    {
        map_reader map(file, tree, "search_weights.yml", {"weights"});
        const auto* weights = map.find("weights");
        if (weights == nullptr || weights->is != yaml_value::kind::map) {
            file.error(tree.line, "missing key 'weights' in search_weights.yml, a map of numbers");
            return;
        }
        for (const yaml_entry& entry : weights->entries) {
            const auto known = understand::all_search_weights();
            const auto one = std::ranges::find(known, entry.key, &understand::search_weight::name);
            if (one == known.end()) {
                file.error(entry.line, "no search weight is called '" + entry.key + "'");
                continue;
            }
            double value = 0;
            const std::string& written = entry.value.scalar;
            const auto [end, failed] =
                std::from_chars(written.data(), written.data() + written.size(), value);
            if (failed != std::errc() || end != written.data() + written.size() ||
                !(value >= one->least && value <= one->most))
                file.error(entry.line, "search weight '" + entry.key + "' is no number in range");
            else
                read_.search_weights.*one->value = value;
        }
    }

    intents read_;
    std::vector<origin> example_origins_; // of read_.examples
    std::vector<origin> test_origins_;    // of read_.tests
    std::set<std::string> declared_;
    std::set<std::string> read_words_; // the word files the directory has, without extension
    std::vector<std::pair<std::string, origin>> named_by_negatives_;
};

// ---------------------------------------------------------------------------------------------
// intents/say/ and data/

// FNV-1a, 64 bits (RFC draft-eastlake-fnv, section 2): tells versions apart, proves nothing.
class content_hash
{
public:
    void add(std::string_view bytes)
    {
        add_bytes(std::to_string(bytes.size()) + ":"); // so that no bytes move between files
        add_bytes(bytes);
    }

    std::string hex() const
    {
        std::string text(16, '0');
        std::uint64_t rest = state_;
        for (auto digit = text.rbegin(); digit != text.rend(); ++digit, rest >>= 4U)
            *digit = "0123456789abcdef"[rest & 0xfU];
        return text;
    }

private:
    void add_bytes(std::string_view bytes)
    {
        for (const char c : bytes) {
            state_ ^= static_cast<unsigned char>(c);
            state_ *= 0x100000001b3U;
        }
    }

    std::uint64_t state_ = 0xcbf29ce484222325U;
};

constexpr std::array outcomes{
    reach::outcome::answered,
    reach::outcome::clarified,
    reach::outcome::not_understood,
    reach::outcome::handed_over,
    reach::outcome::menu,
    reach::outcome::greeting,
    reach::outcome::silent};

bool is_outcome(std::string_view word)
{
    return std::any_of(outcomes.begin(), outcomes.end(), [word](reach::outcome value) {
        return reach::name(value) == word;
    });
}

std::optional<std::chrono::weekday> weekday_of(std::string_view word)
{
    constexpr std::array<std::string_view, 7> words{
        "mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    const auto* const found = std::find(words.begin(), words.end(), word);
    if (found == words.end())
        return std::nullopt;
    return std::chrono::weekday(static_cast<unsigned>(found - words.begin()) + 1);
}

// "07:30"; "24:00" is the end of the day.
std::optional<std::chrono::minutes> clock_of(std::string_view text)
{
    const auto is_digit = [text](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
    if (text.size() != 5 || text[2] != ':' || !is_digit(0) || !is_digit(1) || !is_digit(3) ||
        !is_digit(4))
        return std::nullopt;
    const auto value = [text](std::size_t at) {
        return (text[at] - '0') * 10 + text[at + 1] - '0';
    };
    const std::chrono::minutes clock =
        std::chrono::hours(value(0)) + std::chrono::minutes(value(3));
    if (value(3) > 59 || clock > std::chrono::hours(24))
        return std::nullopt;
    return clock;
}

// "mon-fri" or "sat".
std::optional<dialogue::duty_hours::span>
duty_span(std::string_view days, std::string_view from, std::string_view to)
{
    const auto dash = days.find('-');
    const auto first = weekday_of(days.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : weekday_of(days.substr(dash + 1));
    const auto begin = clock_of(from);
    const auto end = clock_of(to);
    if (!first || !last || !begin || !end || *begin >= *end)
        return std::nullopt;
    return dialogue::duty_hours::span{*first, *last, *begin, *end};
}

class knowledge_reader
{
public:
    knowledge_files read(const path& intents_directory, const path& data_directory)
    {
        const path say = intents_directory / "say";
        for (const path& name : files_of(say, {".yml", ".yaml"}, read_.findings))
            with_tree(name, &knowledge_reader::read_say);
        with_tree(data_directory / "communes.yml", &knowledge_reader::read_communes);
        with_tree(data_directory / "fields.yml", &knowledge_reader::read_fields);
        with_tree(data_directory / "province.yml", &knowledge_reader::read_province);
        with_tree(data_directory / "complaint-workflow.yml", &knowledge_reader::read_workflow);
        with_tree(data_directory / "calendar.yml", &knowledge_reader::read_days);
        with_tree(data_directory / "complaint-categories.yml", &knowledge_reader::read_categories);

        read_plans_of(data_directory);

        dialogue::knowledge& known = read_.known;
        known.say = dialogue::phrases(std::move(phrases_));
        for (const std::string_view key : dialogue::phrases::required_keys())
            if (!unreadable_ && !known.say.has(key))
                read_.findings.push_back(
                    {(say / "phrases.yml").string(),
                     0,
                     finding::grade::error,
                     "missing phrase '" + std::string(key) + "'"});
        if (!unreadable_ && known.main_menu.empty())
            read_.findings.push_back(
                {say.string(), 0, finding::grade::error, "missing key 'main_menu'"});
        known.places = understand::gazetteer(std::move(communes_));
        known.version = hash_.hex();
        return std::move(read_);
    }

private:
    // Their keywords are answered. Data without kpi.yml has no plan.
    void read_plans_of(const path& data_directory)
    {
        if (!std::filesystem::exists(data_directory / "kpi.yml"))
            return;
        auto kpis = read_kpis(data_directory / "kpi.yml");
        auto plans = read_plans(data_directory / "plans", kpis.catalogue);
        for (auto* findings : {&kpis.findings, &plans.findings})
            std::ranges::move(*findings, std::back_inserter(read_.findings));
        for (const auto& one : plans.plans)
            hash_.add(one.version);
        read_.known.plans = std::move(plans.plans);
    }

    void with_tree(
        const path& name, void (knowledge_reader::*interpret)(source_file&, const yaml_value&))
    {
        source_file file(name, {read_.findings, read_.findings});
        const auto bytes = file.bytes();
        if (!bytes)
            return;
        hash_.add(name.filename().string());
        hash_.add(*bytes);
        if (const auto tree = file.tree(*bytes))
            (this->*interpret)(file, *tree);
        else
            unreadable_ = true;
    }

    void read_say(source_file& file, const yaml_value& tree)
    {
        map_reader map(file, tree, "the file", {"phrases", "answers", "main_menu", "commands"});
        if (const auto* phrases = map.find("phrases"))
            read_phrases(file, *phrases);
        if (const auto* commands = map.find("commands"))
            read_commands(file, *commands);
        for (const yaml_value& item : map.list("answers"))
            read_answer(file, item);
        if (const auto* menu = map.find("main_menu")) {
            if (!read_.known.main_menu.empty())
                file.error(menu->line, "a second main_menu");
            read_.known.main_menu = read_entries(file, map, "main_menu");
        }
    }

    void read_phrases(source_file& file, const yaml_value& phrases)
    {
        if (phrases.is != yaml_value::kind::map)
            file.error(phrases.line, "'phrases' must be a map of keys and texts");
        for (const yaml_entry& entry : phrases.entries) {
            auto text = message_text(file, entry.value, "phrase '" + entry.key + "'");
            if (text && !phrases_.emplace(entry.key, std::move(*text)).second)
                file.error(entry.line, "phrase '" + entry.key + "' is repeated");
        }
    }

    void read_commands(source_file& file, const yaml_value& commands)
    {
        if (commands.is != yaml_value::kind::map)
            file.error(commands.line, "'commands' must be a map of payloads and lists of words");
        for (const yaml_entry& entry : commands.entries) {
            if (!dialogue::parse_payload(entry.key))
                file.error(entry.line, "command '" + entry.key + "' is no payload");
            if (entry.value.is != yaml_value::kind::sequence)
                file.error(entry.value.line, "the words of '" + entry.key + "' must be a list");
            for (const yaml_value& item : entry.value.items) {
                const auto words = file.text(item, "a word of '" + entry.key + "'");
                if (!words)
                    continue;
                const auto [known, is_new] = read_.known.commands.emplace(
                    compared(*words), dialogue::command{*words, entry.key});
                if (!is_new && known->second.payload != entry.key)
                    file.error(
                        item.line,
                        excerpt(*words) + " stands for " + known->second.payload + " and " +
                            entry.key);
            }
        }
    }

    static std::optional<std::string>
    message_text(source_file& file, const yaml_value& value, const std::string& what)
    {
        auto text = file.text(value, what);
        if (text && text::code_points(*text) > message_limit)
            file.error(value.line, what + " is longer than 2,000 characters");
        return text;
    }

    void read_answer(source_file& file, const yaml_value& item)
    {
        map_reader map(file, item, "the answer", {"intent", "outcome", "text", "buttons"});
        if (!map)
            return;
        auto intent = map.required_text("intent");
        auto outcome = map.required_text("outcome");
        std::optional<std::string> text;
        if (const auto* value = map.find("text"))
            text = message_text(file, *value, "'text' in the answer");
        else
            file.error(map.line(), "missing key 'text' in the answer");
        auto buttons = read_entries(file, map, "buttons");
        if (buttons.size() > buttons_limit)
            file.error(map.line("buttons"), "more than 5 buttons");
        if (outcome && !is_outcome(*outcome))
            file.error(map.line("outcome"), "unknown outcome '" + *outcome + "'");
        if (!intent || !outcome || !text)
            return;
        read_.references.push_back(
            {reference::kind::intent, *intent, file.name(), map.line("intent")});
        dialogue::fixed_answer answer{std::move(*text), std::move(buttons), std::move(*outcome)};
        if (!read_.known.answers.emplace(*intent, std::move(answer)).second)
            file.error(map.line("intent"), "a second answer to intent '" + *intent + "'");
    }

    std::vector<dialogue::menu_entry>
    read_entries(source_file& file, map_reader& map, std::string_view key)
    {
        std::vector<dialogue::menu_entry> entries;
        for (const yaml_value& item : map.list(key)) {
            map_reader entry(
                file, item, "an entry of '" + std::string(key) + "'", {"title", "payload"});
            if (!entry)
                continue;
            auto title = entry.required_text("title");
            auto payload = entry.required_text("payload");
            if (title && text::code_points(*title) > button_title_limit)
                file.error(entry.line("title"), "title is longer than 100 characters");
            if (!title || !payload)
                continue;
            read_.references.push_back(
                {reference::kind::payload, *payload, file.name(), entry.line("payload")});
            entries.push_back({std::move(*title), std::move(*payload)});
        }
        return entries;
    }

    void read_communes(source_file& file, const yaml_value& tree)
    {
        map_reader map(file, tree, "communes.yml", {"communes"});
        std::map<std::string, std::size_t> seen;
        for (const yaml_value& item : map.required_list("communes")) {
            map_reader row(
                file, item, "the commune", {"code", "name", "former", "aliases", "centre"});
            if (!row)
                continue;
            auto code = row.required_text("code");
            auto name = row.required_text("name");
            understand::commune commune;
            for (const yaml_value& old : row.list("former")) {
                map_reader unit(file, old, "the former unit", {"name", "district"});
                if (!unit)
                    continue;
                auto former_name = unit.required_text("name");
                auto district = unit.optional_text("district");
                if (former_name)
                    commune.former.push_back({std::move(*former_name), std::move(district)});
            }
            for (auto& alias : row.texts("aliases"))
                commune.aliases.push_back(std::move(alias.text));
            commune.centre = read_centre(file, row, "centre");
            if (!code || !name)
                continue;
            const auto [first, is_new] = seen.emplace(*code, row.line());
            if (!is_new) {
                file.error(
                    row.line("code"),
                    "commune code " + *code + " is repeated (line " +
                        std::to_string(first->second) + ")");
                continue;
            }
            commune.code = std::move(*code);
            commune.name = std::move(*name);
            communes_.push_back(std::move(commune));
        }
    }

    static understand::service_centre
    read_centre(source_file& file, map_reader& owner, const std::string& key)
    {
        const auto* value = owner.find(key);
        if (value == nullptr) {
            file.error(owner.line(), "missing key '" + key + "'");
            return {};
        }
        map_reader map(
            file, *value, "'" + key + "'", {"name", "address", "hours", "phone", "source"});
        if (!map)
            return {};
        understand::service_centre centre;
        centre.name = map.required_text("name").value_or(std::string());
        centre.address = map.optional_text("address");
        centre.hours = map.optional_text("hours");
        centre.phone = map.optional_text("phone");
        centre.source = map.optional_text("source");
        return centre;
    }

    void read_fields(source_file& file, const yaml_value& tree)
    {
        map_reader map(file, tree, "fields.yml", {"fields"});
        std::set<std::string> seen;
        for (const yaml_value& item : map.required_list("fields")) {
            map_reader row(file, item, "the field", {"id", "title", "codes"});
            if (!row)
                continue;
            auto id = row.required_text("id");
            auto title = row.required_text("title");
            if (row.required_list("codes").empty())
                file.error(row.line(), "a field without codes");
            if (!id || !title)
                continue;
            if (!seen.insert(*id).second)
                file.error(row.line("id"), "field '" + *id + "' is repeated");
            dialogue::field field{std::move(*id), std::move(*title), {}};
            for (const auto& text : row.texts("codes")) {
                std::string code = procedures::canonical_code(text.text);
                if (code.empty()) {
                    file.error(text.line, "'" + text.text + "' is no procedure code (d.dddddd)");
                    continue;
                }
                read_.references.push_back(
                    {reference::kind::procedure, code, file.name(), text.line});
                field.codes.push_back(std::move(code));
            }
            read_.known.fields.push_back(std::move(field));
        }
    }

    void read_workflow(source_file& file, const yaml_value& tree)
    {
        read_complaint_workflow(file, tree, read_.known.complaints);
    }
    void read_days(source_file& file, const yaml_value& tree)
    {
        read_calendar(file, tree, read_.known.complaints);
    }
    void read_categories(source_file& file, const yaml_value& tree)
    {
        read_complaint_categories(file, tree, read_.known.complaints);
    }

    void read_province(source_file& file, const yaml_value& tree)
    {
        map_reader map(file, tree, "province.yml", {"province"});
        const auto* province = map.find("province");
        if (province == nullptr) {
            file.error(tree.line, "missing key 'province' in province.yml");
            return;
        }
        map_reader row(
            file,
            *province,
            "the province",
            {"name", "portal_url", "silence_after_person_minutes", "duty", "provincial_centre"});
        if (!row)
            return;
        dialogue::knowledge& known = read_.known;
        known.province = row.required_text("name").value_or(std::string());
        known.portal_url = row.required_text("portal_url").value_or(std::string());
        if (!known.portal_url.empty() && !is_https_link(known.portal_url))
            file.error(row.line("portal_url"), "malformed https link '" + known.portal_url + "'");
        if (const auto minutes = row.optional_number("silence_after_person_minutes")) {
            if (*minutes >= 0 && *minutes <= silence_limit_minutes &&
                *minutes == std::floor(*minutes))
                known.silence_after_person =
                    std::chrono::minutes(static_cast<std::chrono::minutes::rep>(*minutes));
            else
                file.error(
                    row.line("silence_after_person_minutes"),
                    "'silence_after_person_minutes' must be a whole number within 0 and 1440");
        }
        known.duty = read_duty(file, row);
        known.provincial_centre = read_centre(file, row, "provincial_centre");
    }

    static dialogue::duty_hours read_duty(source_file& file, map_reader& province)
    {
        const auto* value = province.find("duty");
        if (value == nullptr)
            return {};
        map_reader map(file, *value, "'duty'", {"words", "hours"});
        if (!map)
            return {};
        dialogue::duty_hours duty;
        duty.words = map.required_text("words").value_or(std::string());
        for (const yaml_value& item : map.required_list("hours")) {
            map_reader row(file, item, "an entry of 'hours'", {"days", "from", "to"});
            if (!row)
                continue;
            const auto days = row.required_text("days");
            const auto from = row.required_text("from");
            const auto to = row.required_text("to");
            if (!days || !from || !to)
                continue;
            const auto span = duty_span(*days, *from, *to);
            if (span)
                duty.spans.push_back(*span);
            else
                file.error(
                    row.line(),
                    "hours are written days: mon-fri (or sat), from: \"07:30\", to: \"11:30\"");
        }
        return duty;
    }

    knowledge_files read_;
    std::map<std::string, std::string, std::less<>> phrases_;
    std::vector<understand::commune> communes_;
    content_hash hash_;
    bool unreadable_ = false; // a file is broken: what it may hold is not called missing
};

} // namespace

intents read_intents(const path& directory)
{
    return intents_reader().read(directory);
}

knowledge_files read_knowledge(const path& intents_directory, const path& data_directory)
{
    return knowledge_reader().read(intents_directory, data_directory);
}

} // namespace motcua::content
