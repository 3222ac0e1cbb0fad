#pragma once

#include <motcua/core/time.hpp>
#include <motcua/simulator/simulator.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the platform knows and which messages it accepts. No I/O.
namespace motcua::simulator {

// One line of a citizen's chat.
struct chat_entry
{
    enum class author : std::uint8_t
    {
        citizen,
        oa,    // through the API
        admin, // a person, from OA Manager
    };
    enum class progress : std::uint8_t
    {
        sending,  // no webhook acknowledged yet
        received, // the server answered 200
        failed,   // it did not; retries follow
    };
    std::string id; // msg_id
    author from = author::citizen;
    utc_time at{};
    std::string text;
    nlohmann::json parts = nlohmann::json::object(); // buttons, elements, attachments, as sent
    bool hidden = false;                             // a tap, which the citizen does not see
    progress status = progress::sending;             // of the citizen's own
    bool receipt_sent = false;                       // of the OA's
    std::uint64_t revision = 0;                      // grows with every change
};

struct citizen
{
    std::string id;
    std::string name;
    bool follows = true;
    std::optional<utc_time> last_interaction;
    std::uint64_t revision = 0; // of the latest change
    std::deque<chat_entry> entries;
};

// A call of the message API that was decided upon.
struct api_call
{
    utc_time at{};
    std::string path;
    std::string user_id;
    int error = 0;
    std::string message; // the platform's words
    std::string message_id;
    bool free = false;      // within 48 h of the last interaction
    nlohmann::json content; // the body's `message`, or the whole body of a template message
};

class platform
{
public:
    explicit platform(const options& settings);

    citizen& add_citizen(std::string name);
    citizen* find(std::string_view id);
    const std::map<std::string, citizen, std::less<>>& citizens() const { return citizens_; }

    // Appends to the chat with a fresh id and revision; the oldest entries fall off.
    chat_entry& append(citizen& whose, chat_entry entry);
    void changed(citizen& whose, chat_entry& entry);

    // Decides upon one call as the platform would and, if it accepts, puts the message into the
    // citizen's chat. `path` is one of the two message endpoints.
    api_call decide(
        std::string_view path, std::string_view access_token, std::string_view body, utc_time now);
    const std::deque<api_call>& calls() const { return calls_; }

    // The platform's answer to a decided call (zalo-oa-protocol 2.7).
    static nlohmann::json answer(const api_call& call);

    // --- the other calls; each checks the token first ---

    // Multipart bodies of /v2.0/oa/upload/… (2.6).
    nlohmann::json upload(
        std::string_view kind, std::string_view content_type, std::string_view body, utc_time now);
    // The chat as /v2.0/oa/conversation shows it (4): `data` is that call's parameter.
    nlohmann::json conversation(std::string_view data) const;
    nlohmann::json oa_info() const;
    // /v3.0/oa/quota/message (2.8).
    nlohmann::json quota(std::string_view body, utc_time now) const;
    // The answer if this caller may not call anything; empty if it may.
    std::optional<nlohmann::json> refuse_caller(std::string_view access_token, utc_time now);
    std::size_t calls_left(utc_time now) const; // in this minute

    oa_type type;
    // 0 or the error of an access token other than the one of the options; empty = all are invalid.
    std::function<int(std::string_view, utc_time)> judge_token;
    oa_package package;
    std::vector<std::string> templates;

private:
    struct verdict
    {
        int error = 0;
        std::string message;
    };
    struct uploaded
    {
        std::string kind;
        utc_time until{};
    };
    verdict check_caller(std::string_view path, std::string_view access_token, utc_time now);
    verdict check_citizen(const citizen* whose, utc_time now) const;
    verdict check_content(const nlohmann::json& message, utc_time now) const;
    verdict check_upload(const nlohmann::json& message, utc_time now) const;
    verdict check_template(const nlohmann::json& body) const;
    std::string fresh_message_id();

    std::string access_token_;
    std::size_t sends_per_minute_;
    std::map<std::string, citizen, std::less<>> citizens_;
    std::deque<api_call> calls_;
    std::deque<utc_time> recent_sends_;
    std::map<std::string, uploaded, std::less<>> uploads_;              // by attachment id or token
    std::map<std::string_view, std::deque<utc_time>> uploads_of_month_; // by kind
    std::string run_id_; // message ids differ from those of an earlier run
    std::uint64_t messages_ = 0;
};

inline constexpr std::string_view v3_path = "/v3.0/oa/message/cs";
inline constexpr std::string_view v2_path = "/v2.0/oa/message";
inline constexpr std::string_view template_path = "/v3.0/oa/message/template";

} // namespace motcua::simulator
