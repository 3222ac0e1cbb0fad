#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <motcua/app/dossier_records.hpp>

#include <functional>
#include <memory>
#include <string>

namespace motcua::app {

namespace asio = boost::asio;

class reader;

// Where the state of a dossier is looked up. Implementations: the store that exports are taken
// into, and adapters/dossiers/http_source.
class dossier_source
{
public:
    virtual ~dossier_source() = default;
    // By canonical code. Bounded in time; never throws for a fault of the outside world.
    virtual asio::awaitable<found_dossier> find(std::string code) = 0;
};

// What exports have brought, read on `workers`, a pool of one thread. Unavailable until the first
// export under `rule` has been taken. The pool must be joined before this goes.
std::unique_ptr<dossier_source> make_stored_dossiers(
    std::function<std::unique_ptr<reader>()> open_reader,
    asio::any_io_executor workers,
    dossiers::proof_rule rule);

} // namespace motcua::app
