#include "content_loader.hpp"

#include "mapped_file.hpp"

#include <motcua/app/search_documents.hpp>

#include <algorithm>
#include <utility>

namespace motcua {
namespace {

namespace fs = std::filesystem;

// Keeps the mapping alive as long as what was loaded from it.
struct mapped_model
{
    mapped_file file;
    understand::language_model model;
};

struct mapped_understander
{
    std::shared_ptr<const mapped_file> file;
    understand::understander understander;
};

void refuse_errors(const std::vector<finding>& findings)
{
    const auto is_error = [](const finding& one) { return one.severity == finding::grade::error; };
    const auto first = std::ranges::find_if(findings, is_error);
    if (first == findings.end())
        return;
    const auto count = std::ranges::count_if(findings, is_error);
    throw content_error(
        describe(*first) +
        (count > 1 ? " (and " + std::to_string(count - 1) + " more; run motcua check)" : ""));
}

understand::language_model load_model(const mapped_file& file, const fs::path& name)
{
    auto loaded = understand::language_model::load(file.bytes());
    if (!loaded)
        throw content_error(name.string() + ": no model file of this version, or damaged");
    return std::move(loaded).value();
}

} // namespace

std::string describe(const finding& one)
{
    std::string text = one.file;
    if (one.line > 0)
        text += ":" + std::to_string(one.line);
    if (!text.empty())
        text += ": ";
    if (one.severity == finding::grade::warning)
        text += "warning: ";
    return text + one.message;
}

std::shared_ptr<const understand::language_model> map_model(const fs::path& file)
{
    mapped_file mapped(file);
    auto model = load_model(mapped, file);
    auto both = std::make_shared<const mapped_model>(
        mapped_model{.file = std::move(mapped), .model = std::move(model)});
    return {both, &both->model};
}

fs::path train_or_take(
    const content::intents& read, const fs::path& cache, const training_progress& progress)
{
    understand::training_options options;
    options.progress = progress;
    const auto hash = understand::content_hash(read.examples, read.words, options.seed);
    auto file = cache / ("model-" + hash + ".bin");
    if (fs::exists(file)) {
        const mapped_file mapped(file);
        if (understand::language_model::load(mapped.bytes()))
            return file;
    }
    const auto trained = understand::train(read.examples, read.words, options);
    if (!trained)
        throw content_error(
            "the intents cannot be trained: at least two intents with examples are needed");
    fs::create_directories(cache);
    write_whole_file(file, *trained);
    return file;
}

std::shared_ptr<const understand::understander> make_understander(
    const fs::path& model_file,
    std::vector<understand::search_document> documents,
    const content::intents& read)
{
    auto file = std::make_shared<const mapped_file>(model_file);
    auto model = load_model(*file, model_file);
    auto both = std::make_shared<const mapped_understander>(mapped_understander{
        .file = std::move(file),
        .understander = understand::understander(
            std::move(model), std::move(documents), read.synonyms, read.search_weights)});
    return {both, &both->understander};
}

app::content load_content(
    const configuration& config,
    procedures::catalogue records,
    const fs::path& model_cache,
    procedures::date today,
    const training_progress& progress)
{
    const auto read = content::read_intents(config.content.intents);
    refuse_errors(read.findings);
    auto files = content::read_knowledge(config.content.intents, config.content.data);
    refuse_errors(files.findings);
    for (const auto key : dialogue::phrases::required_keys()) {
        if (!files.known.say.has(key))
            throw content_error(
                (config.content.intents / "say").string() + ": the phrase " + std::string(key) +
                " is missing");
    }

    auto known = std::make_shared<dialogue::knowledge>(std::move(files.known));
    known->procedures = std::move(records);
    known->titles = read.titles;
    known->dossiers = {.connected = config.dossiers.source != "none", .proof = proof_rule(config)};

    auto understander = make_understander(
        train_or_take(read, model_cache, progress),
        app::make_search_documents(
            known->procedures, read.aliases, known->province, today, read.official_names),
        read);
    return {.understander = std::move(understander), .knowledge = std::move(known)};
}

} // namespace motcua
