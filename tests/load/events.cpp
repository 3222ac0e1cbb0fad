#include "events.hpp"

#include <motcua/adapters/zalo/webhook.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

namespace motcua::load {
namespace {

constexpr std::size_t duplicates_from = 1000;
constexpr std::uint64_t first_citizen = 6'100'000'000'000'000'000;

constexpr std::array<std::string_view, event_kinds> kind_names{
    "text", "receipt", "duplicate", "forged", "media"};

constexpr std::array<std::string_view, 12> questions{
    "Cho em hỏi làm giấy khai sinh cho bé cần giấy tờ gì ạ?",
    "lam lai cccd bi mat o dau vay ad",
    "phí cấp đổi giấy phép lái xe bao nhiêu",
    "Thủ tục đăng ký kết hôn ở xã",
    "muon xin phieu ly lich tu phap so 1",
    "mấy ngày thì có kết quả ạ",
    "dk tam tru cho nguoi thue nha",
    "Sao y bản chính nộp ở đâu?",
    "menu",
    "xin giấy phép xây nhà cấp 4",
    "tách thửa đất cần những gì anh ơi",
    "cảm ơn nhiều nhé"};

std::string hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char each : bytes) {
        const auto byte = static_cast<unsigned char>(each);
        out += digits[byte >> 4U];
        out += digits[byte & 0x0FU];
    }
    return out;
}

// The server's de-duplication key: the first 16 bytes of SHA-256.
std::string key_of(std::string_view hashed)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    constexpr std::size_t key_bytes = 16;
    if (EVP_Digest(hashed.data(), hashed.size(), digest.data(), nullptr, EVP_sha256(), nullptr) !=
        1)
        throw std::runtime_error("SHA-256 is not available");
    return hex({reinterpret_cast<const char*>(digest.data()), key_bytes});
}

} // namespace

std::string_view name(event_kind kind)
{
    return kind_names.at(static_cast<std::size_t>(kind));
}

mix parse_mix(std::string_view words)
{
    mix shares{};
    while (!words.empty()) {
        const auto one = words.substr(0, words.find(','));
        words.remove_prefix(std::min(words.size(), one.size() + 1));
        const auto equals = one.find('=');
        bool known = false;
        for (std::size_t i = 0; i < kind_names.size(); ++i) {
            if (equals == std::string_view::npos || one.substr(0, equals) != kind_names.at(i))
                continue;
            shares.at(i) = std::strtod(std::string(one.substr(equals + 1)).c_str(), nullptr);
            known = shares.at(i) >= 0;
        }
        if (!known)
            throw std::invalid_argument("mix: write text=80,receipt=20 with text, receipt, "
                                        "duplicate, forged, media");
    }
    double sum = 0;
    for (const double share : shares)
        sum += share;
    if (!(sum > 0))
        throw std::invalid_argument("mix: nothing to send");
    return shares;
}

event_source::event_source(identity as, const mix& shares, std::size_t citizens, std::uint64_t seed)
    : as_(std::move(as)), citizens_(citizens), random_(seed), kinds_(shares.begin(), shares.end()),
      run_(static_cast<std::uint64_t>(
          std::chrono::system_clock::now().time_since_epoch() / std::chrono::microseconds(1)))
{
}

delivery event_source::next()
{
    const auto kind = static_cast<event_kind>(kinds_(random_));
    if (kind == event_kind::duplicate && !acknowledged_.empty()) {
        auto again = acknowledged_[random_() % acknowledged_.size()];
        again.kind = kind;
        return again;
    }
    return make(kind == event_kind::duplicate ? event_kind::receipt : kind);
}

void event_source::acknowledged(const delivery& one)
{
    if (one.kind == event_kind::duplicate || kinds_.probabilities()[2] == 0)
        return;
    acknowledged_.push_back(one);
    if (acknowledged_.size() > duplicates_from)
        acknowledged_.pop_front();
}

delivery event_source::make(event_kind kind)
{
    using namespace std::chrono;
    delivery out;
    out.kind = kind;
    out.timestamp_ms = floor<milliseconds>(system_clock::now()).time_since_epoch().count();
    const auto citizen = std::to_string(first_citizen + random_() % citizens_);
    const auto id = std::to_string(run_) + "-" + std::to_string(++last_);
    const bool by_oa = kind == event_kind::receipt;
    const std::string event = by_oa                       ? "user_received_message"
                              : kind == event_kind::media ? "user_send_image"
                                                          : "user_send_text";
    std::string message = R"("msg_id":")" + id + '"';
    if (kind == event_kind::media)
        message += R"(,"attachments":[{"type":"image","payload":{"url":"https://photo.invalid/)" +
                   id + R"(.jpg","thumbnail":"https://photo.invalid/)" + id + R"(-t.jpg"}}])";
    else if (!by_oa)
        message = R"("text":")" + std::string(questions.at(random_() % questions.size())) +
                  R"(",)" + message;
    out.body = R"({"app_id":")" + as_.app_id + R"(","sender":{"id":")" +
               (by_oa ? as_.oa_id : citizen) + R"("},"user_id_by_app":"88)" + citizen +
               R"(","recipient":{"id":")" + (by_oa ? citizen : as_.oa_id) + R"("},"event_name":")" +
               event + R"(","message":{)" + message + R"(},"timestamp":")" +
               std::to_string(out.timestamp_ms) + R"("})";
    out.signature = zalo::sign(
        as_.app_id,
        out.body,
        std::to_string(out.timestamp_ms),
        kind == event_kind::forged ? as_.secret + "?" : as_.secret);
    out.key = key_of(by_oa ? out.body : event + '\0' + id);
    return out;
}

} // namespace motcua::load
