#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/simulator/play.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace motcua::simulator {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr std::chrono::milliseconds answer_deadline{10'000};
constexpr std::chrono::milliseconds silence_heard{300}; // an answer would be there by then

json checked(const zalo::http_answer& answer)
{
    if (answer.end != zalo::http_answer::kind::answered)
        throw std::runtime_error("the simulator does not answer: " + answer.reason);
    if (answer.status >= 300)
        throw std::runtime_error(fmt::format("the simulator refuses: {}", answer.body));
    return json::parse(answer.body);
}

// The OA's messages among the entries of one poll.
std::vector<heard_message> heard_of(const json& entries)
{
    std::vector<heard_message> heard;
    for (const auto& entry : entries) {
        if (entry.value("from", "") != "oa")
            continue;
        heard_message message{.text = entry.value("text", ""), .buttons = {}};
        for (const auto& button : entry.value("buttons", json::array())) {
            const auto payload = button.value("payload", json());
            message.buttons.emplace_back(
                button.value("title", ""), payload.is_string() ? payload.get<std::string>() : "");
        }
        heard.push_back(std::move(message));
    }
    return heard;
}

// What the turn asks of the simulator.
struct turn_request
{
    std::string who; // in the transcript
    std::string action;
    json body = json::object();
    bool needs_file = false; // its URL goes into the body
    std::string file_type;
    std::string file;
};

turn_request request_for(const exchange& turn, const std::string& sent)
{
    turn_request out;
    const auto with_file = [&out](const char* type, std::string bytes) {
        out.needs_file = true;
        out.file_type = type;
        out.file = std::move(bytes);
    };
    switch (turn.does) {
    case deed::says:
        out = {.who = "Dân", .action = "text", .body = {{"text", sent}}};
        break;
    case deed::taps:
        out = {
            .who = "Dân bấm", .action = "tap", .body = {{"payload", sent}, {"title", turn.said}}};
        break;
    case deed::sends_photo:
        out = {.who = "Dân gửi ảnh", .action = "image", .body = {{"text", sent}}};
        with_file("image/jpeg", "\xFF\xD8\xFF\xE0 photo of a conversation");
        break;
    case deed::sends_file:
        out = {.who = "Dân gửi tệp", .action = "file", .body = {{"name", sent}, {"type", "pdf"}}};
        with_file("application/pdf", "%PDF-1.4 file of a conversation");
        break;
    case deed::sends_voice:
        out = {.who = "Dân gửi tin thoại", .action = "audio"};
        with_file("audio/amr", "#!AMR\n voice of a conversation");
        break;
    case deed::sends_place: {
        out = {.who = "Dân gửi vị trí", .action = "location"};
        const auto [latitude, longitude] = place_of(sent);
        out.body = {{"latitude", latitude}, {"longitude", longitude}};
        break;
    }
    case deed::follows:
        out = {.who = "Dân quan tâm", .action = "follow"};
        break;
    case deed::unfollows:
        out = {.who = "Dân bỏ quan tâm", .action = "unfollow"};
        break;
    case deed::officer_writes:
        out = {.who = "Cán bộ", .action = {}, .body = {{"text", sent}}};
        break;
    }
    return out;
}

class player
{
public:
    player(zalo::http_client& simulator, const conversation_script& script)
        : simulator_(simulator), script_(script)
    {
    }

    asio::awaitable<played_conversation> play()
    {
        const json name{{"name", script_.title}};
        const auto made = co_await simulator_.post("/api/citizens", {}, name.dump());
        citizen_ = checked(made).at("id").get<std::string>();
        played_.transcript = fmt::format("--- {}\n", script_.title);
        for (const auto& turn : script_.exchanges) {
            const bool answered = co_await take_turn(turn);
            if (!answered)
                break;
        }
        co_return std::move(played_);
    }

private:
    asio::awaitable<bool> take_turn(const exchange& turn)
    {
        co_await act(turn);
        if (turn.does == deed::officer_writes || turn.does == deed::unfollows)
            co_return true; // nobody answers these
        const auto wait = turn.is_silent ? silence_heard : answer_deadline;
        const auto until = std::chrono::steady_clock::now() + wait;
        last_.clear();
        while (last_.empty() && std::chrono::steady_clock::now() < until) {
            const auto polled = co_await simulator_.get(
                fmt::format(
                    "/api/citizens/{}/messages?after={}&wait_ms={}",
                    citizen_,
                    revision_,
                    std::min<std::int64_t>(1000, wait.count())),
                {});
            const auto view = checked(polled);
            revision_ = view.at("last").get<std::uint64_t>();
            last_ = heard_of(view.at("messages"));
        }
        for (const auto& message : last_)
            played_.transcript += fmt::format("Máy: {}\n\n", message.text);
        if (last_.empty() && !turn.is_silent) {
            played_.complaints.push_back(
                fmt::format("{}:{}: no answer within 10 s", script_.file, turn.line));
            co_return false;
        }
        for (auto& complaint : unmet(script_, turn, last_))
            played_.complaints.push_back(std::move(complaint));
        co_return true;
    }

    asio::awaitable<void> act(const exchange& turn)
    {
        const auto sent = what_to_send(script_, turn, last_);
        auto request = request_for(turn, sent);
        if (request.needs_file) {
            zalo::http_fields fields;
            fields.emplace_back("Content-Type", request.file_type);
            const auto stored =
                co_await simulator_.post("/api/files", std::move(fields), request.file);
            request.body["url"] = checked(stored).at("url");
        }
        if (turn.does == deed::officer_writes)
            request.body["citizen"] = citizen_;
        auto path = fmt::format("/api/citizens/{}/{}", citizen_, request.action);
        if (turn.does == deed::officer_writes)
            path = "/api/admin-reply";
        const auto posted = co_await simulator_.post(path, {}, request.body.dump());
        checked(posted);
        played_.transcript += fmt::format("{}: {}\n", request.who, turn.said);
    }

    zalo::http_client& simulator_;
    const conversation_script& script_;
    std::string citizen_;
    std::uint64_t revision_ = 0;
    std::vector<heard_message> last_;
    played_conversation played_;
};

} // namespace

boost::asio::awaitable<played_conversation>
play_conversation(std::string simulator_url, conversation_script script)
{
    zalo::http_client_options options;
    options.base = std::move(simulator_url);
    const auto executor = co_await asio::this_coro::executor;
    const auto simulator = zalo::make_http_client(executor, std::move(options));
    player one(*simulator, script);
    auto played = co_await one.play();
    co_return played;
}

} // namespace motcua::simulator
