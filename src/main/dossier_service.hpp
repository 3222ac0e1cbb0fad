#pragma once

#include "configuration.hpp"

#include <motcua/adapters/dossiers/drop_folder.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/app/dossier_desk.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace motcua {

app::guess_limits guess_limits(const configuration& config);

struct dossier_service_parts
{
    sqlite::database& store;
    asio::any_io_executor disk;
    std::function<app::content()> current_content;
    std::function<void()> outgoing_added;
};

// Where dossiers stand, from the source the configuration names; nothing if it names none. Throws
// at the start if data/dossiers.yml or the drop folder cannot be used.
class dossier_service
{
public:
    // `config` must outlive it.
    dossier_service(
        const asio::any_io_executor& executor,
        const configuration& config,
        dossier_service_parts parts);

    // Runs until stop(). Run once.
    asio::awaitable<void> run();
    // Call these on the executor.
    void stop();
    void asked();

private:
    asio::any_io_executor executor_;
    std::unique_ptr<zalo::http_client> client_;
    std::unique_ptr<app::dossier_source> source_;
    std::optional<app::dossier_desk> desk_;
    std::optional<dossier_files::drop_folder> folder_;
};

} // namespace motcua
