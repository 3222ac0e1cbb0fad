#include "support/run_coroutine.hpp"

#include <adapters/sqlite/temporary_store.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/http/desk_files.hpp>

#include <fstream>
#include <ostream>
#include <string>
#include <string_view>

namespace motcua::http {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::string_view page = "<!doctype html><div id=root></div>";
constexpr std::string_view script = "/assets/index-Ab_1.js";

asio::awaitable<response> answer_of_server(std::string target)
{
    response reply;
    reply.body = "server: " + target;
    co_return reply;
}

std::string field(const response& reply, std::string_view name)
{
    for (const auto& [key, value] : reply.fields)
        if (key == name)
            return value;
    return "";
}

class DeskFiles : public testing::Test
{
protected:
    void write(const std::string& name, std::string_view content) const
    {
        fs::create_directories((folder() / name).parent_path());
        std::ofstream(folder() / name, std::ios::binary) << content;
    }

    void build() const
    {
        write("index.html", page);
        write("index.html.gz", "page as gzip");
        write("assets/index-Ab_1.js", "script");
        write("assets/index-Ab_1.js.gz", "script as gzip");
        write("assets/index-Ab_1.js.br", "script as brotli");
        write("assets/inter-Cd2.woff2", "font");
        write("assets/index-Ef3.css", "style");
        write("assets/icon-Gh4.svg", "icon");
    }

    fs::path folder() const { return temporary_.file().parent_path() / "dist"; }

