#include "commands.hpp"
#include "content_loader.hpp"
#include "evaluation_report.hpp"
#include "labelled_queries.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"

#include <fmt/format.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/app/search_documents.hpp>
#include <motcua/core/text/fnv.hpp>
#include <motcua/core/understand/noise.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>
#include <iostream>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

namespace motcua {
namespace {

namespace fs = std::filesystem;
using understand::labelled_query;
using understand::noise_kind;

constexpr std::uint64_t noise_seed = 2026;
constexpr std::size_t hits_looked_at = 10; // beyond that a hit adds nothing to the reciprocal rank

// Depends on the text alone, so that another line in the file changes no other line's noise.
std::uint64_t seed_of(std::string_view message)
{
    return text::fnv(message) ^ noise_seed;
}

std::string spoilt(const std::string& text, std::optional<noise_kind> noise)
{
    return noise ? understand::add_noise(text, *noise, seed_of(text)) : text;
}

std::vector<std::optional<noise_kind>> clean_and_noise()
{
    std::vector<std::optional<noise_kind>> kinds{std::nullopt};
    kinds.insert(
        kinds.end(), understand::all_noise_kinds.begin(), understand::all_noise_kinds.end());
    return kinds;
}

std::string name_of(std::optional<noise_kind> noise)
{
    return noise ? std::string(understand::name(*noise)) : "clean";
}

// ---- what is measured on

// Without --queries: those that lie in the tests of the source tree the content belongs to.
std::vector<fs::path> query_files(const configuration& config, const eval_options& options)
{
    if (!options.queries.empty())
        return options.queries;
    std::vector<fs::path> files;
    std::error_code absent;
    const auto folder = config.content.data.parent_path() / "tests/data";
    for (const auto& entry : fs::directory_iterator(folder, absent)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with("search_queries") && name.ends_with(".tsv"))
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

procedures::catalogue records_of(const configuration& config, const eval_options& options)
{
    const auto shipped = config.content.data / "procedures";
    if (options.procedures.empty() && !fs::exists(shipped))
        return procedures::catalogue(
            std::vector<procedures::procedure>()); // other people's intents: nothing to search
    if (options.procedures.empty())
        return read_records(config, shipped);
    std::vector<procedures::procedure> records;
    for (const auto& file : options.procedures) {
        auto read = content::read_procedures(file);
        if (read.records.empty())
            throw std::runtime_error(file.string() + ": no procedure record found");
        std::ranges::move(read.records, std::back_inserter(records));
    }
    return procedures::catalogue(std::move(records));
}

// ---- measuring

understand::judged_message judge(
    const understand::understander& engine, const understand::example& test, std::string_view text)
{
    const auto message = engine.words().normalise(text);
    auto scores = engine.model().classify(message);
    const auto verdict = engine.model().decide(scores);
    return {
        .truth = test.intent,
        .said = std::move(scores.front().intent),
        .confidence = scores.front().confidence,
        .verdict = verdict};
}

void measure_intents(
    const understand::understander& engine,
    const std::vector<understand::example>& tests,
    evaluation& measured)
{
    std::vector<understand::judged_message> all_noise;
    for (const auto noise : clean_and_noise()) {
        std::vector<understand::judged_message> judged;
        for (const auto& test : tests) {
            judged.push_back(judge(engine, test, spoilt(test.text, noise)));
            const auto& one = judged.back();
            if (!noise && one.said != one.truth)
                measured.mistakes.push_back(fmt::format(
                    "{}: {} -> {} ({:.2f}, {})",
                    test.text,
                    one.truth,
                    one.said,
                    one.confidence,
                    understand::name(one.verdict)));
        }
        measured.intents.push_back({name_of(noise), understand::measure_classification(judged)});
        if (noise)
            all_noise.insert(all_noise.end(), judged.begin(), judged.end());
        else
            measured.foreign = understand::measure_rejection(judged);
    }
    measured.noisy_intents = understand::measure_classification(all_noise);
    measured.noisy_foreign = understand::measure_rejection(all_noise);
}

using code_set = std::set<std::string, std::less<>>;

bool can_be_found(const labelled_query& query, const code_set& known_codes)
{
    return std::ranges::any_of(
        query.codes, [&](const std::string& code) { return known_codes.contains(code); });
}

bool is_mistake(const understand::judged_query& one)
{
    if (one.right.empty())
        return one.verdict == understand::decision::answer;
    return one.found.empty() || std::ranges::find(one.right, one.found.front()) == one.right.end();
}

std::string describe(const labelled_query& query, const understand::search_result& found)
{
    const auto first =
        found.hits.empty() ? "nothing" : found.hits.front().code + " " + found.hits.front().name;
    return fmt::format(
        "{} {}: {} -> {} ({})",
        query.id,
        query.text,
        query.codes.empty() ? "foreign" : query.codes.front(),
        first,
        understand::name(found.verdict));
}

evaluation::query_set measure_queries(
    const understand::understander& engine,
    std::string name,
    const std::vector<labelled_query>& queries,
    const code_set& known_codes,
    std::vector<std::string>& mistakes)
{
    evaluation::query_set measured{.name = std::move(name), .left_out = 0, .kinds = {}};
    std::vector<const labelled_query*> asked;
    for (const auto& query : queries) {
        if (query.codes.empty() || can_be_found(query, known_codes))
            asked.push_back(&query);
        else
            ++measured.left_out;
    }
    for (const auto noise : clean_and_noise()) {
        std::vector<understand::judged_query> judged;
        for (const auto* query : asked) {
            const auto message = engine.words().normalise(spoilt(query->text, noise));
            const auto found = engine.index().search(message, {.top = hits_looked_at});
            judged.push_back({.right = query->codes, .found = {}, .verdict = found.verdict});
            for (const auto& hit : found.hits)
                judged.back().found.push_back(hit.code);
            if (!noise && is_mistake(judged.back()))
                mistakes.push_back(describe(*query, found));
        }
        measured.kinds.push_back({name_of(noise), understand::measure_search(judged)});
    }
    return measured;
}

double thread_time_us()
{
    ::timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// Processor time, so that other work on the machine does not count.
template <class Work>
double microseconds_of(Work work)
{
    const double begin = thread_time_us();
    work();
    return thread_time_us() - begin;
}

// Of every message as it stands and with blended noise, once each; everything is warm by now.
std::vector<evaluation::latency>
measure_latency(const understand::understander& engine, const std::vector<std::string>& sentences)
{
    std::vector<double> normaliser;
    std::vector<double> classifier;
    std::vector<double> search;
    std::vector<double> whole;
    for (const auto& text : sentences) {
        for (const auto noise : {std::optional<noise_kind>(), std::optional(noise_kind::blend)}) {
            const auto typed = spoilt(text, noise);
            text::normalised message;
            normaliser.push_back(
                microseconds_of([&] { message = engine.words().normalise(typed); }));
            classifier.push_back(
                microseconds_of([&] { engine.model().decide(engine.model().classify(message)); }));
            search.push_back(microseconds_of([&] { engine.index().search(message); }));
            whole.push_back(microseconds_of([&] { engine.understand(typed); }));
        }
    }
    std::vector<evaluation::latency> latencies;
    for (const auto& [part, values] :
         std::initializer_list<std::pair<const char*, const std::vector<double>*>>{
             {"normaliser", &normaliser},
             {"classifier", &classifier},
             {"search", &search},
             {"whole_message", &whole}})
        latencies.push_back(
            {part, understand::percentile(*values, 0.5), understand::percentile(*values, 0.99)});
    return latencies;
}

} // namespace

int eval(const configuration& config, const eval_options& options)
{
    const auto read = content::read_intents(config.content.intents);
    if (read.tests.empty())
        throw std::runtime_error(
            config.content.intents.string() +
            ": nothing to measure on; give the intents `tests:`, lines that are never trained on");
    const auto files = content::read_knowledge(config.content.intents, config.content.data);
    const auto records = records_of(config, options);
    auto documents = app::make_search_documents(
        records, read.aliases, files.known.province, vietnam_date(now_utc()), read.official_names);
    code_set codes;
    for (const auto& document : documents)
        codes.insert(document.code);

    progress_line progress("training");
    const auto model = options.model.empty()
                           ? train_or_take(
                                 read,
                                 config.storage.directory,
                                 [&progress](double share) { progress.show(share); })
                           : options.model;
    const auto engine = make_understander(model, std::move(documents), read);

    evaluation measured;
    measured.model_version = engine->model().version();
    measured.procedures = engine->index().size();
    measure_intents(*engine, read.tests, measured);
    std::vector<std::string> texts;
    for (const auto& test : read.tests)
        texts.push_back(test.text);
    for (const auto& file : query_files(config, options)) {
        auto queries = read_labelled_queries(file);
        for (const auto& query : queries)
            texts.push_back(query.text);
        const auto name = file.stem().string();
        measured.queries.push_back(
            measure_queries(*engine, name, queries, codes, measured.mistakes));
        std::erase_if(
            queries, [](const labelled_query& one) { return !understand::is_held_out(one.id); });
        std::vector<std::string> known_already;
        measured.queries.push_back(
            measure_queries(*engine, name + "_held_out", queries, codes, known_already));
    }
    measured.latencies = measure_latency(*engine, texts);

    const auto figures = to_json(measured);
    if (options.json)
        std::cout << figures.dump(2) << '\n';
    else
        print_text(measured, std::cout);
    if (options.verbose && !options.json) {
        std::cout << "\nMistakes, clean\n";
        for (const auto& line : measured.mistakes)
            std::cout << "  " << line << '\n';
    }
    if (options.thresholds.empty())
        return 0;
    const auto missed = missed_thresholds(figures, options.thresholds);
    std::cout.flush();
    for (const auto& line : missed)
        std::cerr << "motcua: " << line << '\n';
    return missed.empty() ? 0 : 1;
}

} // namespace motcua
