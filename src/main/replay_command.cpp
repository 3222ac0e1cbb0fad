#include "commands.hpp"
#include "content_loader.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"
#include "replay.hpp"

#include <fmt/format.h>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/sqlite/event_log.hpp>
#include <motcua/adapters/zalo/webhook.hpp>
#include <motcua/core/reach/complaint_figures.hpp>
#include <motcua/core/reach/row_query.hpp>
#include <motcua/core/text/unicode.hpp>
#include <nlohmann/json.hpp>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace motcua {
namespace {

using json = nlohmann::ordered_json;

reach::period period_from(const replay_options& options)
{
    const auto from = reach::day_from(options.from);
    const auto to = reach::day_from(options.to);
    if (!from || !to || *to < *from)
        throw std::runtime_error("--from and --to are days, written YYYY-MM-DD, --to not before");
    return {*from, *to};
}

// For the models: those the server has are taken, nothing is left in its folders.
class model_folder
{
public:
    model_folder()
    {
        auto name = (std::filesystem::temp_directory_path() / "motcua-replay-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("cannot make a temporary folder");
        path_ = name;
    }
    ~model_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    model_folder(const model_folder&) = delete;
    model_folder& operator=(const model_folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// The records of the database, our own ones replaced by those of the other content, if it has any.
procedures::catalogue records_of_other(const configuration& other)
{
    auto records = sqlite::open_reader(database_file(other))->all_procedures();
    const auto folder = other.content.data / "procedures";
    if (!std::filesystem::is_directory(folder))
        return procedures::catalogue(std::move(records));
    std::erase_if(records, [](const procedures::procedure& one) {
        return one.from.from != procedures::origin::national;
    });
    auto own = content::read_procedures(folder);
    for (const auto& one : own.findings)
        if (one.severity == finding::grade::error)
            throw content_error(describe(one));
    std::ranges::move(own.records, std::back_inserter(records));
    return procedures::catalogue(std::move(records));
}

json to_json(const heard_as& how)
{
    return {
        {"outcome", name(how.outcome)},
        {"intent", how.intent},
        {"procedure", how.procedure},
        {"aspect", how.aspect},
        {"said", how.said}};
}

// Where two answers begin to differ: as much as fits into a line or two of a terminal.
std::size_t first_difference(std::string_view left, std::string_view right)
{
    const auto same = std::ranges::mismatch(left, right);
    const auto at = static_cast<std::size_t>(same.in1 - left.begin());
    const auto blank = left.substr(0, at).rfind(' '); // not within a letter or a word
    return blank == std::string_view::npos ? 0 : blank + 1;
}

std::string in_words(const heard_as& how, std::size_t from)
{
    constexpr std::size_t shown_points = 160;
    std::string words(name(how.outcome));
    for (const auto* part : {&how.intent, &how.procedure, &how.aspect})
        if (!part->empty())
            words += ' ' + *part;
    const auto rest = std::string_view(how.said).substr(std::min(from, how.said.size()));
    const auto shown = text::prefix(rest, shown_points);
    if (how.said.empty())
        return words;
    return fmt::format(
        "{}: {}{}{}", words, from == 0 ? "" : "… ", shown, shown.size() < rest.size() ? "…" : "");
}

constexpr std::array difference_kinds{
    difference_kind::newly_lost, difference_kind::newly_understood, difference_kind::changed};

void print_replay_json(const replay& made, const std::vector<difference>& shown)
{
    json all{{"messages", made.messages()}};
    for (const auto kind : difference_kinds)
        all[std::string(name(kind))] = made.count(kind);
    all["differences"] = json::array();
    for (const auto& one : shown)
        all["differences"].push_back(
            {{"kind", name(one.kind)},
             {"text", one.text},
             {"times", one.times},
             {"before", to_json(one.before)},
             {"after", to_json(one.after)}});
    std::cout << all.dump(1, ' ', false, json::error_handler_t::replace) << '\n';
}

void print_replay_text(const replay& made, const std::vector<difference>& shown)
{
    for (const auto& one : shown) {
        const auto from = first_difference(one.before.said, one.after.said);
        std::cout << fmt::format(
            "{} {}x: {}\n    before: {}\n    after:  {}\n",
            name(one.kind),
            one.times,
            one.text,
            in_words(one.before, from),
            in_words(one.after, from));
    }
    std::cout << "messages: " << made.messages();
    for (const auto kind : difference_kinds)
        std::cout << ", " << name(kind) << ": " << made.count(kind);
    std::cout << '\n';
}

} // namespace

int replay_events(const configuration& config, const replay_options& options)
{
    const auto span = period_from(options);
    const auto file = database_file(config);
    if (!std::filesystem::exists(file))
        throw std::runtime_error(
            "there is no database in " + config.storage.directory.string() +
            "; name its folder with --config or --set storage.directory=…");
    const most_allowed lost =
        options.max_lost.empty() ? most_allowed() : most_allowed("--max-lost", options.max_lost);
    const most_allowed changed = options.max_changed.empty()
                                     ? most_allowed()
                                     : most_allowed("--max-changed", options.max_changed);
    auto other = config;
    other.content.intents = options.against / "intents";
    other.content.data = options.against / "data";

    const model_folder models;
    for (const auto& one : std::filesystem::directory_iterator(config.storage.directory))
        if (one.path().filename().string().starts_with("model-"))
            std::filesystem::create_symlink(
                std::filesystem::absolute(one.path()), models.path() / one.path().filename());
    const auto today = vietnam_date(end_of(span) - std::chrono::milliseconds(1));
    replay made(
        load_content(config, read_records(config, {}), models.path(), today),
        load_content(other, records_of_other(other), models.path(), today));
    {
        progress_line progress("replay");
        sqlite::read_events(
            file, begin_of(span), end_of(span), [&](std::string_view body, double done) {
                if (const auto event = zalo::decode_event(body))
                    made.hear(*event);
                progress.show(done);
            });
    }
    auto shown = made.differences();
    shown.resize(std::min(shown.size(), options.limit));
    if (options.json)
        print_replay_json(made, shown);
    else
        print_replay_text(made, shown);
    const auto all = made.messages();
    return lost.holds(made.count(difference_kind::newly_lost), all) &&
                   changed.holds(made.count(difference_kind::changed), all)
               ? 0
               : 1;
}

} // namespace motcua
