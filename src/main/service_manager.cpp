#include "service_manager.hpp"

#include <motcua/support/use_tuple.hpp>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace motcua {
namespace {

namespace asio = boost::asio;

std::string_view manager_variable(const char* name)
{
    const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets it
    return value == nullptr ? std::string_view{} : value;
}

} // namespace

void tell_service_manager(std::string_view state)
{
    const auto name = manager_variable("NOTIFY_SOCKET");
    sockaddr_un address{};
    if (name.empty() || name.size() >= sizeof address.sun_path)
        return;
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, name.size());
    if (address.sun_path[0] == '@') // a name of the abstract namespace
        address.sun_path[0] = '\0';
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return;
    const auto length = offsetof(sockaddr_un, sun_path) + name.size();
    // Nobody to tell is nobody's loss.
    [[maybe_unused]] const auto sent = ::sendto(
        socket,
        state.data(),
        state.size(),
        MSG_NOSIGNAL,
        reinterpret_cast<const sockaddr*>(&address), // NOLINT: what the call wants
        static_cast<socklen_t>(length));
    ::close(socket);
}

asio::awaitable<void> watchdog::run()
{
    const auto text = manager_variable("WATCHDOG_USEC");
    std::int64_t limit_us = 0;
    std::from_chars(text.data(), text.data() + text.size(), limit_us);
    if (limit_us <= 0)
        co_return;
    while (!stopping_) {
        tell_service_manager("WATCHDOG=1");
        timer_.expires_after(std::chrono::microseconds(limit_us / 3));
        co_await timer_.async_wait(use_tuple);
    }
}

void watchdog::stop()
{
    stopping_ = true;
    timer_.cancel();
}

void forbid_core_dumps()
{
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); // a handler in core_pattern does not ask for the limit
}

} // namespace motcua
