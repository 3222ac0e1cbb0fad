#include "configuration.hpp"
#include "installation.hpp"
#include "retention_rules.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace motcua {
namespace {

namespace fs = std::filesystem;

class Configuration : public testing::Test
{
protected:
    void SetUp() override
    {
        folder_ = fs::path(testing::TempDir()) / ("configuration-" + std::to_string(::getpid()));
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path write(const std::string& name, const std::string& text)
    {
        const auto file = folder_ / name;
        std::ofstream(file) << text;
        return file;
    }

    // What reading the file complains of.
    std::string complaint(const std::string& text, bool needs_zalo = false)
    {
        const auto file = write("motcua.yml", text);
        try {
            read_configuration(file, {}, false, needs_zalo);
        } catch (const configuration_error& error) {
            const std::string words = error.what();
            return words.starts_with(file.string()) ? words.substr(file.string().size()) : words;
        }
        return "none";
    }

    fs::path folder_;
};

TEST_F(Configuration, EveryKeyHasADefault)
{
    const auto config = read_configuration({}, {}, false, false);
    EXPECT_EQ(config.public_listener.port, 8080);
    EXPECT_EQ(config.staff_listener.address, "127.0.0.1");
    EXPECT_EQ(config.zalo.api_base, "https://openapi.zalo.me");
}

TEST_F(Configuration, ReadsTheFileSecretsAndOverrides)
{
    const auto secret = write("secret", "the-oa-secret\r\n");
    const auto token = write("token", "the-token\n");
    const auto file = write(
        "motcua.yml",
        "zalo:\n  app_id: \"1\"\n  oa_id: \"2\"\n  oa_secret_key_file: " + secret.string() +
            "\n  access_token_file: " + token.string() +
            "\npublic: {port: 9000}\ntest_users: [\"7\"]\n");
    const auto config = read_configuration(file, {"public.port=9001"}, false, true);
    EXPECT_EQ(config.zalo.oa_secret_key, "the-oa-secret");
    EXPECT_EQ(config.zalo.access_token, "the-token");
    EXPECT_EQ(config.public_listener.port, 9001);
    EXPECT_EQ(config.test_users, std::vector<std::string>{"7"});
}

TEST_F(Configuration, ABadFileIsNamedWithLineAndKey)
{
    EXPECT_EQ(complaint("zalo:\n  app: x\n"), ":2: unknown key zalo.app");
    EXPECT_EQ(complaint("colour: red\n"), ":1: unknown key colour");
    EXPECT_EQ(complaint("public:\n  port: many\n"), ":2: public.port: wrong kind of value");
    EXPECT_EQ(complaint("public:\n  port: 70000\n"), ":2: public.port: wrong kind of value");
    EXPECT_EQ(complaint("- a\n- b\n"), ": must be a map of keys");
    EXPECT_TRUE(complaint("public: {port: 1\n").starts_with(":"))
        << complaint("public: {port: 1\n");
    EXPECT_TRUE(
        complaint("zalo: {oa_secret_key_file: /does/not/exist}\n").find("cannot read") !=
        std::string::npos);
    EXPECT_EQ(
        complaint("public: {tls_key: k.pem}\n"),
        "public.tls_certificate and public.tls_key go together: set both or none");
    EXPECT_EQ(complaint("outbox: {concurrency: 0}\n"), "outbox.concurrency: 1 to 256");
    EXPECT_EQ(complaint("log_level: loud\n"), "log_level: debug, info, warning or error");
}

TEST_F(Configuration, FilesAreFetchedFromNamedHostsOnly)
{
    const auto file = write("motcua.yml", "attachments: {hosts: [a.example], size_limit_mib: 5}\n");
    const auto config = read_configuration(file, {}, false, false);
    EXPECT_EQ(config.attachments.hosts, std::vector<std::string>{"a.example"});
    EXPECT_EQ(config.attachments.size_limit_mib, 5U);
    for (const std::string host :
         {"localhost", "\".zdn.vn\"", "\"https://zdn.vn\"", "\"*.zdn.vn\""})
        EXPECT_NE(
            complaint("attachments: {hosts: [" + host + "]}").find("no host name"),
            std::string::npos)
            << host;
    EXPECT_NE(
        complaint("attachments: {size_limit_mib: 0}").find("attachments.size_limit_mib"),
        std::string::npos);
}

TEST_F(Configuration, ServingNeedsTheIdentityAndTheSecrets)
{
    EXPECT_EQ(complaint("", true), "zalo.app_id is missing: the id of the Zalo app");
    EXPECT_TRUE(complaint("zalo: {app_id: \"1\", oa_id: \"2\"}", true)
                    .starts_with("the OA secret key is missing"));
}

TEST_F(Configuration, WhatIsMissingIsToldOneByOne)
{
    EXPECT_EQ(missing_identity(read_configuration({}, {}, false, false)).size(), 3U);
    EXPECT_TRUE(missing_identity(read_configuration({}, {}, true, true)).empty());
}

TEST_F(Configuration, KeepsWhatCitizensWroteWithinBounds)
{
    EXPECT_EQ(complaint("retention: {messages_days: 29}\n"), "retention.messages_days: 30 to 730");
    EXPECT_EQ(complaint("retention: {unknown_days: 731}\n"), "retention.unknown_days: 30 to 730");
    EXPECT_EQ(
        complaint("retention: {citizens_days: 1}\n"),
        "retention.citizens_days: 90 to 3650, or 0 for never");
    const auto file = write("motcua.yml", "retention: {citizens_days: 0, messages_days: 60}\n");
    const auto rules = retention_rules_of(read_configuration(file, {}, false, false));
    EXPECT_EQ(rules.of(app::kept_kind::citizens), std::chrono::days(0));
    EXPECT_EQ(rules.of(app::kept_kind::events), std::chrono::days(60));
    EXPECT_EQ(rules.of(app::kept_kind::outgoing), std::chrono::days(60));
}

TEST_F(Configuration, AnInstalledProgramFindsWhatCameWithIt)
{
    const auto usr = write("x", "").parent_path() / "root" / "usr";
    std::filesystem::create_directories(usr / "share" / "motcua" / "intents");
    const auto found = installation_of(usr / "bin" / "motcua");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->data, usr / "share" / "motcua" / "data");
    EXPECT_EQ(found->config, usr.parent_path() / "etc" / "motcua" / "motcua.yml");
    EXPECT_FALSE(installation_of(usr / "build" / "motcua"));
    EXPECT_FALSE(installation_of("/nowhere/bin/motcua"));
}

TEST_F(Configuration, TheDemonstrationNeedsNoFile)
{
    const auto config = read_configuration({}, {}, true, true);
    EXPECT_TRUE(config.demo);
    EXPECT_EQ(config.public_listener.address, "127.0.0.1");
}

TEST_F(Configuration, OAuthIsAtTheSimulatorInADemonstrationOnly)
{
    const auto demo = read_configuration({}, {"zalo.api_base=http://127.0.0.1:1"}, true, true);
    EXPECT_EQ(demo.zalo.oauth_base, "http://127.0.0.1:1");
    const auto real = read_configuration({}, {"zalo.api_base=http://127.0.0.1:1"}, false, false);
    EXPECT_EQ(real.zalo.oauth_base, "https://oauth.zaloapp.com");
    const auto both = read_configuration({}, {"zalo.oauth_base=http://127.0.0.1:2"}, true, true);
    EXPECT_EQ(both.zalo.oauth_base, "http://127.0.0.1:2");
}

TEST_F(Configuration, ServesWithoutATokenSoThatAConsentCanBringOne)
{
    const auto secret = write("secret", "the-oa-secret\n");
    EXPECT_EQ(
        complaint(
            "zalo: {app_id: \"1\", oa_id: \"2\", oa_secret_key_file: " + secret.string() + "}",
            true),
        "none");
}

TEST_F(Configuration, TheCallbackIsAPlainUrl)
{
    for (const auto* wrong :
         {"https://x.example/",
          "ftp://x.example/oauth/callback",
          "https://x.example/oauth/callback?a=1"})
        EXPECT_TRUE(complaint("zalo: {callback_url: \"" + std::string(wrong) + "\"}")
                        .starts_with("zalo.callback_url"))
            << wrong;
    EXPECT_EQ(complaint("zalo: {callback_url: \"https://x.example/oauth/callback\"}"), "none");
}

TEST_F(Configuration, AnOverrideMustBeAPair)
{
    EXPECT_THROW(read_configuration({}, {"public.port"}, false, false), configuration_error);
    EXPECT_THROW(read_configuration({}, {"nothing=1"}, false, false), configuration_error);
}

} // namespace
} // namespace motcua
