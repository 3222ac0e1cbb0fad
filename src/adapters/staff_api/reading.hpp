#pragma once

#include "router.hpp"

#include <motcua/adapters/staff_api/staff_api.hpp>
#include <motcua/support/run_on.hpp>

#include <memory>
#include <utility>

namespace motcua::staff_api {

// Reads committed data off the I/O thread; keeps a connection for the next time.
class reading
{
public:
    explicit reading(const staff_api_parts& parts) : parts_(parts) {}

    // `job` takes an app::reader&; its result must be default constructible.
    template <class Job>
    asio::awaitable<std::invoke_result_t<Job&, app::reader&>> run(Job job)
    {
        auto reader = std::exchange(idle_, nullptr);
        auto work = [this, &reader, &job] {
            if (!reader)
                reader = parts_.open_reader();
            return job(*reader);
        };
        auto out = co_await run_on(parts_.workers, std::move(work));
        idle_ = std::move(reader);
        co_return out;
    }

private:
    const staff_api_parts& parts_;
    std::unique_ptr<app::reader> idle_;
};

// Throws problem("unavailable") unless stored.
inline asio::awaitable<void> commit(app::writer& store, std::function<void(app::transaction&)> unit)
{
    const auto stored = co_await store.commit(std::move(unit));
    if (!stored)
        throw problem("unavailable", "Xin thử lại sau ít phút.");
}

} // namespace motcua::staff_api
