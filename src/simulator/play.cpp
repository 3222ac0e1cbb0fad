#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/simulator/play.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace motcua::simulator {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr std::chrono::seconds answer_deadline{10};

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
        if (entry.value("from", "") == "citizen")
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
        const auto sent = what_to_send(script_, turn, last_);
        const auto* const action = turn.is_tap ? "tap" : "text";
        json body{{turn.is_tap ? "payload" : "text", sent}};
        if (turn.is_tap)
            body["title"] = turn.said;
        const auto path = fmt::format("/api/citizens/{}/{}", citizen_, action);
        const auto posted = co_await simulator_.post(path, {}, body.dump());
        checked(posted);
        played_.transcript += fmt::format("Dân{}: {}\n", turn.is_tap ? " bấm" : "", turn.said);

        const auto until = std::chrono::steady_clock::now() + answer_deadline;
        last_.clear();
        while (last_.empty() && std::chrono::steady_clock::now() < until) {
            const auto polled = co_await simulator_.get(
                fmt::format("/api/citizens/{}/messages?after={}&wait_ms=1000", citizen_, revision_),
                {});
            const auto view = checked(polled);
            revision_ = view.at("last").get<std::uint64_t>();
            last_ = heard_of(view.at("messages"));
        }
        for (const auto& message : last_)
            played_.transcript += fmt::format("Máy: {}\n\n", message.text);
        if (last_.empty()) {
            played_.complaints.push_back(
                fmt::format("{}:{}: no answer within 10 s", script_.file, turn.line));
            co_return false;
        }
        for (auto& complaint : unmet(script_, turn, last_))
            played_.complaints.push_back(std::move(complaint));
        co_return true;
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
