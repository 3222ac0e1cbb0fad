#pragma once

#include <boost/asio/steady_timer.hpp>
#include <motcua/app/complaint_desk.hpp>

#include <chrono>

namespace motcua::app {

// What time brings about: reminders to staff and citizens, closing of cases whose window has
// passed, unfinished drafts; and, after a change of content, the dates of open cases.
class complaint_timers
{
public:
    // Looks every `period`.
    complaint_timers(
        const asio::any_io_executor& executor,
        complaint_desk_parts parts,
        std::chrono::milliseconds period = std::chrono::minutes(1));

    // Runs until stop(). Run once. A store that is busy or failing is asked again next time.
    asio::awaitable<void> run();
    // Call on the executor.
    void stop();

    // One look at everything due by now. Returns how many cases and drafts were looked at.
    asio::awaitable<result<std::size_t>> tick();
    // If the content has changed since the dates were derived last, derives them anew, a batch at a
    // time.
    asio::awaitable<result<void>> derive_dates();

private:
    complaint_desk_parts parts_;
    asio::steady_timer timer_;
    std::chrono::milliseconds period_;
    bool stopping_ = false;
};

} // namespace motcua::app
