// How long one message takes: normaliser, classifier, search, and all three, over the national
// catalogue where it is at hand, else over our own records. Beside the mean, each prints the 50th
// and 99th percentile of single calls, in microseconds of this thread's processor time, so that a
// busy machine does not count.
#include <benchmark/benchmark.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/app/search_documents.hpp>
#include <motcua/core/understand/understander.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace motcua;

struct subject
{
    std::string model_bytes;
    understand::understander all;
    std::vector<std::string> texts; // held-out lines of the intents
    std::vector<text::normalised> messages;
};

const subject& whole()
{
    static const subject made = [] {
        const std::filesystem::path source = MOTCUA_SOURCE_DIR;
        const std::filesystem::path catalogue =
            std::filesystem::path(MOTCUA_SHARED_DIR) / "tthc-raw" / "catalog-national-5670.jsonl";
        const auto read = content::read_intents(source / "intents");
        auto records = content::read_procedures(source / "data" / "procedures").records;
        if (std::filesystem::exists(catalogue))
            for (auto& record : content::read_procedures(catalogue).records)
                records.push_back(std::move(record));
        auto documents = app::make_search_documents(
            procedures::catalogue(std::move(records)),
            read.aliases,
            "Tây Ninh",
            std::chrono::year{2026} / 11 / 22,
            read.official_names);
        std::cerr << documents.size() << " procedures; training the model\n";
        auto bytes = understand::train(read.examples, read.words, {});
        if (!bytes)
            throw std::runtime_error("the intents cannot be trained");
        std::string kept = std::move(bytes).value();
        auto model = understand::language_model::load(kept);
        subject built{
            .model_bytes = {},
            .all = understand::understander(
                std::move(model).value(), std::move(documents), read.synonyms, read.search_weights),
            .texts = {},
            .messages = {}};
        built.model_bytes = std::move(kept);
        for (const auto& test : read.tests) {
            built.texts.push_back(test.text);
            built.messages.push_back(built.all.words().normalise(test.text));
        }
        return built;
    }();
    return made;
}

template <class Call>
void measure(benchmark::State& state, const Call& call)
{
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        constexpr double second = 1e6;
        constexpr double nanosecond = 1e-3;
        return second * static_cast<double>(time.tv_sec) +
               nanosecond * static_cast<double>(time.tv_nsec);
    };
    const std::size_t count = whole().texts.size();
    std::vector<double> micros;
    std::size_t i = 0;
    for (auto _ : state) {
        const double start = now();
        call(i % count);
        micros.push_back(now() - start);
        ++i;
    }
    std::sort(micros.begin(), micros.end());
    state.counters["p50_us"] = micros[micros.size() / 2];
    state.counters["p99_us"] = micros[micros.size() * 99 / 100];
}

void normaliser(benchmark::State& state)
{
    measure(state, [](std::size_t i) {
        benchmark::DoNotOptimize(whole().all.words().normalise(whole().texts[i]));
    });
}
BENCHMARK(normaliser);

void classifier(benchmark::State& state)
{
    measure(state, [](std::size_t i) {
        benchmark::DoNotOptimize(whole().all.model().classify(whole().messages[i]));
    });
}
BENCHMARK(classifier);

void search(benchmark::State& state)
{
    measure(state, [](std::size_t i) {
        benchmark::DoNotOptimize(whole().all.index().search(whole().messages[i]));
    });
}
BENCHMARK(search);

void whole_message(benchmark::State& state)
{
    measure(state, [](std::size_t i) {
        benchmark::DoNotOptimize(whole().all.understand(whole().texts[i]));
    });
}
BENCHMARK(whole_message);

} // namespace

BENCHMARK_MAIN();
