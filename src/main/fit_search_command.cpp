#include "commands.hpp"
#include "labelled_queries.hpp"
#include "mapped_file.hpp"
#include "procedure_source.hpp"

#include <motcua/adapters/content/content.hpp>
#include <motcua/app/search_documents.hpp>
#include <motcua/core/understand/search_fitting.hpp>

#include <array>
#include <cstdio>
#include <iostream>
#include <sstream>

namespace motcua {
namespace {

using understand::labelled_query;
using understand::search_trial;

void print(const char* trial, const char* half, const char* noise, const search_trial& of, size_t n)
{
    constexpr double hundred = 100;
    const auto quality = of.measure(n);
    std::printf(
        "%-9s %-8s %-15s %4zu  %5.1f %5.1f %5.1f  %.3f  %4zu %4zu (%4.1f %%)  %4zu\n",
        trial,
        half,
        noise,
        quality.queries,
        hundred * quality.at_1,
        hundred * quality.at_3,
        hundred * quality.at_5,
        quality.mean_reciprocal_rank,
        quality.answers,
        quality.wrong,
        hundred * static_cast<double>(quality.wrong) /
            static_cast<double>(std::max<std::size_t>(quality.answers, 1)),
        quality.none);
}

std::string as_yaml(const understand::search_weights& weights)
{
    std::ostringstream out;
    out << "# What the search weighs against what; written by motcua fit-search from the tuning "
           "half of the labelled\n# queries. Change the queries or the program, not this file.\n"
           "weights:\n";
    for (const auto& one : understand::all_search_weights())
        out << "  " << one.name << ": " << weights.*one.value << '\n';
    return out.str();
}

} // namespace

int fit_search(const configuration& config, const fit_search_options& options)
{
    std::vector<labelled_query> tuning;
    std::vector<labelled_query> held_out;
    for (const auto& file : options.queries)
        for (auto& query : read_labelled_queries(file))
            (understand::is_held_out(query.id) ? held_out : tuning).push_back(std::move(query));
    const auto read = content::read_intents(config.content.intents);
    const auto files = content::read_knowledge(config.content.intents, config.content.data);
    const auto records = read_records(config, options.procedures);
    const auto today = vietnam_date(now_utc());
    const auto documents = app::make_search_documents(
        records, read.aliases, files.known.province, today, read.official_names);
    const auto bare = app::make_search_documents(records, {}, files.known.province, today);

    const auto words = understand::with_examples(read.words, read.examples);

    using disguise = search_trial::disguise;
    using understand::noise_kind;
    auto weights = read.search_weights;
    if (!options.out.empty()) {
        const std::array<disguise, 4> disguises{
            std::nullopt, noise_kind::no_marks, noise_kind::typos, noise_kind::blend};
        std::vector<search_trial> trials;
        trials.emplace_back(documents, read.synonyms, words, tuning, disguises);
        trials.emplace_back(bare, std::vector<understand::synonym>{}, words, tuning, disguises);
        weights = understand::fit_search(
            trials,
            weights,
            {.rounds = options.rounds, .progress = [](std::string_view weight, double quality) {
                 std::cerr << weight << ' ' << quality << '\n';
             }});
        write_whole_file(options.out, as_yaml(weights));
    }

    std::vector<disguise> disguises{std::nullopt};
    disguises.insert(
        disguises.end(), understand::all_noise_kinds.begin(), understand::all_noise_kinds.end());
    std::puts("content   half     noise              n    R@1   R@3   R@5   MRR   "
              "certain wrong     none");
    for (const auto* half : {&tuning, &held_out}) {
        for (const bool with : {true, false}) {
            search_trial trial(
                with ? documents : bare,
                with ? read.synonyms : std::vector<understand::synonym>{},
                words,
                *half,
                disguises);
            trial.use(weights);
            for (std::size_t i = 0; i < disguises.size(); ++i)
                print(
                    with ? "ours" : "bare",
                    half == &tuning ? "tuning" : "held-out",
                    disguises[i] ? std::string(understand::name(*disguises[i])).c_str() : "clean",
                    trial,
                    i);
        }
    }
    return 0;
}

} // namespace motcua
