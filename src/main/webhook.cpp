#include "webhook.hpp"

#include <motcua/adapters/zalo/webhook.hpp>
#include <motcua/support/logging.hpp>

#include <utility>

namespace motcua {

namespace asio = http::asio;

namespace {

constexpr std::string_view signature_field = "x-zevent-signature";
constexpr std::string_view timestamp_field = "x-zevent-timestamp";

} // namespace

webhook::webhook(const configuration& config, app::event_handler& events)
    : config_(config), events_(events)
{
}

// The body's timestamp first, then the header's if it differs: two tries at most
// (zalo-oa-protocol 1.4).
bool webhook::is_signed(const http::request& delivery, std::string_view timestamp)
{
    const auto signature = delivery.field(signature_field);
    const auto& zalo = config_.zalo;
    if (signature.empty())
        return false;
    if (zalo::verify(signature, zalo.app_id, delivery.body, timestamp, zalo.oa_secret_key))
        return true;
    const auto other = delivery.field(timestamp_field);
    if (other.empty() || other == timestamp)
        return false;
    if (!zalo::verify(signature, zalo.app_id, delivery.body, other, zalo.oa_secret_key))
        return false;
    ++counters_.signed_with_header_time;
    return true;
}

asio::awaitable<http::webhook_verdict> webhook::receive(http::request delivery)
{
    const auto begun = std::chrono::steady_clock::now();
    const auto place = door_.enter(begun);
    if (!place) {
        ++counters_.refused_overload;
        co_return http::webhook_verdict::busy;
    }
    const auto verdict = co_await take(std::move(delivery));
    if (verdict == http::webhook_verdict::accepted)
        counters_.acknowledgement_seconds.record(std::chrono::steady_clock::now() - begun);
    co_return verdict;
}

asio::awaitable<http::webhook_verdict> webhook::take(http::request delivery)
{
    using http::webhook_verdict;
    if (delivery.field(signature_field).empty() && zalo::is_setup_probe(delivery.body)) {
        ++counters_.probes;
        co_return webhook_verdict::accepted;
    }
    auto decoded = zalo::decode_event(delivery.body);
    if (!decoded) {
        ++counters_.malformed;
        co_return webhook_verdict::malformed;
    }
    if (!is_signed(delivery, decoded->timestamp)) {
        ++counters_.bad_signatures;
        log::warning("signature refused", {{"total", counters_.bad_signatures}});
        co_return webhook_verdict::bad_signature;
    }
    auto event = std::move(decoded).value();
    // Another OA of the same app posts here too (zalo-oa-protocol 1.1): kept, not answered.
    if (!event.oa_id.empty() && event.oa_id != config_.zalo.oa_id)
        event.kind = dialogue::event_kind::other;
    auto how = app::handling::full;
    std::string citizen; // whose allowance it takes
    if (dialogue::opens_window(event.kind) && !event.user_id.empty()) {
        if (door_.may_be_answered(event.user_id, std::chrono::steady_clock::now()))
            citizen = event.user_id;
        else
            how = app::handling::store_only;
    }
    const auto handled = co_await events_.handle(std::move(event), std::move(delivery.body), how);
    if (!citizen.empty() && (!handled || *handled == app::handled::duplicate))
        door_.give_back(citizen);
    if (!handled) {
        ++counters_.refused_busy;
        co_return webhook_verdict::busy;
    }
    switch (*handled) {
    case app::handled::stored:
        ++counters_.stored;
        break;
    case app::handled::duplicate:
        ++counters_.duplicates;
        break;
    case app::handled::stale:
        ++counters_.stale;
        break;
    case app::handled::unheard:
        ++counters_.unheard;
        break;
    }
    co_return webhook_verdict::accepted;
}

} // namespace motcua
