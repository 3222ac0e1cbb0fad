#pragma once

#include <motcua/core/dialogue/complaint_draft.hpp>
#include <motcua/core/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::dialogue {

// A numbered choice the citizen was offered: the number they type is its place in the list, from 1.
struct choice
{
    std::string title;
    std::string payload;

    bool operator==(const choice&) const = default;
};

enum class stage : std::uint8_t
{
    idle,
    awaiting_procedure, // "of which procedure?": the next message names it
    awaiting_commune,   // "which commune?"
    confirming_erasure,
    awaiting_dossier_code,
    awaiting_dossier_proof, // of `dossier`
};
std::string_view name(stage value);

// The dossier whose second proof the citizen has given; asked about again without it for a day.
struct proven_dossier
{
    std::string code;
    std::string proof; // sealed
    utc_time at{};

    bool operator==(const proven_dossier&) const = default;
};
inline constexpr std::chrono::hours dossier_remembered{24};

// What is remembered of one citizen between messages. A default one is somebody who never wrote.
struct conversation
{
    stage at = stage::idle;
    std::string procedure;       // code talked about, empty if none
    std::string aspect;          // wanted aspect while awaiting_procedure
    std::string case_group;      // document group chosen for `procedure`
    std::string commune;         // statistics code of the citizen's commune
    std::vector<choice> choices; // of the last message
    std::string asked;           // masked message that `choices` were offered for, if they were
    std::vector<std::string>
        alternatives;               // codes that came near the last answer, for "not this one"
    std::vector<std::string> trail; // payloads behind us, newest last, for "back"
    complaint_draft draft;          // the complaint being written
    complaint_reply reply;          // what is being said about a case filed before
    std::string dossier;            // code whose second proof is waited for
    proven_dossier proven;
    int failures = 0; // messages in a row that were not understood
    utc_time last_at{};
    utc_time silent_until{};  // a person is answering until then; zero = nobody is
    utc_time waiting_since{}; // has asked for a person, who has not answered yet; zero = has not
    utc_time welcomed_at{};
    std::string activity;       // of the plan, last credited directly: reach::interaction::activity
    utc_time credited_at{};     // when
    utc_time media_at{};        // of the last photo, file or voice note
    utc_time silence_told_at{}; // when last told that the machine is silenced

    bool operator==(const conversation&) const = default;
};

inline constexpr std::size_t trail_limit = 8;

} // namespace motcua::dialogue
