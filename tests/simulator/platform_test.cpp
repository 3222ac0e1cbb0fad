#include "platform.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

// Limits of the platform that our own server never comes near (zalo-oa-protocol 2).
namespace motcua::simulator {
namespace {

using nlohmann::json;

constexpr std::size_t mebibyte = 1024UL * 1024;

class Platform : public testing::Test
{
protected:
    static options settings()
    {
        options out;
        out.access_token = "t";
        return out;
    }

    json upload(const std::string& kind, const std::string& bytes)
    {
        const auto body = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" + bytes +
                          "\r\n--b--\r\n";
        return platform_.upload(kind, "multipart/form-data; boundary=b", body, now_);
    }
    int error_of(const json& message)
    {
        const json body{{"recipient", {{"user_id", writer_}}}, {"message", message}};
        return platform_.decide(v3_path, "t", body.dump(), now_).error;
    }
    int error_of_media(const json& element)
    {
        const json payload{{"template_type", "media"}, {"elements", json::array({element})}};
        return error_of({{"attachment", {{"type", "template"}, {"payload", payload}}}});
    }
    static std::string of_size(std::string begin, std::size_t bytes)
    {
        begin.resize(bytes, 'x');
        return begin;
    }

    platform platform_{settings()};
    utc_time now_{std::chrono::hours(1000)};
    std::string writer_ = [this] {
        auto& made = platform_.add_citizen("An");
        made.last_interaction = now_;
        return made.id;
    }();
};

TEST_F(Platform, UploadsHaveASizeAndAKind)
{
    const std::string png = "\x89PNG\r\n\x1A\n";
    const std::vector<std::pair<json, int>> table{
        {upload("image", of_size(png, mebibyte)), 0},
        {upload("image", of_size(png, mebibyte + 1)), -210},
        {upload("image", "\xFF\xD8\xFF"), 0},
        {upload("image", "GIF89a"), -201},
        {upload("gif", of_size("GIF89a", 5 * mebibyte)), 0},
        {upload("gif", of_size("GIF89a", 5 * mebibyte + 1)), -210},
        {upload("gif", png), -201},
        {upload("file", of_size("%PDF-", 5 * mebibyte)), 0},
        {upload("file", of_size("%PDF-", 5 * mebibyte + 1)), -210},
        {upload("file", std::string("MZ\0", 3)), -201},
        {upload("file", ""), -201},
        {upload("film", "x"), -201}};
    for (std::size_t i = 0; i < table.size(); ++i)
        EXPECT_EQ(table[i].first["error"], table[i].second) << i;
}

TEST_F(Platform, UploadsAreFiveThousandOfAKindInAMonth)
{
    for (int i = 0; i < 5000; ++i)
        ASSERT_EQ(upload("image", "\xFF\xD8\xFF")["error"], 0);
    EXPECT_EQ(upload("image", "\xFF\xD8\xFF")["error"], -211);
    EXPECT_EQ(upload("file", "%PDF-")["error"], 0) << "each kind has its own";
    now_ += std::chrono::hours(30 * 24);
    EXPECT_EQ(upload("image", "\xFF\xD8\xFF")["error"], 0);
}

TEST_F(Platform, AnUploadServesItsOwnKindOnly)
{
    const auto image = upload("image", "\xFF\xD8\xFF")["data"]["attachment_id"];
    const auto file = upload("file", "%PDF-")["data"]["token"];
    const auto as_file = [this](const json& id) {
        return error_of({{"attachment", {{"type", "file"}, {"payload", {{"token", id}}}}}});
    };
    EXPECT_EQ(as_file(file), 0);
    EXPECT_EQ(as_file(image), -201);
    EXPECT_EQ(error_of_media({{"media_type", "image"}, {"attachment_id", image}}), 0);
    EXPECT_EQ(error_of_media({{"media_type", "image"}, {"attachment_id", file}}), -201);
}

TEST_F(Platform, AGifHasASizeAndAStickerAnId)
{
    const std::string url = "https://a/i.gif";
    const std::vector<std::pair<json, int>> table{
        {{{"media_type", "gif"}, {"url", url}, {"width", 20}, {"height", 10}}, 0},
        {{{"media_type", "gif"}, {"url", url}}, -201},
        {{{"media_type", "gif"}, {"url", url}, {"width", 20}}, -201},
        {{{"media_type", "gif"}, {"url", url}, {"width", 0}, {"height", 10}}, -201},
        {{{"media_type", "sticker"}, {"attachment_id", "s1"}}, 0},
        {{{"media_type", "sticker"}, {"url", url}}, -201}};
    for (const auto& [element, want] : table)
        EXPECT_EQ(error_of_media(element), want) << element.dump();
}

TEST_F(Platform, AButtonsShortMessageHas160Characters)
{
    const auto sms = [this](const json& payload) {
        const json button{{"title", "A"}, {"type", "oa.open.sms"}, {"payload", payload}};
        const json buttons{{"buttons", json::array({button})}};
        return error_of(
            {{"text", "x"}, {"attachment", {{"type", "template"}, {"payload", buttons}}}});
    };
    std::string words;
    for (int i = 0; i < 160; ++i)
        words += "ệ";
    EXPECT_EQ(sms({{"phone_code", "84912345678"}, {"content", words}}), 0);
    EXPECT_EQ(sms({{"phone_code", "84912345678"}, {"content", words + "x"}}), -210);
    EXPECT_EQ(sms({{"phone_code", "84912345678"}}), -201);
    EXPECT_EQ(sms({{"content", "x"}}), -201);
}

} // namespace
} // namespace motcua::simulator
