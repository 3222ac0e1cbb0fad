#include <motcua/adapters/dossiers/http_source.hpp>
#include <motcua/support/logging.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <utility>

namespace motcua::dossier_files {
namespace {

using nlohmann::json;
using clock = std::chrono::steady_clock;

constexpr unsigned ok = 200;
constexpr unsigned not_found = 404;
constexpr std::size_t body_limit_bytes = 64UL * 1024;

// Codes are letters, digits and joints; of these only '/' means something in a path.
std::string path_of(const std::string& code)
{
    std::string path = "/";
    for (const char letter : code)
        path += letter == '/' ? std::string("%2F") : std::string(1, letter);
    return path;
}

class http_dossiers final : public app::dossier_source
{
public:
    explicit http_dossiers(http_source_parts parts) : parts_(std::move(parts)) {}

    asio::awaitable<app::found_dossier> find(std::string code) override
    {
        const auto now = parts_.now();
        if (const auto kept = cache_.find(code); kept != cache_.end() && now < kept->second.until)
            co_return app::found_dossier{true, kept->second.what};
        const auto answer = co_await parts_.get(path_of(code));
        const auto found = read(answer, code);
        if (found.available)
            remember(code, found.what);
        else
            log::warning("the dossier system does not answer", {{"status", answer.status}});
        co_return found;
    }

private:
    struct entry
    {
        std::optional<dossiers::dossier> what;
        clock::time_point until;
    };

    app::found_dossier read(const fetched& answer, const std::string& code) const
    {
        if (answer.status == not_found)
            return {true, std::nullopt};
        if (answer.status != ok || answer.body.size() > body_limit_bytes)
            return {};
        const auto object = json::parse(answer.body, nullptr, false);
        if (!object.is_object())
            return {};
        dossiers::named_values values;
        for (const auto& [key, value] : object.items()) {
            const auto which = parts_.format.columns.find(dossiers::comparable(key));
            if (which == parts_.format.columns.end())
                continue;
            if (value.is_string())
                values.emplace_back(which->second, value.get<std::string>());
            else if (value.is_number_integer())
                values.emplace_back(which->second, value.dump());
        }
        auto row = dossiers::read_dossier(values, parts_.format, parts_.rule, parts_.seal);
        if (!row.what || row.what->code != code)
            return {}; // not what was asked for: nothing may be concluded
        return {true, std::move(row.what)};
    }

    void remember(const std::string& code, const std::optional<dossiers::dossier>& what)
    {
        const auto now = parts_.now();
        if (cache_.size() >= parts_.cache_limit)
            std::erase_if(cache_, [now](const auto& one) { return one.second.until <= now; });
        if (cache_.size() >= parts_.cache_limit)
            cache_.clear();
        cache_[code] = {what, now + parts_.cache_for};
    }

    http_source_parts parts_;
    std::map<std::string, entry, std::less<>> cache_;
};

} // namespace

std::unique_ptr<app::dossier_source> make_http_dossiers(http_source_parts parts)
{
    return std::make_unique<http_dossiers>(std::move(parts));
}

} // namespace motcua::dossier_files
