#pragma once

#include <boost/asio/awaitable.hpp>
#include <motcua/app/dossier_source.hpp>
#include <motcua/core/dossiers/export.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace motcua::dossier_files {

namespace asio = boost::asio;

// What a GET has brought. status 0: no whole answer.
struct fetched
{
    unsigned status = 0;
    std::string body;
};

struct http_source_parts
{
    // GET of a path below the base; bounded in time and size, certificates verified.
    std::function<asio::awaitable<fetched>(std::string path)> get;
    dossiers::export_format format;
    dossiers::proof_rule rule;
    dossiers::seal seal;
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
    std::chrono::seconds cache_for{300}; // codes that do not exist, too
    std::size_t cache_limit = 10'000;    // codes
};

// Asks the one-stop system: GET /CODE gives 200 with one JSON object whose keys are those of
// data/dossiers.yml and whose values are texts or numbers, or 404. Anything else: unavailable, and
// not remembered. Call on one executor.
std::unique_ptr<app::dossier_source> make_http_dossiers(http_source_parts parts);

} // namespace motcua::dossier_files
