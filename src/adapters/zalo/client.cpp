#include "answer.hpp"

#include <motcua/adapters/zalo/bounded_json.hpp>
#include <motcua/adapters/zalo/client.hpp>
#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/adapters/zalo/oauth.hpp>
#include <motcua/support/logging.hpp>

#include <string_view>
#include <utility>

namespace motcua::zalo {
namespace {

using app::error_action;
using app::send_result;
using kind = send_result::kind;
using clock = std::chrono::steady_clock;

constexpr std::string_view v3_path = "/v3.0/oa/message/cs";
constexpr std::string_view v2_path = "/v2.0/oa/message";
constexpr std::string_view template_path = "/v3.0/oa/message/template";
constexpr std::string_view conversation_path = "/v2.0/oa/conversation";
constexpr std::string_view boundary = "motcua-upload-7b1f9c52d0e84a36";
constexpr std::chrono::hours plain_for{1}; // then the account's package may have changed

std::string_view path_of(endpoint which)
{
    return which == endpoint::v3 ? v3_path : v2_path;
}

std::string_view path_of(upload_kind what)
{
    switch (what) {
    case upload_kind::image:
        return "/v2.0/oa/upload/image";
    case upload_kind::gif:
        return "/v2.0/oa/upload/gif";
    case upload_kind::file:
        break;
    }
    return "/v2.0/oa/upload/file";
}

bool is_text_alone(const dialogue::outgoing_message& message)
{
    return message.buttons.empty() && message.elements.empty() && !message.attached &&
           !message.asks;
}

dialogue::outgoing_message as_text(const dialogue::outgoing_message& message)
{
    dialogue::outgoing_message out;
    out.text = dialogue::plain_text(message);
    return out;
}

struct request
{
    std::string path;
    std::string content_type; // of a POST; empty = GET
    std::string body;
};

class openapi_client final : public client
{
public:
    openapi_client(boost::asio::any_io_executor executor, client_options options)
        : tokens_(std::move(options.tokens)), errors_(std::move(options.errors)),
          endpoint_(options.first), endpoint_changed_(std::move(options.endpoint_changed)),
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
        if (auto fault = dialogue::fault_of(message); !fault.empty())
            co_return send_result{
                .end = kind::refused, .message_id = {}, .reason = "body: " + std::move(fault)};
        if (!is_text_alone(message) && clock::now() < plain_until_ && has_words(message))
            message = as_text(message);
        auto said = co_await send_on_endpoint(user_id, message);
        // A sure refusal, so nothing is sent twice.
        if (said.action == error_action::plain_text && has_words(message)) {
            log::warning("sent as plain text", {{"reason", said.result.reason}});
            // The package is the account's; anything else was about this message.
            if (!message.attached)
                plain_until_ = clock::now() + plain_for;
            message = as_text(message);
            said = co_await send_on_endpoint(user_id, message);
        }
        co_return std::move(said.result);
    }

    asio::awaitable<send_result> send_by_template(
        std::string user_id, std::string template_id, dialogue::template_use values) override
    {
        request posted{
            std::string(template_path),
            "application/json",
            template_body(user_id, template_id, values)};
        auto said = co_await call(std::move(posted));
        co_return std::move(said.result);
    }

    asio::awaitable<app::read_back_result>
    read_back(std::string user_id, std::size_t offset) override
    {
        const auto asked = nlohmann::json{
            {"user_id", user_id}, {"offset", offset}, {"count", app::read_back_limit}};
        request got{
            std::string(conversation_path) + "?" + form_body({{"data", asked.dump()}}), {}, {}};
        const auto said = co_await call(std::move(got));
        app::read_back_result out;
        out.end = said.result.end;
        out.reason = said.result.reason;
        out.retry_after = said.result.retry_after;
        if (out.end == kind::sent && !said.data.is_array()) {
            out.end = kind::refused;
            out.reason = "no conversation in the answer";
        }
        if (out.end == kind::sent)
            out.messages = remembered_in(said.data);
        co_return out;
    }

