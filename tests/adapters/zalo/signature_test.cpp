#include <gtest/gtest.h>
#include <motcua/adapters/zalo/webhook.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace motcua::zalo {
namespace {

// Reckoned with `printf '%s' <app id><body><timestamp><secret> | sha256sum`.
constexpr std::string_view app_id = "4120983375560182734";
constexpr std::string_view secret = "sample-oa-secret-key";
constexpr std::string_view timestamp = "1795140061337";
constexpr std::string_view body =
    R"({"app_id":"4120983375560182734","event_name":"user_send_text","timestamp":"1795140061337"})";
constexpr std::string_view hex = "859c5d8cca0dc17deab1864b0feddea205ba56dc7b1b056ef896429d1cb9d266";

bool verify_sample(std::string_view header)
{
    return verify(header, app_id, body, timestamp, secret);
}

TEST(Sign, IsPlainSha256OfTheFourParts)
{
    EXPECT_EQ(sign(app_id, body, timestamp, secret), "mac=" + std::string(hex));
    EXPECT_EQ(
        sign("a", R"({"t":"\u00e1"})", "1", "secret"),
        "mac=c979787bcb57e6d1f845c2ff1fb7ae3eb7ece3916d0af706f14bb943758b64ed");
}

TEST(Verify, AcceptsEveryWayOfWritingIt)
{
    std::string upper(hex);
    for (auto& c : upper)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const std::string plain(hex);
    for (const auto& header :
         {"mac=" + plain,
          "mac = " + plain,
          "MAC=" + upper,
          "Mac\t=\t" + plain,
          plain,
          upper,
          " mac= " + plain + " "})
        EXPECT_TRUE(verify_sample(header)) << header;
}

TEST(Verify, RefusesWhatIsNoSignature)
{
    const std::string plain(hex);
    for (const auto& header : std::vector<std::string>{
             "",
             "mac=",
             "mac",
             "=" + plain,
             "sha256=" + plain,
             "mac==" + plain,
             "mac=mac=" + plain,
             "mac " + plain,
             "mac=" + plain.substr(1),
             "mac=" + plain + "0",
             "mac=" + plain + plain,
             "mac=" + plain.substr(0, 63) + "g",
             "mac=" + plain + "," + plain,
             "mac=\n" + plain,
             "mac=" + std::string(64, '\0')})
        EXPECT_FALSE(verify_sample(header)) << header;
}

TEST(Verify, RefusesAnEmptySecret)
{
    EXPECT_FALSE(verify(sign(app_id, body, timestamp, ""), app_id, body, timestamp, ""));
}

TEST(Verify, NoticesEveryFlippedBit)
{
    for (std::size_t bit = 0; bit < 8 * body.size(); ++bit) {
        std::string changed(body);
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(verify("mac=" + std::string(hex), app_id, changed, timestamp, secret)) << bit;
    }
    for (std::size_t digit = 0; digit < hex.size(); ++digit) {
        std::string changed(hex);
        changed[digit] = changed[digit] == '0' ? '1' : '0';
        EXPECT_FALSE(verify_sample(changed)) << digit;
    }
    EXPECT_FALSE(verify(hex, app_id, body, "1795140061338", secret));
    EXPECT_FALSE(verify(hex, "4120983375560182735", body, timestamp, secret));
    EXPECT_FALSE(verify(hex, app_id, body, timestamp, "sample-oa-secret-kez"));
}

// The same bytes divided differently have the same digest; only one division may count.
TEST(Verify, NoticesAShiftedBoundary)
{
    const auto header = sign(app_id, body, timestamp, secret);
    const std::string longer_body = std::string(body) + std::string(timestamp.substr(0, 1));
    ASSERT_EQ(sign(app_id, longer_body, timestamp.substr(1), secret), header);
    EXPECT_FALSE(verify(header, app_id, longer_body, timestamp.substr(1), secret));

    const std::string longer_timestamp = "}" + std::string(timestamp);
    const auto shorter_body = body.substr(0, body.size() - 1);
    ASSERT_EQ(sign(app_id, shorter_body, longer_timestamp, secret), header);
    EXPECT_FALSE(verify(header, app_id, shorter_body, longer_timestamp, secret));

    EXPECT_FALSE(verify(header, app_id, std::string(body) + std::string(timestamp), "", secret));
    EXPECT_FALSE(verify(
        header, app_id, body, std::string(timestamp) + std::string(secret), std::string_view()));
    const std::string body_with_id = "4" + std::string(body);
    EXPECT_FALSE(verify(sign("4", body, timestamp, secret), "", body_with_id, timestamp, secret));
}

TEST(Verify, AcceptsAllSampleSignatures)
{
    const std::filesystem::path folder = std::string(MOTCUA_SHARED_DIR) + "/zalo-events";
    std::ifstream table(folder / "signatures.tsv");
    if (!table)
        GTEST_SKIP() << "no sample events here";
    std::string line;
    std::getline(table, line);
    int rows = 0;
    while (std::getline(table, line)) {
        std::istringstream cells(line);
        std::string name;
        std::size_t size = 0;
        std::string when;
        std::string header;
        cells >> name >> size >> when >> header;
        std::ifstream file(folder / name, std::ios::binary);
        const std::string sample(std::istreambuf_iterator<char>(file), {});
        EXPECT_EQ(sample.size(), size) << name;
        EXPECT_TRUE(verify(header, app_id, sample, when, secret)) << name;
        EXPECT_EQ(sign(app_id, sample, when, secret), header) << name;
        ++rows;
    }
    EXPECT_EQ(rows, 59);
}

TEST(SetupProbe, IsAnEmptyObject)
{
    for (const auto* yes : {"{}", " {} ", "{ }", "\r\n{\t}\n"})
        EXPECT_TRUE(is_setup_probe(yes)) << yes;
    for (const auto* no : {"", "{", "}", "[]", "{}{}", "{\"a\":1}", "null", "{{}}"})
        EXPECT_FALSE(is_setup_probe(no)) << no;
}

} // namespace
} // namespace motcua::zalo
