#pragma once

#include <motcua/core/dialogue/unknown.hpp>
#include <motcua/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What the staff makes of sentences the machine did not get: from there they go into the content,
// by hands (unknown_messages are in dialogue::unknown_message).
namespace motcua::app {

enum class unknown_verdict : std::uint8_t
{
    alias,        // a folk name of the procedure `target`
    search_test,  // must find the procedure `target`
    example,      // of the intent `target`
    out_of_scope, // none of ours to answer
    dropped,      // teaches nothing
};
std::string_view name(unknown_verdict value);
std::optional<unknown_verdict> unknown_verdict_from(std::string_view name);

struct unknown_decision
{
    std::int64_t id = 0;
    std::vector<std::string>
        texts;                // wordings decided, 1..unknown_texts_limit; lines for the content
    bool whole_group = false; // so is what is alike to the first
    unknown_verdict verdict = unknown_verdict::dropped;
    std::string target; // procedure code or intent; empty for the last two
    std::string staff_id;
    utc_time at{};
    std::string undone_by; // empty: it holds
    utc_time undone_at{};

    bool operator==(const unknown_decision&) const = default;
};

inline constexpr std::size_t unknown_texts_limit = 20;
inline constexpr std::size_t unknown_decisions_limit = 5'000; // that hold

// A part of the transaction, with its rules (storage.hpp).
class unknown_decisions
{
public:
    virtual ~unknown_decisions() = default;
    // Returns the id; that of `value` is not looked at.
    virtual std::int64_t add(const unknown_decision& value) = 0;
    // False unless it holds.
    virtual bool undo(std::int64_t id, std::string_view staff_id, utc_time now) = 0;
    virtual std::size_t count() = 0; // that hold
};

// The reader's part.
class unknown_decisions_reader
{
public:
    virtual ~unknown_decisions_reader() = default;
    // Newest first, undone ones too; at most unknown_decisions_limit.
    virtual std::vector<unknown_decision> all() = 0;
};

// A decision and the folded words of each of its texts.
struct comparable_decision
{
    unknown_decision decision;
    std::vector<std::vector<std::string>> words;
};

struct unknown_review
{
    std::vector<dialogue::unknown_group> open; // most frequent first
    std::vector<std::size_t> covered;          // messages each decision takes care of, in its order
    std::size_t open_messages = 0;
};

// Messages no decision takes care of, grouped. A decision takes care of its own wordings and, if it
// is of a whole group, of what shares at least `likeness` of the words of its first one (Jaccard,
// as dialogue::group_alike). Of several the first counts. Undone ones take care of nothing.
unknown_review review_unknown(
    std::vector<dialogue::comparable_message> messages,
    std::span<const comparable_decision> decisions,
    double likeness = 0.6);

} // namespace motcua::app