    asio::awaitable<upload_result>
    upload(upload_kind what, std::string name, std::string bytes) override
    {
        upload_result out;
        if (auto fault = fault_of_upload(what, bytes); !fault.empty()) {
            out.end = kind::refused;
            out.reason = "upload: " + std::move(fault);
            co_return out;
        }
        request posted{
            std::string(path_of(what)),
            "multipart/form-data; boundary=" + std::string(boundary),
            upload_body(boundary, name, bytes)};
        const auto said = co_await call(std::move(posted));
        out.end = said.result.end;
        out.reason = said.result.reason;
        out.id = token(member(said.data, what == upload_kind::file ? "token" : "attachment_id"));
        if (out.end == kind::sent && out.id.empty()) {
            out.end = kind::refused;
            out.reason = "no id in the answer";
        }
        co_return out;
    }

private:
    static bool has_words(const dialogue::outgoing_message& message)
    {
        return !is_text_alone(message) && !dialogue::plain_text(message).empty();
    }

    // State-agency OAs may be refused by v3 and enterprise OAs by v2 (zalo-oa-protocol 0.1). Only
    // the platform knows which ours is, so the path follows its answer and stays. After any other
    // error the other path might send twice.
    asio::awaitable<meaning>
    send_on_endpoint(std::string user_id, dialogue::outgoing_message message)
    {
        const auto body = message_body(user_id, message);
        const auto used = endpoint_;
        request posted{std::string(path_of(used)), "application/json", body};
        auto said = co_await call(std::move(posted));
        if (said.action != error_action::other_endpoint)
            co_return said;
        const auto other = used == endpoint::v3 ? endpoint::v2 : endpoint::v3;
        request again{std::string(path_of(other)), "application/json", body};
        said = co_await call(std::move(again));
        // Remembered once it has not said the same.
        if (said.action != error_action::other_endpoint && endpoint_ != other) {
            endpoint_ = other;
            log::info("message endpoint changed", {{"endpoint", name(other)}});
            if (endpoint_changed_)
                endpoint_changed_(other);
        }
        co_return said;
    }

    // One call; a second one with another token if the first was refused.
    asio::awaitable<meaning> call(request wanted)
    {
        auto access = tokens_->access_token();
        auto said = co_await call_with(access, wanted);
        if (said.action != error_action::refresh_token)
            co_return said;
        co_await tokens_->refused(access);
        auto fresh = tokens_->access_token();
        if (fresh.empty() || fresh == access)
            co_return said;
        said = co_await call_with(std::move(fresh), std::move(wanted));
        co_return said;
    }

    asio::awaitable<meaning> call_with(std::string access, request wanted)
    {
        http_answer answer;
        if (!is_token(access)) { // a line break in it would end the field
            answer.reason = "no usable access token";
            co_return meaning_of(answer, errors_);
        }
        http_fields fields;
        fields.emplace_back("access_token", std::move(access));
        if (wanted.content_type.empty()) {
            answer = co_await http_->get(std::move(wanted.path), std::move(fields));
        } else {
            fields.emplace_back("Content-Type", std::move(wanted.content_type));
            answer = co_await http_->post(
                std::move(wanted.path), std::move(fields), std::move(wanted.body));
        }
        co_return meaning_of(answer, errors_);
    }

    std::shared_ptr<token_source> tokens_;
    app::error_table errors_;
    endpoint endpoint_;
    std::function<void(endpoint)> endpoint_changed_;
    std::unique_ptr<http_client> http_;
    clock::time_point plain_until_{};
};

class fixed_token final : public token_source
{
public:
    explicit fixed_token(std::string token) : token_(std::move(token)) {}
    std::string access_token() override { return token_; }
    asio::awaitable<void> refused(std::string /*token*/) override { co_return; }

private:
    std::string token_;
};

} // namespace

std::string_view name(endpoint which)
{
    return which == endpoint::v3 ? "v3" : "v2";
}

endpoint endpoint_from(std::string_view name)
{
    return name == "v2" ? endpoint::v2 : endpoint::v3;
}

std::unique_ptr<token_source> make_fixed_token(std::string token)
{
    return std::make_unique<fixed_token>(std::move(token));
}

std::unique_ptr<client> make_client(boost::asio::any_io_executor executor, client_options options)
{
    return std::make_unique<openapi_client>(std::move(executor), std::move(options));
}

} // namespace motcua::zalo