    response
    ask(std::string_view method,
        std::string_view target,
        std::vector<std::pair<std::string, std::string>> fields = {}) const
    {
        const auto routes = make_desk_routes(
            folder(), [](const request& asked) { return answer_of_server(asked.target); });
        request asked;
        asked.method = method;
        asked.target = target;
        asked.fields = std::move(fields);
        return run_coroutine(routes(std::move(asked)));
    }

private:
    sqlite::temporary_folder temporary_;
};

struct target_case
{
    std::string name;
    std::string method;
    std::string target;
    unsigned status;
    std::string_view body;
};

std::ostream& operator<<(std::ostream& out, const target_case& shown)
{
    return out << shown.name;
}

class DeskTargets : public DeskFiles, public testing::WithParamInterface<target_case>
{
};

TEST_P(DeskTargets, AnswersWithWhatBelongsThere)
{
    build();
    const auto reply = ask(GetParam().method, GetParam().target);
    EXPECT_EQ(reply.status, GetParam().status);
    EXPECT_EQ(reply.body, GetParam().body);
}

constexpr std::string_view not_found = "not found\n";
constexpr std::string_view not_allowed = "method not allowed\n";

INSTANTIATE_TEST_SUITE_P(
    All,
    DeskTargets,
    testing::Values(
        target_case{"home", "GET", "/", 200, page},
        target_case{"home_head", "HEAD", "/", 200, page}, // the listener leaves the body out
        target_case{"screen", "GET", "/complaints/PA-261122-0007-K?tab=mine", 200, page},
        target_case{"page_by_name", "GET", "/index.html", 200, page},
        target_case{"like_the_api", "GET", "/apiary", 200, page},
        target_case{"asset", "GET", std::string(script), 200, "script"},
        target_case{"asset_with_query", "GET", std::string(script) + "?x=1", 200, "script"},
        target_case{"missing_asset", "GET", "/assets/index-old.js", 404, not_found},
        target_case{"assets_folder", "GET", "/assets/", 404, not_found},
        target_case{"encoded_by_name", "GET", std::string(script) + ".br", 404, not_found},
        target_case{"traversal", "GET", "/assets/../../secret", 404, not_found},
        target_case{"traversal_escaped", "GET", "/assets/%2e%2e/%2e%2e/secret", 404, not_found},
        target_case{"traversal_of_pages", "GET", "/../secret", 200, page},
        target_case{"secret_beside", "GET", "/secret", 200, page},
        target_case{"post", "POST", "/", 405, not_allowed},
        target_case{"delete_asset", "DELETE", std::string(script), 405, not_allowed},
        target_case{"api", "GET", "/api/v1/session", 200, "server: /api/v1/session"},
        target_case{"api_post", "POST", "/api/v1/session", 200, "server: /api/v1/session"},
        target_case{"api_itself", "GET", "/api", 200, "server: /api"},
        target_case{"health", "GET", "/healthz", 200, "server: /healthz"},
        target_case{"metrics", "GET", "/metrics", 200, "server: /metrics"}),
    [](const auto& shown) { return shown.param.name; });

TEST_F(DeskFiles, AHashedNameIsGoodForEver)
{
    build();
    const auto reply = ask("GET", script);
    EXPECT_EQ(field(reply, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(field(ask("GET", "/"), "Cache-Control"), "no-cache");
    EXPECT_EQ(field(ask("GET", "/assets/gone.js"), "Cache-Control"), "no-store");
}

struct type_case
{
    std::string target;
    std::string_view type;
};

TEST_F(DeskFiles, SaysTheTypeOfEachFile)
{
    build();
    for (const auto& [target, type] :
         {type_case{"/", "text/html; charset=utf-8"},
          type_case{std::string(script), "text/javascript; charset=utf-8"},
          type_case{"/assets/index-Ef3.css", "text/css; charset=utf-8"},
          type_case{"/assets/icon-Gh4.svg", "image/svg+xml"},
          type_case{"/assets/inter-Cd2.woff2", "font/woff2"}})
        EXPECT_EQ(ask("GET", target).content_type, type) << target;
}

struct encoding_case
{
    std::string name;
    std::string accepted;
    std::string coding;
    std::string_view body;
};

std::ostream& operator<<(std::ostream& out, const encoding_case& shown)
{
    return out << shown.name;
}

class DeskEncodings : public DeskFiles, public testing::WithParamInterface<encoding_case>
{
};

TEST_P(DeskEncodings, FollowsAcceptEncoding)
{
    build();
    const auto reply = ask("GET", script, {{"accept-encoding", GetParam().accepted}});
    EXPECT_EQ(field(reply, "Content-Encoding"), GetParam().coding);
    EXPECT_EQ(reply.body, GetParam().body);
    EXPECT_EQ(reply.content_type, "text/javascript; charset=utf-8");
    EXPECT_EQ(field(reply, "Vary"), "Accept-Encoding");
}

constexpr std::string_view as_brotli = "script as brotli";
constexpr std::string_view as_gzip = "script as gzip";

INSTANTIATE_TEST_SUITE_P(
    All,
    DeskEncodings,
    testing::Values(
        encoding_case{"browser", "gzip, deflate, br, zstd", "br", as_brotli},
        encoding_case{"only_gzip", "gzip, deflate", "gzip", as_gzip},
        encoding_case{"capitals", "GZip", "gzip", as_gzip},
        encoding_case{"brotli_refused", "br;q=0, gzip", "gzip", as_gzip},
        encoding_case{"brotli_refused_in_full", "br ; q=0.000,gzip", "gzip", as_gzip},
        encoding_case{"small_weight", "br;q=0.001", "br", as_brotli},
        encoding_case{"part_of_a_name", "brx", "", "script"},
        encoding_case{"nothing", "", "", "script"}),
    [](const auto& shown) { return shown.param.name; });

TEST_F(DeskFiles, OnlyWhatIsThereCompressedIsSentSo)
{
    build();
    const auto reply = ask("GET", "/assets/inter-Cd2.woff2", {{"accept-encoding", "br, gzip"}});
    EXPECT_EQ(reply.body, "font");
    EXPECT_EQ(field(reply, "Content-Encoding"), "");
    EXPECT_EQ(field(reply, "Vary"), "");
}

TEST_F(DeskFiles, AKnownTagIsAnsweredWithoutTheFile)
{
    build();
    const auto first = ask("GET", "/");
    const auto tag = field(first, "ETag");
    EXPECT_EQ(tag.size(), 34U);
    for (const auto& known : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
        const auto reply = ask("GET", "/", {{"if-none-match", known}});
        EXPECT_EQ(reply.status, 304U) << known;
        EXPECT_EQ(reply.body, "");
        EXPECT_EQ(field(reply, "ETag"), tag);
        EXPECT_EQ(field(reply, "Cache-Control"), "no-cache");
    }
    EXPECT_EQ(ask("GET", "/", {{"if-none-match", "\"other\""}}).status, 200U);
    // Another encoding is another representation.
    const auto encoded = ask("GET", "/", {{"if-none-match", tag}, {"accept-encoding", "gzip"}});
    EXPECT_EQ(encoded.status, 200U);
    EXPECT_EQ(encoded.body, "page as gzip");
    write("index.html", "a new desk");
    EXPECT_EQ(ask("GET", "/", {{"if-none-match", tag}}).body, "a new desk");
}

TEST_F(DeskFiles, EveryAnswerCarriesThePolicy)
{
    build();
    for (const std::string target : {"/", "/assets/index-Ab_1.js", "/assets/gone.js"}) {
        const auto reply = ask("GET", target);
        EXPECT_EQ(
            field(reply, "Content-Security-Policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src "
            "'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
            "'none'")
            << target;
        EXPECT_EQ(field(reply, "Referrer-Policy"), "same-origin");
        EXPECT_EQ(field(reply, "Cross-Origin-Opener-Policy"), "same-origin");
        EXPECT_EQ(field(reply, "Cross-Origin-Resource-Policy"), "same-origin");
    }
    EXPECT_EQ(field(ask("POST", "/"), "Allow"), "GET, HEAD");
}

TEST_F(DeskFiles, WithoutABuildThePageSaysWhatToDo)
{
    const auto reply = ask("GET", "/");
    EXPECT_EQ(reply.status, 503U);
    EXPECT_EQ(reply.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(reply.body, HasSubstr("scripts/desk"));
    EXPECT_EQ(ask("GET", script).status, 404U);
    EXPECT_EQ(ask("GET", "/api/v1/session").body, "server: /api/v1/session");
}

TEST_F(DeskFiles, AFolderThatIsNoDeskIsRefused)
{
    build();
    for (int i = 0; i < 1000; ++i)
        write("assets/" + std::to_string(i), "");
    EXPECT_THROW(ask("GET", "/"), std::runtime_error);
}

} // namespace
} // namespace motcua::http
