#pragma once

#include <motcua/core/complaints/complaint.hpp>
#include <motcua/core/dialogue/inbound.hpp>
#include <motcua/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What citizens send besides text, kept as files of our own: the platform's links go stale
// (zalo-oa-protocol 5). A row is written in the transaction of its event; attachment_fetcher gets
// the file.
namespace motcua::app {

enum class attachment_state : std::uint8_t
{
    wanted,   // to be fetched, or fetched again
    fetching, // a call is under way
    stored,   // the file is there; of a place: nothing to fetch
    failed,   // given up, with a reason
    erased,   // of a citizen who was erased
};
std::string_view name(attachment_state state);

struct new_attachment
{
    std::string user_id;
    std::string kind; // image, file, audio, video or location
    std::string url;
    std::string name; // as the citizen's phone called it, made safe
    std::optional<dialogue::coordinates> where;
    std::string message_id; // the platform's; empty if the event has none
    int place = 0;          // among the attachments of that message, from 0
};

struct wanted_attachment
{
    std::int64_t id = 0;
    std::string url;
    int attempts = 0; // calls made so far, this one included
};

struct claimed_attachments
{
    std::vector<wanted_attachment> rows; // now in state fetching
    std::optional<utc_time> next_due; // when a further row becomes due, if any waits for its time
};

// What one citizen may have fetched in 24 hours; what is beyond fails with a reason.
struct attachment_allowance
{
    std::int64_t files = 50;
    std::int64_t bytes = std::int64_t{100} * 1024 * 1024;
};

// How one call ended.
struct attachment_end
{
    attachment_state state = attachment_state::stored; // stored, failed, or wanted again
    std::int64_t bytes = 0;                            // of stored
    std::string type;   // of stored: media type by content, "image/jpeg"
    utc_time due{};     // of wanted
    std::string reason; // of failed and wanted: no personal data, no URL
};

// An attachment as others see it.
struct attachment_view
{
    std::int64_t id = 0;
    attachment_state state = attachment_state::wanted;
    std::string kind;
    std::string name;
    std::string type;
    std::string file; // its name in attachment_files, of stored
    std::int64_t bytes = 0;
    std::string reason;
    std::optional<dialogue::coordinates> where;
    utc_time received_at{};
};

// A file that came with a complaint or a message about it.
struct complaint_file
{
    attachment_view file;
    std::vector<complaints::complaint> cases; // that show it; one, as a rule
};

// Part of a transaction: lives only inside the unit of work.
class attachment_records
{
public:
    virtual ~attachment_records() = default;

    // Belongs to the event inserted last in this unit for the citizen. Returns its id.
    virtual std::int64_t add(const new_attachment& value, utc_time now) = 0;
    // At most one row per citizen, oldest first.
    virtual claimed_attachments
    claim(utc_time now, std::size_t limit, const attachment_allowance& allowance) = 0;
    // Which file will hold it; to be called before the file gets its name, so that no file is there
    // that no row knows. False if the citizen was erased meanwhile.
    virtual bool note_file(std::int64_t id, std::string_view file) = 0;
    // Ignored unless the row is being fetched.
    virtual void settle(std::int64_t id, const attachment_end& end, utc_time now) = 0;
    // Rows left in fetching by a stop are wanted, and all that are wanted due. Returns how many.
    virtual std::size_t recover(utc_time now) = 0;
    // Of the citizen, received since then, oldest first; in whatever state.
    virtual std::vector<attachment_view>
    of_citizen(std::string_view user_id, utc_time since, std::size_t limit) = 0;

    // Files whose rows were erased or failed, and that no other row needs.
    virtual std::vector<std::string> files_to_remove(std::size_t limit) = 0;
    // The file is gone.
    virtual void removed(std::string_view file) = 0;
};

// Figures for operators.
struct attachment_figures
{
    struct reason_count
    {
        std::string reason;
        std::int64_t count = 0;
    };
    std::int64_t wanted = 0; // retries included
    std::int64_t fetching = 0;
    std::int64_t stored = 0;
    std::int64_t failed = 0;
    std::int64_t erased = 0;
    std::int64_t files_to_remove = 0;
    std::vector<reason_count> reasons; // of failed and of those tried again, most frequent first
};

} // namespace motcua::app
