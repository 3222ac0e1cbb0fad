#include <gtest/gtest.h>
#include <motcua/app/attachment_content.hpp>
#include <motcua/core/text/unicode.hpp>

#include <string>

namespace motcua::app {
namespace {

using namespace std::string_view_literals;

struct type_case
{
    std::string name;
    std::string content;
    std::string type;
};

class ContentType : public testing::TestWithParam<type_case>
{
};

TEST_P(ContentType, IsToldByTheFirstBytes)
{
    EXPECT_EQ(content_type_of(GetParam().content), GetParam().type);
}

const std::string unknown_type = "application/octet-stream";

INSTANTIATE_TEST_SUITE_P(
    Cases,
    ContentType,
    testing::Values(
        type_case{"Jpeg", "\xFF\xD8\xFF\xE0 and more", "image/jpeg"},
        type_case{"Png", "\x89PNG\r\n\x1A\n....", "image/png"},
        type_case{"Gif", "GIF89a....", "image/gif"},
        type_case{"Webp", "RIFF....WEBPVP8 ", "image/webp"},
        type_case{"Wave", "RIFF....WAVEfmt ", "audio/wav"},
        type_case{"Heic", std::string("\0\0\0\x18", 4) + "ftypheic....", "image/heic"},
        type_case{"Mp4", std::string("\0\0\0\x18", 4) + "ftypisom....", "video/mp4"},
        type_case{"VoiceNote", std::string("\0\0\0\x18", 4) + "ftypM4A ....", "audio/mp4"},
        type_case{"Amr", "#!AMR\n....", "audio/amr"},
        type_case{"Aac", "\xFF\xF1\x50\x80", "audio/aac"},
        type_case{"Pdf", "%PDF-1.7\n", "application/pdf"},
        type_case{"Word", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "application/msword"},
        type_case{
            "Docx",
            "PK\x03\x04....[Content_Types].xml....word/document.xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        type_case{"Zip", "PK\x03\x04....photo.jpg", "application/zip"},
        type_case{"Page", "<html><script>alert(1)</script>", unknown_type},
        type_case{"Drawing", "<svg xmlns='http://www.w3.org/2000/svg'>", unknown_type},
        type_case{"Program", "MZ\x90", unknown_type},
        type_case{"Short", "\xFF\xD8", unknown_type},
        type_case{"Empty", "", unknown_type}),
    [](const testing::TestParamInfo<type_case>& one) { return one.param.name; });

struct name_case
{
    std::string name;
    std::string given;
    std::string safe;
};

class SafeName : public testing::TestWithParam<name_case>
{
};

TEST_P(SafeName, MisleadsNobody)
{
    EXPECT_EQ(safe_file_name(GetParam().given), GetParam().safe);
    EXPECT_EQ(safe_file_name(GetParam().safe), GetParam().safe);
}

INSTANTIATE_TEST_SUITE_P(
    Cases,
    SafeName,
    testing::Values(
        name_case{"Usual", "Tờ khai đăng ký.pdf", "Tờ khai đăng ký.pdf"},
        name_case{"Path", "../../etc/passwd", "passwd"},
        name_case{"WindowsPath", "C:\\Users\\a\\ảnh.jpg", "ảnh.jpg"},
        name_case{"OnlyDots", "...", ""},
        name_case{"Hidden", ".bashrc", "bashrc"},
        name_case{"Controls", "a\r\nb\x7F\u0085.pdf", "ab.pdf"},
        name_case{"RightToLeft", "hoa\u202Egpj.exe", "hoagpj.exe"},
        name_case{"Isolates", "\u2066a\u2069.pdf", "a.pdf"},
        name_case{"Markup", "<b>\"x\"|*?.pdf", "bx.pdf"},
        name_case{"TrailingDots", "a.pdf. . ", "a.pdf"},
        name_case{"Decomposed", "a\u0309nh.jpg", "ảnh.jpg"},
        name_case{"Empty", "", ""}),
    [](const testing::TestParamInfo<name_case>& one) { return one.param.name; });

TEST(SafeFileName, IsCutButKeepsItsExtension)
{
    std::string name;
    for (int i = 0; i < 300; ++i)
        name += "ế";
    const auto cut = safe_file_name(name + ".pdf");
    EXPECT_EQ(text::code_points(cut), 100U);
    EXPECT_TRUE(cut.ends_with(".pdf"));
    EXPECT_EQ(text::code_points(safe_file_name(name)), 100U);
    EXPECT_EQ(text::code_points(safe_file_name("a." + name)), 100U) << "no extension";
}

TEST(SafeFileName, AcceptsAnyBytes)
{
    for (int first = 0; first < 256; ++first) {
        const std::string name{static_cast<char>(first), '\xBF', 'a', static_cast<char>(first)};
        const auto safe = safe_file_name(name);
        EXPECT_TRUE(text::is_nfc(safe)) << first;
        EXPECT_EQ(safe.find('/'), std::string::npos);
    }
}

TEST(AttachmentsOf, KnowTheirPlaceInTheMessage)
{
    dialogue::inbound_event event;
    event.kind = dialogue::event_kind::media;
    event.user_id = "1001";
    event.message_id = "m1";
    for (const auto* const type : {"image", "sticker", "file"}) {
        auto& one = event.attachments.emplace_back();
        one.type = type;
        one.url = "https://a/1";
    }
    const auto kept = attachments_of(event);
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[0].message_id, "m1");
    EXPECT_EQ(kept[0].place, 0);
    EXPECT_EQ(kept[1].place, 2) << "as complaints count them";
}

} // namespace
} // namespace motcua::app
