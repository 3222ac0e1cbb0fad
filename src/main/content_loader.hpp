#pragma once

#include "configuration.hpp"

#include <motcua/adapters/content/content.hpp>
#include <motcua/app/event_handler.hpp>
#include <motcua/core/procedures/catalogue.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

namespace motcua {

// Content that cannot be used. what() names the first finding and how many there are.
class content_error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

using training_progress = std::function<void(double)>;

// Reads intents and data, trains the language model or takes it from the cache in `model_cache` (by
// content hash), and builds the search over the catalogue. Throws content_error on findings that
// are errors.
app::content load_content(
    const configuration& config,
    procedures::catalogue records,
    const std::filesystem::path& model_cache,
    procedures::date today,
    const training_progress& progress = {});

// A model file, mapped for as long as the returned pointer or a copy lives. Throws content_error
// naming the file.
std::shared_ptr<const understand::language_model> map_model(const std::filesystem::path& file);

// The model file of these intents in `cache`, named by content hash; trained if it is not there.
// Throws content_error if they cannot be trained.
std::filesystem::path train_or_take(
    const content::intents& read,
    const std::filesystem::path& cache,
    const training_progress& progress = {});

// The model file is mapped for as long as the returned pointer or a copy lives. Throws
// content_error naming the file.
std::shared_ptr<const understand::understander> make_understander(
    const std::filesystem::path& model_file,
    std::vector<understand::search_document> documents,
    const std::vector<understand::synonym>& synonyms);

// "file:line: message" as `motcua check` prints it.
std::string describe(const finding& one);

} // namespace motcua
