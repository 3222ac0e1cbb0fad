#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <motcua/app/storage.hpp>
#include <motcua/core/dialogue/knowledge.hpp>
#include <motcua/core/dialogue/step.hpp>
#include <motcua/core/understand/understander.hpp>
#include <motcua/support/metrics.hpp>

#include <array>
#include <functional>
#include <memory>
#include <string>

namespace motcua::app {

// The content in use; replaced as a whole on reload.
struct content
{
    std::shared_ptr<const understand::understander> understander;
    std::shared_ptr<const dialogue::knowledge> knowledge;
};

enum class handled : std::uint8_t
{
    stored,    // and acted on
    duplicate, // known already: nothing changed
    stale,     // stored, older than 24 h, not acted on
    unheard,   // stored and counted as a contact, not acted on because that was not wanted
};

// What is to be done with an event.
enum class handling : std::uint8_t
{
    full,
    store_only,
};

// What operators are shown. Any thread.
struct handling_metrics
{
    metrics::histogram understanding_seconds{metrics::seconds_bounds()};
    // Contacts stored, by reach::outcome.
    static constexpr std::size_t outcomes = static_cast<std::size_t>(reach::outcome::silent) + 1;
    std::array<metrics::counter, outcomes> contacts;
};

struct event_handler_parts
{
    app::writer& store;
    boost::asio::any_io_executor workers;                   // understanding runs here
    std::function<content()> current_content;               // on the caller's executor
    std::function<utc_time()> now;                          // any thread
    std::function<std::string(std::string_view)> pseudonym; // keyed hash of a Zalo id; any thread
    std::function<void()> outgoing_added; // wakes the sender; called on the caller's executor
    std::function<void()> attachments_changed{}; // wakes their fetcher; the same; may be empty
    std::function<void()> dossier_asked{};       // wakes those who answer; the same; may be empty
    guess_limits dossier_guesses{};
    std::string public_url{}; // of the public listener; empty: links to the portal are not tracked
    std::function<bool(std::string_view)> is_test_user; // simulator and staff test users
    handling_metrics* metrics = nullptr;                // none, or outlives the handler
};

// One event, one transaction (design.md decision 1): understands the text off the I/O thread, then
// stores the event, the conversation, the answers and the interaction in one unit of work.
class event_handler
{
public:
    explicit event_handler(event_handler_parts parts);

    // errc::busy or errc::storage_failed as the writer says; then nothing is stored and the
    // platform should retry.
    asio::awaitable<result<handled>>
    handle(dialogue::inbound_event event, std::string raw, handling how = handling::full);

private:
    struct work;
    static void apply(transaction& store, work& job);
    static void settle_what_we_sent(transaction& store, work& job);
    static void note_handover(
        transaction& store,
        const work& job,
        const dialogue::conversation& before,
        const dialogue::step_outcome& outcome);
    static void
    track_filing_link(transaction& store, const work& job, dialogue::step_outcome& outcome);
    static void keep_attachments(transaction& store, work& job);

    event_handler_parts parts_;
};

} // namespace motcua::app
