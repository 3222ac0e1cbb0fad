#include "commands.hpp"
#include "content_loader.hpp"
#include "json_lines.hpp"
#include "mapped_file.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"

#include <motcua/adapters/content/content.hpp>
#include <motcua/app/search_documents.hpp>
#include <motcua/core/text/unicode.hpp>
#include <motcua/core/understand/search_words.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace motcua {
namespace {

using nlohmann::json;

// Four decimals: enough to compare, short to read.
double rounded_score(double value)
{
    return std::round(value * 1e4) / 1e4;
}

void print_line(const json& value)
{
    std::cout << value.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}

// One value is a string, several of a kind are a list.
json slots_of(const text::normalised& message)
{
    json slots = json::object();
    for (const auto& slot : message.slots) {
        json& place = slots[std::string(text::name(slot.kind))];
        if (place.is_null())
            place = slot.value;
        else if (place.is_string())
            place = json::array({place, slot.value});
        else
            place.push_back(slot.value);
    }
    return slots;
}

void print_findings(const std::vector<finding>& findings)
{
    for (const auto& one : findings)
        std::cerr << "motcua: " << describe(one) << '\n';
}

// The model can be right about one of them at most.
void warn_of_contradictions(const std::vector<understand::example>& examples)
{
    std::map<std::string_view, std::string_view> intents;
    std::size_t contradictions = 0;
    std::string first;
    for (const auto& one : examples) {
        const auto known = intents.emplace(one.text, one.intent).first;
        if (known->second == one.intent)
            continue;
        if (contradictions++ == 0)
            first = "\"" + std::string(text::prefix(one.text, 100)) + "\" in " +
                    std::string(known->second) + " and " + one.intent;
    }
    if (contradictions > 0)
        std::cerr << "motcua: warning: " << contradictions
                  << " example(s) of more than one intent, the first " << first << '\n';
}

} // namespace

int search(const configuration& config, const search_options& options)
{
    const auto read = content::read_intents(config.content.intents);
    const auto files = content::read_knowledge(config.content.intents, config.content.data);
    const auto records = read_records(config, options.procedures);
    auto documents = app::make_search_documents(
        records, read.aliases, files.known.province, vietnam_date(now_utc()), read.official_names);

    // What a server would know, its model's lexicon included.
    const text::normaliser words(understand::with_search_words(
        understand::with_examples(read.words, read.examples), documents, read.synonyms));
    const understand::procedure_index index(
        std::move(documents), read.synonyms, words, read.search_weights);
    const auto answer = [&](const text_line& query) {
        const auto found = index.search(words.normalise(query.text), {.top = options.top});
        json hits = json::array();
        for (const auto& one : found.hits)
            hits.push_back(
                {{"code", one.code}, {"name", one.name}, {"score", rounded_score(one.score)}});
        print_line(
            {{"id", query.id}, {"hits", hits}, {"decision", understand::name(found.verdict)}});
    };
    return each_text_line(options.queries, answer) ? 0 : 1;
}

int train(const std::filesystem::path& intents, const std::filesystem::path& out)
{
    const auto read = content::read_intents(intents);
    print_findings(read.findings);
    warn_of_contradictions(read.examples);
    progress_line progress("training");
    understand::training_options options;
    options.progress = [&progress](double share) { progress.show(share); };
    const auto trained = understand::train(read.examples, read.words, options);
    if (!trained) {
        std::cerr << "motcua: " << intents.string()
                  << ": at least two intents with examples are needed\n";
        return 1;
    }
    write_whole_file(out, *trained);
    return 0;
}

int understand_lines(const std::filesystem::path& model_file, const std::filesystem::path& input)
{
    const auto model = map_model(model_file);
    const text::normaliser words(model->words());
    const auto answer = [&](const text_line& line) {
        const auto message = words.normalise(line.text);
        const auto intents = model->classify(message);
        print_line(
            {{"id", line.id},
             {"intent", intents.front().intent},
             {"confidence", rounded_score(intents.front().confidence)},
             {"decision", understand::name(model->decide(intents))},
             {"slots", slots_of(message)},
             {"normalised", message.text}});
    };
    return each_text_line(input, answer) ? 0 : 1;
}

} // namespace motcua
