#include <gtest/gtest.h>
#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/text/unicode.hpp>

#include <functional>
#include <ostream>
#include <string>

namespace motcua::dialogue {
namespace {

std::string repeated(std::string_view part, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += part;
    return out;
}

outgoing_message text_of(std::string words)
{
    outgoing_message message;
    message.text = std::move(words);
    return message;
}

outgoing_message menu_of(std::size_t count, const button& like)
{
    auto message = text_of("Chọn:");
    for (std::size_t i = 0; i < count; ++i) {
        message.buttons.push_back(like);
        message.text += "\n" + std::to_string(i + 1) + ". " + like.title;
    }
    return message;
}

outgoing_message list_of(std::size_t count, const list_element& like)
{
    outgoing_message message;
    message.elements.assign(count, like);
    return message;
}

const button query{"Lệ phí", button_kind::query, "#phi"};
const list_element element{"Hộ tịch", "Khai sinh", "", {}};

outgoing_message
changed(outgoing_message message, const std::function<void(outgoing_message&)>& how)
{
    how(message);
    return message;
}

struct fault_case
{
    std::string name;
    outgoing_message message;
    std::string fault;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest looks for this name.
void PrintTo(const fault_case& value, std::ostream* out)
{
    *out << value.name;
}

class Fault : public ::testing::TestWithParam<fault_case>
{
};

TEST_P(Fault, IsNamed)
{
    EXPECT_EQ(fault_of(GetParam().message), GetParam().fault);
}

outgoing_message image_of(std::string url, std::string id)
{
    outgoing_message message;
    message.attached = {media_kind::image, std::move(url), std::move(id)};
    return message;
}
outgoing_message file_of(std::string id)
{
    outgoing_message message;
    message.attached = {media_kind::file, "", std::move(id)};
    return message;
}
outgoing_message request_of(std::string title, std::string subtitle, std::string image)
{
    outgoing_message message;
    message.asks = {std::move(title), std::move(subtitle), std::move(image)};
    return message;
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Fault,
    ::testing::Values(
        fault_case{"text", text_of(repeated("ệ", 2000)), ""},
        fault_case{"text_in_decomposed_form", text_of(repeated("e\xCC\xA3\xCC\x82", 2000)), ""},
        fault_case{
            "long_text", text_of(repeated("ệ", 2001)), "the text is longer than 2000 code points"},
        fault_case{"no_text", text_of(""), "the text is empty"},
        fault_case{"five_buttons", menu_of(5, query), ""},
        fault_case{"six_buttons", menu_of(6, query), "more than 5 buttons"},
        fault_case{
            "long_title",
            menu_of(1, {repeated("ệ", 101), button_kind::query, "#a"}),
            "a button's title is longer than 100 code points"},
        fault_case{"title", menu_of(1, {repeated("ệ", 100), button_kind::query, "#a"}), ""},
        fault_case{
            "no_title", menu_of(1, {"", button_kind::query, "#a"}), "a button's title is empty"},
        fault_case{
            "long_payload",
            menu_of(1, {"A", button_kind::query, "#" + repeated("p", 1000)}),
            "a payload is longer than 1000 code points"},
        fault_case{
            "foreign_payload",
            menu_of(1, {"A", button_kind::query, "a"}),
            "a payload does not begin with #"},
        fault_case{
            "menu_without_numbers",
            changed(menu_of(1, query), [](outgoing_message& m) { m.text = "Chọn:"; }),
            "a button is not in the text as a number"},
        fault_case{"link", menu_of(1, {"A", button_kind::open_url, "https://a.example"}), ""},
        fault_case{
            "bad_link", menu_of(1, {"A", button_kind::open_url, "a.example"}), "a link is no URL"},
        fault_case{"telephone", menu_of(1, {"A", button_kind::open_phone, "842763822233"}), ""},
        fault_case{
            "bad_telephone",
            menu_of(1, {"A", button_kind::open_phone, "0276382223"}),
            "a telephone number is not 84…"},
        fault_case{"list", list_of(5, element), ""},
        fault_case{"long_list", list_of(6, element), "more than 5 list elements"},
        fault_case{
            "list_with_text",
            changed(list_of(1, element), [](outgoing_message& m) { m.text = "x"; }),
            "a list has no text"},
        fault_case{
            "first_without_subtitle",
            list_of(1, {"A", "", "", {}}),
            "the first list element has no subtitle"},
        fault_case{
            "element_title",
            list_of(1, {repeated("ạ", 101), "x", "", {}}),
            "a list element's title is longer than 100 code points"},
        fault_case{
            "element_subtitle",
            list_of(1, {"A", repeated("ổ", 501), "", {}}),
            "a list element's subtitle is longer than 500 code points"},
        fault_case{
            "element_image",
            list_of(1, {"A", "b", "http://a.example/i.png", {}}),
            "a list element's image is not https"},
        fault_case{
            "element_action",
            list_of(1, {"A", "b", "", {"", button_kind::query, "x"}}),
            "a payload does not begin with #"},
        fault_case{"image_by_url", image_of("https://a.example/i.png", ""), ""},
        fault_case{"image_by_id", image_of("", "att-1"), ""},
        fault_case{
            "image_by_both",
            image_of("https://a.example/i.png", "att-1"),
            "an image needs a URL or an attachment id"},
        fault_case{
            "image_by_http", image_of("http://a.example", ""), "an image's URL is not https"},
        fault_case{
            "image_with_long_text",
            changed(
                image_of("", "att-1"), [](outgoing_message& m) { m.text = repeated("ệ", 2001); }),
            "the text is longer than 2000 code points"},
        fault_case{"file", file_of("tok-1"), ""},
        fault_case{"file_without_token", file_of(""), "a file needs its token"},
        fault_case{
            "file_with_text",
            changed(file_of("t"), [](outgoing_message& m) { m.text = "x"; }),
            "a file goes alone"},
        fault_case{"request", request_of("A", "b", "https://a.example/i.png"), ""},
        fault_case{
            "request_without_image",
            request_of("A", "b", ""),
            "an info request's image is not https"},
        fault_case{
            "request_with_long_title",
            request_of(repeated("ệ", 101), "b", "https://a.example/i.png"),
            "an info request's title is longer than 100 code points"},
        fault_case{
            "two_shapes",
            changed(list_of(1, element), [](outgoing_message& m) { m.asks = info_request{}; }),
            "a list, media and an info request exclude each other"}),
    [](const auto& one) { return one.param.name; });

TEST(PlainText, NumbersWhatTheTextDoesNotNumberYet)
{
    auto menu = menu_of(2, query);
    EXPECT_EQ(plain_text(menu), "Chọn:\n1. Lệ phí\n2. Lệ phí") << "it is there already";
    menu = text_of("Liên hệ:");
    menu.buttons = {
        {"Cổng", button_kind::open_url, "https://a.example"},
        {"Gọi", button_kind::open_phone, "842763822233"}};
    EXPECT_EQ(plain_text(menu), "Liên hệ:\n\n1. Cổng: https://a.example\n2. Gọi: +842763822233");
}

TEST(PlainText, OfAListAnImageARequestAndAFile)
{
    auto list = list_of(1, {"Hộ tịch", "Khai sinh", "", {"", button_kind::query, "#1"}});
    list.elements.push_back({"Cổng", "", "", {"", button_kind::open_url, "https://a.example"}});
    list.buttons = {{"Khác", button_kind::query, "#khac"}};
    EXPECT_EQ(plain_text(list), "1. Hộ tịch\nKhai sinh\n2. Cổng: https://a.example\n\n3. Khác");
    EXPECT_EQ(plain_text(image_of("https://a.example/i.png", "")), "https://a.example/i.png");
    EXPECT_EQ(plain_text(request_of("A", "b", "https://x")), "A\nb");
    EXPECT_EQ(plain_text(file_of("t")), "");
}

TEST(PlainText, IsNeverTooLong)
{
    auto long_text = text_of(repeated("ệ", 2000));
    long_text.buttons = {{"Cổng", button_kind::open_url, "https://a.example"}};
    EXPECT_EQ(text::code_points(plain_text(long_text)), 2000U);
}

TEST(Trace, AnEchoIsRecognised)
{
    inbound_event echo;
    echo.text = "Dạ";
    EXPECT_TRUE(leaves_trace(text_of("Dạ"), trace_of(echo)));
    EXPECT_FALSE(leaves_trace(text_of("Vâng"), trace_of(echo)));
    EXPECT_TRUE(leaves_trace(text_of("Da\xCC\xA3"), trace_of(echo))) << "in any normal form";

    inbound_event of_list;
    of_list.attachments.emplace_back();
    of_list.attachments.back().type = "link";
    of_list.attachments.back().name = "Hộ tịch";
    const auto list = list_of(2, element);
    EXPECT_TRUE(leaves_trace(list, trace_of(of_list)));
    EXPECT_TRUE(leaves_trace(list, plain_text(list))) << "what stood for it";

    inbound_event of_file;
    of_file.attachments.emplace_back();
    of_file.attachments.back().type = "file";
    EXPECT_TRUE(leaves_trace(file_of("t"), trace_of(of_file)));
    EXPECT_FALSE(leaves_trace(image_of("", "a"), trace_of(of_file)));
    EXPECT_FALSE(leaves_trace(text_of(""), trace_of(inbound_event{})));
}

TEST(Window, OpensWithWhatTheCitizenDoes)
{
    using enum event_kind;
    for (const auto kind : {event_kind::text, event_kind::media, location, follow, click_chat_now})
        EXPECT_TRUE(opens_window(kind)) << name(kind);
    for (const auto kind : {received, seen, unfollow, echo, withdraw, other, unknown})
        EXPECT_FALSE(opens_window(kind)) << name(kind);
}

} // namespace
} // namespace motcua::dialogue
