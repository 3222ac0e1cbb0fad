#include "answer.hpp"

#include <motcua/adapters/zalo/client.hpp>
#include <motcua/adapters/zalo/http_client.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace motcua::zalo {
namespace {

using app::send_result;

// State-agency OAs may be refused by v3 and enterprise OAs by v2 (zalo-oa-protocol 0.1). Only the
// platform knows which ours is, so the path follows these two codes and stays.
constexpr std::string_view v3_path = "/v3.0/oa/message/cs";
constexpr std::string_view v2_path = "/v2.0/oa/message";
constexpr int not_for_this_oa = -235;
constexpr int v2_shut_down = -240;
constexpr int token_invalid = -216;
constexpr int token_expired = -220;

// A token comes from a file or the platform; a line break in it would end the field.
bool is_field_value(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

class openapi_sender final : public app::message_sender
{
public:
    openapi_sender(boost::asio::any_io_executor executor, client_options options)
        : access_token_(std::move(options.access_token)),
          replace_token_(std::move(options.replace_token)),
          http_(make_http_client(
              std::move(executor),
              {.base = std::move(options.api_base),
               .ca_file = std::move(options.ca_file),
               .connect_deadline = options.connect_deadline,
               .call_deadline = options.call_deadline,
               .idle_connections = options.idle_connections}))
    {
    }

    asio::awaitable<send_result>
    send(std::string user_id, dialogue::outgoing_message message) override
    {
        const auto body = message_body(user_id, message);
        const auto path = path_;
        auto answer = co_await call(path, body);
        if (other_path(path, answer)) {
            path_ = path == v3_path ? v2_path : v3_path;
            answer = co_await call(path_, body);
        }
        co_return meaning(answer);
    }

private:
    asio::awaitable<http_answer> call(std::string_view path, std::string body)
    {
        auto token = access_token_ ? access_token_() : std::string();
        auto answer = co_await call_with(token, std::string(path), body);
        // The old token dies as soon as a new one is made (zalo-oa-protocol 3, fact 11), so this
        // may be no more than a call that a refresh has overtaken.
        if (replace_token_ && is_token_refused(answer)) {
            token = co_await replace_token_(token);
            if (!token.empty())
                answer = co_await call_with(token, std::string(path), body);
        }
        co_return answer;
    }

    asio::awaitable<http_answer> call_with(std::string token, std::string path, std::string body)
    {
        http_answer answer;
        if (!is_field_value(token)) {
            answer.reason = "no usable access token";
            co_return answer;
        }
        http_fields fields;
        fields.emplace_back("access_token", std::move(token));
        answer = co_await http_->post(std::move(path), std::move(fields), std::move(body));
        co_return answer;
    }

    static bool is_token_refused(const http_answer& answer)
    {
        if (answer.end != http_answer::kind::answered || answer.status != 200)
            return false;
        const auto code = answer_code(answer.body);
        return code == token_invalid || code == token_expired;
    }

    static bool other_path(std::string_view path, const http_answer& answer)
    {
        return answer.end == http_answer::kind::answered && answer.status == 200 &&
               answer_code(answer.body) == (path == v3_path ? not_for_this_oa : v2_shut_down);
    }

    static send_result meaning(const http_answer& answer)
    {
        send_result out;
        switch (answer.end) {
        case http_answer::kind::answered:
            out = interpret_answer(answer.status, answer.body);
            if (out.end == send_result::kind::try_later)
                out.retry_after = std::max(out.retry_after, answer.retry_after);
            break;
        case http_answer::kind::not_sent:
            out.end = send_result::kind::try_later;
            out.reason = answer.reason;
            break;
        case http_answer::kind::cut:
            out.end = send_result::kind::unknown;
            out.reason = answer.reason;
            break;
        }
        return out;
    }

    std::function<std::string()> access_token_;
    std::function<asio::awaitable<std::string>(std::string)> replace_token_;
    std::unique_ptr<http_client> http_;
    std::string_view path_ = v3_path;
};

} // namespace

std::unique_ptr<app::message_sender>
make_client(boost::asio::any_io_executor executor, client_options options)
{
    return std::make_unique<openapi_sender>(std::move(executor), std::move(options));
}

} // namespace motcua::zalo
