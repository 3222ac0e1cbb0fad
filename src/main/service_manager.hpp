#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <string_view>

namespace motcua {

// Tells systemd what `systemctl` shows and waits for: "READY=1", "STOPPING=1", "STATUS=…"
// (sd_notify(3), the datagram protocol). Nothing happens if nobody asked ($NOTIFY_SOCKET).
void tell_service_manager(std::string_view state);

// Tells systemd, as often as it wants ($WATCHDOG_USEC), that the I/O thread is alive: a program
// that hangs is started anew.
class watchdog
{
public:
    explicit watchdog(const boost::asio::any_io_executor& executor) : timer_(executor) {}

    // Runs until stop(); ends at once if nobody asked. Run once.
    boost::asio::awaitable<void> run();
    void stop(); // on the executor

private:
    boost::asio::steady_timer timer_;
    bool stopping_ = false;
};

// No core dumps, whatever catches them: memory holds tokens and what citizens wrote.
void forbid_core_dumps();

} // namespace motcua
