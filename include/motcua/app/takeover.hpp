#pragma once

#include <motcua/app/storage.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace motcua::app {

// The machine keeps silent for the citizen until then; `staff` is shown in the queue. Again
// prolongs it.
void take_over(
    transaction& store,
    const std::string& user_id,
    const std::string& staff,
    utc_time until,
    utc_time now);
// False, and nothing done, if the machine answers already.
bool hand_back(transaction& store, const std::string& user_id, utc_time now);

// A member of staff answers a citizen in person, from our own desk.
class takeover
{
public:
    takeover(app::writer& store, std::function<utc_time()> now);

    // The machine keeps silent for the citizen until then; called again, it prolongs. `staff` is
    // shown in the queue. errc::not_found if nothing is kept of the citizen; else as the writer
    // says.
    asio::awaitable<result<void>>
    take_over(std::string user_id, std::string staff, std::chrono::minutes span);

    // The machine answers again. No error if it does already.
    asio::awaitable<result<void>> hand_back(std::string user_id);

private:
    app::writer& store_;
    std::function<utc_time()> now_;
};

} // namespace motcua::app
