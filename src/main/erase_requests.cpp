#include "erase_requests.hpp"

#include "mapped_file.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/run_on.hpp>
#include <motcua/support/use_tuple.hpp>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace motcua {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t at_once = 100;
constexpr std::chrono::hours proof_kept{24}; // that nobody has come for

std::string random_name()
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("no random bytes");
    std::string name;
    for (const auto byte : bytes) {
        name += digits[byte >> 4U];
        name += digits[byte & 15U];
    }
    return name;
}

void make_private_folder(const fs::path& folder)
{
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms::owner_all);
}

std::string first_line(const fs::path& file)
{
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

struct request
{
    fs::path file;
    std::string user_id;
};

std::vector<request> requests_in(const fs::path& folder)
{
    std::vector<request> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        if (entry.path().extension() == ".request" && found.size() < at_once)
            found.push_back({entry.path(), first_line(entry.path())});
        const bool stale =
            entry.path().extension() == ".proof" &&
            fs::file_time_type::clock::now() - entry.last_write_time(none) > proof_kept;
        if (stale)
            fs::remove(entry.path(), none);
    }
    return found;
}

} // namespace

bool is_user_id(const std::string& text)
{
    constexpr std::size_t longest = 32;
    return !text.empty() && text.size() <= longest &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

fs::path erase_folder(const configuration& config)
{
    return config.storage.directory / "erase";
}

std::string erase_for_operator(
    app::transaction& store, const std::string& user_id, const std::string& pseudonym, utc_time now)
{
    const bool known = store.knows(user_id);
    const auto proof = store.erase(user_id, pseudonym, "operator", now);
    app::audit_entry act;
    act.at = now;
    act.actor = "command line";
    act.action = "erase";
    act.subject = proof.id; // not the citizen
    store.audit().add(act);
    const auto count = [](std::int64_t number, const char* of) {
        return std::to_string(number) + of;
    };
    return (known ? "erased" : "nothing was kept of this citizen") + std::string("; proof ") +
           proof.id + ": " + count(proof.events, " events, ") +
           count(proof.outgoing, " messages, ") +
           count(proof.interactions, " contacts made anonymous, ") +
           count(proof.attachments, " attachments, ") + count(proof.handovers, " handovers");
}

std::optional<std::string>
request_erasure(const configuration& config, const std::string& user_id, std::chrono::seconds wait)
{
    constexpr std::chrono::milliseconds pause{100};
    const auto folder = erase_folder(config);
    make_private_folder(folder);
    const auto name = random_name();
    write_whole_file(folder / (name + ".request"), user_id + "\n");
    const auto proof = folder / (name + ".proof");
    const auto give_up = std::chrono::steady_clock::now() + wait;
    while (!fs::exists(proof)) {
        if (std::chrono::steady_clock::now() > give_up)
            return std::nullopt;
        std::this_thread::sleep_for(pause);
    }
    auto line = first_line(proof);
    fs::remove(proof);
    return line;
}

erase_requests::erase_requests(
    const asio::any_io_executor& executor, fs::path folder, erase_requests_parts parts)
    : folder_(std::move(folder)), parts_(std::move(parts)), timer_(executor)
{
}

void erase_requests::stop()
{
    stopping_ = true;
    timer_.cancel();
}

asio::awaitable<void> erase_requests::run()
{
    while (!stopping_) {
        try {
            co_await look();
        } catch (const std::exception& failure) {
            // A disk that is full, say: the request is still there.
            log::error("an erasure asked for is still to be done", {{"reason", failure.what()}});
        }
        if (stopping_)
            break;
        timer_.expires_after(parts_.look_every);
        co_await timer_.async_wait(use_tuple);
    }
}

asio::awaitable<void> erase_requests::look()
{
    auto list = [folder = folder_] { return requests_in(folder); };
    const auto wanted = co_await run_on(parts_.workers, std::move(list));
    for (const auto& one : wanted) {
        const auto line = std::make_shared<std::string>("this is no Zalo user id");
        if (is_user_id(one.user_id)) {
            auto unit = [line,
                         user_id = one.user_id,
                         pseudonym = parts_.pseudonym(one.user_id),
                         now = parts_.now()](app::transaction& store) {
                *line = erase_for_operator(store, user_id, pseudonym, now);
            };
            const auto committed = co_await parts_.store.commit(std::move(unit));
            if (!committed)
                co_return; // at the next look
            parts_.files_to_remove();
            log::info("a citizen was erased at the operator's request");
        }
        // Done twice does no harm: the request goes last.
        auto finish = [file = one.file, line] {
            auto proof = file;
            write_whole_file(proof.replace_extension(".proof"), *line + "\n");
            fs::remove(file);
        };
        co_await run_on(parts_.workers, std::move(finish));
    }
}

} // namespace motcua
