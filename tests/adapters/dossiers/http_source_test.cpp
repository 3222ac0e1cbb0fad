#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <motcua/adapters/content/dossier_file.hpp>
#include <motcua/adapters/dossiers/http_source.hpp>
#include <support/run_coroutine.hpp>

#include <filesystem>
#include <map>

namespace motcua::dossier_files {
namespace {

using namespace std::chrono_literals;

const std::string code = "H15.50.05.13-261008-0975";

// The one-stop system as a table of answers.
struct one_stop
{
    std::map<std::string, fetched> answers;
    int calls = 0;

    asio::awaitable<fetched> get(std::string path)
    {
        ++calls;
        const auto found = answers.find(path);
        if (found == answers.end())
            co_return fetched{404, ""};
        co_return found->second;
    }
};

class HttpSource : public testing::Test
{
protected:
    HttpSource()
    {
        source_ = make_http_dossiers(
            {.get = [this](std::string path) { return system_.get(std::move(path)); },
             .format = content::read_dossier_format(
                           std::filesystem::path(MOTCUA_SOURCE_DIR) / "data/dossiers.yml")
                           .format,
             .rule = {},
             .seal = [](std::string_view text) { return "sealed " + std::string(text); },
             .now = [this] { return now_; },
             .cache_for = 60s,
             .cache_limit = 3});
    }
    app::found_dossier find(const std::string& which)
    {
        return run_coroutine(io_, source_->find(which));
    }
    void answer(unsigned status, const std::string& body)
    {
        system_.answers["/" + code] = {status, body};
    }

    asio::io_context io_;
    one_stop system_;
    std::chrono::steady_clock::time_point now_{};
    std::unique_ptr<app::dossier_source> source_;
};

TEST_F(HttpSource, ReadsTheObjectByTheNamesOfTheTable)
{
    answer(
        200,
        R"({"code":"h15.50.05.13-261008-0975","Trạng thái":4,"due":"2026-11-24","more":[1],)"
        R"("procedure":"Khai sinh","phone":"0912345678"})");
    const auto found = find(code);
    ASSERT_TRUE(found.available);
    ASSERT_TRUE(found.what);
    EXPECT_EQ(found.what->code, code);
    EXPECT_EQ(found.what->at, dossiers::status::processing);
    EXPECT_EQ(found.what->proof, "sealed " + dossiers::to_be_sealed(code, "5678", {}));
}

TEST_F(HttpSource, RemembersForAWhileWhatIsThereAndWhatIsNot)
{
    answer(200, R"({"code":")" + code + R"(","status":"1","phone":""})");
    EXPECT_TRUE(find(code).what);
    answer(200, R"({"code":")" + code + R"(","status":"2","phone":""})");
    EXPECT_EQ(find(code).what->at, dossiers::status::registered);
    EXPECT_FALSE(find("0123456").what);
    EXPECT_TRUE(find("0123456").available);
    EXPECT_EQ(system_.calls, 2) << "a code that does not exist takes no longer the second time";
    now_ += 61s;
    EXPECT_EQ(find(code).what->at, dossiers::status::accepted);
}

TEST_F(HttpSource, RemembersNoMoreThanItsLimit)
{
    for (int i = 0; i < 10; ++i)
        find("012345" + std::to_string(i));
    EXPECT_EQ(system_.calls, 10);
    find("0123459");
    EXPECT_EQ(system_.calls, 10);
}

TEST_F(HttpSource, WhatIsNoAnswerIsUnavailableAndNotRemembered)
{
    const std::string other = R"({"code":"0123456","status":"1","phone":""})";
    for (const auto& [status, body] : std::vector<std::pair<unsigned, std::string>>{
             {0, ""},
             {500, ""},
             {200, "<html>"},
             {200, "[]"},
             {200, R"({"code":")" + code + "\"}"},
             {200, other},
             {200, std::string(100'000, ' ')}}) {
        answer(status, body);
        EXPECT_FALSE(find(code).available) << body.substr(0, 50);
    }
    answer(404, "");
    EXPECT_TRUE(find(code).available);
}

} // namespace
} // namespace motcua::dossier_files
