#include "dossier_service.hpp"

#include "content_loader.hpp"
#include "procedure_source.hpp"
#include "pseudonym.hpp"

#include <motcua/adapters/content/dossier_file.hpp>
#include <motcua/adapters/dossiers/http_source.hpp>

#include <filesystem>
#include <utility>

namespace motcua {
namespace {

constexpr std::size_t answer_limit_bytes = 64UL * 1024;

asio::awaitable<dossier_files::fetched>
fetch(zalo::http_client& client, std::string token, std::string path)
{
    zalo::http_fields fields{{"Accept", "application/json"}};
    if (!token.empty())
        fields.emplace_back("Authorization", "Bearer " + token);
    auto answer = co_await client.get(std::move(path), std::move(fields));
    dossier_files::fetched out;
    if (answer.end == zalo::http_answer::kind::answered) {
        out.status = answer.status;
        out.body = std::move(answer.body);
    }
    co_return out;
}

dossiers::export_format format_of(const configuration& config)
{
    auto read = content::read_dossier_format(config.content.data / "dossiers.yml");
    if (!read.findings.empty())
        throw content_error(describe(read.findings.front()));
    return std::move(read.format);
}

} // namespace

app::guess_limits guess_limits(const configuration& config)
{
    return {
        .by_citizen = config.dossiers.wrong_per_citizen,
        .of_code = config.dossiers.wrong_per_code,
        .by_all = config.dossiers.wrong_per_hour};
}

dossier_service::dossier_service(
    const asio::any_io_executor& executor, const configuration& config, dossier_service_parts parts)
    : executor_(executor)
{
    const auto& given = config.dossiers;
    if (given.source == "none")
        return;
    const auto format = format_of(config);
    const auto rule = proof_rule(config);
    const auto seal = [key = config.signing_key](std::string_view text) {
        return pseudonym(key, text);
    };
    const auto open_reader = [&store = parts.store] { return store.open_reader(); };
    if (given.source == "http") {
        zalo::http_client_options options;
        options.base = given.url;
        options.ca_file = given.ca_file;
        options.call_deadline = std::chrono::seconds(given.timeout_seconds);
        options.body_limit_bytes = answer_limit_bytes;
        client_ = zalo::make_http_client(executor, std::move(options));
        source_ = dossier_files::make_http_dossiers(
            {.get = [&client = *client_, token = given.token](
                        std::string path) { return fetch(client, token, std::move(path)); },
             .format = format,
             .rule = rule,
             .seal = seal,
             .cache_for = std::chrono::minutes(given.cache_minutes)});
    } else {
        std::filesystem::create_directories(given.folder);
        source_ = app::make_stored_dossiers(open_reader, parts.disk, rule);
    }
    desk_.emplace(
        executor,
        app::dossier_desk_parts{
            .store = parts.store.writer(),
            .source = *source_,
            .open_reader = open_reader,
            .workers = parts.disk,
            .current_content = parts.current_content,
            .now = now_utc,
            .outgoing_added = parts.outgoing_added,
            .look_every = std::chrono::minutes(given.look_minutes)});
    if (given.source == "folder")
        folder_.emplace(
            executor,
            dossier_files::drop_folder_parts{
                .folder = given.folder,
                .store = parts.store.writer(),
                .workers = parts.disk,
                .format = format,
                .rule = rule,
                .seal = seal,
                .now = now_utc,
                .taken = [this] { desk_->changed(); },
                .kept = std::chrono::days(given.keep_days),
                .rows_kept = std::chrono::days(given.forget_days)});
}

asio::awaitable<void> dossier_service::run()
{
    if (!desk_)
        co_return;
    task_group parts(executor_);
    parts.spawn("dossier questions", desk_->run());
    if (folder_)
        parts.spawn("dossier folder", folder_->run());
    co_await parts.join();
}

void dossier_service::stop()
{
    if (desk_)
        desk_->stop();
    if (folder_)
        folder_->stop();
}

void dossier_service::asked()
{
    if (desk_)
        desk_->asked();
}

} // namespace motcua
