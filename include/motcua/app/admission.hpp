#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

// Who is let in when there is more than can be done (docs/performance.md, order of sacrifice).
namespace motcua::app {

struct admission_limits
{
    // Events under way at once: refused beyond. The platform gives up an answer after 2 s
    // (zalo-oa-protocol 1.5), so what waits longer is done in vain; at 400 events/s this is 2 s.
    // Less than the connections one address may have, or a proxy's would never fill it.
    std::size_t events_under_way = 768;
    // What one citizen may say at once, and how soon one more is allowed.
    double citizen_burst = 60;
    std::chrono::milliseconds citizen_refill{2000};
    std::size_t citizens_remembered = 16'384;
};

// One thread.
class admission
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit admission(const admission_limits& limits = {});

    // An event under way, as long as it lives. It outlives no admission.
    class place
    {
    public:
        explicit place(admission& of);
        place(place&&) = default;
        place& operator=(place&&) = delete;

    private:
        struct leave
        {
            void operator()(admission* from) const { --from->under_way_; }
        };
        std::unique_ptr<admission, leave> taken_;
    };
    // Empty: too many are under way; answer 503 at once, before any work.
    std::optional<place> enter(time_point now);

    // False: the citizen says more than a person can. Then the event is stored and acknowledged
    // and nobody answers it: refused, the platform would send it again, and in the end send
    // nothing any more.
    bool may_be_answered(std::string_view user_id, time_point now);
    // It was no new word of the citizen's after all: refused and to be sent again, or a duplicate.
    void give_back(std::string_view user_id);

    std::size_t under_way() const { return under_way_; }
    // Something was refused within the last seconds.
    bool is_refusing(time_point now) const;

private:
    struct bucket
    {
        double left = 0;
        time_point at;
    };
    void forget_refilled(time_point now);

    admission_limits limits_;
    std::size_t under_way_ = 0;
    std::optional<time_point> last_refusal_;
    // By hash of the id: two citizens who share one share their allowance, which is ample.
    std::unordered_map<std::size_t, bucket> buckets_;
};

} // namespace motcua::app
