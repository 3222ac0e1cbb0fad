#pragma once

#include <motcua/app/silence.hpp>
#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What those who run the server look after.
namespace motcua::app {

// An outgoing message that is not sent any more.
struct dead_letter
{
    std::int64_t id = 0;
    utc_time created{};
    utc_time ended{};
    int attempts = 0;
    std::string reason; // error code and words, no personal data
    dialogue::purpose why = dialogue::purpose::answer;
    std::string complaint; // code of the case it belongs to; it is sent again from there
    bool may_retry = false;
};

// A part of the transaction, with its rules (storage.hpp).
class operations_records
{
public:
    virtual ~operations_records() = default;
    // Puts a dead letter back into the outbox, behind nothing it was to go before. False, and
    // nothing done, unless it may be: an answer has lost its worth, a message of a case is sent
    // again from the case, and one that may have arrived is never sent blindly.
    virtual bool retry(std::int64_t outbox_id, utc_time now) = 0;
};

// The reader's part.
class operations_reader
{
public:
    virtual ~operations_reader() = default;
    virtual std::optional<app::silence> silence() = 0;
    // Newest first; `before` excludes ids from there on.
    virtual std::vector<dead_letter>
    dead_letters(std::optional<std::int64_t> before, std::size_t limit) = 0;
    // When the newest event of the platform was stored; empty if none was.
    virtual std::optional<utc_time> last_event() = 0;
};

} // namespace motcua::app
