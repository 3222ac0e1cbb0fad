#pragma once

#include <motcua/adapters/zalo/http_client.hpp>
#include <motcua/adapters/zalo/oauth.hpp>
#include <motcua/adapters/zalo/token_keeper.hpp>
#include <motcua/adapters/zalo/token_vault.hpp>

#include <cerrno>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <utility>

// A disk, a platform and clocks for tests of the token keeper.
namespace motcua::zalo {

// The process is gone. No std::exception, so that nothing on the way can take it for a fault.
struct killed
{
};

// A disk in memory that knows what a power cut leaves: bytes and names that were synced.
class model_disk final : public vault_disk
{
public:
    bool full = false;

    std::optional<std::string> read(const std::filesystem::path& file) override
    {
        const auto found = names_.find(file);
        if (found == names_.end())
            return std::nullopt;
        return nodes_[found->second];
    }
    void write(const std::filesystem::path& file, std::string_view bytes) override
    {
        if (full)
            throw std::system_error(ENOSPC, std::generic_category(), file.string());
        if (!names_.contains(file))
            names_[file] = ++last_;
        nodes_[names_[file]] = bytes;
    }
    void overwrite(const std::filesystem::path& file, std::string_view bytes) override
    {
        nodes_[names_.at(file)].replace(0, bytes.size(), bytes);
    }
    void rename(const std::filesystem::path& from, const std::filesystem::path& to) override
    {
        names_[to] = names_.at(from);
        names_.erase(from);
    }
    void remove(const std::filesystem::path& file) override { names_.erase(file); }
    void sync_directory(const std::filesystem::path& /*directory*/) override { synced_ = names_; }
    std::unique_ptr<vault_lock> try_lock(const std::filesystem::path& /*file*/) override
    {
        if (locked_)
            return nullptr;
        return std::make_unique<held>(locked_);
    }

    void cut_power() { names_ = synced_; }
    bool holds(const std::string& text) const
    {
        for (const auto& [number, bytes] : nodes_) {
            if (bytes.find(text) != std::string::npos)
                return true;
        }
        return false;
    }

private:
    class held final : public vault_lock
    {
    public:
        explicit held(bool& flag) : flag_(flag) { flag_ = true; }
        held(const held&) = delete;
        held& operator=(const held&) = delete;
        ~held() override { flag_ = false; }

    private:
        bool& flag_;
    };

    std::map<std::filesystem::path, int> names_;
    std::map<std::filesystem::path, int> synced_;
    std::map<int, std::string> nodes_;
    int last_ = 0;
    bool locked_ = false;
};

// Counts what is done and ends the process at the step given; a write may die half-way.
class dying_disk final : public vault_disk
{
public:
    explicit dying_disk(vault_disk& real) : real_(real) {}

    int steps_left = -1; // negative: immortal
    int answers_written = 0;

    void step()
    {
        if (steps_left > 0 && --steps_left == 0)
            throw killed();
    }

    std::optional<std::string> read(const std::filesystem::path& file) override
    {
        step();
        return real_.read(file);
    }
    void write(const std::filesystem::path& file, std::string_view bytes) override
    {
        half([&](std::string_view part) { real_.write(file, part); }, bytes);
        real_.write(file, bytes);
    }
    void overwrite(const std::filesystem::path& file, std::string_view bytes) override
    {
        half([&](std::string_view part) { real_.overwrite(file, part); }, bytes);
        real_.overwrite(file, bytes);
        ++answers_written;
    }
    void rename(const std::filesystem::path& from, const std::filesystem::path& to) override
    {
        step();
        real_.rename(from, to);
    }
    void remove(const std::filesystem::path& file) override
    {
        step();
        real_.remove(file);
    }
    void sync_directory(const std::filesystem::path& directory) override
    {
        step();
        real_.sync_directory(directory);
    }
    std::unique_ptr<vault_lock> try_lock(const std::filesystem::path& file) override
    {
        step();
        return real_.try_lock(file);
    }

private:
    template <class Write>
    void half(Write write, std::string_view bytes)
    {
        step();
        try {
            step();
        } catch (const killed&) {
            write(bytes.substr(0, bytes.size() / 2));
            throw;
        }
    }

    vault_disk& real_;
};

// The token endpoint: single-use refresh tokens, and a second use revokes everything.
class fake_oauth final : public http_client
{
public:
    enum class mood
    {
        obliging,
        unreachable, // surely not sent
        deaf,        // cut before it acts
        silent,      // acts, and the answer is cut
        refusing,
        babbling, // acts, and answers HTML
        ailing,   // 502 without acting
    };
    std::deque<mood> moods; // of the next calls; then obliging
    mood usual = mood::obliging;
    std::set<std::string> live{"access-0"};
    std::string refresh = "refresh-0";
    std::set<std::string> spent;
    bool old_access_lives = true;
    int calls = 0; // that reached it
    int acted = 0;
    std::string last_form;
    std::function<void()> before = [] {};
    std::function<void()> behind = [] {};

    asio::awaitable<http_answer>
    post(std::string path, http_fields fields, std::string body) override
    {
        http_answer out;
        auto now = usual;
        if (!moods.empty()) {
            now = moods.front();
            moods.pop_front();
        }
        before();
        if (now == mood::unreachable) {
            out.reason = "connect: refused";
            co_return out;
        }
        ++calls;
        last_form = body;
        out.end = http_answer::kind::answered;
        out.status = 200;
        if (now == mood::deaf) {
            out.end = http_answer::kind::cut;
            out.reason = "read: end of stream";
        } else if (now == mood::ailing) {
            out.status = 502;
        } else if (now == mood::refusing || path != token_path || fields.size() != 2) {
            out.body = R"({"error":-14014,"error_name":"Invalid refresh token"})";
        } else {
            out.body = act(body);
        }
        if (now == mood::silent) {
            out = {};
            out.end = http_answer::kind::cut;
            out.reason = "read: timed out";
        }
        if (now == mood::babbling)
            out.body = "<html></html>";
        behind();
        co_return out;
    }
    asio::awaitable<http_answer> get(std::string, http_fields) override { co_return http_answer{}; }

private:
    std::string act(const std::string& form)
    {
        const auto given = form_value(form, "refresh_token");
        const bool is_exchange = form_value(form, "code") == "good-code";
        if (!is_exchange && given != refresh) {
            if (spent.contains(given))
                live.clear();
            return R"({"error":-14014,"error_name":"Invalid refresh token"})";
        }
        ++acted;
        spent.insert(refresh);
        if (!old_access_lives)
            live.clear();
        const auto number = std::to_string(acted);
        refresh = "refresh-" + number;
        live.insert("access-" + number);
        return R"({"access_token":"access-)" + number + R"(","refresh_token":"refresh-)" + number +
               R"(","expires_in":"90000"})";
    }
};

struct test_clocks
{
    utc_time wall{std::chrono::hours(24 * 365 * 56)};
    std::chrono::steady_clock::time_point steady{std::chrono::hours(1000)};
    void pass(std::chrono::milliseconds span)
    {
        wall += span;
        steady += span;
    }
};

} // namespace motcua::zalo
