#pragma once

#include <motcua/app/event_handler.hpp>
#include <motcua/core/dialogue/step.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

// Stored messages heard once more, by two contents at once: what would be answered differently.
// Each content leads conversations of its own, which begin empty with the first message heard, and
// nothing is carried out: a complaint that was filed is not there to be asked about. Both are the
// same in that.
namespace motcua {

// How one content took a message.
struct heard_as
{
    reach::outcome outcome = reach::outcome::silent;
    std::string intent;
    std::string procedure;
    std::string aspect;
    std::string said; // the answer, masked and cut

    auto operator<=>(const heard_as&) const = default;
};

enum class difference_kind : std::uint8_t
{
    newly_lost,       // understood before, not now
    newly_understood, // the other way
    changed,          // another answer
};
std::string_view name(difference_kind value);

// Messages that differ in the same way.
struct difference
{
    difference_kind kind = difference_kind::changed;
    std::string text; // masked as unknown messages are; of complaints not shown at all
    heard_as before;
    heard_as after;
    std::size_t times = 0;
};

class replay
{
public:
    replay(app::content before, app::content after);

    // In the order of time.
    void hear(const dialogue::inbound_event& event);

    std::size_t messages() const { return messages_; } // that reached the bot
    std::size_t count(difference_kind kind) const;
    // The lost first, then the understood, then the changed; most frequent first.
    std::vector<difference> differences() const;

private:
    struct side
    {
        app::content uses;
        std::unordered_map<std::string, dialogue::conversation> conversations;
        dialogue::step_outcome hear(const dialogue::inbound_event& event);
    };
    using key = std::tuple<difference_kind, std::string, heard_as, heard_as>;

    side before_;
    side after_;
    std::size_t messages_ = 0;
    std::map<key, std::size_t> found_;
};

// "20" messages or "2.5%" of them; throws std::runtime_error naming the option for anything else.
class most_allowed
{
public:
    most_allowed() = default; // no bound
    most_allowed(std::string_view option, std::string_view words);
    bool holds(std::size_t found, std::size_t of) const;

private:
    double number_ = -1;
    bool percent_ = false;
};

} // namespace motcua
