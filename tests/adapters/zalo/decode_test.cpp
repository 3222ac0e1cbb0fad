#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/zalo/webhook.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace motcua::zalo {
namespace {

using dialogue::event_kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto citizen = "6139027745518830264";
constexpr auto oa = "2875140966023817451";

// An event of the citizen with the given members of `message`.
std::string text_event(std::string_view message)
{
    return R"({"app_id":"1","sender":{"id":"2"},"recipient":{"id":"3"},)"
           R"("event_name":"user_send_text","message":{)" +
           std::string(message) + R"(},"timestamp":"1795140061337"})";
}

dialogue::inbound_event decode(std::string_view body)
{
    auto event = decode_event(body);
    EXPECT_TRUE(event.has_value()) << body;
    return event.has_value() ? *event : dialogue::inbound_event();
}

// --- every sample ------------------------------------------------------------------------------

struct sample
{
    std::string file;
    event_kind kind;
    std::string user_id;
    std::string message_id;
    std::string text;
    std::vector<std::string> attachments; // "type url"
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest looks for this name.
void PrintTo(const sample& value, std::ostream* out)
{
    *out << value.file;
}

const std::vector<sample>& samples()
{
    const std::string sentence = "tôi xin trình bày sự việc như sau";
    static const std::vector<sample> table{
        {"add_user_to_tag", event_kind::other, "", "", "", {}},
        {"anonymous_send_file",
         event_kind::other,
         "",
         "6bb5309fc92e688ada76",
         "",
         {"file https://file.zdn.example/dl/an/don.pdf"}},
        {"anonymous_send_image",
         event_kind::other,
         "",
         "8462d72b627aa6bd530c",
         "",
         {"image https://photo.zdn.example/o/an.jpg"}},
        {"anonymous_send_sticker",
         event_kind::other,
         "",
         "2a55fc7d96d6ba8ab287",
         "",
         {"sticker https://sticker.zdn.example/20655.png"}},
        {"anonymous_send_text",
         event_kind::other,
         "",
         "2680e5688ba50898fc34",
         "Trung tâm làm việc đến mấy giờ?",
         {}},
        {"change_oa_daily_quota", event_kind::other, "", "", "", {}},
        {"change_template_status", event_kind::other, "", "", "", {}},
        {"create_group", event_kind::other, "", "", "", {}},
        {"follow", event_kind::follow, citizen, "", "", {}},
        {"oa_reacted_message", event_kind::other, citizen, "4c7c2f96e3dddad546a7", "", {}},
        {"oa_send_anonymous_text",
         event_kind::other,
         "",
         "e210351382a18d0749dc",
         "Trung tâm làm việc 7h00-11h30 và 13h30-17h00.",
         {}},
        {"oa_send_consent", event_kind::other, "", "", "", {}},
        {"oa_send_file",
         event_kind::echo,
         citizen,
         "ed759a43d8c6521df9f4",
         "",
         {"file https://file.zdn.example/dl/77/Mau.docx"}},
        {"oa_send_gif",
         event_kind::echo,
         citizen,
         "18df38c2666e4e229695",
         "",
         {"gif https://photo.zdn.example/o/hi.gif"}},
        {"oa_send_image",
         event_kind::echo,
         citizen,
         "01efd72fcef9630fe3b6",
         "Sơ đồ quầy tiếp nhận",
         {"image https://photo.zdn.example/o/map.jpg"}},
        {"oa_send_list",
         event_kind::echo,
         citizen,
         "f84dcccb52a592f174ab",
         "Chọn lĩnh vực",
         {"link https://dichvucong.example.vn/ho-tich",
          "link https://dichvucong.example.vn/dat-dai"}},
        {"oa_send_sticker",
         event_kind::echo,
         citizen,
         "bad89a5bc6d594cfd907",
         "",
         {"sticker https://sticker.zdn.example/20655.png"}},
        {"oa_send_text.by_admin",
         event_kind::echo,
         citizen,
         "236faf446cae0f90f565",
         "Dạ, bộ phận Một cửa xin trả lời anh/chị.",
         {}},
        {"oa_send_text",
         event_kind::echo,
         citizen,
         "19654199c29f2e922feb",
         "Hồ sơ 000.00.12.H99-261120-0007 đang được xử lý, hẹn trả ngày 25/11/2026.",
         {}},
        {"oa_send_text.template",
         event_kind::echo,
         citizen,
         "53917c04ae0b1eafcdf3",
         "",
         {"template https://dichvucong.example.vn/kq/0007"}},
        {"remove_tag", event_kind::other, "", "", "", {}},
        {"remove_user_from_tag", event_kind::other, "", "", "", {}},
        {"shop_has_order", event_kind::other, "", "", "", {}},
        {"unfollow", event_kind::unfollow, citizen, "", "", {}},
        {"unknown_future_event", event_kind::unknown, "", "", "", {}},
        {"update_user_info", event_kind::other, citizen, "", "", {}},
        {"user_asking_product",
         event_kind::other,
         citizen,
         "39ae7fdb85fa408f9984",
         "Dịch vụ bưu chính công ích",
         {}},
        {"user_call_oa", event_kind::other, citizen, "", "", {}},
        {"user_click_chatnow", event_kind::click_chat_now, citizen, "", "", {}},
        {"user_join_group", event_kind::other, "", "", "", {}},
        {"user_reacted_message", event_kind::reaction, citizen, "", "", {}},
        {"user_received_message", event_kind::received, citizen, "", "", {}},
        {"user_received_message.zns", event_kind::other, "", "3f8b6d8077e1f216eda0", "", {}},
        {"user_reply_consent", event_kind::other, "", "", "", {}},
        {"user_seen_message", event_kind::seen, citizen, "", "", {}},
        {"user_send_audio",
         event_kind::media,
         citizen,
         "1314686f38182a9eaabe",
         "",
         {"audio https://voice.zdn.example/2026/11/20/8f31ce.amr"}},
        {"user_send_business_card",
         event_kind::media,
         citizen,
         "d7bf646c226b96e8a3f6",
         "Nguyễn Văn An",
         {"link https://zalo.example/an"}},
        {"user_send_file",
         event_kind::media,
         citizen,
         "1aed01f8ded827bd5680",
         "",
         {"file https://file.zdn.example/dl/91c7/To%20khai.pdf"}},
        {"user_send_gif",
         event_kind::media,
         citizen,
         "16cc6738f26d38702526",
         "",
         {"gif https://photo.zdn.example/o/7d10.gif"}},
        {"user_send_group_text",
         event_kind::other,
         "",
         "1082c619e02b88f4e74a",
         "[@2875140966023817451] cho hỏi lịch tiếp dân",
         {}},
        {"user_send_image",
         event_kind::media,
         citizen,
         "63f0010b21597e8aa965",
         "Ổ gà trên đường liên xã",
         {"image https://photo.zdn.example/o/5c2f0e7d.jpg"}},
        {"user_send_image.two",
         event_kind::media,
         citizen,
         "85920f34c2096b4452a1",
         "",
         {"image https://photo.zdn.example/o/91ab.jpg",
          "image https://photo.zdn.example/o/91ac.jpg"}},
        {"user_send_link",
         event_kind::media,
         citizen,
         "1777ae2e93df172d596f",
         "https://dichvucong.example.vn/thu-tuc/1-001193",
         {"link https://dichvucong.example.vn/thu-tuc/1-001193"}},
        {"user_send_location",
         event_kind::location,
         citizen,
         "b18788e092b8a191caea",
         "",
         {"location "}},
        {"user_send_sticker",
         event_kind::media,
         citizen,
         "3de4b8638e2ffea140d4",
         "",
         {"sticker https://sticker.zdn.example/46991.png"}},
        {"user_send_text.button_payload",
         event_kind::text,
         citizen,
         "eaff59d66ea2f162dbeb",
         "#tracuu:000.00.12.H99-261120-0007",
         {}},
        {"user_send_text.button_payload_object",
         event_kind::text,
         citizen,
         "e08f9945a0357da3d902",
         "#danhgia:5",
         {}},
        {"user_send_text.dossier_code",
         event_kind::text,
         citizen,
         "40fe071740465cb9ba6c",
         "tra cuu ho so 000.00.12.H99-261120-0007",
         {}},
        {"user_send_text.emoji_multiline",
         event_kind::text,
         citizen,
         "8d561d85f0bc1a91a893",
         "Cảm ơn trung tâm 👍🏽\nCho tôi đặt lịch hẹn \"sáng thứ Hai\" được "
         "không?\t(2 "
         "người)",
         {}},
        {"user_send_text",
         event_kind::text,
         citizen,
         "4c7c2f96e3dddad546a7",
         "Cho tôi hỏi thủ tục đăng ký khai sinh cần giấy tờ gì?",
         {}},
        // Its text is compared by its beginning.
        {"user_send_text.long",
         event_kind::text,
         citizen,
         "",
         "Kính gửi trung tâm, " + sentence + "; " + sentence,
         {}},
        {"user_send_text.nfd",
         event_kind::text,
         citizen,
         "8e40f7ad9f6a4acea884",
         "Tôi muốn phản ánh về vệ sinh môi trường",
         {}},
        {"user_send_text.numeric_timestamp",
         event_kind::text,
         citizen,
         "1a20c9c950a39cb9bdf5",
         "Cho tôi hỏi thủ tục đăng ký khai sinh cần giấy tờ gì?",
         {}},
        {"user_send_text.quote",
         event_kind::text,
         citizen,
         "112c699eaed894fdc20e",
         "Còn hồ sơ này thì sao ạ?",
         {}},
        {"user_send_video",
         event_kind::media,
         citizen,
         "36fc59e106643493a6c3",
         "",
         {"video https://video.zdn.example/2026/11/20/vid77.mp4"}},
        {"user_submit_info", event_kind::submit_info, citizen, "", "", {}},
        {"user_submit_info.legacy", event_kind::submit_info, citizen, "", "", {}},
        {"user_withdraw", event_kind::withdraw, citizen, "", "", {}},
        {"widget_interaction_accepted", event_kind::other, "", "", "", {}},
    };
    return table;
}

std::filesystem::path sample_folder()
{
    return std::string(MOTCUA_SHARED_DIR) + "/zalo-events";
}

std::string read_sample(const std::string& name)
{
    std::ifstream file(sample_folder() / (name + ".json"), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

class SampleEvent : public ::testing::TestWithParam<sample>
{
};

TEST_P(SampleEvent, DecodesIntoCoreValues)
{
    const auto& want = GetParam();
    if (!exists(sample_folder()))
        GTEST_SKIP() << "no sample events here";
    const auto got = decode(read_sample(want.file));
    EXPECT_EQ(
        got.event_name == "some_event_added_later" ? "unknown_future_event" : got.event_name,
        want.file.substr(0, want.file.find('.')));
    EXPECT_EQ(got.kind, want.kind);
    EXPECT_EQ(got.app_id, "4120983375560182734");
    EXPECT_EQ(got.oa_id, oa);
    EXPECT_EQ(got.user_id, want.user_id);
    if (want.file == "user_send_text.long") {
        EXPECT_EQ(got.text.substr(0, want.text.size()), want.text);
        EXPECT_GT(got.text.size(), 2000U);
    } else {
        EXPECT_EQ(got.message_id, want.message_id);
        EXPECT_EQ(got.text, want.text);
    }
    std::vector<std::string> attachments;
    for (const auto& one : got.attachments)
        attachments.push_back(one.type + " " + one.url);
    EXPECT_EQ(attachments, want.attachments);
    EXPECT_EQ(got.timestamp.size(), 13U);
    EXPECT_EQ(std::to_string(got.at.time_since_epoch().count()), got.timestamp);
}

std::string sample_name(const ::testing::TestParamInfo<sample>& info)
{
    std::string name = info.param.file;
    for (auto& c : name)
        if (c == '.')
            c = '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(All, SampleEvent, ::testing::ValuesIn(samples()), sample_name);

TEST(SampleEvents, NoneIsMissingInTheTable)
{
    if (!exists(sample_folder()))
        GTEST_SKIP() << "no sample events here";
    std::set<std::string> known{"setup_probe.empty_object.json"};
    for (const auto& one : samples())
        known.insert(one.file + ".json");
    for (const auto& file : std::filesystem::directory_iterator(sample_folder()))
        EXPECT_TRUE(file.path().extension() != ".json" || known.contains(file.path().filename()))
            << file.path().filename();
}

// --- one by one --------------------------------------------------------------------------------

TEST(Decode, ReceiptsNameOurMessagesAndHaveNoIdOfTheirOwn)
{
    const auto received =
        decode(R"({"sender":{"id":"30"},"recipient":{"id":"2000000000000000000"},"timestamp":"5",)"
               R"("event_name":"user_received_message","message":{"msg_id":"m1"}})");
    EXPECT_EQ(received.kind, event_kind::received);
    EXPECT_EQ(received.user_id, "2000000000000000000");
    EXPECT_EQ(received.oa_id, "30");
    EXPECT_THAT(received.receipt_ids, ElementsAre("m1"));
    EXPECT_EQ(received.message_id, "");

    const auto seen =
        decode(R"({"sender":{"id":"30"},"recipient":{"id":"20"},"timestamp":"5",)"
               R"("event_name":"user_seen_message","message":{"msg_ids":["m1","m2"]}})");
    EXPECT_EQ(seen.kind, event_kind::seen);
    EXPECT_THAT(seen.receipt_ids, ElementsAre("m1", "m2"));

    const auto one = decode(R"({"sender":{"id":"30"},"recipient":{"id":"20"},"timestamp":"5",)"
                            R"("event_name":"user_seen_message","message":{"msg_id":"m1"}})");
    EXPECT_THAT(one.receipt_ids, ElementsAre("m1"));
}

TEST(Decode, AReceiptToATelephoneIsNotTheChats)
{
    const auto event =
        decode(R"({"sender":{"id":"30"},"recipient":{"id":"84900000123"},"timestamp":"5",)"
               R"("event_name":"user_received_message","message":{"msg_id":"m1"}})");
    EXPECT_EQ(event.kind, event_kind::other);
    EXPECT_EQ(event.user_id, "");
    EXPECT_THAT(event.receipt_ids, IsEmpty());
}

TEST(Decode, AReactionPointsAtAMessage)
{
    const auto event = decode(
        R"({"sender":{"id":"2"},"recipient":{"id":"3"},"timestamp":"5",)"
        R"("event_name":"user_reacted_message","message":{"msg_id":"m1","react_icon":"/-heart"}})");
    EXPECT_EQ(event.kind, event_kind::reaction);
    EXPECT_EQ(event.reaction, "/-heart");
    EXPECT_EQ(event.quoted_message_id, "m1");
    EXPECT_EQ(event.message_id, "");
}

TEST(Decode, AnEchoSaysWhetherAPersonWroteIt)
{
    const std::string_view by_admin =
        R"({"sender":{"id":"3","admin_id":"9"},"recipient":{"id":"2"},"timestamp":"5",)"
        R"("event_name":"oa_send_text","message":{"msg_id":"m1","text":"Dạ"}})";
    EXPECT_EQ(decode(by_admin).admin_id, "9");
    EXPECT_EQ(decode(by_admin).user_id, "2");
    EXPECT_EQ(decode(by_admin).oa_id, "3");
    const std::string_view forged =
        R"({"sender":{"id":"2","admin_id":"9"},"recipient":{"id":"3"},"timestamp":"5",)"
        R"("event_name":"user_send_text","message":{"msg_id":"m1","text":"Dạ"}})";
    EXPECT_EQ(decode(forged).admin_id, "") << "only the OA has admins";
}

TEST(Decode, BothGenerationsOfSubmittedInfo)
{
    const auto now = decode(
        R"({"sender":{"id":"2"},"recipient":{"id":"3"},"timestamp":"5",)"
        R"("event_name":"user_submit_info","info":{"name":"A","phone":"84900000123",)"
        R"("full_address":{"user_city":"Tỉnh C","user_ward":"Xã W","user_address":"Số 1"}}})");
    ASSERT_TRUE(now.info);
    EXPECT_EQ(now.info->name, "A");
    EXPECT_EQ(now.info->phone, "84900000123");
    EXPECT_EQ(now.info->address, "Số 1, Xã W, Tỉnh C");

    const auto before =
        decode(R"({"sender":{"id":"2"},"recipient":{"id":"3"},"timestamp":"5",)"
               R"("event_name":"user_submit_info","info":{"name":"A","phone":84900000123,)"
               R"("address":"Số 1","ward":"Xã W","district":"Huyện D","city":"Tỉnh C"}})");
    ASSERT_TRUE(before.info);
    EXPECT_EQ(before.info->phone, "84900000123");
    EXPECT_EQ(before.info->address, "Số 1, Xã W, Huyện D, Tỉnh C");
}

TEST(Decode, AFollowSaysWhereItCameFrom)
{
    const auto event =
        decode(R"({"oa_id":"3","follower":{"id":"2"},"event_name":"follow","source":"oa_profile",)"
               R"("app_id":"1","timestamp":"5"})");
    EXPECT_EQ(event.source, "oa_profile");
    EXPECT_EQ(event.user_id, "2");
    EXPECT_EQ(event.oa_id, "3");
}

std::string location_event(std::string_view coordinates)
{
    return text_event(
        R"("msg_id":"m","attachments":[{"type":"location","payload":{"coordinates":)" +
        std::string(coordinates) + "}}]");
}

TEST(Decode, CoordinatesAreStringsOrNumbersWithinTheGlobe)
{
    for (const auto* good :
         {R"({"latitude":"11.310012","longitude":"106.098317"})",
          R"({"latitude":11.310012,"longitude":106.098317})"}) {
        const auto event = decode(location_event(good));
        ASSERT_TRUE(event.where) << good;
        EXPECT_DOUBLE_EQ(event.where->latitude, 11.310012);
        EXPECT_DOUBLE_EQ(event.where->longitude, 106.098317);
    }
    for (const auto* bad :
         {R"({"latitude":"91","longitude":"106"})",
          R"({"latitude":"11","longitude":"-181"})",
          R"({"latitude":"nan","longitude":"106"})",
          R"({"latitude":"11 ","longitude":"106"})",
          R"({"latitude":"11"})",
          R"([11,106])",
          R"("11,106")"})
        EXPECT_FALSE(decode(location_event(bad)).where) << bad;
}

TEST(Decode, AnAttachmentKeepsItsDetails)
{
    const auto event = decode(text_event(
        R"("msg_id":"m","attachments":[{"type":"file","payload":{"size":"184320","name":"To khai.pdf",)"
        R"("url":"https://a.example/x","type":"pdf"}},{"type":"image","payload":)"
        R"({"thumbnail":"https://a.example/t","url":"https://a.example/o","size":7}},)"
        R"({"type":"sticker","payload":{"id":46991}}])"));
    ASSERT_EQ(event.attachments.size(), 3U);
    EXPECT_EQ(event.attachments[0].size, 184320);
    EXPECT_EQ(event.attachments[0].name, "To khai.pdf");
    EXPECT_EQ(event.attachments[1].thumbnail, "https://a.example/t");
    EXPECT_EQ(event.attachments[1].size, 7);
    EXPECT_EQ(event.attachments[2].id, "46991");
}

TEST(Decode, TextIsNfcWithoutControls)
{
    // "é" as e + U+0301; an escaped NUL; a zero-width space.
    EXPECT_EQ(decode(text_event(R"("text":"e\u0301\u0000x\u200b")")).text, "éx");
}

TEST(Decode, AnObjectPayloadIsUnwrapped)
{
    EXPECT_EQ(decode(text_event(R"("text":"{\"content\":\"#a:1\"}")")).text, "#a:1");
    for (const auto* kept :
         {R"({\"content\":5})",
          R"({\"other\":\"x\"})",
          R"({content})",
          R"({\"content\":\"x\"}y)"}) {
        const auto text = decode(text_event(R"("text":")" + std::string(kept) + "\"")).text;
        EXPECT_EQ(text.front(), '{') << kept;
    }
}

TEST(Decode, IdsAndTimestampsMayBeNumbers)
{
    const auto event =
        decode(R"({"app_id":4120983375560182734,"sender":{"id":18446744073709551615},)"
               R"("recipient":{"id":3},"event_name":"user_send_text","timestamp":1795140061337})");
    EXPECT_EQ(event.app_id, "4120983375560182734");
    EXPECT_EQ(event.user_id, "18446744073709551615");
    EXPECT_EQ(event.oa_id, "3");
    EXPECT_EQ(event.timestamp, "1795140061337");
    EXPECT_EQ(event.at, utc_time(std::chrono::milliseconds(1795140061337)));
}

TEST(Decode, AnUnknownEventIsReadAsFarAsPossible)
{
    const auto event =
        decode(R"({"app_id":"1","sender":{"id":"2"},"recipient":{"id":"3"},"timestamp":"5",)"
               R"("event_name":"user_send_hologram","message":{"msg_id":"m","text":"x"}})");
    EXPECT_EQ(event.kind, event_kind::unknown);
    EXPECT_EQ(event.user_id, "2");
    EXPECT_EQ(event.message_id, "m");
    EXPECT_EQ(event.text, "x");
    const auto ours = decode(
        R"({"sender":{"id":"3"},"recipient":{"id":"2"},"timestamp":"5","event_name":"oa_sings"})");
    EXPECT_EQ(ours.user_id, "2");
    EXPECT_EQ(ours.oa_id, "3");
}

TEST(Decode, WrongTypesAreAbsent)
{
    const auto event =
        decode(R"({"app_id":{},"sender":[],"recipient":"3","event_name":"user_send_text",)"
               R"("message":{"text":7,"msg_id":null,"attachments":"none"},"timestamp":"5"})");
    EXPECT_EQ(event.app_id + event.user_id + event.oa_id + event.text + event.message_id, "");
    const auto other =
        decode(R"({"event_name":"user_seen_message","message":[1,2],"timestamp":"5"})");
    EXPECT_THAT(other.receipt_ids, IsEmpty());
}

// --- hostile -----------------------------------------------------------------------------------

std::string repeated(std::string_view part, int times)
{
    std::string out;
    for (int i = 0; i < times; ++i)
        out += part;
    return out;
}

// An event with one more member.
std::string with(std::string_view member)
{
    return R"({"event_name":"x","timestamp":"5",)" + std::string(member) + "}";
}

std::string with_keys(int count)
{
    std::string members;
    for (int i = 0; i < count; ++i)
        members += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":0";
    return with(members);
}

TEST(DecodeBounds, AreExact)
{
    // The event itself is the first level.
    const auto nested = [](int depth) {
        return with("\"a\":" + repeated("[", depth - 1) + repeated("]", depth - 1));
    };
    EXPECT_TRUE(decode_event(nested(32)).has_value());
    EXPECT_FALSE(decode_event(nested(33)).has_value());
    EXPECT_TRUE(decode_event(with_keys(998)).has_value());
    EXPECT_FALSE(decode_event(with_keys(999)).has_value());
    EXPECT_TRUE(decode_event(with("\"a\":18446744073709551615")).has_value());
    EXPECT_FALSE(decode_event(with("\"a\":18446744073709551616")).has_value());
    EXPECT_TRUE(decode_event(with("\"a\":-9223372036854775808")).has_value());
    EXPECT_FALSE(decode_event(with("\"a\":-9223372036854775809")).has_value());
}

struct malformed
{
    std::string name;
    std::string body;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest looks for this name.
void PrintTo(const malformed& value, std::ostream* out)
{
    *out << value.name;
}

class MalformedEvent : public ::testing::TestWithParam<malformed>
{
};

TEST_P(MalformedEvent, IsRefused)
{
    const auto event = decode_event(GetParam().body);
    ASSERT_FALSE(event.has_value());
    EXPECT_EQ(event.error(), errc::malformed_event);
}

INSTANTIATE_TEST_SUITE_P(
    Hostile,
    MalformedEvent,
    ::testing::Values(
        malformed{"empty", ""},
        malformed{"probe", "{}"},
        malformed{"array", "[]"},
        malformed{"string", "\"x\""},
        malformed{"no_timestamp", R"({"event_name":"x"})"},
        malformed{"no_name", R"({"timestamp":"5"})"},
        malformed{"empty_name", R"({"event_name":"","timestamp":"5"})"},
        malformed{"name_not_text", R"({"event_name":{},"timestamp":"5"})"},
        malformed{"timestamp_words", R"({"event_name":"x","timestamp":"now"})"},
        malformed{"timestamp_negative", R"({"event_name":"x","timestamp":-5})"},
        malformed{"timestamp_fraction", R"({"event_name":"x","timestamp":1.5})"},
        malformed{"timestamp_blank", R"({"event_name":"x","timestamp":" 5"})"},
        malformed{"timestamp_empty", R"({"event_name":"x","timestamp":""})"},
        malformed{"timestamp_too_far", R"({"event_name":"x","timestamp":"253402300800000"})"},
        malformed{"timestamp_too_long", R"({"event_name":"x","timestamp":"0000000000000005"})"},
        malformed{"trailing_garbage", R"({"event_name":"x","timestamp":"5"}x)"},
        malformed{"two_values", R"({"event_name":"x","timestamp":"5"}{})"},
        malformed{"cut", R"({"event_name":"x","timestamp":"5")"},
        malformed{"repeated_key", R"({"event_name":"x","timestamp":"5","timestamp":"6"})"},
        malformed{"repeated_key_inside", with(R"("a":{"b":1,"b":1})")},
        malformed{"repeated_key_escaped", with(R"("ab":1,"\u0061b":1)")},
        malformed{"nul", std::string("{\"event_name\":\"x\",\"timestamp\":\"5\"}\0", 35)},
        malformed{"nul_in_key", with(R"("a\u0000":1)")},
        malformed{"bad_utf8", with("\"a\":\"\xC3\x28\"")},
        malformed{"overlong_utf8", with("\"a\":\"\xC0\xAF\"")},
        malformed{"lone_surrogate", with(R"("a":"\ud83d")")},
        malformed{"surrogate_bytes", with("\"a\":\"\xED\xA0\x80\"")},
        malformed{"number_too_big", with("\"a\":1e999")},
        malformed{"comment", with("\"a\":/* */1")},
        malformed{"nan", with("\"a\":NaN")},
        malformed{"control_in_string", with("\"a\":\"\n\"")},
        malformed{"deep", with("\"a\":" + repeated("[", 100'000))},
        malformed{"deep_objects", repeated("{\"a\":", 50'000)},
        malformed{"comma", R"({"event_name":"x","timestamp":"5",})"}),
    [](const auto& one) { return one.param.name; });

// Whatever comes, an answer comes back.
TEST(Decode, EveryPrefixAndEveryFlippedByteIsAnswered)
{
    const auto whole = text_event(R"("text":"xin chào","msg_id":"m")");
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(decode_event(std::string_view(whole).substr(0, size)).has_value());
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            auto changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
            const auto event = decode_event(changed);
            EXPECT_TRUE(!event.has_value() || !event->timestamp.empty());
        }
    }
}

} // namespace
} // namespace motcua::zalo
